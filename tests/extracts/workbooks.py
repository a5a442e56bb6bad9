"""CSV files made workbooks: of text or of typed cells, with hidden rows, several sheets, or as Strict Open XML."""

import csv
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import openpyxl

from tests.extracts.dress import Dress

TRANSITIONAL, STRICT = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS = ("http://schemas.openxmlformats.org/officeDocument/2006/relationships",
             "http://purl.oclc.org/ooxml/officeDocument/relationships")


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def workbook(path: Path, hidden: frozenset[int] = frozenset(), sheets: Sequence[str] = ("Calls",)) -> Path:
    """A workbook of text; further sheets hold two rows of a list."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = sheets[0]
    for row in _rows(path):
        sheet.append([text or None for text in row])
    for name in sheets[1:]:
        book.create_sheet(name).append(["list", "of"])
    for number in hidden:
        sheet.row_dimensions[number].hidden = True
    book.save(path.with_suffix(".xlsx"))
    return path.with_suffix(".xlsx")


def typed_workbook(path: Path, dress: Dress) -> Path:
    """A workbook whose times are date cells."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Calls")
    for row in _rows(path):
        sheet.append([_typed(text, dress.format) for text in row])
    book.save(path.with_suffix(".xlsx"))
    return path.with_suffix(".xlsx")


def _typed(text: str, form: str) -> object:
    try:
        return datetime.strptime(text, form)  # noqa: DTZ007 - a cell has no zone
    except ValueError:
        return text or None


def strict(path: Path) -> Path:
    """The same workbook in the namespaces of Strict Open XML."""
    with zipfile.ZipFile(path) as pack:
        parts = {name: pack.read(name) for name in pack.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in parts.items():
            if not name.startswith(("_rels", "[Content", "docProps")):
                content = content.replace(TRANSITIONAL.encode(), STRICT.encode())
                content = content.replace(RELATIONS[0].encode(), RELATIONS[1].encode())
            pack.writestr(name, content)
    return path
