"""Reads times as a source writes them into times with a time zone.

Clock changes: an hour that clocks skip in spring names no moment, and is a problem (time_in_dst_gap). An hour that they
show twice in autumn is read as the first of the two, before the change; `Times.second` is the other, for a row whose
events would otherwise run backwards (validate.in_order).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

import numpy as np
import pandas as pd

EPOCHS = {"epoch_s": "s", "epoch_ms": "ms", "epoch_ms_local": "ms"}
WORDS = ("iso", *EPOCHS)
ISO = r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?)?"
OFFSET = r" ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)"
WHOLE = r"-?[0-9]{1,14}"
YEARS = (pd.Timestamp("1900-01-01"), pd.Timestamp("2200-01-01"))  # beyond them a time is a slip of the keyboard
SAMPLE = datetime(2026, 11, 23, 13, 45, 56, tzinfo=UTC)


@dataclass(frozen=True)
class Times:
    """Times that were read; blank texts and problems are NaT.

    `moments`: in the time zone. `days`: local days, also where only the time of day isn't known. `second`: the later
    moment of a time that clocks showed twice, NaT elsewhere. `found`: reason -> which rows have that problem.
    """

    moments: pd.Series
    days: pd.Series
    second: pd.Series
    found: dict[str, pd.Series]


@dataclass(frozen=True)
class _Reading:
    """Texts read in one format: the local `clock`, and the `instant` (UTC) where the text itself says it."""

    clock: pd.Series
    instant: pd.Series
    day_only: pd.Series


def format_fault(text: str) -> str:
    """What is wrong with a format; empty when it can be read."""
    if text in WORDS:
        return ""
    if "%" not in text:
        return "is no way of writing times"
    if "%Z" in text:
        return "has %Z, the name of a zone, and these are not unique (take %z, the offset)"
    try:
        read = pd.to_datetime(SAMPLE.strftime(text), format=text)
    except (ValueError, KeyError, TypeError, OverflowError, re.error):
        return "has a sign that can't be read"
    return "" if read.date() == SAMPLE.date() else "does not give year, month and day"


def read_times(texts: pd.Series, formats: Sequence[str], zone: str, unknown: time | None = None) -> Times:
    """Read texts (blank: none) by the first of `formats` that fits each.

    `unknown`: the time of day that means "unknown"; a text that gives a day alone is always without time of day.
    Problems found: unreadable_time (no format fits), two_readings (a later format gives another time), midnight_time,
    time_in_dst_gap.
    """
    places, distinct = pd.factorize(texts)  # each text is read once: many are blank, and days are few
    once = _read_once(pd.Series(distinct, dtype=texts.dtype), formats, zone, unknown)

    def each(found: pd.Series) -> pd.Series:
        return pd.Series(found.array.take(places), texts.index, copy=False)

    return Times(each(once.moments), each(once.days), each(once.second),
                 {reason: each(where) for reason, where in once.found.items()})


def second_moments(moments: pd.Series) -> pd.Series:
    """The later of both moments of times that clocks showed twice."""
    later = np.zeros(len(moments), dtype=bool)
    second: pd.Series = moments.dt.tz_localize(None).dt.tz_localize(moments.dt.tz, ambiguous=later, nonexistent="NaT")
    return second


def _read_once(texts: pd.Series, formats: Sequence[str], zone: str, unknown: time | None) -> Times:
    given = texts != ""
    reading, two = _first_reading(texts, given, formats, zone)
    clock, instant = reading.clock, reading.instant
    unreadable = given & clock.isna()
    unclear = clock.notna() & reading.day_only
    if unknown is not None:
        unclear |= clock - clock.dt.floor("D") == _length(unknown)
    first, second = _localized(clock, zone)
    said = instant.notna()
    moments = first.mask(said, instant.dt.tz_convert(zone))
    gap = clock.notna() & moments.isna() & ~unclear & ~two
    twice = ~said & second.notna() & (second != first) & ~unclear & ~two
    found = {"unreadable_time": unreadable, "two_readings": two, "midnight_time": unclear & ~two,
             "time_in_dst_gap": gap}
    return Times(moments.mask(unclear | two), clock.dt.floor("D").mask(two), second.where(twice), found)


def _length(of_day: time) -> pd.Timedelta:
    return pd.Timestamp.combine(SAMPLE.date(), of_day) - pd.Timestamp(SAMPLE.date())


def _first_reading(texts: pd.Series, given: pd.Series, formats: Sequence[str], zone: str) -> tuple[_Reading, pd.Series]:
    """By the first format that fits; and whether a later format gives something else."""
    clock, instant = _nothing(texts), _nothing(texts, "UTC")
    day_only, two = (pd.Series(False, index=texts.index) for _ in range(2))
    # "now" and "today" would be read as this machine's time
    written = given & texts.str.contains("[0-9]", regex=True)
    for one in formats:
        if not written.any():
            break
        reading = _read(texts.where(written, ""), one, zone)
        new = clock.isna() & reading.clock.notna()
        two |= clock.notna() & reading.clock.notna() & (clock != reading.clock)
        clock, instant = clock.mask(new, reading.clock), instant.mask(new, reading.instant)
        day_only = day_only.mask(new, reading.day_only)
    return _Reading(clock, instant, day_only), two


def _nothing(texts: pd.Series, zone: str | None = None) -> pd.Series:
    return pd.Series(pd.NaT, index=texts.index, dtype=f"datetime64[us, {zone}]" if zone else "datetime64[us]")


def _read(texts: pd.Series, form: str, zone: str) -> _Reading:
    if form in EPOCHS:
        return _epoch(texts, form, zone)
    if form == "iso":
        return _iso(texts, zone)
    if "%z" in form:
        return _aware(texts, form, zone)
    sample = datetime.strptime(SAMPLE.strftime(form), form)  # noqa: DTZ007 - only its time of day matters
    clock = _within(pd.to_datetime(texts, format=form, errors="coerce"))
    return _Reading(clock, _nothing(texts, "UTC"), pd.Series(sample.time() == time(0), index=texts.index))


def _epoch(texts: pd.Series, form: str, zone: str) -> _Reading:
    whole = texts.str.fullmatch(WHOLE)
    numbers = texts.where(whole, "0").astype("int64").to_numpy()
    clock = _within(pd.Series(numbers.astype(f"datetime64[{EPOCHS[form]}]"), index=texts.index).where(whole))
    no = pd.Series(False, index=texts.index)
    if form.endswith("_local"):
        return _Reading(clock, _nothing(texts, "UTC"), no)
    instant = clock.dt.tz_localize("UTC")
    return _Reading(instant.dt.tz_convert(zone).dt.tz_localize(None), instant, no)


def _iso(texts: pd.Series, zone: str) -> _Reading:
    local, offset = texts.str.fullmatch(ISO), texts.str.fullmatch(ISO + OFFSET)
    aware = _aware(texts.where(offset, ""), "ISO8601", zone)
    clock = _within(pd.to_datetime(texts.where(local, ""), format="ISO8601", errors="coerce"))
    return _Reading(clock.mask(offset, aware.clock), aware.instant, texts.str.len() == 10)


def _aware(texts: pd.Series, form: str, zone: str) -> _Reading:
    instant = pd.to_datetime(texts, format=form, errors="coerce", utc=True)
    instant = _within(instant.dt.tz_localize(None)).dt.tz_localize("UTC")
    return _Reading(instant.dt.tz_convert(zone).dt.tz_localize(None), instant, pd.Series(False, index=texts.index))


def _within(clock: pd.Series) -> pd.Series:
    clock = clock.where((clock >= YEARS[0]) & (clock < YEARS[1]))
    rounded: pd.Series = clock.dt.as_unit("us")
    return rounded


def _localized(clock: pd.Series, zone: str) -> tuple[pd.Series, pd.Series]:
    """Both moments of each clock time: the same but for an hour shown twice, none for one that is skipped."""
    summer = np.ones(len(clock), dtype=bool)
    first, second = (clock.dt.tz_localize(zone, ambiguous=which, nonexistent="NaT") for which in (summer, ~summer))
    return first, second
