"""The brief as PDF/UA-1, set by Typst: tags, headings, table headers, texts for pictures, bookmarks, language."""

import json
import re
import threading
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from portal.editions.brief import Brief
from portal.settings import ROOT

if TYPE_CHECKING:
    import typst

TEMPLATE = Path(__file__).parent / "templates" / "brief.typ"
FONTS = ROOT / "portal" / "fonts"
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


@cache
def _compiler() -> "typst.Compiler":
    import typst

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    return typst.Compiler(TEMPLATE, root=TEMPLATE.parent, font_paths=fonts)


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
        made = _compiler().compile(format="pdf", pdf_standards="ua-1", sys_inputs={"brief": content})
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one run of bytes")
    return with_row_headers(made)


def pdf(made: Brief) -> bytes:
    """The PDF of a brief; the same brief is set once. What PDF/UA-1 forbids raises typst.TypstError."""
    content = made.plain()
    del content["changed"]  # the projector's
    for one in content["answers"]:
        one["drawing"] = apart(one["drawing"])
    return _made(json.dumps(content, ensure_ascii=False, sort_keys=True))
