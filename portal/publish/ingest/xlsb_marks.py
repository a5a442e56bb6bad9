"""What a sheet of an XLSB workbook says beside its values: hidden rows, formulas, and values that are errors.

[MS-XLSB] says how a record is written (2.1.4), and what is in it: BrtBundleSh (2.4.304), BrtRowHdr (2.4.741),
BrtCellError (2.4.313) and the formulas from BrtFmlaString on (2.4.656).
"""

import zipfile
from collections.abc import Iterator
from posixpath import join, normpath
from struct import unpack_from
from xml.etree import ElementTree

from portal.publish.ingest.sheet_marks import NO_MARKS, Marks
from portal.publish.ingest.xls_marks import ERRORS, BiffRecord

BOOK, LINKS = "xl/workbook.bin", "xl/_rels/workbook.bin.rels"
SHEET, ROW, ERROR, FORMULA_ERROR = 0x9C, 0x00, 0x03, 0x0B
FORMULAS = (0x08, 0x09, 0x0A, FORMULA_ERROR)
HIDDEN, FLAGS_AT, VALUE_AT = 0x10, 11, 8  # of a row's header; where a cell's value follows its place and style


def xlsb_marks(pack: zipfile.ZipFile, name: str) -> Marks:
    """The marks of the sheet of this name. Raises struct.error or IndexError where the file is not as specified."""
    part = _part(pack, name)
    if part not in pack.namelist():
        return NO_MARKS
    marks, hidden, row = Marks(), list[int](), 0
    for kind, body in _records(pack.read(part)):
        if kind == ROW:
            row = unpack_from("<I", body)[0] + 1
            hidden += [row] if body[FLAGS_AT] & HIDDEN else []
        elif kind == ERROR or kind in FORMULAS:
            column = unpack_from("<I", body)[0]
            if kind in FORMULAS:
                marks.formulas.setdefault(column, row)
            if kind in (ERROR, FORMULA_ERROR):
                marks.errors.setdefault(row, []).append((column, ERRORS.get(body[VALUE_AT], "#ERROR!")))
    marks.hidden = tuple(hidden)
    return marks


def _part(pack: zipfile.ZipFile, name: str) -> str:
    """The file of a sheet in the workbook; empty if there is none."""
    link = ""
    for kind, body in _records(pack.read(BOOK)):
        if kind == SHEET:
            identifier, at = _text(body, 8)  # behind its state and number
            link = identifier if _text(body, at)[0] == name else link
    found = ElementTree.fromstring(pack.read(LINKS))  # noqa: S314 - expat stops entities that grow
    target = next((each.get("Target", "") for each in found if each.get("Id") == link), "")
    return target.removeprefix("/") if target.startswith("/") else normpath(join("xl", target))


def _text(body: bytes, at: int) -> tuple[str, int]:
    """A text behind the number of its letters, and where it ends."""
    end = at + 4 + 2 * unpack_from("<I", body, at)[0]
    return body[at + 4:end].decode("utf-16-le"), end


def _records(content: bytes) -> Iterator[BiffRecord]:
    """The records of a part."""
    at = 0
    while at < len(content):
        kind, at = _number(content, at, most=2)
        length, at = _number(content, at, most=4)
        yield kind, content[at:at + length]
        at += length


def _number(content: bytes, at: int, most: int) -> tuple[int, int]:
    """A number in bytes of seven bits each, the lowest first, and where it ends; the eighth bit: one more comes."""
    number = 0
    for place in range(most):
        byte = content[at + place]
        number |= (byte & 0x7F) << (7 * place)
        if not byte & 0x80:
            break
    return number, at + place + 1
