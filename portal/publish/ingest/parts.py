"""One log in several files, or on several sheets of a workbook: read one after the other as if it were one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from portal.publish.ingest.fields import check_names
from portal.publish.ingest.mapping import Mapping
from portal.publish.ingest.read import open_table
from portal.publish.ingest.table import FileOptions, Progress

STEPS_PER_PART = 1_000  # of progress, for each part


@dataclass
class LogPart:
    """A file or a sheet. Its rows are numbered on from `offset`, so that each row of the log has its own number."""

    name: str
    path: Path
    options: FileOptions
    offset: int = 0
    rows: int = 0
    hidden: tuple[int, ...] = ()  # running numbers of rows that a spreadsheet does not show
    days: pd.DatetimeIndex = field(default_factory=lambda: pd.DatetimeIndex([], dtype="datetime64[us]"))


def parts_of(paths: Sequence[Path], mapping: Mapping) -> list[LogPart]:
    """The parts of a log: each file, and of a workbook each sheet that the mapping names."""
    parts = []
    for path in paths:
        for sheet in mapping.sheets or (None,):
            name = f"{path.name} {sheet}" if len(mapping.sheets) > 1 else path.name
            parts.append(LogPart(name, path, replace(mapping.file, sheet=sheet)))
    return parts


def read_chunks(parts: Sequence[LogPart], mapping: Mapping,
                progress: Progress | None) -> Iterator[tuple[LogPart, pd.DataFrame]]:
    """The rows of all parts as text, with running numbers. Raises as `open_table` and `check_names` do."""
    names = list(dict.fromkeys(name for field in mapping.fields.values() for name in field.names))
    after = 0
    for at, part in enumerate(parts):
        part.offset = after
        with open_table(part.path, part.options) as table:
            check_names(mapping.fields.values(), table)
            part.hidden = tuple(row + part.offset for row in table.hidden)
            for chunk in table.chunks(names, _part_progress(progress, at, len(parts))):
                chunk.index += part.offset
                after = int(chunk.index[-1])
                yield part, chunk


def _part_progress(progress: Progress | None, at: int, parts: int) -> Progress | None:
    """Progress in one part as progress in all: parts count alike, whatever their sizes are counted in."""
    if progress is None:
        return None
    return lambda done, size: progress(at * STEPS_PER_PART + done * STEPS_PER_PART // size, parts * STEPS_PER_PART)


def overlaps(parts: Sequence[LogPart]) -> list[tuple[str, str, pd.DatetimeIndex]]:
    """Pairs of parts that have days in common, and these days. A day on which one ends and the next begins is none."""
    found = []
    ordered = sorted((part for part in parts if len(part.days)), key=lambda part: part.days.min())
    for at, part in enumerate(ordered):
        for later in ordered[at + 1:]:
            common = part.days.intersection(later.days)
            if len(common) > 1:
                found.append((part.name, later.name, common))
    return found
