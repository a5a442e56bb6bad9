"""Parquet files: columns that have a type, turned into the text that the mapping speaks of.

A date is written as ISO 8601 says, a whole number without a point, yes and no as true and false, a blank as nothing.
"""

from collections.abc import Iterator, Sequence
from math import isnan
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from portal.errors import ExtractUnreadable
from portal.publish.ingest.table import CHUNK, Batch, SourceTable, explain_library_errors


def open_parquet(path: Path, stream: IO[bytes]) -> SourceTable:
    """A Parquet file; only the columns asked for are read from the disk."""
    with explain_library_errors(path, "a Parquet file"):
        file = pq.ParquetFile(stream)
        names, size = tuple(file.schema_arrow.names), file.metadata.num_rows
    rows_read = [0]

    def pick(places: Sequence[int]) -> Iterator[Batch]:
        with explain_library_errors(path, "a Parquet file"):
            for batch in file.iter_batches(CHUNK, columns=[names[place] for place in places]):
                columns = [_texts(path, names[place], batch.column(names[place])) for place in places]
                first = rows_read[0] + 2
                rows_read[0] += batch.num_rows
                if batch.num_rows:
                    yield list(range(first, first + batch.num_rows)), list(zip(*columns, strict=True))

    return SourceTable(path, names, pick, lambda: rows_read[0], max(size, 1))


def _texts(path: Path, name: str, values: Any) -> list[str]:
    """One column as text."""
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    kind = values.type
    if pa.types.is_floating(kind):
        return ["" if number is None or isnan(number) else str(int(number)) if number.is_integer() else str(number)
                for number in values.to_pylist()]
    if pa.types.is_timestamp(kind):  # to_pylist would need nanoseconds to be whole microseconds
        moments = values.cast(pa.timestamp("us", tz=kind.tz), safe=False).to_pylist()
        return ["" if moment is None else moment.isoformat() for moment in moments]
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        raise ExtractUnreadable(path, f"the column {name!r} holds {kind}, which is not one text, number or time a row",
                                "Export that column as text.")
    return ["" if text is None else text for text in values.cast(pa.string()).to_pylist()]
