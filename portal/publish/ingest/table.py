"""A table that has been opened, whatever file it comes in: its header, and its rows as text, so many at a time.

Nothing is interpreted here. A row's number is the one a spreadsheet shows. Errors name rows and columns; what a cell
holds never gets into a message, nor into the chain of causes that a traceback would print.
"""

import csv
import gzip
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

import pandas as pd

from portal.errors import ExtractUnreadable, PortalError

CHUNK = 50_000  # rows held as text at a time: 280,000 Oakland rows then need no more memory than 50,000
HEAD = 30  # rows looked at for a header that does not stand in the first
EXPORT_AGAIN = "Export or copy it again."

Progress = Callable[[int, int], None]  # how much is done, of how much in all
NumberedRow = tuple[int, Sequence[str]]  # its number, its cells
Batch = tuple[list[int], list[tuple[str, ...]]]  # numbers, and cells of the wanted columns
ReadColumns = Callable[[Sequence[int]], Iterator[Batch]]  # from the places of the wanted columns


@dataclass(frozen=True)
class FileOptions:
    """What can't be told from a file itself.

    The `sheet` of a workbook; `encoding` and `delimiter` of a CSV (None: found out); `header_row`: the row that holds
    the columns' names (None: the first that is not blank).
    """

    sheet: str | None = None
    encoding: str = "utf-8"
    delimiter: str | None = None
    header_row: int | None = None


@dataclass(frozen=True)
class SourceTable:
    """An open table: the names of its columns, and how to get its rows.

    `head`: the first rows below the header, for a hint where it lies in a lower one. `hidden`: the rows that a
    spreadsheet does not show; they are read. `split`: whether cells were told apart by a delimiter.
    """

    path: Path
    names: tuple[str, ...]
    pick: ReadColumns
    position: Callable[[], int]
    size: int
    head: tuple[NumberedRow, ...] = ()
    hidden: tuple[int, ...] = ()
    split: bool = False

    def chunks(self, names: Sequence[str], progress: Progress | None = None) -> Iterator[pd.DataFrame]:
        """The rows, as text, the columns `names` only; the index holds row numbers. A wholly blank row is no row.

        Each name must be one of the table's. Raises ExtractUnreadable when one stands there twice, when a row is
        broken, or when there is no row at all.
        """
        for name in names:
            if self.names.count(name) > 1:
                places = ", ".join(str(at) for at, other in enumerate(self.names, 1) if other == name)
                raise ExtractUnreadable(self.path, f"it has several columns named {name!r} (columns {places})",
                                        "Nobody can tell which is meant: rename or remove the others.")
        empty = True
        for numbers, rows in self.pick([self.names.index(name) for name in names]):
            empty = False
            yield to_frame(names, numbers, rows)
            if progress:
                progress(min(self.position(), self.size), self.size)
        if empty:
            raise ExtractUnreadable(self.path, "it has a header and no rows", "Export it again, with its records.")

    def hint(self, names: Sequence[str]) -> str:
        """Where these names may stand, if they are not in the header; empty if nothing looks like it."""
        found = {number: len(set(names) & {cell.strip() for cell in cells}) for number, cells in self.head}
        best = max(found, key=lambda number: found[number], default=0)
        if best and found[best] > max(1, len(set(names) & set(self.names))):
            return f"The header seems to be in row {best}: write header_row = {best} under [file]."
        if self.split and (len(self.names) == 1 or any(sign in name for name in self.names for sign in ";|\t")):
            return "Its names run into each other: perhaps [file] needs a delimiter."
        return ""


def to_frame(names: Sequence[str], numbers: list[int], rows: list[tuple[str, ...]]) -> pd.DataFrame:
    """Rows of text as a table; its index holds their numbers."""
    index = pd.Index(numbers)
    series = {name: pd.Series(_column([row[at] for row in rows]), index, copy=False) for at, name in enumerate(names)}
    return pd.DataFrame(series, copy=False)


def _column(texts: Sequence[str]) -> pd.api.extensions.ExtensionArray:
    """Texts as pandas' own kind of text; by Arrow, since pandas looks at each one twice."""
    import pyarrow as pa

    array: pd.api.extensions.ExtensionArray = pd.array(pa.array(texts, pa.large_string()), dtype="str")
    return array


def batches(rows: Iterator[NumberedRow], places: Sequence[int]) -> Iterator[Batch]:
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


def read_header(path: Path, rows: Iterator[NumberedRow], header_row: int | None, what: str = "it") -> list[str]:
    """The names in the header: the row of this number, else the first that is not blank. Raises ExtractUnreadable
    without one.
    """
    for number, cells in rows:
        if (any(cells) and header_row is None) or number == header_row:
            if any(cells):
                return [cell.strip() for cell in cells]
            break
    if header_row is not None:
        raise ExtractUnreadable(path, f"its row {header_row} is blank or missing, and header_row under [file] names it",
                                "Write the number of the row that holds the columns' names.")
    raise ExtractUnreadable(path, f"{what} is empty", "Export it again, or name another sheet under [file].")


@contextmanager
def explain_file_errors(path: Path) -> Iterator[None]:
    """Turn what a broken file makes the libraries raise into one sentence."""
    try:
        yield
    except PermissionError:
        raise ExtractUnreadable(path, "you have no permission to read it",
                                "Ask its owner, or copy it to a folder of your own.") from None
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise ExtractUnreadable(path, "its compression is broken, or its end is missing", EXPORT_AGAIN) from None
    except zipfile.BadZipFile:
        raise ExtractUnreadable(path, "it is not a ZIP file, is broken, or is locked with a password",
                                "Pack it again without a password, or export it as CSV.") from None
    except csv.Error as error:  # these messages tell of quotes and limits, never of what a cell holds
        raise ExtractUnreadable(path, f"it is no well-formed CSV: {error}", EXPORT_AGAIN) from None
    except OSError as error:
        raise ExtractUnreadable(path, error.strerror or "the disk refuses", EXPORT_AGAIN) from None


@contextmanager
def explain_library_errors(path: Path, what: str) -> Iterator[None]:
    """A broken file makes some libraries raise nearly anything; what they say may quote a cell: it isn't passed on."""
    try:
        with explain_file_errors(path):
            yield
    except PortalError:
        raise
    except Exception:  # noqa: BLE001 - see above
        raise ExtractUnreadable(path, f"it is not {what}, or is broken",
                                "Save it again, or export it as CSV.") from None
