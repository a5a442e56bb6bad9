"""What a sheet of an XLSX workbook says beside its values: hidden rows, formulas, and values that are errors.

Office Open XML, ECMA-376 part 1, 18.3.1: `row` has `hidden`, a cell `c` has its place `r`, its type `t` ("e": an error)
and, if it is worked out, a formula `f`.
"""

import zipfile
from dataclasses import dataclass, field
from typing import IO
from xml.etree import ElementTree
from xml.parsers import expat

BLOCK = 1 << 20
TELLING = (b' hidden="', b"<f>", b"<f ", b":f>", b":f ", b't="e"')


@dataclass
class Marks:
    """`hidden`: row numbers. `formulas`: place of a column (from 0) -> the first row that has one. `errors`: row ->
    place and text of its error cells.
    """

    hidden: tuple[int, ...] = ()
    formulas: dict[int, int] = field(default_factory=dict)
    errors: dict[int, list[tuple[int, str]]] = field(default_factory=dict)


NO_MARKS = Marks()


def xlsx_marks(pack: zipfile.ZipFile, name: str) -> Marks:
    """The marks of the sheet of this name; none if the workbook is no XLSX."""
    part = _part(pack, name)
    if not part or not _tells(pack, part):
        return NO_MARKS
    with pack.open(part) as sheet:
        return _SheetParser().parsed(sheet)


def _part(pack: zipfile.ZipFile, name: str) -> str:
    """The file of a sheet in the workbook; empty if there is none."""
    try:
        book = ElementTree.fromstring(pack.read("xl/workbook.xml"))  # noqa: S314 - expat stops entities that grow
        links = ElementTree.fromstring(pack.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except KeyError:
        return ""
    link = next((value for sheet in book.iter() if sheet.tag.endswith("}sheet") and sheet.get("name") == name
                 for key, value in sheet.attrib.items() if key.endswith("}id")), None)
    target = next((found.get("Target", "") for found in links if found.get("Id") == link), "")
    part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return part if part in pack.namelist() else ""


def _tells(pack: zipfile.ZipFile, part: str) -> bool:
    """Whether any mark stands in it at all: most sheets have none, and need no parser."""
    before = b""
    with pack.open(part) as sheet:
        while block := sheet.read(BLOCK):
            if any(mark in before + block for mark in TELLING):
                return True
            before = block[-16:]
    return False


class _SheetParser:
    """Goes through a sheet once."""

    def __init__(self) -> None:
        self._marks, self._hidden = Marks(), list[int]()
        self._row = self._column = -1
        self._error = self._value = ""

    def parsed(self, sheet: IO[bytes]) -> Marks:
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        parser.ParseFile(sheet)
        self._marks.hidden = tuple(self._hidden)
        return self._marks

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(":")[2]
        if local == "row":
            self._row, self._column = int(attributes.get("r", max(self._row, 0) + 1)), -1
            if attributes.get("hidden") in ("1", "true"):
                self._hidden.append(self._row)
        elif local == "c":
            self._column = _place(attributes["r"]) if "r" in attributes else self._column + 1
            self._error = "error" if attributes.get("t") == "e" else ""
        elif local == "f":
            self._marks.formulas.setdefault(self._column, self._row)
        self._value = ""

    def _text(self, text: str) -> None:
        if self._error:
            self._value += text

    def _end(self, tag: str) -> None:
        if self._error and tag.rpartition(":")[2] == "v":
            self._marks.errors.setdefault(self._row, []).append((self._column, self._value))


def _place(reference: str) -> int:
    """The place of a cell's column, from 0: A1 is in 0, AB7 in 27."""
    place = 0
    for letter in reference.rstrip("0123456789"):
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1
