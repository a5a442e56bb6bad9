"""CSV and TSV files: their encoding, their delimiter, the row of their header, and rows that quotation marks spoil."""

import csv
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from io import TextIOWrapper
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING

from portal.errors import ExtractUnreadable
from portal.publish.ingest.table import (
    EXPORT_AGAIN,
    HEAD,
    Batch,
    FileOptions,
    NumberedRow,
    SourceTable,
    batches,
    explain_file_errors,
    read_header,
)

if TYPE_CHECKING:
    import _csv

ENCODINGS = ("utf-8", "utf-16", "cp1252", "latin-1", "cp437", "cp850", "mac-roman")
DELIMITERS = (",", ";", "\t", "|")
BLOCK = 1 << 20
SNIFFED_LETTERS = 1 << 14  # letters looked at for a delimiter
LONGEST_FIELD = 1 << 28  # a narrative may be long; the csv module stops at 131,072 letters


def text_table(path: Path, raw: IO[bytes], stream: IO[bytes], options: FileOptions, stack: ExitStack, *,
               tabs: bool) -> SourceTable:
    """An open CSV or TSV. `raw` is the file, `stream` what it holds once unpacked.

    A byte order mark decides the encoding; a first line `sep=;`, as Excel writes it, is passed over.
    """
    encoding = _encoding(path, stream, options.encoding)
    csv.field_size_limit(LONGEST_FIELD)
    with _explain_decoding_errors(path, stream, encoding):
        text = TextIOWrapper(stream, encoding, newline="")
        stack.callback(text.close)
        lines, delimiter = _detect_delimiter(text, options.delimiter, tabs=tabs)
        rows = _rows(path, csv.reader(lines, delimiter=delimiter, strict=True), delimiter)
        names = read_header(path, rows, options.header_row)
        if any("\0" in name for name in names):
            raise ExtractUnreadable(path, "it is not a text file",
                                    "Save it as CSV UTF-8, whatever its name ends in now.")
        head = tuple(islice(rows, HEAD))
    width = len(names)

    def pick(places: Sequence[int]) -> Iterator[Batch]:
        with explain_file_errors(path), _explain_decoding_errors(path, stream, encoding):
            yield from batches(_check_width(path, chain(head, rows), width), places)

    return SourceTable(path, tuple(names), pick, raw.tell, path.stat().st_size, head, split=True)


# ---- delimiters and rows ----

def _detect_delimiter(text: TextIOWrapper, named: str | None, *, tabs: bool) -> tuple[Iterable[str], str]:
    """The lines, and the delimiter of their cells."""
    first = text.readline()
    if first.lower().startswith("sep=") and len(first.rstrip("\r\n")) == len("sep=;"):
        return text, named or (first[4] if first[4] in DELIMITERS else ",")
    if named or tabs:
        return chain([first], text), named or "\t"
    sample = [first, *islice(text, HEAD)]
    return chain(sample, text), _sniff_delimiter(first, sample)


def _sniff_delimiter(header: str, sample: Sequence[str]) -> str:
    """The comma, unless the header has none: then what clevercsv finds (van den Burg et al., DMKD 2019)."""
    likely = [delimiter for delimiter in DELIMITERS if delimiter in header]
    if "," in likely or not likely:
        return ","
    from clevercsv import Detector  # three quarters of a second to load, for such files alone

    found = Detector().detect("".join(sample)[:SNIFFED_LETTERS], delimiters=likely)
    return found.delimiter if found and found.delimiter in likely else likely[0]


def _rows(path: Path, reader: "_csv.Reader", delimiter: str) -> Iterator[NumberedRow]:
    """The rows with their numbers. Raises ExtractUnreadable, naming the row, where quotation marks spoil one."""
    number, line, width = 0, 0, 0
    try:
        for number, row in enumerate(reader, 1):
            line += 1
            if len(row) > width:
                width = len(row)
            if line != reader.line_num:  # a cell has several lines
                line = reader.line_num
                if width > 2 and _holds_whole_rows(row, delimiter, width):
                    raise ExtractUnreadable(path, f"a cell of row {number} holds whole rows",
                                            "Look in that row for a quotation mark that is not closed, or export it "
                                            "again.")
            yield number, row
    except csv.Error as error:  # it tells of quotes and limits, never of what a cell holds
        raise ExtractUnreadable(
            path, f"row {number + 1} is no well-formed CSV: {error}",
            "Look in that row for a quotation mark that is not closed, or not doubled inside a text; or export it "
            "again.") from None


def _holds_whole_rows(row: Sequence[str], delimiter: str, width: int) -> bool:
    return any(line.count(delimiter) >= width - 1 for cell in row if "\n" in cell for line in cell.splitlines())


def _check_width(path: Path, rows: Iterator[NumberedRow], width: int) -> Iterator[NumberedRow]:
    for number, row in rows:
        if len(row) != width and any(row):
            if len(row) < width or any(row[width:]):
                raise ExtractUnreadable(path, f"row {number} has {len(row)} cells and the header has {width}",
                                        "Look for a delimiter outside quotation marks, or a row that is cut off.")
            row = row[:width]  # only empty cells beyond the header
        yield number, row


# ---- encodings ----

def _encoding(path: Path, stream: IO[bytes], named: str) -> str:
    """The encoding a file is read in: that of its byte order mark if it has one, else what the mapping says."""
    start = stream.read(3)
    stream.seek(0)
    if start == BOM_UTF8:
        return "utf-8-sig"
    if start[:2] in (BOM_UTF16_LE, BOM_UTF16_BE):
        return "utf-16"
    if named not in ("utf-8", "utf-16") and _is_utf_8(stream):
        raise ExtractUnreadable(path, f"it is written in UTF-8, and not in {named.upper()} as the mapping says",
                                "Take encoding out of [file] in the mapping: accents would be misread.")
    return named


def _is_utf_8(stream: IO[bytes]) -> bool:
    """Whether letters beyond ASCII stand in it, all of them in UTF-8."""
    decoder, beyond = getincrementaldecoder("utf-8")(), False
    try:
        while block := stream.read(BLOCK):
            beyond |= not block.isascii()
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        stream.seek(0)
    return beyond


@contextmanager
def _explain_decoding_errors(path: Path, stream: IO[bytes], encoding: str) -> Iterator[None]:
    """Say where the first byte stands that is no text in this encoding, and which one it may be in."""
    try:
        yield
    except UnicodeError:
        stream.seek(0)
        if encoding == "utf-16":
            raise ExtractUnreadable(path, "it is no text in UTF-16, or its end is missing", EXPORT_AGAIN) from None
        where, line = _first_undecodable(iter(stream), encoding)
        raise ExtractUnreadable(path, f"{where} is no text in {encoding.removesuffix('-sig').upper()}",
                                _remedy(line, encoding)) from None


def _first_undecodable(lines: Iterator[bytes], encoding: str) -> tuple[str, bytes]:
    for number, line in enumerate(lines, 1):
        try:
            line.decode(encoding)
        except UnicodeDecodeError as error:
            return f"byte {error.start + 1} of line {number} (0x{line[error.start]:02x})", line
    return "a byte", b""


def _remedy(line: bytes, encoding: str) -> str:
    from charset_normalizer import from_bytes

    candidates = [other.replace("-", "_") for other in ENCODINGS[2:] if other != encoding]
    found = from_bytes(line, cp_isolation=candidates).best() if line and b"\0" not in line else None
    if not found:
        return "It may be no text at all: export it as CSV UTF-8."
    likely = next((name for name in ENCODINGS if name.replace("-", "_") in (found.encoding, *found.encoding_aliases)),
                  "cp1252")
    return f'Save it as CSV UTF-8; or write encoding = "{likely}" under [file] in the mapping, in which it looks right.'
