"""The brief as PDF/UA-1, set by Typst: tags, headings, table headers, texts for pictures, bookmarks, language."""

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
ROW = re.compile(rb"/S/TR/P \d+ 0 R/K\[(\d+) 0 R")
CELL = re.compile(rb"\n(\d+) 0 obj\n<</Type/StructElem/S(/TD)/P \d+ 0 R/A\[<</O/Table(/Headers\[[^\]]*\])>>")
LONGEST = 60  # seconds that setting a brief may take: it takes one


def _take_words(element: ElementTree.Element, x: float, y: float, words: list[dict[str, Any]]) -> None:
    """Move the words of an element into `words`, with the position of each."""
    for child in list(element):
        moved = MOVED.search(child.get("transform", ""))
        at = (x + float(moved[1]), y + float(moved[2])) if moved else (x, y)
        if child.tag != f"{SVG}text":
            _take_words(child, *at, words)
            continue
        element.remove(child)
        words.append({"said": child.text or "", "x": at[0], "y": at[1], "anchor": child.get("text-anchor", "start"),
                      "bold": child.get("font-weight") == "700", "fill": child.get("fill", "#2b2b2b"),
                      "size": float(child.get("font-size", "14px").removesuffix("px"))})


def apart(svg: str) -> dict[str, Any]:
    """A drawing's shapes and words, separated: Typst sets words in any script, but not inside a drawing (Devanagari
    beside Latin letters fails there).
    """
    if not svg:
        return {"shapes": "", "words": [], "width": 1, "height": 0}
    ElementTree.register_namespace("", SVG.strip("{}"))
    root = ElementTree.fromstring(svg)  # noqa: S314  # drawn by markup.build
    words: list[dict[str, Any]] = []
    _take_words(root, 0, 0, words)
    return {"shapes": ElementTree.tostring(root, "unicode"), "words": words,
            "width": float(root.get("width", "1")), "height": float(root.get("height", "0"))}


def with_row_headers(content: bytes) -> bytes:
    """A PDF in which the first cell of each table row is tagged as the row's header: Typst tags column headers only,
    unless it is built with an option that its Python package lacks. No byte moves, so every offset in the file stays
    valid. The cells' own lists of headers are replaced by scopes, which say the same and name the row's header too.
    """
    first_cells = set(ROW.findall(content))
    tagged = bytearray(content)
    for cell in CELL.finditer(content):
        is_header = cell[1] in first_cells
        tagged[slice(*cell.span(2))] = b"/TH" if is_header else b"/TD"
        tagged[slice(*cell.span(3))] = (b"/Scope/Row" if is_header else b"").ljust(len(cell[3]))
    return bytes(tagged)


def pdf(brief: Brief) -> bytes:
    """The PDF of a brief, set in a process of its own: a second of processor time. What Typst refuses (because PDF/UA-1
    forbids it, or because the template is wrong) raises RuntimeError with its reason, and so does a process that hangs.
    """
    content = brief.plain()
    del content["changed"]  # shown by the projector only
    for answer in content["answers"]:
        answer["drawing"] = apart(answer["drawing"])
    return with_row_headers(_typeset(json.dumps(content, ensure_ascii=False, sort_keys=True)))


@lru_cache(maxsize=32)  # 50 kB each: addresses that name the same choice in other words
def _typeset(content: str) -> bytes:
    try:
        done = subprocess.run([sys.executable, "-m", "portal.brief.typeset"], cwd=ROOT, input=content.encode(),
                              capture_output=True, check=False, timeout=LONGEST)
    except subprocess.TimeoutExpired as error:
        raise RuntimeError(f"Typst has not set the brief within {LONGEST} seconds.") from error
    if done.returncode:
        raise RuntimeError(f"Typst can't set the brief:\n{done.stderr.decode(errors='replace')}")
    return done.stdout
