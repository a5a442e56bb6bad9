"""What a way of writing times promises: one that contradicts itself is refused, and no text is read in two ways."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.publish.ingest.formats import format_fault, formats_fault
from portal.publish.ingest.times import Times, read_times

ZONE = "America/New_York"
CLOCK = ZoneInfo(ZONE)


def read(texts: list[str], *formats: str) -> Times:
    assert not [fault for form in formats if (fault := format_fault(form))]
    return read_times(pd.Series(texts, dtype="str"), formats, ZONE)


def moments(times: Times) -> list[str]:
    return ["" if pd.isna(moment) else moment.isoformat() for moment in times.moments]


def problems(times: Times) -> dict[str, list[int]]:
    return {reason: rows.index[rows].tolist() for reason, rows in times.problems.items() if rows.any()}


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        ("%m/%d/%Y %H:%M:%S %p", "afternoons would be read as mornings"),
        ("%m/%d/%Y %I:%M:%S", "nobody can tell mornings from afternoons"),
        ("%m/%d/%Y %H:%M (%I %p)", "gives the hour twice"),
        ("%m/%d/%Y %y", "gives the year twice"),
        ("%b %m/%d/%Y", "gives the month twice"),
        ("%m/%d/%Y %M:%S", "without the part before it"),
        ("%m/%d/%Y %H h %S s", "without the part before it"),
        ("%d/%m %H:%M", "does not give year, month and day"),
        ("%Y-%m-%dT%H:%M:%SZ", "takes Z as a letter"),
        ("%Y-%m-%d %H:%M UTC", "takes UTC as a letter"),
        ("utc:%Y-%m-%d %H:%M %z", "has an offset of its own"),
        ("%c", "has %c, a sign that can't be read"),
        ("%Y-%m-%d %", "has %, a sign that can't be read"),
        ("utc:iso", "is no way of writing times"),
    ],
)
def test_a_format_that_contradicts_itself_is_reported(form: str, fault: str) -> None:
    assert fault in format_fault(form)


def test_the_two_names_of_a_zone_are_no_letters() -> None:
    assert "EDT and EST" in formats_fault(["%m/%d/%Y %H:%M EST", "%m/%d/%Y %H:%M EDT"])
    assert formats_fault(["%m/%d/%Y %H:%M EST", "iso"]) == ""


# ---- digits ----

def test_signs_that_touch_take_exactly_their_digits() -> None:
    times = read(["11122026", "1122026", "11 12 2026"], "%m%d%Y")
    assert times.days.tolist() == [pd.Timestamp("2026-11-12"), pd.NaT, pd.NaT]
    assert problems(times)["unreadable_time"] == [1, 2]


def test_a_time_of_three_digits_is_no_time() -> None:
    assert problems(read(["04/01/2026 930", "04/01/2026 0930"], "%m/%d/%Y %H%M")) == {"unreadable_time": [0]}


def test_between_separators_a_leading_zero_may_be_missing() -> None:
    assert moments(read(["4/1/2026 9:5"], "%m/%d/%Y %H:%M")) == ["2026-04-01T09:05:00-04:00"]


def test_months_may_have_names() -> None:
    assert moments(read(["Wed Apr 01 2026 9:05 pm"], "%a %b %d %Y %I:%M %p")) == ["2026-04-01T21:05:00-04:00"]


# ---- clocks in UTC ----

@pytest.mark.parametrize(("text", "form"), [("2026-11-01T05:30:00", "iso_utc"), ("2026-11-01 05:30", "iso_utc"),
                                            ("11/01/2026 05:30:00", "utc:%m/%d/%Y %H:%M:%S")])
def test_a_text_in_utc_without_offset(text: str, form: str) -> None:
    times = read([text], form)
    assert moments(times) == ["2026-11-01T01:30:00-04:00"]
    assert times.second.isna().all(), "an hour that clocks show twice is never in doubt"


def test_the_day_of_a_time_in_utc_is_the_local_day() -> None:
    times = read(["2026-07-01T03:59:59", "2026-07-01T04:00:00", "2026-07-01"], "iso_utc")
    assert times.days.dt.strftime("%m-%d").tolist() == ["06-30", "07-01", "07-01"]


def test_midnight_that_means_unknown_is_that_of_the_clock_in_the_text() -> None:
    texts = pd.Series(["2026-07-01T00:00:00", "2026-07-01T04:00:00"], dtype="str")
    times = read_times(texts, ("iso_utc",), ZONE, datetime.min.time())
    assert problems(times) == {"midnight_time": [0]}
    assert times.days.dt.strftime("%m-%d").tolist() == ["07-01", "07-01"]


def test_local_and_utc_are_two_readings() -> None:
    assert problems(read(["2026-07-01T12:00:00"], "iso", "iso_utc")) == {"two_readings": [0]}


# ---- names of zones ----

NAMED = "%m/%d/%Y %H:%M %Z"


def test_the_name_of_the_zone_decides_an_hour_shown_twice() -> None:
    times = read(["11/01/2026 01:30 EDT", "11/01/2026 01:30 EST", "11/01/2026 05:30 UTC", "07/01/2026 13:30 Z"], NAMED)
    assert moments(times) == ["2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00", "2026-11-01T01:30:00-04:00",
                              "2026-07-01T09:30:00-04:00"]
    assert times.second.isna().all()


def test_a_name_that_clocks_do_not_have_that_day_is_two_readings() -> None:
    assert problems(read(["07/01/2026 13:30 EST", "12/01/2026 13:30 EDT"], NAMED)) == {"two_readings": [0, 1]}


def test_the_name_of_another_zone_is_unreadable() -> None:
    assert problems(read(["07/01/2026 13:30 PDT"], NAMED)) == {"unreadable_time": [0]}


# ---- cells and the end of the day ----

@pytest.mark.parametrize("text", ["2026-04-01T00:00:00 09:14:26", "2026-04-01 09:14:26",
                                  "2026-04-01 00:00:00.000 1900-01-01 09:14:26.000",
                                  "2026-04-01T00:00:00 1899-12-31T09:14:26"])
def test_a_date_cell_and_a_time_cell_are_one_time(text: str) -> None:
    assert moments(read([text], "iso")) == ["2026-04-01T09:14:26-04:00"]


@pytest.mark.parametrize(("text", "form"), [
    ("2026-04-01T24:00:00", "iso"), ("2026-04-01 24:00", "iso"), ("4/1/2026 24:00", "%m/%d/%Y %H:%M"),
    ("20260401240000", "%Y%m%d%H%M%S"), ("2026-04-01T00:00:00 24:00:00", "iso")])
def test_24_00_is_the_end_of_its_day(text: str, form: str) -> None:
    times = read_times(pd.Series([text], dtype="str"), (form,), ZONE, datetime.min.time())
    assert moments(times) == ["2026-04-02T00:00:00-04:00"], "and no sign of an unknown time"
    assert not problems(times)


def test_there_is_nothing_after_24_00() -> None:
    assert problems(read(["04/01/2026 24:01", "04/01/2026 25:00"], "%m/%d/%Y %H:%M")) == {"unreadable_time": [0, 1]}


# ---- any moment ----

SEPARATED = st.sampled_from(["%m/%d/%Y %I:%M:%S %p", "%d.%m.%y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y%m%d%H%M%S",
                             "%b %d, %Y %H:%M:%S", "%j/%Y %H:%M:%S", "%B %d %Y %I.%M.%S %p"])
NIGHTS = [datetime(2026, 3, 8), datetime(2026, 11, 1), datetime(2027, 3, 14), datetime(2027, 11, 7)]  # noqa: DTZ001
MOMENTS = st.builds(lambda night, seconds: night.replace(tzinfo=CLOCK) + timedelta(seconds=seconds),
                    st.sampled_from(NIGHTS), st.integers(0, 6 * 3600)) | \
    st.datetimes(datetime(1980, 1, 1), datetime(2068, 1, 1)).map(  # noqa: DTZ001
        lambda moment: moment.replace(microsecond=0, tzinfo=CLOCK))


@settings(max_examples=20, deadline=None)
@given(st.lists(MOMENTS, min_size=1, max_size=30), SEPARATED)
def test_every_format_reads_what_it_writes(moments: list[datetime], form: str) -> None:
    """By its offset, by its zone's name, in UTC, and by the local clock: also in nights when clocks change."""
    real = [moment.astimezone(UTC) for moment in moments]
    local = [moment.astimezone(CLOCK) for moment in real]
    for spelled, texts in ((f"{form} %z", [moment.strftime(f"{form} %z") for moment in local]),
                           (f"{form} %Z", [moment.strftime(f"{form} %Z") for moment in local]),
                           (f"utc:{form}", [moment.strftime(form) for moment in real])):
        assert read(texts, spelled).moments.tolist() == local
    times = read([moment.strftime(form) for moment in local], form)
    assert all(moment in both for moment, *both in zip(local, times.moments, times.second, strict=True))
    assert not problems(times)
