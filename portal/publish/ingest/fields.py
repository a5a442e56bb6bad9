"""How a mapping makes each of the portal's columns from the columns of a source: the sections of [columns]."""

from collections.abc import Collection, Iterable, Sequence
from collections.abc import Mapping as Mappable
from dataclasses import dataclass, field
from datetime import date, time
from types import MappingProxyType

from portal.contract.contract import DIMENSIONS
from portal.errors import MappingWrong
from portal.publish.ingest.columns import BY_NAME, NOT_RECORDED, Column
from portal.publish.ingest.formats import NAMED_FORMATS, format_fault, formats_fault
from portal.publish.ingest.section import TomlTable, suggestion
from portal.publish.ingest.table import SourceTable

NOT_COUNTED = "not_counted"  # the category of call types that are no crisis call
WILDCARD = "*"  # every code that is not named
MIDNIGHT = time(0)
NO_TIME = "none"


@dataclass(frozen=True)
class ColumnMapping:
    """How one of the portal's columns is made from the source.

    `names`: columns of the source, joined with a space. `always`: one value for every row instead. `codes`: code ->
    category (or yes, no); `default_category`: that of every other code. `missing`: texts that mean "not recorded".
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
    default_category: str | None = None
    missing: frozenset[str] = frozenset([""])
    source: str = ""
    not_collected: frozenset[str] = frozenset()

    @property
    def source_columns(self) -> str:
        """The source's column or columns, for messages."""
        return " + ".join(self.names)


def check_names(fields: Iterable[ColumnMapping], table: SourceTable, place: str = "[columns]") -> None:
    """Raise MappingWrong unless the table has every column that these fields are made from."""
    mapped = [(name, field.column.name) for field in fields for name in field.names]
    missing = [(name, column) for name, column in dict.fromkeys(mapped) if name not in table.names]
    if not missing:
        return
    hint = table.hint([name for name, _ in mapped])
    if hint and len(missing) == len(set(mapped)):
        raise MappingWrong("[file]", f"{table.path.name} has none of the mapping's columns in its header", hint)
    lacking = "; ".join(f"no column {name!r} (for {column}){suggestion(name, table.names)}" for name, column in missing)
    raise MappingWrong(place, f"{table.path.name} has {lacking}",
                       f"Write the names as they stand in the file's header. {hint}".rstrip())


def read_fields(section: TomlTable, columns: Sequence[Column]) -> dict[str, ColumnMapping]:
    """The fields that a section names, by the portal's column. Raises MappingWrong for a column that is not among
    `columns`, and for whatever in a field isn't known or doesn't fit together.
    """
    known = {column.name: column for column in columns}
    fields = {}
    for name in section.remaining:
        if name not in known:
            hint = ("The key of an incident stands under [incident]." if name == "call_id" else
                    f"Known are: {', '.join(known)}.")
            raise section.wrong(repr(name), f"the portal has no such column{suggestion(name, known)}", hint)
        fields[name] = _field(section.section(name), known[name])
    return fields


def _field(section: TomlTable, column: Column) -> ColumnMapping:
    names = section.texts("from")
    source, missing = section.text("source", ""), section.texts("missing")
    allowed = ("yes", "no") if column.kind == "yes_no" else (*column.categories, NOT_RECORDED)
    timed, coded = column.kind in ("time", "date"), column.kind in ("yes_no", "category")
    always = section.take("always") if coded else None
    formats = _formats(section) if timed else ("iso",)
    unknown = _unknown_time(section, column) if column.kind == "time" else None
    days = _unknown_days(section) if column.kind == "date" else frozenset()
    not_collected = section.texts("not_collected") if _divides_people(column) else ()
    codes, default = _codes(section, column, allowed, not_collected) if coded else ({}, None)
    section.reject_unknown()
    if bool(names) == (always is not None) or not all(names):
        raise section.wrong("from", "it is missing, empty, or stands beside always",
                            "Name the file's column" + (", or one value for every row with always." if coded else "."))
    if always is not None and always not in allowed:
        raise section.wrong("always", f"{always!r} is not possible{suggestion(always, allowed)}",
                            f"Take one of: {', '.join(allowed)}.")
    blanks = frozenset(["", *map(str.strip, missing)])
    _check_not_collected(section, column, not_collected, (*codes.values(), default, always))
    return ColumnMapping(column, names, always, formats, unknown, days, MappingProxyType(codes), default, blanks,
                         source, frozenset(not_collected))


def _divides_people(column: Column) -> bool:
    """Whether tables on people are divided by a column: of another one a category without records is a zero."""
    return column.name in DIMENSIONS and bool(DIMENSIONS[column.name].ladder)


def _check_not_collected(section: TomlTable, column: Column, names: Sequence[str],
                         used: Collection[str | None]) -> None:
    """Check the categories that the source has no way to record. The analyst names them: that a code was never seen is
    no reason, since a list made so would tell that nobody was in the category.
    """
    for name in names:
        if name not in column.categories:
            near = suggestion(name, column.categories)
            raise section.wrong("not_collected", f"there is no such category, {name!r}{near}",
                                f"Known are: {', '.join(column.categories)}.")
        if name in used:
            raise section.wrong("not_collected", f"{name!r} is listed, and has codes too", "Keep one of the two.")
    if names and len(names) >= len(column.categories):
        raise section.wrong("not_collected", "it lists every category",
                            f"List {column.name} itself in not_collected at the top of the mapping.")


def _formats(section: TomlTable) -> tuple[str, ...]:
    formats = section.texts("format", ("iso",))
    for form in formats:
        if fault := format_fault(form):
            raise section.wrong("format", f"{form!r} {fault}",
                                f'Take one of {", ".join(NAMED_FORMATS)}, or write one like "%m/%d/%Y %I:%M:%S %p".')
    if not formats or len(set(formats)) < len(formats):
        raise section.wrong("format", "it is empty, or has the same twice", "Name each way of writing once.")
    if fault := formats_fault(formats):
        raise section.wrong("format", f"it {fault}", "docs/publishing.md has the ways of writing times.")
    return formats


def _unknown_time(section: TomlTable, column: Column) -> time | None:
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


def _unknown_days(section: TomlTable) -> frozenset[date]:
    days = section.take("unknown_days") or []
    if not isinstance(days, list) or not all(type(day) is date for day in days):
        raise section.wrong("unknown_days", "it is no list of days", "Write it like unknown_days = [2026-09-02].")
    return frozenset(days)


def _codes(section: TomlTable, column: Column, allowed: Sequence[str],
           not_collected: Sequence[str]) -> tuple[dict[str, str], str | None]:
    """Code -> category, and the category of the rest. Without any, the codes are the categories' own names."""
    categories = column.categories if column.name == "call_type" else allowed
    listed = section.section("codes", {name: name for name in categories if name not in not_collected})
    known = (*categories, NOT_COUNTED) if column.name == "call_type" else (*allowed, NOT_RECORDED)
    codes: dict[str, str] = {}
    default = None
    for category in listed.remaining:
        if category == NOT_RECORDED and column.name == "call_type":
            raise listed.wrong(category, "a call without a type is neither counted nor told apart from others",
                               "Give the code a type, or not_counted; a source without types lists call_type in "
                               "not_collected.")
        if category not in known:
            raise listed.wrong(repr(category), f"there is no such category{suggestion(category, known)}",
                               f"Take one of: {', '.join(dict.fromkeys(known))}.")
        for code in map(str.strip, listed.texts(category)):
            if code in codes or (code == WILDCARD and default is not None):
                raise listed.wrong(category, f"{code!r} falls into {codes.get(code, default)} too",
                                   "A code means one thing: take it out of one of them.")
            if code == WILDCARD:
                default = category
            else:
                codes[code] = category
    return codes, default
