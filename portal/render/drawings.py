"""A drawing's shapes and words, apart: Typst writes words of any script, but not those inside an SVG."""

import re
from typing import TypedDict
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
MOVED = re.compile(r"translate\((-?[\d.]+),(-?[\d.]+)\)")


class SvgWords(TypedDict):
    """Words of a drawing: where they stand (pixels; y of the baseline), and how they are written."""

    text: str
    x: float
    y: float
    anchor: str
    bold: bool
    fill: str
    size: float


class SvgParts(TypedDict):
    """A drawing: its shapes as SVG, its words, its size in pixels."""

    shapes: str
    words: list[SvgWords]
    width: float
    height: float


def _take_words(element: ElementTree.Element, x: float, y: float, words: list[SvgWords]) -> None:
    """Move the words of an element into `words`, with the position of each."""
    for child in list(element):
        moved = MOVED.search(child.get("transform", ""))
        place = (x + float(moved[1]), y + float(moved[2])) if moved else (x, y)
        if child.tag != f"{SVG}text":
            _take_words(child, *place, words)
            continue
        element.remove(child)
        words.append({"text": child.text or "", "x": place[0], "y": place[1],
                      "anchor": child.get("text-anchor", "start"), "bold": child.get("font-weight") == "700",
                      "fill": child.get("fill", "#2b2b2b"),
                      "size": float(child.get("font-size", "14px").removesuffix("px"))})


def shapes_and_words(svg: str) -> SvgParts:
    """A drawing (SVG) with its words taken out (Devanagari beside Latin letters fails inside it); "": an empty one."""
    if not svg:
        return {"shapes": "", "words": [], "width": 1, "height": 0}
    ElementTree.register_namespace("", SVG.strip("{}"))
    root = ElementTree.fromstring(svg)  # noqa: S314  # drawn by the builder
    words: list[SvgWords] = []
    _take_words(root, 0, 0, words)
    return {"shapes": ElementTree.tostring(root, "unicode"), "words": words,
            "width": float(root.get("width", "1")), "height": float(root.get("height", "0"))}
