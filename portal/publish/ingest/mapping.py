"""Reads a mapping: which column of a source means what. docs/publishing.md explains every key to the analyst."""

import re
import tomllib
from collections.abc import Collection, Iterable, Sequence
from collections.abc import Mapping as Mappable
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from portal.clock import is_zone
from portal.contract.contract import DIMENSIONS
from portal.errors import MappingWrong
from portal.publish.ingest import declared
from portal.publish.ingest.columns import BY_NAME, COLUMNS, NOT_RECORDED, REQUIRED, ROSTER_COLUMNS, Column
from portal.publish.ingest.dialect import DELIMITERS, ENCODINGS
from portal.publish.ingest.formats import WORDS, format_fault, formats_fault
from portal.publish.ingest.problems import Choice
from portal.publish.ingest.section import Section, like
from portal.publish.ingest.table import FileOptions, Table

NOT_COUNTED = "not_counted"  # the category of call types that are no crisis call
REST = "*"  # every code that is not named
MIDNIGHT = time(0)
NO_TIME = "none"
QUIET_DAYS = (0, 366)
NO_PLACES = ("UTC", "UCT", "Universal", "Zulu", "GMT", "GMT0", "GMT+0", "GMT-0", "EST", "MST", "HST")
TO_DECIDE = re.compile(r"(^|\s)# check:")  # a comment of `map` (publish/proposal/) that nobody has answered yet


@dataclass(frozen=True)
class Field:
    """How one of the portal's columns is made from the source.

    `names`: columns of the source, joined with a space. `always`: one value for every row instead. `codes`: code ->
    category (or yes, no); `rest`: the category of every other code. `missing`: texts that mean "not recorded".
    `formats` and `unknown_time` (the time of day that means "unknown") are for times and dates; `unknown_days` are for
    dates: those on which a program wrote the date of a day, such as the move of a system. `source`: the system it
    comes from. `not_collected`: categories that the source has no way to record.
    """

    column: Column
    names: tuple[str, ...] = ()
    always: str | None = None
    formats: tuple[str, ...] = ("iso",)
    unknown_time: time | None = None
    unknown_days: frozenset[date] = frozenset()
    codes: Mappable[str, str] = field(default_factory=dict)
    rest: str | None = None
    missing: frozenset[str] = frozenset([""])
    source: str = ""
    not_collected: frozenset[str] = frozenset()

    @property
    def source_columns(self) -> str:
        """The source's column or columns, for messages."""
        return " + ".join(self.names)


@dataclass(frozen=True)
class Mapping:
    """A whole mapping.

    `fields` and `roster` go by the portal's column; `start` and `end` bound the coverage (local days).
    """

    title: str
    time_zone: str
    start: date
    end: date | None
    quiet_days: int
    rows: Literal["one", "many"]
    fields: Mappable[str, Field]
    not_collected: frozenset[str]
    roster: Mappable[str, Field]
    choices: Mappable[str, Choice]
    breaks: tuple[tuple[str, str], ...]  # day and kind, in order of time
    accepted: Mappable[str, str]  # remarks that are accepted, and why
    license: tuple[str, str]  # of the data: its name and its address, both empty until the City names one
    file: FileOptions
    sheets: tuple[str, ...]  # of the workbook, where one log fills several
    roster_file: FileOptions

    def choice(self, reason: str) -> Choice:
        """What to do about rows with this problem: refuse the extract (the default), or leave out what it spoils."""
        return self.choices.get(reason, "refuse")


def check_names(fields: Iterable[Field], table: Table, place: str = "[columns]") -> None:
    """Raise MappingWrong unless the table has every column that these fields are made from."""
    mapped = [(name, field.column.name) for field in fields for name in field.names]
    missing = [(name, column) for name, column in dict.fromkeys(mapped) if name not in table.names]
    if not missing:
        return
    hint = table.hint([name for name, _ in mapped])
    if hint and len(missing) == len(set(mapped)):
        raise MappingWrong("[file]", f"{table.path.name} has none of the mapping's columns in its header", hint)
    lacking = "; ".join(f"no column {name!r} (for {column}){like(name, table.names)}" for name, column in missing)
    raise MappingWrong(place, f"{table.path.name} has {lacking}",
                       f"Write the names as they stand in the file's header. {hint}".rstrip())


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
    return mapping_of(content)


def _check_decided(text: str) -> None:
    """Raise MappingWrong where `map` left something to decide."""
    lines = [str(number) for number, line in enumerate(text.splitlines(), 1) if TO_DECIDE.search(line)]
    if lines:
        raise MappingWrong(f"line {', '.join(lines[:5])}{' …' if len(lines) > 5 else ''}",
                           f'{len(lines)} {"place is" if len(lines) == 1 else "places are"} still marked "# check:"',
                           "Correct what stands below each, then delete the comment.")


def mapping_of(content: dict[str, Any]) -> Mapping:
    """A mapping from what TOML says; raises as `read_mapping`."""
    top = Section(content, "")
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
    fields = {"call_id": key} | _fields(top.section("columns"), COLUMNS[1:])
    _check_complete(fields, not_collected)
    roster, roster_file = _roster(top.section("roster", {}))
    choices = declared.choices(top.section("problems", {}))
    breaks = declared.breaks(top.section("breaks", {}))
    accepted = declared.accepted(top.section("accept", {}))
    terms = declared.license_of(top.section("license", {}))
    for section in (coverage, top):
        section.reject_unknown()
    return Mapping(title, zone, start, end, quiet, rows, MappingProxyType(fields), frozenset(not_collected),
                   MappingProxyType(roster), MappingProxyType(choices), breaks, MappingProxyType(accepted), terms, file,
                   sheets, roster_file)


def _zone(top: Section) -> str:
    name = top.text("time_zone")
    if not is_zone(name):
        raise top.wrong("time_zone", f"{name!r} is no time zone that is known", 'Write it like "America/New_York".')
    if name.startswith("Etc/") or name in NO_PLACES:
        raise top.wrong("time_zone", f"{name!r} is the clock of no place: days and hours would not be the City's",
                        "Write the zone of the place where the calls come from, such as \"America/New_York\". Times "
                        'that the source writes in UTC take format = "iso_utc" or "utc:…".')
    return name


def _file(section: Section) -> tuple[FileOptions, tuple[str, ...]]:
    """How a file is to be read, and the sheets where it is several."""
    sheets = section.texts("sheet")
    encoding = section.text("encoding", "utf-8", allowed=ENCODINGS)
    delimiter = section.text("delimiter", "", allowed=("", *DELIMITERS)) or None
    header_row = section.take("header_row")
    if header_row is not None and (type(header_row) is not int or header_row < 1):
        raise section.wrong("header_row", "it is no number of a row", "Count as a spreadsheet does: header_row = 3.")
    section.reject_unknown()
    return FileOptions(sheets[0] if sheets else None, encoding, delimiter, header_row), sheets


def _quiet(coverage: Section) -> int:
    value, (least, most) = coverage.take("quiet_days"), QUIET_DAYS
    if type(value) is not int or not least <= value <= most:
        raise coverage.wrong("quiet_days", "it is missing, or no whole number from 0 to 366",
                             "Write how many days may pass without any record, such as quiet_days = 5.")
    return value


def _incident(section: Section) -> tuple[Field, Literal["one", "many"]]:
    names, source = section.texts("key"), section.text("source", "")
    if not names or not all(names):
        raise section.wrong("key", "it is missing", "Name the column whose value makes an incident distinct.")
    many = section.text("rows", "one", allowed=("one", "many")) == "many"
    section.reject_unknown()
    return Field(BY_NAME["call_id"], names, source=source), "many" if many else "one"


def _roster(section: Section) -> tuple[dict[str, Field], FileOptions]:
    """Unless the mapping says otherwise, a roster has the portal's own column names."""
    file, sheets = _file(section.section("file", {}))
    if len(sheets) > 1:
        raise MappingWrong("[roster.file] sheet", "it names several sheets", "A roster stands on one sheet: name that.")
    defaults = {column.name: {"from": column.name} for column in ROSTER_COLUMNS}
    fields = _fields(section.section("columns", defaults), ROSTER_COLUMNS)
    section.reject_unknown()
    if missing := [column.name for column in ROSTER_COLUMNS if column.name not in fields]:
        raise MappingWrong("[roster.columns]", f"{', '.join(missing)} is not mapped",
                           "A roster needs all four times: planned and covered.")
    return fields, file


# ---- columns ----

def _fields(section: Section, columns: Sequence[Column]) -> dict[str, Field]:
    known = {column.name: column for column in columns}
    fields = {}
    for name in section.remaining:
        if name not in known:
            hint = ("The key of an incident stands under [incident]." if name == "call_id" else
                    f"Known are: {', '.join(known)}.")
            raise section.wrong(repr(name), f"the portal has no such column{like(name, known)}", hint)
        fields[name] = _field(section.section(name), known[name])
    return fields


def _field(section: Section, column: Column) -> Field:
    names = section.texts("from")
    source, missing = section.text("source", ""), section.texts("missing")
    allowed = ("yes", "no") if column.kind == "yes_no" else (*column.categories, NOT_RECORDED)
    timed, coded = column.kind in ("time", "date"), column.kind in ("yes_no", "category")
    always = section.take("always") if coded else None
    formats = _formats(section) if timed else ("iso",)
    unknown = _unknown_time(section, column) if column.kind == "time" else None
    days = _unknown_days(section) if column.kind == "date" else frozenset()
    not_collected = section.texts("not_collected") if _divides_people(column) else ()
    codes, rest = _codes(section, column, allowed, not_collected) if coded else ({}, None)
    section.reject_unknown()
    if bool(names) == (always is not None) or not all(names):
        raise section.wrong("from", "it is missing, empty, or stands beside always",
                            "Name the file's column" + (", or one value for every row with always." if coded else "."))
    if always is not None and always not in allowed:
        raise section.wrong("always", f"{always!r} is not possible{like(always, allowed)}",
                            f"Take one of: {', '.join(allowed)}.")
    blanks = frozenset(["", *map(str.strip, missing)])
    _check_not_collected(section, column, not_collected, (*codes.values(), rest, always))
    return Field(column, names, always, formats, unknown, days, MappingProxyType(codes), rest, blanks, source,
                 frozenset(not_collected))


def _divides_people(column: Column) -> bool:
    """Whether tables on people are divided by a column: of another one a category without records is a zero."""
    return column.name in DIMENSIONS and bool(DIMENSIONS[column.name].ladder)


def _check_not_collected(section: Section, column: Column, names: Sequence[str], used: Collection[str | None]) -> None:
    """Check the categories that the source has no way to record. The analyst names them: that a code was never seen is
    no reason, since a list made so would tell that nobody was in the category.
    """
    for name in names:
        if name not in column.categories:
            raise section.wrong("not_collected", f"there is no such category, {name!r}{like(name, column.categories)}",
                                f"Known are: {', '.join(column.categories)}.")
        if name in used:
            raise section.wrong("not_collected", f"{name!r} is listed, and has codes too", "Keep one of the two.")
    if names and len(names) >= len(column.categories):
        raise section.wrong("not_collected", "it lists every category",
                            f"List {column.name} itself in not_collected at the top of the mapping.")


def _formats(section: Section) -> tuple[str, ...]:
    formats = section.texts("format", ("iso",))
    for form in formats:
        if fault := format_fault(form):
            raise section.wrong("format", f"{form!r} {fault}",
                                f'Take one of {", ".join(WORDS)}, or write one like "%m/%d/%Y %I:%M:%S %p".')
    if not formats or len(set(formats)) < len(formats):
        raise section.wrong("format", "it is empty, or has the same twice", "Name each way of writing once.")
    if fault := formats_fault(formats):
        raise section.wrong("format", f"it {fault}", "docs/publishing.md has the ways of writing times.")
    return formats


def _unknown_time(section: Section, column: Column) -> time | None:
    """Midnight sharp, unless the mapping says otherwise; in a roster no time, since shifts do end at midnight."""
    value = section.take("unknown_time")
    if value is None:
        return MIDNIGHT if column.name in BY_NAME else None
    if value == NO_TIME:
        return None
    try:
        return value if type(value) is time else time.fromisoformat(value)
    except (TypeError, ValueError):
        raise section.wrong("unknown_time", "it is no time of day",
                            'Write it like "00:00:00", or "none" where every time is real.') from None


def _unknown_days(section: Section) -> frozenset[date]:
    days = section.take("unknown_days") or []
    if not isinstance(days, list) or not all(type(day) is date for day in days):
        raise section.wrong("unknown_days", "it is no list of days", "Write it like unknown_days = [2026-09-02].")
    return frozenset(days)


def _codes(section: Section, column: Column, allowed: Sequence[str],
           not_collected: Sequence[str]) -> tuple[dict[str, str], str | None]:
    """Code -> category, and the category of the rest. Without any, the codes are the categories' own names."""
    categories = column.categories if column.name == "call_type" else allowed
    listed = section.section("codes", {name: name for name in categories if name not in not_collected})
    known = (*categories, NOT_COUNTED) if column.name == "call_type" else (*allowed, NOT_RECORDED)
    codes: dict[str, str] = {}
    rest = None
    for category in listed.remaining:
        if category == NOT_RECORDED and column.name == "call_type":
            raise listed.wrong(category, "a call without a type is neither counted nor told apart from others",
                               "Give the code a type, or not_counted; a source without types lists call_type in "
                               "not_collected.")
        if category not in known:
            raise listed.wrong(repr(category), f"there is no such category{like(category, known)}",
                               f"Take one of: {', '.join(dict.fromkeys(known))}.")
        for code in map(str.strip, listed.texts(category)):
            if code in codes or (code == REST and rest is not None):
                raise listed.wrong(category, f"{code!r} falls into {codes.get(code, rest)} too",
                                   "A code means one thing: take it out of one of them.")
            if code == REST:
                rest = category
            else:
                codes[code] = category
    return codes, rest


def _check_complete(fields: Mappable[str, Field], not_collected: Sequence[str]) -> None:
    """Every column of the portal is either mapped or said to be not collected."""
    place = "not_collected"
    for name in not_collected:
        if name not in BY_NAME:
            raise MappingWrong(place, f"the portal has no column {name!r}{like(name, BY_NAME)}",
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
