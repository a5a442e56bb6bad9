"""What reading times promises: the right moment, whichever way it is written and whatever the clocks did that night."""
# ruff: noqa: DTZ001 - clocks without a zone are what these tests are about

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.publish.ingest.formats import format_fault
from portal.publish.ingest.times import Times, read_times

ZONE = "America/New_York"
HERE = ZoneInfo(ZONE)
REASONS = ("unreadable_time", "two_readings", "midnight_time", "time_in_dst_gap")


def read(texts: list[str], *formats: str, unknown: time | None = None, zone: str = ZONE) -> Times:
    return read_times(pd.Series(texts, dtype="str"), formats or ("iso",), zone, unknown)


def moments(times: Times) -> list[str]:
    return ["" if pd.isna(moment) else moment.isoformat() for moment in times.moments]


def found(times: Times) -> dict[str, list[int]]:
    return {reason: times.problems[reason][times.problems[reason]].index.tolist() for reason in REASONS
            if times.problems[reason].any()}


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2026-07-01T09:40:44", "iso"),
        ("2026-07-01 09:40:44", "iso"),
        ("2026-07-01T09:40:44.000", "iso"),
        ("2026-07-01T09:40:44-04:00", "iso"),
        ("2026-07-01T13:40:44Z", "iso"),
        ("2026-07-01 13:40:44+00:00", "iso"),
        ("2026-07-01T06:40:44-0700", "iso"),
        ("1782913244", "epoch_s"),
        ("1782913244000", "epoch_ms"),
        ("1782898844000", "epoch_ms_local"),
        ("7/1/2026 9:40:44 AM", "%m/%d/%Y %I:%M:%S %p"),
        ("07/01/26  9:40:44 am", "%m/%d/%y %I:%M:%S %p"),
        ("1.7.2026 09:40:44", "%d.%m.%Y %H:%M:%S"),
        ("2026-07-01 09:40:44 -0400", "%Y-%m-%d %H:%M:%S %z"),
        ("20260701094044", "%Y%m%d%H%M%S"),
    ],
)
def test_one_moment_in_every_way_of_writing(text: str, form: str) -> None:
    assert format_fault(form) == ""
    times = read([text], form)
    assert moments(times) == ["2026-07-01T09:40:44-04:00"]
    assert times.days.tolist() == [pd.Timestamp("2026-07-01")]
    assert not found(times)


def test_several_ways_in_one_column() -> None:
    times = read(["2026-07-01 09:40", "7/2/2026 9:40 AM", "3 July 2026", ""], "iso", "%m/%d/%Y %I:%M %p")
    assert moments(times) == ["2026-07-01T09:40:00-04:00", "2026-07-02T09:40:00-04:00", "", ""]
    assert found(times) == {"unreadable_time": [2]}


def test_a_text_that_two_formats_read_differently_is_reported() -> None:
    times = read(["03/04/2026 10:00", "13/04/2026 10:00", "05/05/2026 10:00"], "%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M")
    assert moments(times) == ["", "2026-04-13T10:00:00-04:00", "2026-05-05T10:00:00-04:00"]
    assert times.days.isna().tolist() == [True, False, False]
    assert found(times) == {"two_readings": [0]}


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "now",
        "today",
        "NaT",
        "nan",
        "None",
        "2026",
        "2026-04",
        "20260401",
        "2026-02-30T10:00:00",
        "2026-04-01T24:00:01",
        "2026-04-01T10:00:00 EST",
        "0026-04-01T10:00:00",
        "9999-12-31T23:59:59",
        "2026-04-01T10",
        "2026-W14-3",
        "-",
        "2026-04-01T10:00:00+99:00",
    ],
)
def test_what_is_no_time_is_unreadable(text: str) -> None:
    assert found(read([text])) == {"unreadable_time": [0]}


@pytest.mark.parametrize("form", ["epoch_s", "epoch_ms", "epoch_ms_local"])
def test_a_number_that_is_no_time_is_unreadable(form: str) -> None:
    times = read(["99999999999999", "1e9", "", "12.5", "9" * 30, "2026-04-01"], form)
    assert found(times) == {"unreadable_time": [0, 1, 3, 4, 5]}


def test_this_machines_clock_is_never_read() -> None:
    assert found(read(["now", "today"], "%Y-%m-%d %H:%M")) == {"unreadable_time": [0, 1]}


@pytest.mark.parametrize("form", ["iso", "%Y-%m-%d"])
def test_a_day_without_a_time_is_known_as_a_day(form: str) -> None:
    times = read(["2026-04-01"], form)
    assert (moments(times), times.days.tolist(), found(times)) == (
        [""],
        [pd.Timestamp("2026-04-01")],
        {"midnight_time": [0]},
    )


def test_the_time_that_means_unknown_is_unknown() -> None:
    texts = ["2026-04-01 00:00:00", "2026-04-01 00:00:01", "2026-04-01T04:00:00Z"]
    times = read(texts, unknown=time(0))
    assert found(times) == {"midnight_time": [0, 2]}
    assert times.days.notna().all()
    assert not found(read(texts))


# ---- when clocks change: 2026-03-08 02:00 -> 03:00, 2026-11-01 02:00 -> 01:00 in New York ----

def test_an_hour_that_clocks_skip_is_a_problem_and_its_day_is_known() -> None:
    times = read(["2026-03-08 01:59:59", "2026-03-08 02:30:00", "2026-03-08 03:00:00"])
    assert moments(times) == ["2026-03-08T01:59:59-05:00", "", "2026-03-08T03:00:00-04:00"]
    assert found(times) == {"time_in_dst_gap": [1]}
    assert times.days.notna().all()


def test_an_hour_that_clocks_show_twice_is_the_first_and_the_second_is_kept() -> None:
    times = read(["2026-11-01 00:59:59", "2026-11-01 01:30:00", "2026-11-01 02:00:00"])
    assert moments(times) == ["2026-11-01T00:59:59-04:00", "2026-11-01T01:30:00-04:00", "2026-11-01T02:00:00-05:00"]
    assert [None if pd.isna(moment) else moment.isoformat() for moment in times.second] == [
        None,
        "2026-11-01T01:30:00-05:00",
        None,
    ]
    assert not found(times)


def test_a_time_with_its_offset_is_never_in_doubt() -> None:
    times = read(["2026-11-01T01:30:00-05:00", "2026-11-01T05:30:00Z", "2026-03-08T02:30:00-05:00"])
    assert moments(times) == ["2026-11-01T01:30:00-05:00", "2026-11-01T01:30:00-04:00", "2026-03-08T03:30:00-04:00"]
    assert times.second.isna().all()
    assert not found(times)


def test_the_day_is_the_local_day() -> None:
    assert read(["2026-07-01T03:59:59Z", "2026-07-01T04:00:00Z"]).days.dt.strftime("%m-%d").tolist() == [
        "06-30",
        "07-01",
    ]


# ---- for any moment ----

MOMENTS = st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(
    lambda drawn: drawn.replace(microsecond=0)
)
ZONES = st.sampled_from([ZONE, "America/Los_Angeles", "Europe/Lisbon", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"])
FORMATS = ("%m/%d/%Y %I:%M:%S %p", "%d.%m.%Y %H:%M:%S", "%Y%m%d %H%M%S")


@settings(max_examples=25, deadline=None)
@given(st.lists(MOMENTS, min_size=1, max_size=20), ZONES)
def test_a_moment_written_with_its_offset_comes_back(whens: list[datetime], zone: str) -> None:
    local = [when.astimezone(ZoneInfo(zone)) for when in whens]
    for form, write in (
        ("iso", lambda drawn: drawn.isoformat()),
        ("epoch_s", lambda drawn: str(int(drawn.timestamp()))),
        ("epoch_ms", lambda drawn: str(int(drawn.timestamp()) * 1000)),
        ("%Y-%m-%d %H:%M:%S%z", lambda drawn: drawn.strftime("%Y-%m-%d %H:%M:%S%z")),
    ):
        times = read([write(moment) for moment in local], form, zone=zone)
        assert times.moments.tolist() == local, form
        assert [day.date() for day in times.days] == [moment.date() for moment in local]


@settings(max_examples=25, deadline=None)
@given(st.lists(MOMENTS, min_size=1, max_size=20), ZONES)
def test_a_moment_written_by_the_local_clock_comes_back(whens: list[datetime], zone: str) -> None:
    """As the first or second of the two moments that the clock shows so."""
    local = [when.astimezone(ZoneInfo(zone)) for when in whens]
    epoch = datetime(1970, 1, 1)
    writers = [("iso", lambda drawn: drawn.strftime("%Y-%m-%dT%H:%M:%S")),
               ("epoch_ms_local", lambda drawn: str((drawn.replace(tzinfo=None) - epoch) // timedelta(milliseconds=1))),
               *((form, lambda drawn, form=form: drawn.strftime(form)) for form in FORMATS)]
    for form, write in writers:
        times = read([write(moment) for moment in local], form, zone=zone)
        for when, first, second in zip(local, times.moments, times.second, strict=True):
            assert when in (first, second)
            assert pd.isna(second) or second > first
        assert not found(times)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.text(max_size=20), max_size=5),
    st.sampled_from(["iso", "epoch_s", "epoch_ms_local", *FORMATS, "%Y-%m-%d %z"]),
)
def test_any_text_is_read_or_reported(texts: list[str], form: str) -> None:
    times = read(texts, form, unknown=time(0))
    has_problem = pd.DataFrame(times.problems).any(axis=1)
    for text, when, problem in zip(texts, times.moments, has_problem, strict=True):
        assert problem == (text != "" and pd.isna(when))


@settings(max_examples=100, deadline=None)
@given(
    st.text(max_size=12)
    | st.lists(st.sampled_from([*"%YmdHIMSpzZjyBbaAUWGuVcxXf", " ", "/", "%%"]), max_size=12).map("".join)
)
def test_any_format_is_taken_or_reported(form: str) -> None:
    if not format_fault(form):
        read(["2026-04-01", "x1"], form)
