"""Small sources for tests: files as a city's system writes them, and mappings that read them."""

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Mappable
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

from portal.publish.ingest.columns import COLUMNS
from portal.publish.ingest.extract import Extract, read_extract
from portal.publish.ingest.mapping import Mapping, parse_mapping

CODED = {"from": "Type",
         "codes": {"mental_health": ["5150", "5150B"], "welfare_check": ["WELCK"], "not_counted": ["TRAFFIC"]}}
HEADER = ("Event", "Received", "Type")
ROW = ("E1", "2026-04-03 12:30:00", "5150")


def content(columns: Mappable[str, Any] | None = None, *, without: Sequence[str] = (), **top: Any) -> dict[str, Any]:
    """What a mapping file says, as TOML gives it: key, time and type of a call, and `columns` beside."""
    fields = {"received": {"from": "Received"}, "call_type": deepcopy(CODED)} | dict(columns or {})
    fields = {name: value for name, value in fields.items() if name not in without}
    sections = {
        "title": "Test",
        "time_zone": "America/New_York",
        "incident": {"key": "Event"},
        "coverage": {"start": date(2026, 4, 1), "quiet_days": 5},
        "columns": fields,
        "not_collected": [column.name for column in COLUMNS if column.name not in fields and column.name != "call_id"],
    }
    return sections | top


def mapping(columns: Mappable[str, Any] | None = None, **top: Any) -> Mapping:
    """The same as a mapping."""
    return parse_mapping(content(columns, **top))


def csv_of(rows: Iterable[Sequence[str]], header: Sequence[str] = HEADER) -> str:
    """Rows without a comma as CSV."""
    return "".join(",".join(row) + "\n" for row in (header, *rows))


def source(folder: Path, rows: Iterable[Sequence[str]], header: Sequence[str] = HEADER) -> Path:
    """A CSV file of these rows."""
    path = folder / "calls.csv"
    path.write_text(csv_of(rows, header), encoding="utf-8")
    return path


def extract(folder: Path, rows: Iterable[Sequence[str]], columns: Mappable[str, Any] | None = None, *,
            header: Sequence[str] = HEADER, **top: Any) -> Extract:
    """These rows read by a mapping that has `columns` beside the required ones."""
    return read_extract(source(folder, rows, header), mapping(columns, **top))
