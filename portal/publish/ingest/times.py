"""Converts times as a source writes them into times with a time zone.

For example, in America/New_York:

    2026-07-04 21:30            21:30 local time (EDT)
    2026-07-05T01:30:00Z        the same moment, named in UTC
    2026-03-08 02:30            no moment: clocks skip that hour in spring (the problem time_in_dst_gap)
    2026-11-01 01:30            shown twice in autumn: read as the first, before the change (EDT), unless the text
                                names the zone or the offset. `Times.second` is the later one, for a row whose events
                                would otherwise run backwards (validate.check_event_order)
    2026-07-04 24:00            the end of 4 July: midnight of 5 July, and never a sign of an unknown time
    2026-07-04 00:00            where the mapping says that midnight means "unknown": the day alone (midnight_time)
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from portal.publish.ingest.formats import EPOCHS, UTC_NAMES, end_of_day_pattern, pattern, without_prefix

DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
MINUTES = r":[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?"
OF_DAY = f"(?:[01][0-9]|2[0-4]){MINUTES}"
ISO = f"{DAY}(?:[T ](?:[01][0-9]|2[0-3]){MINUTES})?"
OFFSET = r" ?(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)"
# a date cell (its time of day is zero) and a time cell (its date is a spreadsheet's or database's day 0), joined
TWO_CELLS = rf"^({DAY})(?:[T ]00:00(?::00(?:\.0+)?)?)? (?:(?:1899-12-3[01]|1900-01-0[01]|1970-01-01)[T ])?({OF_DAY})$"
ISO_END_OF_DAY = rf"({DAY}[T ])24(:00(?::00(?:[.,]0+)?)?)"
INTEGER = r"-?[0-9]{1,14}"
YEARS = (pd.Timestamp("1900-01-01"), pd.Timestamp("2200-01-01"))  # a time outside of them is a typing error


@dataclass(frozen=True)
class Times:
    """The times that were read; NaT for blank texts and problems.

    `moments`: in the time zone. `days`: local days, known also where the time of day is not. `second`: the later moment
    of a time that clocks showed twice, NaT elsewhere. `problems`: reason -> which rows have that problem.
    """

    moments: pd.Series
    days: pd.Series
    second: pd.Series
    problems: dict[str, pd.Series]


@dataclass(frozen=True)
class _Reading:
    """Texts read in one format.

    `clock`: local wall-clock time. `instant`: the moment in UTC, where the text names a zone or offset. `written`: the
    wall-clock time as the text has it, in which midnight may mean "unknown". `day_only`: texts without a time of day.
    `no_midnight`: texts whose midnight is meant (24:00). `ambiguous`: texts with two readings, such as a zone's
    name that its clocks don't have at that time.
    """

    clock: pd.Series
    instant: pd.Series
    written: pd.Series
    day_only: pd.Series
    no_midnight: pd.Series
    ambiguous: pd.Series


def read_times(texts: pd.Series, formats: Sequence[str], zone: str, unknown: time | None = None) -> Times:
    """Read each text by the first of `formats` that fits it; a blank text is no time.

    `unknown`: the time of day that means "unknown"; a text with a day alone never has a time of day. Problems found:
    unreadable_time (no format fits), two_readings (a later format gives another time), midnight_time, time_in_dst_gap.
    """
    places, distinct = pd.factorize(texts)  # each distinct text is read once: many are blank, and days are few
    distinct_times = _read_distinct(pd.Series(distinct, dtype=texts.dtype), formats, zone, unknown)

    def of_each_row(values: pd.Series) -> pd.Series:
        return pd.Series(values.array.take(places), texts.index, copy=False)

    problems = {reason: of_each_row(where) for reason, where in distinct_times.problems.items()}
    return Times(of_each_row(distinct_times.moments), of_each_row(distinct_times.days),
                 of_each_row(distinct_times.second), problems)


def second_moments(moments: pd.Series) -> pd.Series:
    """For times that clocks show twice, the later of the two moments; other times as they are."""
    later = np.zeros(len(moments), dtype=bool)
    second: pd.Series = moments.dt.tz_localize(None).dt.tz_localize(moments.dt.tz, ambiguous=later, nonexistent="NaT")
    return second


def _read_distinct(texts: pd.Series, formats: Sequence[str], zone: str, unknown: time | None) -> Times:
    filled = texts != ""
    reading = _first_reading(texts, filled, formats, zone)
    clock, instant, ambiguous = reading.clock, reading.instant, reading.ambiguous
    unreadable = filled & clock.isna()
    no_time_of_day = clock.notna() & reading.day_only
    if unknown is not None:
        time_of_day = reading.written - reading.written.dt.floor("D")
        no_time_of_day |= (time_of_day == _as_timedelta(unknown)) & ~reading.no_midnight
    first, second = _localize(clock, zone)
    has_instant = instant.notna()
    moments = first.mask(has_instant, instant.dt.tz_convert(zone))
    gap = clock.notna() & moments.isna() & ~no_time_of_day & ~ambiguous
    twice = ~has_instant & second.notna() & (second != first) & ~no_time_of_day & ~ambiguous
    problems = {"unreadable_time": unreadable, "two_readings": ambiguous, "midnight_time": no_time_of_day & ~ambiguous,
                "time_in_dst_gap": gap}
    days = clock.mask(no_time_of_day, reading.written).dt.floor("D")
    return Times(moments.mask(no_time_of_day | ambiguous), days.mask(ambiguous), second.where(twice), problems)


def _as_timedelta(of_day: time) -> pd.Timedelta:
    return pd.Timedelta(hours=of_day.hour, minutes=of_day.minute, seconds=of_day.second,
                        microseconds=of_day.microsecond)


def _first_reading(texts: pd.Series, filled: pd.Series, formats: Sequence[str], zone: str) -> _Reading:
    """Texts read by the first format that fits; `ambiguous` also where a later format gives another time."""
    # pandas would read "now" and "today" as this machine's time
    written = texts.where(filled & texts.str.contains("[0-9]", regex=True), "")
    first = _read(written, formats[0], zone)
    for form in formats[1:]:
        first = _merge(first, _read(written, form, zone))
    return first


def _merge(first: _Reading, later: _Reading) -> _Reading:
    """The first reading, or, where it has no time, the later one."""
    new = first.clock.isna() & later.clock.notna()
    both = first.clock.notna() & later.clock.notna()
    instants = first.instant.notna() & later.instant.notna() & (first.instant != later.instant)
    differ = both & ((first.clock != later.clock) | instants)
    merged = {name: getattr(first, name).mask(new, getattr(later, name)) for name in _Reading.__dataclass_fields__}
    return _Reading(**merged | {"ambiguous": merged["ambiguous"] | differ})


def _no_times(texts: pd.Series, zone: str | None = None) -> pd.Series:
    return pd.Series(pd.NaT, index=texts.index, dtype=f"datetime64[us, {zone}]" if zone else "datetime64[us]")


def _no_rows(texts: pd.Series) -> pd.Series:
    return pd.Series(False, index=texts.index)


def _read(texts: pd.Series, form: str, zone: str) -> _Reading:
    if form in EPOCHS:
        return _read_epoch(texts, form, zone)
    if form in ("iso", "iso_utc"):
        return _read_iso(texts, zone, in_utc=form == "iso_utc")
    if "%Z" in form:
        return _read_with_zone_name(texts, form, zone)
    if "%z" in form:
        return _read_with_offset(texts.where(texts.str.fullmatch(pattern(form)), ""), form, zone)
    return _read_wall_clock(texts, form, zone)


def _read_wall_clock(texts: pd.Series, form: str, zone: str) -> _Reading:
    """Texts with a wall-clock time and no offset, in a strptime format."""
    signs = without_prefix(form)
    ends = _no_rows(texts)
    if at_end := end_of_day_pattern(signs):
        texts, ends = _as_start_of_day(texts, at_end)
    fits = texts.str.fullmatch(pattern(signs))
    clock = _add_day(_drop_implausible(pd.to_datetime(texts.where(fits, ""), format=signs, errors="coerce")), ends)
    day_only = pd.Series("%H" not in signs and "%I" not in signs, index=texts.index)
    return _from_wall_clock(clock, zone, day_only, ends, in_utc=signs != form)


def _from_wall_clock(clock: pd.Series, zone: str, day_only: pd.Series, ends: pd.Series, *, in_utc: bool) -> _Reading:
    if not in_utc:
        return _Reading(clock, _no_times(clock, "UTC"), clock, day_only, ends, _no_rows(clock))
    instant = clock.dt.tz_localize("UTC")
    local = instant.dt.tz_convert(zone).dt.tz_localize(None)
    return _Reading(local.mask(day_only, clock), instant.mask(day_only), clock, day_only, ends, _no_rows(clock))


def _as_start_of_day(texts: pd.Series, at_end: str) -> tuple[pd.Series, pd.Series]:
    """The texts with 24:00 replaced by 00:00, and which these are: a day is added to them later."""
    ends = texts.str.fullmatch(at_end)
    if ends.any():
        texts = texts.mask(ends, texts[ends].map(lambda text: re.sub(at_end, r"\g<1>00\2", text)))
    return texts, ends


def _add_day(clock: pd.Series, ends: pd.Series) -> pd.Series:
    return clock.mask(ends, clock + pd.Timedelta(days=1)) if ends.any() else clock


def _read_epoch(texts: pd.Series, form: str, zone: str) -> _Reading:
    integers = texts.str.fullmatch(INTEGER)
    numbers = texts.where(integers, "0").astype("int64").to_numpy()
    times = pd.Series(numbers.astype(f"datetime64[{EPOCHS[form]}]"), index=texts.index)
    clock = _drop_implausible(times.where(integers))
    no = _no_rows(texts)
    if form.endswith("_local"):
        return _from_wall_clock(clock, zone, no, no, in_utc=False)
    return _from_instant(clock.dt.tz_localize("UTC"), zone)


def _read_iso(texts: pd.Series, zone: str, *, in_utc: bool) -> _Reading:
    local, offset, ends = texts.str.fullmatch(ISO), texts.str.fullmatch(ISO + OFFSET), _no_rows(texts)
    remaining = texts[~local & ~offset & (texts != "")]
    if len(remaining):  # most columns have none
        remaining, at_end = _as_start_of_day(remaining.str.replace(TWO_CELLS, r"\1T\2", regex=True), ISO_END_OF_DAY)
        texts = texts.mask(texts.index.isin(remaining.index), remaining)
        local[remaining.index], ends[remaining.index] = remaining.str.fullmatch(ISO), at_end
    if not local.any():
        return _read_with_offset(texts.where(offset, ""), "ISO8601", zone)
    clock = _add_day(_drop_implausible(pd.to_datetime(texts.where(local, ""), format="ISO8601", errors="coerce")), ends)
    reading = _from_wall_clock(clock, zone, local & (texts.str.len() == 10), ends, in_utc=in_utc)
    return _merge(reading, _read_with_offset(texts.where(offset, ""), "ISO8601", zone)) if offset.any() else reading


def _read_with_offset(texts: pd.Series, form: str, zone: str) -> _Reading:
    instant = pd.to_datetime(texts, format=form, errors="coerce", utc=True)
    return _from_instant(_drop_implausible(instant.dt.tz_localize(None)).dt.tz_localize("UTC"), zone)


def _from_instant(instant: pd.Series, zone: str) -> _Reading:
    clock, no = instant.dt.tz_convert(zone).dt.tz_localize(None), _no_rows(instant)
    return _Reading(clock, instant, clock, no, no, no)


def _read_with_zone_name(texts: pd.Series, form: str, zone: str) -> _Reading:
    """Texts with the name of a zone: one of this zone's two (such as EST and EDT), or UTC."""
    readings = []
    for name, offset in zone_names(zone).items():
        spelled = form.replace("%Z", name)
        plain = _read_wall_clock(texts, spelled, zone)
        reading = _from_instant(plain.clock.dt.tz_localize("UTC") - offset, zone)
        doubtful = plain.clock.notna() & (reading.clock != plain.clock) & bool(offset or name not in UTC_NAMES)
        readings.append(replace(reading, ambiguous=doubtful, no_midnight=plain.no_midnight))
    first, *later = readings
    for reading in later:
        first = _merge(first, reading)
    return first


def zone_names(zone: str) -> Mapping[str, timedelta]:
    """The zone names that a text may have, with their offsets: the zone's own in winter and summer, and UTC's."""
    halves = [datetime(2026, month, 1, tzinfo=ZoneInfo(zone)) for month in (1, 7)]
    offsets = {half.tzname() or "": half.utcoffset() or timedelta() for half in halves}
    return {name: offset for name, offset in offsets.items() if name.isalpha()} | dict.fromkeys(UTC_NAMES, timedelta())


def _drop_implausible(clock: pd.Series) -> pd.Series:
    clock = clock.where((clock >= YEARS[0]) & (clock < YEARS[1]))
    rounded: pd.Series = clock.dt.as_unit("us")
    return rounded


def _localize(clock: pd.Series, zone: str) -> tuple[pd.Series, pd.Series]:
    """The earlier and the later moment of each wall-clock time: equal, except in an hour that clocks show twice; NaT in
    an hour that they skip.
    """
    summer = np.ones(len(clock), dtype=bool)
    first, second = (clock.dt.tz_localize(zone, ambiguous=which, nonexistent="NaT") for which in (summer, ~summer))
    return first, second
