"""Reads a PDF as a screen reader and an eye do: its structure in reading order, and its words with their sizes."""

import io
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pikepdf


class TextRun(NamedTuple):
    """Letters shown in one go, and their size in points."""

    text: str
    size: float


def opened(content: bytes) -> pikepdf.Pdf:
    """A PDF in memory."""
    return pikepdf.open(io.BytesIO(content))


def elements(node: Any) -> Iterator[Any]:
    """Every structure element of a tagged PDF, in reading order."""
    if isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        children = node.get("/K")
        for child in children if isinstance(children, pikepdf.Array) else [children]:
            if isinstance(child, pikepdf.Dictionary):
                yield from elements(child)


def _letters(font: Any) -> dict[int, str]:
    """The letters of a font's glyphs, by the glyph's code."""
    table = font.ToUnicode.read_bytes().decode("latin-1")
    pairs = re.findall(r"<([0-9A-Fa-f]{4})>\s+<([0-9A-Fa-f]+)>", table)
    return {int(code, 16): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs}


def runs(page: Any) -> list[TextRun]:
    """What a page shows, each run of glyphs translated back to letters by its font."""
    fonts = {name: _letters(font) for name, font in page.Resources.Font.items()}
    shown: list[TextRun] = []
    letters: dict[int, str] = {}
    size, matrix, text_matrix, saved = 0.0, pikepdf.Matrix(), pikepdf.Matrix(), []
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "q":
                saved.append(matrix)
            case "Q":
                matrix = saved.pop()
            case "cm":
                matrix = pikepdf.Matrix(*map(float, operands)) @ matrix
            case "Tf":
                letters, size = fonts[str(operands[0])], float(operands[1])
            case "Tm":
                text_matrix = pikepdf.Matrix(*map(float, operands))
            case "Tj" | "TJ":
                strings = operands[0] if str(operator) == "TJ" else operands
                data = b"".join(bytes(part) for part in strings if isinstance(part, pikepdf.String))
                text = "".join(letters.get(int.from_bytes(data[at:at + 2]), "") for at in range(0, len(data), 2))
                shown.append(TextRun(text, size * abs((text_matrix @ matrix).d)))
    return shown


def text_of(page: Any) -> str:
    """The words of a page, without the places where a long word may break."""
    return " ".join(run.text for run in runs(page)).replace("\u200b", "")
