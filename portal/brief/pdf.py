"""The brief as PDF/UA-1, set by Typst: tags, headings, texts for pictures, bookmarks, language."""

import json
import re
import subprocess
import sys
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

from portal.brief.document import Brief
from portal.settings import ROOT

SVG = "{http://www.w3.org/2000/svg}"
MOVED = re.compile(r"translate\((-?[\d.]+),(-?[\d.]+)\)")
LONGEST = 60  # seconds that setting a brief may take: it takes two


def _move_words(element: ElementTree.Element, x: float, y: float, words: list[dict[str, Any]]) -> None:
    """Move the words of an element into `words`, with the position of each."""
    for child in list(element):
        moved = MOVED.search(child.get("transform", ""))
        place = (x + float(moved[1]), y + float(moved[2])) if moved else (x, y)
        if child.tag != f"{SVG}text":
            _move_words(child, *place, words)
            continue
        element.remove(child)
        words.append({"text": child.text or "", "x": place[0], "y": place[1],
                      "anchor": child.get("text-anchor", "start"), "bold": child.get("font-weight") == "700",
                      "fill": child.get("fill", "#2b2b2b"),
                      "size": float(child.get("font-size", "14px").removesuffix("px"))})


def shapes_and_words(svg: str) -> dict[str, Any]:
    """A drawing's shapes and words, separated: Typst sets words in any script, but not inside a drawing (Devanagari
    beside Latin letters fails there).
    """
    if not svg:
        return {"shapes": "", "words": [], "width": 1, "height": 0}
    ElementTree.register_namespace("", SVG.strip("{}"))
    root = ElementTree.fromstring(svg)  # noqa: S314  # drawn by the builder
    words: list[dict[str, Any]] = []
    _move_words(root, 0, 0, words)
    return {"shapes": ElementTree.tostring(root, "unicode"), "words": words,
            "width": float(root.get("width", "1")), "height": float(root.get("height", "0"))}


def pdf(brief: Brief) -> bytes:
    """The PDF of a brief, set in a process of its own: a second of processor time. What Typst refuses (because PDF/UA-1
    forbids it, or because the template is wrong) raises RuntimeError with its reason, and so does a process that hangs.
    """
    content = brief.plain()
    for headline in content["headlines"]:
        del headline["drawing"]  # a tile has none
    for finding in content["findings"]:
        finding["drawing"] = shapes_and_words(finding["drawing"])
    return _typeset(json.dumps(content, ensure_ascii=False, sort_keys=True))


@lru_cache(maxsize=32)  # 100 kB each: addresses that name the same choice in other words
def _typeset(content: str) -> bytes:
    try:
        process = subprocess.run([sys.executable, "-m", "portal.brief.typeset"], cwd=ROOT, input=content.encode(),
                                 capture_output=True, check=False, timeout=LONGEST)
    except subprocess.TimeoutExpired as error:
        raise RuntimeError(f"Typst has not set the brief within {LONGEST} seconds.") from error
    if process.returncode:
        raise RuntimeError(f"Typst can't set the brief:\n{process.stderr.decode(errors='replace')}")
    return process.stdout
