"""Times and zones: formats that contradict themselves, halves of days lost, clocks that show another zone."""

from random import Random

import numpy as np
import pandas as pd

from tests.extracts.desk import Damage, Desk, formats
from tests.extracts.dress import AM_PM, LOCAL, TIMES, ZONE
from tests.extracts.kind import kind

HALF_DAY = pd.Timedelta(hours=12)


def _in_utc(times: pd.Series) -> pd.Series:
    return times.dt.tz_localize(ZONE, ambiguous=True, nonexistent="shift_forward").dt.tz_convert("UTC").dt.tz_localize(
        None)


def _in_standard_time(times: pd.Series) -> pd.Series:
    return _in_utc(times) - pd.Timedelta(hours=5)


def _half_lost(times: pd.Series) -> pd.Series:
    return times.where(times.dt.hour < 12, times - HALF_DAY)


@kind("times", "AM and PM in the text, and a format that reads the hour by %H", dress="am_pm")
def hour_of_24_with_pm(desk: Desk, _: Random) -> Damage:
    formats(desk, TIMES, "%m/%d/%Y %H:%M:%S %p")
    return Damage(TIMES)


@kind("times", "hours of a half day without AM or PM, read by %I", dress="am_pm")
def hour_of_12_without_pm(desk: Desk, _: Random) -> Damage:
    for column in TIMES:
        desk.put(column, desk.everywhere(), desk.texts(column).str.removesuffix(" AM").str.removesuffix(" PM"))
    formats(desk, TIMES, "%m/%d/%Y %I:%M:%S")
    return Damage(TIMES)


@kind("times", "hours of a half day without AM or PM, read by %H", dress="local")
def half_of_the_day_lost(desk: Desk, _: Random) -> Damage:
    for column in TIMES:
        desk.shift(column, desk.everywhere(), _half_lost)
    return Damage(TIMES)


@kind("times", "AM or PM lost in the calls of one month", needs=("received",), dress="local")
def half_of_the_day_lost_in_a_month(desk: Desk, chance: Random) -> Damage:
    where, first, last = desk.month(chance)
    for column in TIMES:
        desk.shift(column, where, _half_lost)
    return Damage(TIMES, first=first, last=last)


@kind("times", "AM or PM lost in the team's own times", dress="local")
def half_of_the_day_lost_by_the_team(desk: Desk, _: Random) -> Damage:
    rows = desk.shift("arrived", desk.everywhere(), _half_lost) | desk.shift("cleared", desk.everywhere(), _half_lost)
    return Damage(("arrived", "cleared"), rows)


@kind("times", "the format has day and month the wrong way round", dress="local")
def format_with_day_and_month_swapped(desk: Desk, _: Random) -> Damage:
    formats(desk, TIMES, "%d/%m/%Y %H:%M:%S")
    return Damage(TIMES)


@kind("times", "day and month swapped in the rows where both are possible, as a spreadsheet of another country does it",
      dress="local")
def day_and_month_swapped_where_possible(desk: Desk, _: Random) -> Damage:
    rows: set[int] = set()
    for column in TIMES:
        times = desk.clock(column)
        swapped = times.dt.strftime("%d/%m/%Y %H:%M:%S").fillna("")
        rows |= desk.put(column, times.dt.day <= 12, swapped)
    return Damage(TIMES, frozenset(rows))


@kind("times", "day and month swapped in the rows entered in one month", dress="local")
def day_and_month_swapped_in_a_month(desk: Desk, chance: Random) -> Damage:
    where, *_ = desk.month(chance)
    rows: set[int] = set()
    for column in TIMES:
        times = desk.clock(column)
        swapped = times.dt.strftime("%d/%m/%Y %H:%M:%S").fillna("")
        rows |= desk.put(column, where & (times.dt.day <= 12), swapped)
    return Damage(TIMES, frozenset(rows))


@kind("times", "one call of the year 2062, a slip", needs=("received",), dress="iso")
def a_day_of_2062(desk: Desk, chance: Random) -> Damage:
    row = desk.some(desk.everywhere(), 0, chance)
    return Damage(("received",), desk.shift("received", row, lambda times: times + pd.DateOffset(years=36)))


@kind("times", "one call a year too late, after the day of publication", dress="local")
def a_day_after_publication(desk: Desk, chance: Random) -> Damage:
    row = desk.some(desk.days() > desk.since(chance)[1], 0, chance)
    return Damage(("received",), desk.shift("received", row, lambda times: times + pd.DateOffset(years=1)))


@kind("times", "calls of January typed with the year before", dress="local")
def last_year_typed_in_january(desk: Desk, _: Random) -> Damage:
    january = (desk.days() >= pd.Timestamp("2027-01-01").date()) & (desk.days() <= pd.Timestamp("2027-01-12").date())
    rows: set[int] = set()
    for column in TIMES:
        rows |= desk.shift(column, january, lambda times: times - pd.DateOffset(years=1))
    return Damage((*TIMES, "recorded_on"), frozenset(rows))


@kind("zones", "all times in UTC, without an offset", dress="local")
def all_in_utc(desk: Desk, _: Random) -> Damage:
    for column in TIMES:
        desk.shift(column, desk.everywhere(), _in_utc)
    return Damage(TIMES)


@kind("zones", "all times in UTC, without an offset, and no roster", dress="local")
def all_in_utc_without_roster(desk: Desk, _: Random) -> Damage:
    desk.roster = None
    for column in TIMES:
        desk.shift(column, desk.everywhere(), _in_utc)
    return Damage(TIMES)


@kind("zones", "the CAD's times in UTC, the team's own by the local clock", dress="local")
def calls_in_utc(desk: Desk, _: Random) -> Damage:
    for column in ("received", "dispatched", "officer_arrived"):
        desk.shift(column, desk.everywhere(), _in_utc)
    return Damage(("received", "dispatched", "officer_arrived"))


@kind("zones", "the team's own times in UTC, the CAD's by the local clock", dress="local")
def team_in_utc(desk: Desk, _: Random) -> Damage:
    for column in ("arrived", "cleared"):
        desk.shift(column, desk.everywhere(), _in_utc)
    return Damage(("arrived", "cleared"))


@kind("zones", "all times in UTC from a day on", dress="local")
def all_in_utc_from_a_day_on(desk: Desk, chance: Random) -> Damage:
    where, first, last = desk.since(chance)
    for column in TIMES:
        desk.shift(column, where, _in_utc)
    return Damage(TIMES, first=first, last=last)


@kind("zones", "a clock that is not set to summer time", dress="local")
def standard_time_all_year(desk: Desk, _: Random) -> Damage:
    for column in TIMES:
        desk.shift(column, desk.everywhere(), _in_standard_time)
    return Damage(TIMES)


@kind("zones", "EST and EDT in the text, read as mere letters, with a call in the doubled hour", dress="local")
def zone_names_as_letters(desk: Desk, chance: Random) -> Damage:
    row = desk.some(desk.team(), 0, chance)
    for column in TIMES:
        times = desk.clock(column)
        names = np.where(_in_utc(times) - times == pd.Timedelta(hours=4), " EDT", " EST")
        desk.put(column, times.notna(), desk.texts(column) + pd.Series(names, times.index))
    numbers = desk.put("received", row, "11/01/2026 01:30:00 EST")
    for column in TIMES[1:]:
        desk.put(column, row, "")
    desk.put("recorded_on", row, "2026-11-02")
    desk.mapping["coverage"]["start"] = pd.Timestamp("2026-04-01").date()
    for column in TIMES:
        desk.mapping["columns"][column]["format"] = [f"{LOCAL.format} EDT", f"{LOCAL.format} EST"]
    return Damage(("received",), numbers)


@kind("zones", "the mapping names another zone than the offsets in the text", dress="iso")
def zone_of_another_city(desk: Desk, _: Random) -> Damage:
    desk.mapping["time_zone"] = "America/Los_Angeles"
    return Damage(TIMES, file=True)


@kind("zones", "true milliseconds read as if they held the local clock", dress="epoch")
def epoch_read_as_local(desk: Desk, _: Random) -> Damage:
    formats(desk, TIMES, "epoch_ms_local")
    return Damage(TIMES)


@kind("zones", "milliseconds of the local clock read as true ones", dress="epoch")
def local_epoch_read_as_true(desk: Desk, _: Random) -> Damage:
    for column in TIMES:
        times = desk.clock(column)
        as_if = times.map(lambda moment: "" if pd.isna(moment) else str(int(moment.timestamp() * 1000)))
        desk.put(column, times.notna(), as_if)
    return Damage(TIMES)


@kind("times", "seconds since 1970 read as milliseconds", dress="epoch")
def seconds_read_as_milliseconds(desk: Desk, _: Random) -> Damage:
    for column in TIMES:
        desk.put(column, desk.everywhere(), desk.texts(column).str.slice(0, -3))
    return Damage(TIMES)


@kind("times", "the time of day lost from a day on, midnight in its place", needs=("received",), dress="local")
def midnight_from_a_day_on(desk: Desk, chance: Random) -> Damage:
    where, first, last = desk.since(chance)
    rows = desk.shift("received", where, lambda times: times.dt.floor("D"))
    return Damage(("received",), rows, first, last)


@kind("times", "dispatch at midnight, which hides that it comes before the call", dress="local")
def midnight_of_the_dispatch(desk: Desk, chance: Random) -> Damage:
    where = desk.some(desk.filled("dispatched"), .3, chance)
    return Damage(("dispatched",), desk.shift("dispatched", where, lambda times: times.dt.floor("D")))


@kind("times", "digits of unfixed width without separators: 2026412945", dress="local")
def digits_of_unfixed_width(desk: Desk, _: Random) -> Damage:
    times = desk.clock("received")
    joined = [f"{time.year}{time.month}{time.day}{time.hour}{time.minute:02d}" for time in times]
    desk.put("received", desk.everywhere(), pd.Series(joined, times.index))
    formats(desk, ("received",), "%Y%m%d%H%M")
    return Damage(("received",))



@kind("times", "times as a spreadsheet's serial numbers", dress="local")
def serial_numbers(desk: Desk, chance: Random) -> Damage:
    where = desk.some(desk.everywhere(), .2, chance)
    days = (desk.clock("received") - pd.Timestamp("1899-12-30")) / pd.Timedelta(days=1)
    return Damage(("received",), desk.put("received", where, days.round(6).astype(str)))


def _cleared_at_midnight(desk: Desk, chance: Random) -> None:
    where = desk.some(desk.filled("cleared"), .05, chance)
    desk.mapping["columns"]["cleared"]["unknown_time"] = "none"
    desk.shift("cleared", where, lambda times: times.dt.floor("D") + pd.Timedelta(days=1))


@kind("times", "24:00:00 for the end of a day", dress="local", first=_cleared_at_midnight)
def hour_24(desk: Desk, _: Random) -> Damage:
    times = desk.clock("cleared")
    ended = (times - pd.Timedelta(days=1)).dt.strftime("%m/%d/%Y") + " 24:00:00"
    return Damage(("cleared",), desk.put("cleared", times.notna() & (times == times.dt.floor("D")), ended))


@kind("times", "seconds missing in some rows", dress="local")
def without_seconds(desk: Desk, chance: Random) -> Damage:
    where = desk.some(desk.everywhere(), .1, chance)
    return Damage(("received",), desk.put("received", where, desk.texts("received").str.slice(0, -3)))


@kind("times", "only the time of day in a column of times", dress="local")
def without_the_day(desk: Desk, _: Random) -> Damage:
    return Damage(("arrived",), desk.put("arrived", desk.everywhere(), desk.texts("arrived").str.slice(11)))


@kind("times", "a second way of writing from a day on", dress="local")
def another_format_from_a_day_on(desk: Desk, chance: Random) -> Damage:
    where, first, last = desk.since(chance)
    rows = desk.put("received", where, AM_PM.write(desk.clock("received")))
    return Damage(("received",), rows, first, last)


@kind("times", "two formats that read a day both ways round", dress="local")
def two_formats_that_disagree(desk: Desk, _: Random) -> Damage:
    desk.mapping["columns"]["received"]["format"] = [LOCAL.format, "%d/%m/%Y %H:%M:%S"]
    return Damage(("received",))


@kind("times", "arrival and clearing mapped the wrong way round", dress="iso")
def arrival_and_clearing_swapped(desk: Desk, _: Random) -> Damage:
    columns = desk.mapping["columns"]
    columns["arrived"]["from"], columns["cleared"]["from"] = "cleared", "arrived"
    return Damage(("arrived", "cleared"))


@kind("times", "the team's arrival made from the officer's column", dress="iso")
def one_column_for_two_arrivals(desk: Desk, _: Random) -> Damage:
    desk.mapping["columns"]["arrived"]["from"] = "officer_arrived"
    return Damage(("arrived", "officer_arrived"))


@kind("times", "the time of entry in place of the call's from a day on", dress="local")
def entry_time_for_the_call(desk: Desk, chance: Random) -> Damage:
    where, first, last = desk.since(chance)
    rows = desk.shift("received", where, lambda times: times.dt.floor("D") + pd.Timedelta(hours=22, minutes=15))
    return Damage(("received",), rows, first, last)


@kind("times", "a form that fills in the same duration from a day on", dress="local")
def duration_filled_in(desk: Desk, chance: Random) -> Damage:
    where, first, last = desk.since(chance)
    arrived = desk.clock("arrived")
    filled = LOCAL.write(arrived + pd.Timedelta(minutes=30))
    rows = desk.put("cleared", where & arrived.notna(), filled)
    return Damage(("cleared",), rows, first, last)


@kind("times", "the day of entry is the day of the export in every row", dress="iso")
def entered_on_the_day_of_export(desk: Desk, _: Random) -> Damage:
    desk.put("recorded_on", desk.everywhere(), max(desk.days()).isoformat())
    return Damage(("recorded_on",))


@kind("times", "calls by day rounded to the hour", dress="local")
def rounded_to_the_hour(desk: Desk, _: Random) -> Damage:
    for column in TIMES:
        desk.shift(column, desk.everywhere(), lambda times: times.dt.floor("h"))
    return Damage(TIMES)
