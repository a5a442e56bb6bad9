"""Opens an extract, whatever file it comes in, and hands out its rows as text, so many at a time.

Nothing is interpreted here. A row's number is the one a spreadsheet shows: the header is row 1. Errors name rows and
columns; what a cell holds never gets into a message, nor into the chain of causes that a traceback would print.
"""

import csv
import gzip
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import IO, cast

import pandas as pd

from portal.errors import ExtractUnreadable

CHUNK = 50_000  # rows held as text at a time: 280,000 Oakland rows then need no more memory than 50,000
ENCODINGS = ("utf-8", "cp1252", "latin-1")
SUFFIXES = (".csv", ".csv.gz", ".xlsx", ".parquet")
AGAIN = "Export or copy it again."

Progress = Callable[[int, int], None]  # how much is done, of how much in all
Row = tuple[int, Sequence[str]]  # its number, its cells
Batch = tuple[list[int], list[tuple[str, ...]]]  # numbers, and cells of the wanted columns
Pick = Callable[[Sequence[int]], Iterator[Batch]]  # from the places of the wanted columns


@dataclass(frozen=True)
class FileOptions:
    """What can't be told from a file itself: the `sheet` of a workbook, `encoding` and `delimiter` of a CSV."""

    sheet: str | None = None
    encoding: str = "utf-8"
    delimiter: str = ","


@dataclass(frozen=True)
class Table:
    """An open table: the names of its columns, and how to get its rows."""

    path: Path
    names: tuple[str, ...]
    pick: Pick
    position: Callable[[], int]
    size: int

    def chunks(self, wanted: Sequence[str], progress: Progress | None = None) -> Iterator[pd.DataFrame]:
        """The rows, as text, `wanted` columns only; the index holds row numbers. A wholly blank row is no row.

        Each wanted name must be one of `names`. Raises ExtractUnreadable when one stands there twice, when a row is
        broken, or when there is no row at all.
        """
        for name in wanted:
            if self.names.count(name) > 1:
                places = ", ".join(str(at) for at, one in enumerate(self.names, 1) if one == name)
                raise ExtractUnreadable(self.path, f"it has several columns named {name!r} (columns {places})",
                                        "Nobody can tell which is meant: rename or remove the others.")
        empty = True
        for numbers, rows in self.pick([self.names.index(name) for name in wanted]):
            empty = False
            yield frame(wanted, numbers, rows)
            if progress:
                progress(min(self.position(), self.size), self.size)
        if empty:
            raise ExtractUnreadable(self.path, "it has a header and no rows", "Export it again, with its records.")


def frame(wanted: Sequence[str], numbers: list[int], rows: list[tuple[str, ...]]) -> pd.DataFrame:
    """Rows of text as a table; its index holds their numbers."""
    columns = dict(zip(wanted, zip(*rows, strict=True), strict=True))
    index = pd.Index(numbers)
    made = {name: pd.Series(_column(texts), index, copy=False) for name, texts in columns.items()}
    return pd.DataFrame(made, copy=False)


def _column(texts: Sequence[str]) -> pd.api.extensions.ExtensionArray:
    """Texts as pandas' own kind of text; by Arrow, since pandas looks at each one twice."""
    import pyarrow as pa

    made: pd.api.extensions.ExtensionArray = pd.array(pa.array(texts, pa.large_string()), dtype="str")
    return made


@contextmanager
def opened(path: Path, options: FileOptions | None = None) -> Iterator[Table]:
    """Open a CSV, CSV.gz, XLSX or Parquet file, or a ZIP that holds one of these.

    Raises ExtractUnreadable with the reason and what to do, MappingWrong when `options` names a sheet that isn't there.
    """
    options = options or FileOptions()
    _check_path(path)
    with ExitStack() as stack:
        with telling(path):
            raw = stack.enter_context(path.open("rb"))
            table = _table(path, raw, options, stack)
        yield table


def _check_path(path: Path) -> None:
    if path.is_dir():
        raise ExtractUnreadable(path, "it is a folder", "Name the file in it.")
    if not path.exists():
        raise ExtractUnreadable(path, f"there is no such file in {path.absolute().parent}", "Look at its name.")
    if not path.name.lower().endswith((*SUFFIXES, ".zip")):
        raise ExtractUnreadable(path, "its name ends in none of " + ", ".join((*SUFFIXES, ".zip")),
                                "Export it as CSV, or name it after what it is.")


@contextmanager
def telling(path: Path) -> Iterator[None]:
    """Turn what a broken file makes the libraries raise into one sentence."""
    try:
        yield
    except PermissionError:
        raise ExtractUnreadable(path, "you have no permission to read it",
                                "Ask its owner, or copy it to a folder of your own.") from None
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise ExtractUnreadable(path, "its compression is broken, or its end is missing", AGAIN) from None
    except zipfile.BadZipFile:
        raise ExtractUnreadable(path, "it is not a ZIP or XLSX file, is broken, or is locked with a password",
                                "Open it, save it again without a password, or export it as CSV.") from None
    except csv.Error as error:  # these messages tell of quotes and limits, never of what a cell holds
        raise ExtractUnreadable(path, f"it is no well-formed CSV: {error}",
                                "Look for a quotation mark that is not closed, or export it again.") from None
    except OSError as error:
        raise ExtractUnreadable(path, error.strerror or "the disk refuses", AGAIN) from None


def _table(path: Path, raw: IO[bytes], options: FileOptions, stack: ExitStack) -> Table:
    if not path.stat().st_size:
        raise ExtractUnreadable(path, "it is empty", "Export it again.")
    name, stream = path.name.lower(), raw
    if name.endswith(".zip"):
        name, stream = _member(path, raw, stack)
    if name.endswith(".gz"):
        name, stream = name.removesuffix(".gz"), cast("IO[bytes]", gzip.GzipFile(fileobj=stream))
    if name.endswith(".csv"):
        return _csv(path, raw, stream, options)
    from portal.publish.ingest import read_typed  # openpyxl and pyarrow are slow to load, and a CSV needs neither

    whole = raw if stream is raw else BytesIO(stream.read())
    if name.endswith(".xlsx"):
        return read_typed.workbook(path, whole, options, stack)
    return read_typed.parquet(path, whole)


def _member(path: Path, raw: IO[bytes], stack: ExitStack) -> tuple[str, IO[bytes]]:
    """The one table in a ZIP."""
    pack = stack.enter_context(zipfile.ZipFile(raw))
    tables = [one for one in pack.infolist() if one.filename.lower().endswith(SUFFIXES)
              and not Path(one.filename).name.startswith(".") and not one.filename.startswith("__MACOSX/")]
    if not tables:
        raise ExtractUnreadable(path, f"it holds no table ({', '.join(SUFFIXES)})", "Pack the exported file into it.")
    if len(tables) > 1:
        raise ExtractUnreadable(path, f"it holds {len(tables)} tables", "Unpack it, and name the one that is meant.")
    try:
        return tables[0].filename.lower(), stack.enter_context(pack.open(tables[0]))
    except (RuntimeError, NotImplementedError):
        raise ExtractUnreadable(path, "it is locked with a password, or packed in a way that isn't known",
                                "Unpack it, and name the file in it.") from None


# ---- CSV ----

def _csv(path: Path, raw: IO[bytes], stream: IO[bytes], options: FileOptions) -> Table:
    encoding = "utf-8-sig" if options.encoding == "utf-8" else options.encoding
    reader = csv.reader(TextIOWrapper(stream, encoding, newline=""), delimiter=options.delimiter, strict=True)
    with _decoding(path, stream, encoding):
        start, header = next(((number, row) for number, row in enumerate(reader, 1) if any(row)), (0, []))
    if not header:
        raise ExtractUnreadable(path, "it is empty", "Export it again.")
    if any("\0" in name for name in header):
        raise ExtractUnreadable(path, "it is not a text file", "Save it as CSV UTF-8, whatever its name ends in now.")
    names = tuple(name.strip() for name in header)

    def pick(places: Sequence[int]) -> Iterator[Batch]:
        with telling(path), _decoding(path, stream, encoding):
            yield from batches(_csv_rows(path, reader, len(names), start), places)

    return Table(path, names, pick, raw.tell, path.stat().st_size)


def _csv_rows(path: Path, reader: Iterator[list[str]], width: int, header_at: int) -> Iterator[Row]:
    for number, row in enumerate(reader, header_at + 1):
        if len(row) != width and any(row):
            if len(row) < width or any(row[width:]):
                raise ExtractUnreadable(path, f"row {number} has {len(row)} cells and the header has {width}",
                                        "Look for a comma outside quotation marks, or a row that is cut off.")
            row = row[:width]  # only empty cells beyond the header
        yield number, row


def batches(rows: Iterator[Row], places: Sequence[int]) -> Iterator[Batch]:
    """Rows that are not blank, cut to the columns at these places, CHUNK at a time."""
    only = places[0]
    choose = itemgetter(*places) if len(places) > 1 else lambda row: (row[only],)
    numbers: list[int] = []
    chosen: list[tuple[str, ...]] = []
    for number, row in rows:
        if any(row):
            numbers.append(number)
            chosen.append(choose(row))
            if len(numbers) == CHUNK:
                yield numbers, chosen
                numbers, chosen = [], []
    if numbers:
        yield numbers, chosen


@contextmanager
def _decoding(path: Path, stream: IO[bytes], encoding: str) -> Iterator[None]:
    """Say where the first byte stands that is no text in this encoding."""
    try:
        yield
    except UnicodeDecodeError:
        stream.seek(0)
        start = stream.read(2)
        if start in (b"\xff\xfe", b"\xfe\xff"):
            raise ExtractUnreadable(path, "it is written in UTF-16", "Save it as CSV UTF-8.") from None
        where = _first_wrong(chain([start + stream.readline()], stream), encoding)
        raise ExtractUnreadable(
            path, f"{where} is no text in {encoding.removesuffix('-sig').upper()}",
            'Save it as CSV UTF-8; or, if it comes from Windows, write encoding = "cp1252" under [file] in the mapping.'
        ) from None


def _first_wrong(lines: Iterator[bytes], encoding: str) -> str:
    for number, line in enumerate(lines, 1):
        try:
            line.decode(encoding)
        except UnicodeDecodeError as error:
            return f"byte {error.start + 1} of line {number} (0x{line[error.start]:02x})"
    return "a byte"
