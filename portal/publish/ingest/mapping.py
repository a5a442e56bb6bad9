"""Reads a mapping file: which column of a source means what. docs/publishing.md explains every key to the analyst."""

import re
import tomllib
from collections.abc import Mapping as Mappable
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from portal.clock import is_zone
from portal.errors import MappingWrong
from portal.publish.ingest import declared
from portal.publish.ingest.columns import BY_NAME, COLUMNS, REQUIRED, ROSTER_COLUMNS
from portal.publish.ingest.dialect import DELIMITERS, ENCODINGS
from portal.publish.ingest.fields import ColumnMapping, read_fields
from portal.publish.ingest.problems import RowChoice
from portal.publish.ingest.section import TomlTable, suggestion
from portal.publish.ingest.table import FileOptions

QUIET_DAYS = (0, 366)
ZONES_WITHOUT_PLACE = ("UTC", "UCT", "Universal", "Zulu", "GMT", "GMT0", "GMT+0", "GMT-0", "EST", "MST", "HST")
OPEN_CHECK = re.compile(r"(^|\s)# check:")  # a comment of `map` (publish/proposal/) that nobody has answered yet


@dataclass(frozen=True)
class Mapping:
    """A mapping file, read and checked.

    `fields` and `roster` go by the portal's column; `start` and `end` bound the coverage (local days).
    """

    title: str
    time_zone: str
    start: date
    end: date | None
    quiet_days: int
    rows: Literal["one", "many"]
    fields: Mappable[str, ColumnMapping]
    not_collected: frozenset[str]
    roster: Mappable[str, ColumnMapping]
    choices: Mappable[str, RowChoice]
    breaks: tuple[tuple[str, str], ...]  # day and kind, in order of time
    accepted: Mappable[str, str]  # remarks that are accepted, and why
    license: tuple[str, str]  # of the data: its name and its URL, both empty until the City names one
    file: FileOptions
    sheets: tuple[str, ...]  # of the workbook, where one log fills several
    roster_file: FileOptions

    def choice(self, reason: str) -> RowChoice:
        """What to do about rows with this problem: refuse the extract (the default), or leave out what it spoils."""
        return self.choices.get(reason, "refuse")


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file.

    Raises MappingWrong, naming the place, for anything that isn't known or doesn't fit together.
    """
    file = f"the file {path.name}"
    try:
        text = path.read_bytes().decode("utf-8")
        content = tomllib.loads(text)
    except UnicodeDecodeError:
        raise MappingWrong(file, "it is not written in UTF-8", "Save it as UTF-8.") from None
    except (ValueError, RecursionError) as error:  # TOMLDecodeError is a ValueError; some numbers raise that one itself
        raise MappingWrong(file, f"it is no TOML: {str(error).rstrip('.')}", "Mend that line.") from error
    except OSError as error:
        raise MappingWrong(file, f"it can't be read ({error.strerror})", f"Look at its place: {path}.") from error
    _check_decided(text)
    return parse_mapping(content)


def _check_decided(text: str) -> None:
    """Raise MappingWrong where `map` left something to decide."""
    lines = [str(number) for number, line in enumerate(text.splitlines(), 1) if OPEN_CHECK.search(line)]
    if lines:
        raise MappingWrong(f"line {', '.join(lines[:5])}{' …' if len(lines) > 5 else ''}",
                           f'{len(lines)} {"place is" if len(lines) == 1 else "places are"} still marked "# check:"',
                           "Correct what stands below each, then delete the comment.")


def parse_mapping(content: dict[str, Any]) -> Mapping:
    """A mapping from what TOML says; raises as `read_mapping`."""
    top = TomlTable(content, "")
    title, zone = top.text("title"), _zone(top)
    not_collected = top.texts("not_collected")
    file, sheets = _file(top.section("file", {}))
    coverage = top.section("coverage")
    start, end = coverage.day("start"), coverage.day("end")
    if start is None or (end is not None and end < start):
        why = "it is missing" if start is None else "it is after the end"
        raise coverage.wrong("start", why, "Write start = 2026-04-01.")
    quiet = _quiet(coverage)
    key, rows = _incident(top.section("incident"))
    fields = {"call_id": key} | read_fields(top.section("columns"), COLUMNS[1:])
    _check_complete(fields, not_collected)
    roster, roster_file = _roster(top.section("roster", {}))
    choices = declared.read_choices(top.section("problems", {}))
    breaks = declared.read_breaks(top.section("breaks", {}))
    accepted = declared.read_accepted_remarks(top.section("accept", {}))
    terms = declared.read_license(top.section("license", {}))
    for section in (coverage, top):
        section.reject_unknown()
    return Mapping(title, zone, start, end, quiet, rows, MappingProxyType(fields), frozenset(not_collected),
                   MappingProxyType(roster), MappingProxyType(choices), breaks, MappingProxyType(accepted), terms, file,
                   sheets, roster_file)


def _zone(top: TomlTable) -> str:
    name = top.text("time_zone")
    if not is_zone(name):
        raise top.wrong("time_zone", f"{name!r} is no time zone that is known", 'Write it like "America/New_York".')
    if name.startswith("Etc/") or name in ZONES_WITHOUT_PLACE:
        raise top.wrong("time_zone", f"{name!r} is the clock of no place: days and hours would not be the City's",
                        "Write the zone of the place where the calls come from, such as \"America/New_York\". Times "
                        'that the source writes in UTC take format = "iso_utc" or "utc:…".')
    return name


def _file(section: TomlTable) -> tuple[FileOptions, tuple[str, ...]]:
    """How a file is to be read, and the sheets where it is several."""
    sheets = section.texts("sheet")
    encoding = section.text("encoding", "utf-8", allowed=ENCODINGS)
    delimiter = section.text("delimiter", "", allowed=("", *DELIMITERS)) or None
    header_row = section.take("header_row")
    if header_row is not None and (type(header_row) is not int or header_row < 1):
        raise section.wrong("header_row", "it is no number of a row", "Count as a spreadsheet does: header_row = 3.")
    section.reject_unknown()
    return FileOptions(sheets[0] if sheets else None, encoding, delimiter, header_row), sheets


def _quiet(coverage: TomlTable) -> int:
    value, (least, most) = coverage.take("quiet_days"), QUIET_DAYS
    if type(value) is not int or not least <= value <= most:
        raise coverage.wrong("quiet_days", "it is missing, or no whole number from 0 to 366",
                             "Write how many days may pass without any record, such as quiet_days = 5.")
    return value


def _incident(section: TomlTable) -> tuple[ColumnMapping, Literal["one", "many"]]:
    names, source = section.texts("key"), section.text("source", "")
    if not names or not all(names):
        raise section.wrong("key", "it is missing", "Name the column whose value makes an incident distinct.")
    many = section.text("rows", "one", allowed=("one", "many")) == "many"
    section.reject_unknown()
    return ColumnMapping(BY_NAME["call_id"], names, source=source), "many" if many else "one"


def _roster(section: TomlTable) -> tuple[dict[str, ColumnMapping], FileOptions]:
    """Unless the mapping says otherwise, a roster has the portal's own column names."""
    file, sheets = _file(section.section("file", {}))
    if len(sheets) > 1:
        raise MappingWrong("[roster.file] sheet", "it names several sheets", "A roster stands on one sheet: name that.")
    defaults = {column.name: {"from": column.name} for column in ROSTER_COLUMNS}
    fields = read_fields(section.section("columns", defaults), ROSTER_COLUMNS)
    section.reject_unknown()
    if missing := [column.name for column in ROSTER_COLUMNS if column.name not in fields]:
        raise MappingWrong("[roster.columns]", f"{', '.join(missing)} is not mapped",
                           "A roster needs all four times: planned and covered.")
    return fields, file


def _check_complete(fields: Mappable[str, ColumnMapping], not_collected: Sequence[str]) -> None:
    """Every column of the portal is either mapped or said to be not collected."""
    place = "not_collected"
    for name in not_collected:
        if name not in BY_NAME:
            raise MappingWrong(place, f"the portal has no column {name!r}{suggestion(name, BY_NAME)}",
                               f"Known are: {', '.join(BY_NAME)}.")
        if name in REQUIRED:
            raise MappingWrong(place, f"{name!r} is listed", "Without it no call can be counted: map it.")
        if name in fields:
            raise MappingWrong(place, f"{name!r} is listed, and mapped under [columns.{name}] too",
                               "Keep one of the two.")
    if silent := [name for name in BY_NAME if name not in fields and name not in not_collected]:
        raise MappingWrong("[columns]", f"nothing is said of {', '.join(silent)}",
                           "Map each under [columns.<name>], or list it in not_collected: the portal then says so, "
                           "and never shows a 0.")
