"""The smallest workbooks of text in two binary formats, byte by byte, since no library here writes them.

XLS: [MS-XLS] records in a compound file, [MS-CFB]. XLSB: [MS-XLSB] records in a ZIP.
"""

import zipfile
from collections.abc import Sequence
from pathlib import Path
from struct import pack

Rows = Sequence[Sequence[str]]
SECTOR, FREE, END, FAT = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


# ---- XLS ----

ERRORS = {"#N/A": 0x2A, "#REF!": 0x17}


def xls(path: Path, rows: Rows, *, hidden: Sequence[int] = (), formula: tuple[int, int] | None = None) -> Path:
    """A workbook of one sheet, Calls, as Excel 97 saves it; #N/A and #REF! are error cells. `hidden`: rows that it does
    not show, `formula`: the row and column, from 0, of a cell that is worked out and could not be.
    """
    cells = [(row, column, text) for row, cells in enumerate(rows) for column, text in enumerate(cells)]
    stream = _globals(len(_globals(0))) + _begin(0x10) + b"".join(
        _record(0x0208, pack("<8H", row - 1, 0, 9, 255, 0, 0, 0x20, 0)) for row in hidden) + b"".join(
        _formula(row, column) if (row, column) == formula else
        _record(0x0205, pack("<HHHBB", row, column, 0, ERRORS[text], 1)) if text in ERRORS else
        _record(0x0204, pack("<HHHHB", row, column, 0, len(text), 0) + text.encode("latin-1"))
        for row, column, text in cells) + _record(0x0A)
    stream = stream.ljust(max(4096, -(-len(stream) // SECTOR) * SECTOR), b"\0")
    count = len(stream) // SECTOR
    sectors = [FAT, END, *range(3, count + 2), END]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6) + pack(
        "<IIIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0, 0) + pack("<I", FREE) * 108
    table = pack(f"<{SECTOR // 4}I", *sectors, *[FREE] * (SECTOR // 4 - len(sectors)))
    directory = _entry("Root Entry", 5, 1, END, 0) + _entry("Workbook", 2, FREE, 2, len(stream))
    path.write_bytes(header + table + directory + _entry("", 0, FREE, 0, 0) * 2 + stream)
    return path


def _record(kind: int, body: bytes = b"") -> bytes:
    return pack("<HH", kind, len(body)) + body


def _formula(row: int, column: int) -> bytes:
    """A formula whose result is #N/A: [MS-XLS] 2.4.127; its tokens are one missing argument."""
    result = pack("<BBBBBBH", 2, 0, 0x2A, 0, 0, 0, 0xFFFF)
    return _record(0x06, pack("<HHH", row, column, 0) + result + pack("<HIH", 0, 0, 1) + b"\x16")


def _begin(kind: int) -> bytes:
    return _record(0x0809, pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def _globals(sheet_at: int) -> bytes:
    return _begin(5) + _record(0x85, pack("<IBB", sheet_at, 0, 0) + b"\x05\0Calls") + _record(0x0A)


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    written = name.encode("utf-16-le")
    places = pack("<HBBIII", len(written) + 2 if name else 0, kind, 1, FREE, FREE, child)
    return written.ljust(64, b"\0") + places + bytes(36) + pack("<IQ", start, size)


# ---- XLSB ----

RELATIONS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.bin"/>
</Relationships>"""


def xlsb(path: Path, rows: Rows, *, hidden: Sequence[int] = (), formula: tuple[int, int] | None = None) -> Path:
    """A workbook of one sheet, Calls, in Excel's binary format, with what `xls` has."""
    sheet = _part(0x81) + _part(0x94, pack("<4I", 0, len(rows) - 1, 0, len(rows[0]) - 1)) + _part(0x91)
    for number, cells in enumerate(rows):
        sheet += _part(0x00, pack("<IIHBBB", number, 0, 0, 0, 0x10 * (number + 1 in hidden), 0) + bytes(4))
        sheet += b"".join(_binary_cell(column, text, worked_out=(number, column) == formula)
                          for column, text in enumerate(cells))
    book = _part(0x8F) + _part(0x9C, pack("<II", 0, 1) + _wide("rId1") + _wide("Calls")) + _part(0x90) + _part(0x84)
    with zipfile.ZipFile(path, "w") as pack_file:
        pack_file.writestr("xl/workbook.bin", book)
        pack_file.writestr("xl/_rels/workbook.bin.rels", RELATIONS)
        pack_file.writestr("xl/worksheets/sheet1.bin", sheet + _part(0x92) + _part(0x82))
    return path


def _binary_cell(column: int, text: str, *, worked_out: bool) -> bytes:
    """A text, an error, or a formula whose result is #N/A: [MS-XLSB] 2.4.656, its tokens one missing argument."""
    place = pack("<II", column, 0)
    if worked_out:
        return _part(0x0B, place + pack("<BHIBI", 0x2A, 0, 1, 0x16, 0))
    if text in ERRORS:
        return _part(0x03, place + pack("<B", ERRORS[text]))
    return _part(0x06, place + _wide(text))


def _part(kind: int, body: bytes = b"") -> bytes:
    """A record: its kind in one byte, or two from 128 on; its length in groups of seven bits."""
    lengths, remaining = b"", len(body)
    while remaining > 127:
        lengths, remaining = lengths + bytes([remaining & 127 | 128]), remaining >> 7
    return (bytes([kind]) if kind < 128 else bytes([kind, 1])) + lengths + bytes([remaining]) + body


def _wide(text: str) -> bytes:
    return pack("<I", len(text)) + text.encode("utf-16-le")
