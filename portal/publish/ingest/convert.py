"""Applies a mapping to rows of text: each of the portal's columns in its own type, and the problems found.

Memory is saved at once: a category takes one byte a row, yes and no two, a time eight.
"""

from collections.abc import Mapping as Mappable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from portal.publish.ingest.columns import EVENT_ORDER, NOT_RECORDED, Column
from portal.publish.ingest.fields import NOT_COUNTED, ColumnMapping
from portal.publish.ingest.keys import is_error_cell, is_placeholder, is_placeholder_code, is_truncated
from portal.publish.ingest.mapping import Mapping
from portal.publish.ingest.problems import Findings
from portal.publish.ingest.times import Times, read_times

YES_NO = ("yes", "no")
AMBIGUOUS = "clocks showed twice "  # + column: helper columns, gone once the events of a row are in order
UNTIMED = "day without time of "  # + column: helper columns, gone once the days of a row are in order
DATE_ALONE = (r"(?:[0-9]{8}|[0-9]{1,4}[-/. ][0-9A-Za-z]{1,9}[-/., ]{1,2}[0-9]{2,4}|[0-9]{4}-[0-9]{2}-[0-9]{2})"
              r"(?:[T ]00:00(?::00(?:\.0+)?)?)?")
DATE_PROBLEMS = ("unreadable_time", "two_readings")  # a date has no time of day that could be unknown or skipped


@dataclass(frozen=True)
class ConvertedChunk:
    """One chunk: `calls` has those of its `rows` that may count, by row number; `days` has the day of each row.

    `calls` holds each column separately, so that one can be freed alone. `considered` has the days of the
    rows whose type counts, whatever becomes of them.
    """

    calls: pd.DataFrame
    days: pd.Series
    considered: pd.Series
    rows: int
    not_counted: int


@dataclass(frozen=True)
class _Reader:
    """Reads single columns, and notes the problems it meets under the column's name."""

    zone: str
    findings: Findings
    prefix: str = ""

    def coded(self, rows: pd.DataFrame, field: ColumnMapping) -> pd.Series:
        """Categories by code; not recorded where the code is blank, or unknown, which is a problem."""
        kind = category_type(field.column)
        if field.always is not None:
            return pd.Series(pd.Categorical([field.always], dtype=kind).repeat(len(rows)), rows.index)
        places, codes = distinct_texts(rows, field)
        categories = [_category_of(code, field) for code in codes]
        unknown = pd.Series(np.array([category is None for category in categories], dtype=bool)[places], rows.index)
        if unknown.any():
            self.note("unknown_code", field, unknown, pd.Series(np.array(codes, dtype=object)[places], rows.index))
        known = pd.Categorical([category or NOT_RECORDED for category in categories], dtype=kind)
        return pd.Series(known.take(places), rows.index, copy=False)

    def times(self, rows: pd.DataFrame, field: ColumnMapping, matters: pd.Series | None = None) -> Times:
        """Times or dates; problems of rows that don't matter are not noted."""
        written = field_texts(rows, field)
        times = read_times(written, field.formats, self.zone, field.unknown_time)
        for reason, rows_with_it in times.problems.items():
            if field.column.kind == "time" or reason in DATE_PROBLEMS:
                where = rows_with_it if matters is None else rows_with_it & matters
                if where.any():
                    sample = text_shapes(written, where) if reason == "unreadable_time" else None
                    self.note(reason, field, where, sample)
        return times

    def blank(self, rows: pd.DataFrame, field: ColumnMapping, matters: pd.Series | None = None) -> None:
        """Note rows in which a required field is blank."""
        if field.always is None:
            blank = (field_texts(rows, field) == "") & ("" not in field.codes)
            self.note("missing_required", field, blank if matters is None else blank & matters)

    def keys(self, rows: pd.DataFrame, field: ColumnMapping) -> pd.Series:
        """Keys; blank where they are placeholders or truncated, which is a problem."""
        keys, parts = field_texts(rows, field), len(field.names)
        placeholders = (keys != "") & is_placeholder(keys, parts=parts)
        self.note("key_means_nothing", field, placeholders, keys)
        truncated = is_truncated(keys)
        self.note("key_cut_short", field, truncated)
        return keys.mask(placeholders | truncated, "")

    def note(self, reason: str, field: ColumnMapping, where: pd.Series, sample: pd.Series | None = None) -> None:
        """Note the rows that have a problem, with texts that may be shown."""
        self.findings.add(reason, self.prefix + field.column.name, where, sample)


def convert_chunk(chunk: pd.DataFrame, mapping: Mapping, findings: Findings) -> ConvertedChunk:
    """The rows of a chunk that may count, in the portal's columns; those without key, day or type are left out."""
    reader, fields = _Reader(mapping.time_zone, findings), mapping.fields
    call_type = reader.coded(chunk, fields["call_type"]) if "call_type" in fields else None
    counts = pd.Series(True, chunk.index) if call_type is None else call_type != NOT_COUNTED
    received = reader.times(chunk, fields["received"], counts)
    for name in ("call_id", "received", "call_type"):
        if name in fields:
            reader.blank(chunk, fields[name], counts)
    rows = chunk[counts]
    columns = {"call_id": reader.keys(rows, fields["call_id"])}
    if call_type is not None:
        columns["call_type"] = call_type[counts].cat.remove_categories([NOT_COUNTED])
    columns |= {"received": received.moments[counts], AMBIGUOUS + "received": received.second[counts].notna(),
             "received_on": received.days[counts]}
    for name, field in fields.items():
        if name not in columns:
            columns |= _convert_field(reader, rows, field)
    columns = _check_day_order(columns, findings)
    placed = (columns["call_id"] != "") & columns["received_on"].notna()
    if call_type is not None:
        placed &= columns["call_type"] != NOT_RECORDED
    return ConvertedChunk(pd.DataFrame(columns, copy=False)[placed], received.days, received.days[counts], len(chunk),
                     int((~counts).sum()))


def _category_of(code: str, field: ColumnMapping) -> str | None:
    """The category of a code; None if it is not known. The default category never takes a placeholder."""
    if code in field.codes:
        return field.codes[code]
    if not code:
        return NOT_RECORDED
    return None if is_placeholder_code(code, field.column.name) else field.default_category


def text_shapes(texts: pd.Series, where: pd.Series) -> pd.Series:
    """The shape of these rows' texts, with 9 for each digit and A for each letter. A spreadsheet's errors (#REF!) are
    not changed.
    """
    selected = texts[where]
    result = selected.str.replace("[0-9]", "9", regex=True).str.replace(r"[^\W\d_]", "A", regex=True)
    return result.mask(selected.map(is_error_cell), selected).reindex(texts.index)


def _convert_field(reader: _Reader, rows: pd.DataFrame, field: ColumnMapping) -> dict[str, pd.Series]:
    name, kind = field.column.name, field.column.kind
    if kind == "text":
        return {name: reader.keys(rows, field)}
    if kind == "category":
        return {name: reader.coded(rows, field)}
    if kind == "yes_no":
        answers = reader.coded(rows, field)
        return {name: (answers == "yes").astype("boolean").mask(answers == NOT_RECORDED)}
    times = reader.times(rows, field)
    if kind == "date":
        return {name: times.days.mask(times.days.isin([pd.Timestamp(day) for day in field.unknown_days]))}
    columns = {name: times.moments, AMBIGUOUS + name: times.second.notna()}
    untimed = times.moments.isna() & times.days.notna()
    return columns | {UNTIMED + name: times.days.where(untimed)} if untimed.any() else columns


def _check_day_order(columns: dict[str, pd.Series], findings: Findings) -> dict[str, pd.Series]:
    """Columns of events whose days run forwards. `check_event_order` compares times; where a time of day is not known,
    only the days can be compared.
    """
    helpers = {name: columns.pop(name) for name in list(columns) if name.startswith(UNTIMED)}
    helpers[UNTIMED + "received"] = columns["received_on"].where(columns["received"].isna())
    for earlier, later, reason in EVENT_ORDER:
        names = (earlier, later)
        if not set(names) <= columns.keys() or not any(_has_untimed_days(helpers, name) for name in names):
            continue
        before, after = (_day_of(columns[name], helpers.get(UNTIMED + name)) for name in names)
        wrong = (after < before) & (columns[earlier].isna() | columns[later].isna())
        if later == "officer_arrived" and "origin" in columns:
            wrong &= columns["origin"] != "officer_request"
        findings.add(reason, later, wrong)
        columns[later] = columns[later].mask(wrong)
    return columns


def _has_untimed_days(helpers: dict[str, pd.Series], name: str) -> bool:
    return UNTIMED + name in helpers and bool(helpers[UNTIMED + name].notna().any())


def _day_of(moments: pd.Series, untimed: pd.Series | None) -> pd.Series:
    days: pd.Series = moments.dt.tz_localize(None).dt.floor("D")
    return days if untimed is None else days.fillna(untimed)


def convert_shifts(chunk: pd.DataFrame, fields: Mappable[str, ColumnMapping], zone: str,
                   findings: Findings) -> pd.DataFrame:
    """The rows of a roster: planned and covered times; rows without a planned start and end are left out."""
    reader = _Reader(zone, findings, "roster.")
    columns: dict[str, pd.Series] = {}
    for name, field in fields.items():
        columns |= _convert_field(reader, chunk, field)
        if name.startswith("shift_"):
            reader.blank(chunk, field)
    columns = {name: values for name, values in columns.items() if not name.startswith(UNTIMED)}
    return pd.DataFrame(columns)[columns["shift_start"].notna() & columns["shift_end"].notna()]


def field_texts(rows: pd.DataFrame, field: ColumnMapping) -> pd.Series:
    """A field's text in each row: its columns joined with a space, blank where nothing is recorded.

    A time of an event that has its date and no more is not recorded: many forms fill the date in for every row.
    """
    parts = [_without_missing(rows[name].str.strip(), field) for name in field.names]
    if len(parts) == 1:
        return parts[0]
    joined = parts[0]
    for part in parts[1:]:
        joined = (joined + " " + part).str.strip()
    if field.column.kind == "time" and field.column.name != "received":
        no_time = np.logical_and.reduce([part == "" for part in parts[1:]])
        joined = joined.mask(no_time & parts[0].str.fullmatch(DATE_ALONE), "")
    return _without_missing(joined, field)


def _without_missing(written: pd.Series, field: ColumnMapping) -> pd.Series:
    missing = written.isin(field.missing)
    return written.mask(missing, "") if missing.any() else written


def distinct_texts(rows: pd.DataFrame, field: ColumnMapping) -> tuple[np.ndarray, list[str]]:
    """A field's distinct texts, and for each row the place of its own among them."""
    if len(field.names) > 1:
        places, distinct = pd.factorize(field_texts(rows, field))
        return places, list(distinct)
    places, distinct = pd.factorize(rows[field.names[0]])
    return places, list(field_texts(pd.DataFrame({field.names[0]: distinct}), field))


def category_type(column: Column) -> pd.CategoricalDtype:
    """The pandas type of a column of categories (or of yes and no, before they become booleans): one byte a row."""
    extra = [NOT_COUNTED] if column.name == "call_type" else []
    return pd.CategoricalDtype([*(column.categories or YES_NO), NOT_RECORDED, *extra])
