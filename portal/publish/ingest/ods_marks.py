"""What a sheet of an ODS workbook says beside its values: hidden rows, formulas, and values that are errors.

OpenDocument 1.3, part 3, 9.1: `table-row` has `visibility`, a cell may have a `formula`; a row or a cell that is like
the next is written once, with the number of its repeats. LibreOffice marks an error by `calcext:value-type`.
"""

import zipfile
from typing import IO
from xml.parsers import expat

from portal.publish.ingest.sheet_marks import Marks

CONTENT = "content.xml"
CELLS = ("table:table-cell", "table:covered-table-cell")
MOST_REPEATED = 10_000  # a blank end of a sheet is written as a million rows alike: nothing is marked in it


def ods_marks(pack: zipfile.ZipFile, name: str) -> Marks:
    """The marks of the sheet of this name."""
    with pack.open(CONTENT) as content:
        return _OdsParser(name).parsed(content)


class _OdsParser:
    """Goes through a workbook once."""

    def __init__(self, name: str) -> None:
        self._marks, self._name, self._hidden = Marks(), name, list[int]()
        self._inside = self._error = False
        self._row, self._rows, self._column, self._columns, self._text = 0, 1, -1, 1, ""

    def parsed(self, content: IO[bytes]) -> Marks:
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._characters
        parser.ParseFile(content)
        self._marks.hidden = tuple(self._hidden)
        return self._marks

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table:table":
            self._inside = attributes.get("table:name") == self._name
            self._row, self._rows = 0, 1
        elif self._inside and tag == "table:table-row":
            self._row += self._rows
            self._rows = int(attributes.get("table:number-rows-repeated", 1))
            self._column, self._columns = -1, 1
            if attributes.get("table:visibility", "visible") != "visible":
                self._hidden += range(self._row, self._row + min(self._rows, MOST_REPEATED))
        elif self._inside and tag in CELLS:
            self._column += self._columns
            self._columns = int(attributes.get("table:number-columns-repeated", 1))
            self._error, self._text = attributes.get("calcext:value-type") == "error", ""
            if "table:formula" in attributes:
                for place in range(self._column, self._column + self._columns):
                    self._marks.formulas.setdefault(place, self._row)

    def _characters(self, text: str) -> None:
        if self._error:
            self._text += text

    def _end(self, tag: str) -> None:
        if tag == "table:table":
            self._inside = False
        elif self._error and tag in CELLS:
            for row in range(self._row, self._row + min(self._rows, MOST_REPEATED)):
                self._marks.errors.setdefault(row, []).extend(
                    (place, self._text) for place in range(self._column, self._column + self._columns))
            self._error = False
