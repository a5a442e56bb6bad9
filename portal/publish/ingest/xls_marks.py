"""What a sheet of an XLS workbook says beside its values: hidden rows, formulas, and values that are errors.

[MS-CFB] says how the file holds its stream `Workbook`, [MS-XLS] the records in it: BoundSheet8 (2.4.28), Row (2.4.221),
BoolErr (2.4.24), Formula (2.4.127).
"""

from collections.abc import Iterator
from itertools import chain, takewhile
from struct import iter_unpack, unpack_from
from typing import IO

from portal.publish.ingest.sheet_marks import Marks

SHEET, ROW, VALUE, FORMULA, END = 0x85, 0x0208, 0x0205, 0x06, 0x0A
HIDDEN = 0x20  # of a row's flags
ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
NO_MORE = 0xFFFFFFFA  # and above: no number of a sector
BiffRecord = tuple[int, bytes]


def xls_marks(stream: IO[bytes], name: str) -> Marks:
    """The marks of the sheet of this name. Raises struct.error or IndexError where the file is not as specified."""
    stream.seek(0)
    book = _stream(stream.read())
    start = next((unpack_from("<I", body)[0] for kind, body in _records(book, 0)
                  if kind == SHEET and _name(body) == name), None)
    marks, hidden = Marks(), list[int]()
    for kind, body in () if start is None else _records(book, start):
        if kind == ROW and unpack_from("<H", body, 12)[0] & HIDDEN:
            hidden.append(unpack_from("<H", body)[0] + 1)
        elif kind in (VALUE, FORMULA):
            row, column = unpack_from("<HH", body)
            if kind == FORMULA:
                marks.formulas.setdefault(column, row + 1)
            if (code := _error(kind, body)) is not None:
                marks.errors.setdefault(row + 1, []).append((column, ERRORS.get(code, "#ERROR!")))
    marks.hidden = tuple(hidden)
    return marks


def _error(kind: int, body: bytes) -> int | None:
    """The code of the error that a cell shows; None where it shows a value."""
    if kind == VALUE:
        return body[6] if body[7] else None
    return body[8] if body[12:14] == b"\xff\xff" and body[6] == 2 else None  # 2: its result is an error


def _name(body: bytes) -> str:
    """The name of a sheet: its length and kind of letters stand before it."""
    length, wide = body[6], body[7] & 1
    return body[8:8 + length * (1 + wide)].decode("utf-16-le" if wide else "latin-1")


def _records(book: bytes, at: int) -> Iterator[BiffRecord]:
    """The records from a place to the end of their part."""
    while at + 4 <= len(book):
        kind, length = unpack_from("<HH", book, at)
        yield kind, book[at + 4:at + 4 + length]
        if kind == END:
            return
        at += 4 + length


def _stream(content: bytes) -> bytes:
    """The stream Workbook of a compound file; b"" where there is none."""
    size = 1 << unpack_from("<H", content, 30)[0]
    directory_at, limit, small_table_at = (unpack_from("<I", content, at)[0] for at in (48, 56, 60))

    def sector(number: int) -> bytes:
        return content[(number + 1) * size:(number + 2) * size]

    table = _numbers(b"".join(map(sector, _tables(content, size))))
    directory = b"".join(map(sector, _chain(table, directory_at)))
    entries = {directory[at:at + unpack_from("<H", directory, at + 64)[0]].decode("utf-16-le").rstrip("\0"):
               unpack_from("<II", directory, at + 116) for at in range(0, len(directory) - 127, 128)}
    start, length = entries.get("Workbook", entries.get("Book", (NO_MORE, 0)))
    if length >= limit:
        return b"".join(map(sector, _chain(table, start)))[:length]
    small = b"".join(map(sector, _chain(table, entries.get("Root Entry", (NO_MORE, 0))[0])))
    small_table = _numbers(b"".join(map(sector, _chain(table, small_table_at))))
    return b"".join(small[at * 64:(at + 1) * 64] for at in _chain(small_table, start))[:length]


def _tables(content: bytes, size: int) -> list[int]:
    """The sectors that hold the table of chains: 109 of them stand in the header, more in sectors of their own."""
    parts, following = [content[76:512]], unpack_from("<I", content, 68)[0]
    while following < NO_MORE and len(parts) * size <= len(content):
        sector = content[(following + 1) * size:(following + 2) * size]
        parts.append(sector[:-4])
        following = unpack_from("<I", sector, size - 4)[0]
    return list(takewhile(lambda number: number < NO_MORE, chain.from_iterable(map(_numbers, parts))))


def _numbers(content: bytes) -> list[int]:
    return [number for number, in iter_unpack("<I", content)]


def _chain(table: list[int], at: int) -> Iterator[int]:
    """The sectors of a chain, in order; a broken chain ends."""
    for _ in table:
        if at >= len(table):
            return
        yield at
        at = table[at]
