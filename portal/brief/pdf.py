"""The brief as PDF/UA-1, set by Typst: tags, headings, table headers, texts for pictures, bookmarks, language."""

import json
import re
import subprocess
import sys
import threading
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

from portal.brief.document import Brief
from portal.settings import ROOT

SVG = "{http://www.w3.org/2000/svg}"
MOVED = re.compile(r"translate\((-?[\d.]+),(-?[\d.]+)\)")
ROW = re.compile(rb"/S/TR/P \d+ 0 R/K\[(\d+) 0 R")
CELL = re.compile(rb"\n(\d+) 0 obj\n<</Type/StructElem/S(/TD)/P \d+ 0 R/A\[<</O/Table(/Headers\[[^\]]*\])>>")
_ONE_AT_A_TIME = threading.Lock()


def _taken(element: ElementTree.Element, x: float, y: float, words: list[dict[str, Any]]) -> None:
    """Takes the words out of an element, with the place where each stands."""
    for child in list(element):
        moved = MOVED.search(child.get("transform", ""))
        at = (x + float(moved[1]), y + float(moved[2])) if moved else (x, y)
        if child.tag != f"{SVG}text":
            _taken(child, *at, words)
            continue
        element.remove(child)
        words.append({"said": child.text or "", "x": at[0], "y": at[1], "anchor": child.get("text-anchor", "start"),
                      "bold": child.get("font-weight") == "700", "fill": child.get("fill", "#2b2b2b"),
                      "size": float(child.get("font-size", "14px").removesuffix("px"))})


def apart(svg: str) -> dict[str, Any]:
    """A drawing's shapes, and its words by themselves: Typst sets words in any script, and inside of a drawing it does
    not (Devanagari beside Latin letters fails).
    """
    if not svg:
        return {"shapes": "", "words": [], "width": 1, "height": 0}
    ElementTree.register_namespace("", SVG.strip("{}"))
    root = ElementTree.fromstring(svg)  # noqa: S314  # drawn by markup.build
    words: list[dict[str, Any]] = []
    _taken(root, 0, 0, words)
    return {"shapes": ElementTree.tostring(root, "unicode"), "words": words,
            "width": float(root.get("width", "1")), "height": float(root.get("height", "0"))}


def with_row_headers(content: bytes) -> bytes:
    """A PDF in which the first cell of each row of a table heads its row: Typst tags the heads of columns alone, unless
    it is built with an option that its package for Python does not have. No byte moves, so every offset in the file
    holds. A cell's own list of headers gives way to the scopes, which say the same and the row's header too.
    """
    first = set(ROW.findall(content))
    made = bytearray(content)
    for cell in CELL.finditer(content):
        heads = cell[1] in first
        made[slice(*cell.span(2))] = b"/TH" if heads else b"/TD"
        made[slice(*cell.span(3))] = (b"/Scope/Row" if heads else b"").ljust(len(cell[3]))
    return bytes(made)


@lru_cache(maxsize=32)
def _made(content: str) -> bytes:
    with _ONE_AT_A_TIME:
        done = subprocess.run([sys.executable, "-m", "portal.brief.typeset"], cwd=ROOT, input=content.encode(),
                              capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"Typst can't set the brief:\n{done.stderr.decode(errors='replace')}")
    return with_row_headers(done.stdout)


def pdf(made: Brief) -> bytes:
    """The PDF of a brief; the same brief is set once. What Typst refuses (as PDF/UA-1 forbids it, or a part of the
    template is wrong) raises RuntimeError with its reason.
    """
    content = made.plain()
    del content["changed"]  # the projector's
    for one in content["answers"]:
        one["drawing"] = apart(one["drawing"])
    return _made(json.dumps(content, ensure_ascii=False, sort_keys=True))
