"""Workbooks and Parquet files: cells that have a type, turned into the text that the mapping speaks of.

A date is written as ISO 8601 says, a whole number without a point, yes and no as TRUE and FALSE (in Parquet true and
false), a blank cell as nothing.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, time
from math import isnan
from pathlib import Path
from typing import IO, Any

from portal.errors import ExtractUnreadable, MappingWrong, PortalError
from portal.publish.ingest.read import CHUNK, Batch, FileOptions, Row, Table, batches, telling


@contextmanager
def _guarded(path: Path, what: str) -> Iterator[None]:
    """A broken file makes these libraries raise nearly anything; what they say may quote a cell: it isn't passed on."""
    try:
        with telling(path):
            yield
    except PortalError:
        raise
    except Exception:  # noqa: BLE001 - see above
        raise ExtractUnreadable(path, f"it is not {what}, or is broken",
                                "Save it again, or export it as CSV.") from None


# ---- XLSX ----

def workbook(path: Path, stream: IO[bytes], options: FileOptions, stack: ExitStack) -> Table:
    """One sheet of a workbook. Formulas are kept as such, not by the result somebody's program saw last."""
    import openpyxl

    with _guarded(path, "an XLSX workbook"):
        book = openpyxl.load_workbook(stream, read_only=True, data_only=False, keep_links=False)
        stack.callback(book.close)
        sheet = _sheet(path, book, options.sheet)
        size = sheet.max_row or 1
        sheet.reset_dimensions()  # many programs write a wrong size, and rows beyond it would be left out in silence
        rows = enumerate(sheet.iter_rows(), 1)
        at, header = next(((number, cells) for number, cells in rows if any(_text(cell) for cell in cells)), (0, ()))
    names = tuple(_text(cell).strip() for cell in header)
    while names and not names[-1]:
        names = names[:-1]
    if not names:
        raise ExtractUnreadable(path, "the sheet is empty",
                                "Export it again, or name another sheet under [file] in the mapping.")
    seen = [at]

    def pick(places: Sequence[int]) -> Iterator[Batch]:
        with _guarded(path, "an XLSX workbook"):
            yield from batches(_sheet_rows(path, rows, names, set(places), seen), places)

    return Table(path, names, pick, lambda: seen[0], max(size, 1))


def _sheet(path: Path, book: Any, wanted: str | None) -> Any:
    names = [sheet.title for sheet in book.worksheets]
    if wanted is not None:
        if wanted not in names:
            raise MappingWrong("[file] sheet", f"{path.name} has no sheet {wanted!r}", f"It has: {', '.join(names)}.")
        return book[wanted]
    if len(names) != 1:
        raise ExtractUnreadable(path, f"it has {len(names)} sheets: {', '.join(names)}",
                                'Name the one that is meant under [file] in the mapping, such as sheet = "Calls".')
    return book.worksheets[0]


def _sheet_rows(path: Path, rows: Iterator[tuple[int, Any]], names: Sequence[str], used: set[int],
                seen: list[int]) -> Iterator[Row]:
    for number, cells in rows:
        seen[0] = number
        for place, cell in enumerate(cells):
            if place in used and cell.data_type == "f":
                raise ExtractUnreadable(path, f"row {number} holds a formula in column {names[place]!r}",
                                        "Its result depends on who opens it: copy the column and paste it as values.")
        texts = [_text(cell) for cell in cells]
        yield number, texts + [""] * (len(names) - len(texts))


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, datetime | date | time) else str(value)


# ---- Parquet ----

def parquet(path: Path, stream: IO[bytes]) -> Table:
    """A Parquet file; only the columns asked for are read from the disk."""
    import pyarrow.parquet

    with _guarded(path, "a Parquet file"):
        file = pyarrow.parquet.ParquetFile(stream)
        names, size = tuple(file.schema_arrow.names), file.metadata.num_rows
    seen = [0]

    def pick(places: Sequence[int]) -> Iterator[Batch]:
        with _guarded(path, "a Parquet file"):
            for batch in file.iter_batches(CHUNK, columns=[names[place] for place in places]):
                columns = [_texts(path, names[place], batch.column(names[place])) for place in places]
                first = seen[0] + 2
                seen[0] += batch.num_rows
                if batch.num_rows:
                    yield list(range(first, first + batch.num_rows)), list(zip(*columns, strict=True))

    return Table(path, names, pick, lambda: seen[0], max(size, 1))


def _texts(path: Path, name: str, values: Any) -> list[str]:
    """One column as text."""
    import pyarrow as pa

    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    kind = values.type
    if pa.types.is_floating(kind):
        return ["" if one is None or isnan(one) else str(int(one)) if one.is_integer() else str(one)
                for one in values.to_pylist()]
    if pa.types.is_timestamp(kind):  # to_pylist would need nanoseconds to be whole microseconds
        moments = values.cast(pa.timestamp("us", tz=kind.tz), safe=False).to_pylist()
        return ["" if one is None else one.isoformat() for one in moments]
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        raise ExtractUnreadable(path, f"the column {name!r} holds {kind}, which is not one text, number or time a row",
                                "Export that column as text.")
    return ["" if one is None else one for one in values.cast(pa.string()).to_pylist()]
