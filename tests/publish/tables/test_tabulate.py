"""What follows from a call's columns, hours on duty by the clock, and the counts of each month."""

import random
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.contract.contract import MEASURES
from portal.publish.ingest.columns import NOT_RECORDED
from portal.publish.tables import derive
from portal.publish.tables.tabulate import Tallies, conduct, coverage, local_days, monthly, quantile, quarterly, tally
from portal.release.periods import Period, Quarter
from tests.publish import made

YES_NO = {True: True, False: False, None: pd.NA}
MARCH = Period("2027-03", "month", "2027-03-01", "2027-03-31")


def calls(*given_rows: dict[str, Any]) -> pd.DataFrame:
    chance = random.Random(0)
    return made.frame(
        [made.row(at, date(2026, 5, 4), chance, team=True, **values) for at, values in enumerate(given_rows)]
    )


def at(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz=made.ZONE)


@pytest.mark.parametrize(
    ("offered", "accepted", "kept", "category"),
    [
        (False, None, None, "not_offered"),
        (True, False, None, "not_accepted"),
        (True, True, False, "accepted_only"),
        (True, True, True, "kept"),
        (None, True, True, NOT_RECORDED),
        (True, None, None, NOT_RECORDED),
        (True, True, None, NOT_RECORDED),
    ],
)
def test_a_referral_is_as_far_as_it_is_recorded(offered: bool, accepted: bool, kept: bool, category: str) -> None:
    frame = calls({"referral_offered": offered, "referral_accepted": accepted, "appointment_kept": kept})
    assert list(derive.referral(frame)) == [category]


@pytest.mark.parametrize(
    ("agreed", "reached", "category"),
    [
        (False, None, "not_agreed"),
        (True, True, "reached"),
        (True, False, "not_reached"),
        (None, True, NOT_RECORDED),
        (True, None, NOT_RECORDED),
    ],
)
def test_a_follow_up_is_reached_only_when_it_was_agreed(agreed: bool, reached: bool, category: str) -> None:
    assert list(derive.follow_up(calls({"follow_up_agreed": agreed, "follow_up_reached": reached}))) == [category]


def test_officers_are_first_only_if_they_came_before_the_team() -> None:
    team = at("2026-05-04 12:10")
    frame = calls(*({"arrived": team, "officer_arrived": officer} for officer in (
        at("2026-05-04 12:09"), at("2026-05-04 12:10"), at("2026-05-04 12:11"), None)))
    assert list(derive.first_on_scene(frame)) == ["officer_first", "team_first", "team_first", NOT_RECORDED]


def test_seen_before_means_in_the_365_days_before_and_needs_a_key() -> None:
    times = ["2026-05-04", "2026-05-05", "2027-05-05", "2028-06-01", "2026-05-06", "2026-05-06"]
    keys = ["P1", "P1", "P1", "P1", "", "P2"]
    frame = calls(
        *({"received": at(f"{time} 12:00"), "person_key": key} for time, key in zip(times, keys, strict=True))
    )
    expected = ["first", "again", "again", "first", NOT_RECORDED, "first"]
    assert list(derive.repeat(frame)) == expected
    order = [3, 5, 0, 4, 2, 1]
    assert list(derive.repeat(frame.iloc[order].reset_index(drop=True))) == [expected[path] for path in order]


def test_two_calls_at_the_same_moment_are_not_before_each_other() -> None:
    frame = calls(*[{"received": at("2026-05-04 12:00"), "person_key": "P1"}] * 2)
    assert list(derive.repeat(frame)) == ["first", "first"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 800), st.sampled_from(["P1", "P2", "P3", ""])), max_size=30))
def test_seen_before_is_what_looking_at_every_pair_finds(visits: list[tuple[int, str]]) -> None:
    days = pd.to_datetime(pd.Series([f"{date(2026, 5, 4) + timedelta(day)} 12:00" for day, _ in visits], dtype="str"))
    frame = pd.DataFrame({"received": days.dt.tz_localize(made.ZONE), "received_on": days.dt.normalize(),
                          "person_key": pd.Series([key for _, key in visits], dtype="str")})
    assert derive.repeat(frame).tolist() == [
        NOT_RECORDED if not key else
        "again" if any(other == key and 0 < day - before <= 365 for before, other in visits) else "first"
        for day, key in visits]


def test_minutes_count_a_begun_one_and_are_missing_when_time_runs_backwards() -> None:
    start = pd.Series([at("2026-05-04 12:00:00")] * 4)
    end = pd.Series([at("2026-05-04 12:05:00"), at("2026-05-04 12:05:01"), at("2026-05-04 11:59:59"), pd.NaT])
    assert derive.minutes(start, end).fillna(-1).tolist() == [5, 6, -1, -1]


def test_two_co_responders_at_once_count_once_and_a_missed_shift_not_at_all() -> None:
    union = derive.stretches(pd.Series([at("2026-05-04 09:00"), at("2026-05-04 11:00"), pd.NaT]),
                             pd.Series([at("2026-05-04 13:00"), at("2026-05-04 15:00"), at("2026-05-05 15:00")]))
    assert union == [(at("2026-05-04 09:00"), at("2026-05-04 15:00"))]


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 60)), max_size=12))
def test_clock_hours_equal_the_minutes_in_which_anybody_was_there(spans: list[tuple[int, int]]) -> None:
    zero = at("2026-05-04 00:00")
    starts = pd.Series([zero + pd.Timedelta(minutes=begin) for begin, _ in spans], dtype=f"datetime64[ns, {made.ZONE}]")
    ends = pd.Series(
        [zero + pd.Timedelta(minutes=begin + length) for begin, length in spans], dtype=f"datetime64[ns, {made.ZONE}]"
    )
    covered = {minute for begin, length in spans for minute in range(begin, begin + length)}
    hours = derive.hours_within(derive.stretches(starts, ends), zero, zero + pd.Timedelta(days=2))
    assert hours == pytest.approx(len(covered) / 60, abs=.005)


def test_a_month_with_a_clock_change_has_one_hour_less_or_more() -> None:
    always = [(at("2026-01-01"), at("2028-01-01"))]
    november = Period("2026-11", "month", "2026-11-01", "2026-11-30")
    assert derive.hours_within(always, *local_days(MARCH, made.ZONE)) == 31 * 24 - 1
    assert derive.hours_within(always, *local_days(november, made.ZONE)) == 30 * 24 + 1


def test_a_shift_over_the_end_of_a_month_is_shared_between_the_months_by_local_time() -> None:
    night = [(at("2027-02-28 22:00"), at("2027-03-01 02:00"))]
    assert derive.hours_within(night, *local_days(MARCH, made.ZONE)) == 2


def test_a_night_shift_through_the_skipped_hour_counts_what_the_clock_really_ran() -> None:
    night = [(at("2027-03-13 22:00"), at("2027-03-14 06:00"))]
    assert derive.hours_within(night, *local_days(MARCH, made.ZONE)) == 7


def test_a_call_is_on_duty_from_the_first_moment_of_a_shift_to_before_its_end() -> None:
    union = [(at("2026-05-04 09:00"), at("2026-05-04 13:00")), (at("2026-05-05 09:00"), at("2026-05-05 13:00"))]
    times = pd.Series([at(f"2026-05-0{day} {hour}") for day, hour in (
        (4, "08:59:59"), (4, "09:00"), (4, "12:59:59"), (4, "13:00"), (5, "10:00"), (6, "10:00"))])
    assert derive.is_inside(times, union).tolist() == [False, True, True, False, True, False]
    assert derive.is_inside(times, []).tolist() == [False] * 6


def test_nobody_knows_whether_a_call_without_a_time_of_day_was_on_duty() -> None:
    union = [(at("2026-05-04 09:00"), at("2026-05-04 13:00"))]
    times = pd.Series([at("2026-05-04 10:00"), pd.NaT])
    assert derive.is_inside(times, union).isna().tolist() == [False, True]
    assert derive.is_inside(times, []).isna().tolist() == [False, True]


def test_a_call_without_a_time_of_day_is_seen_on_its_day() -> None:
    frame = calls({"person_key": "P1"}, {"person_key": "P1"})
    frame["received"] = pd.Series([at("2026-05-04 12:00"), pd.NaT])
    frame["received_on"] = pd.to_datetime(pd.Series(["2026-05-04", "2026-05-06"]))
    assert list(derive.repeat(frame)) == ["first", "again"]
    tallies = tally(made.changed(made.extract([one_month()]), frame), [(date(2026, 6, 30), date(2026, 8, 14))])
    assert tallies.calls["month"].tolist() == ["2026-05", "2026-05"]


def counted(
    found: list[dict[str, Any]], **options: Any
) -> tuple[Tallies, dict[tuple[str, str], list[tuple[str, str, float]]]]:
    tallies = tally(made.extract(found, **options), [(date(2026, 6, 30), date(2026, 8, 14))])
    quarters = Quarter(2026, 1), Quarter(2026, 2)
    return tallies, monthly(tallies, Quarter(2026, 2).months) | quarterly(tallies, quarters)


def one_month(**values: Any) -> dict[str, Any]:
    return made.row(random.randrange(10**9), date(2026, 5, 4), random.Random(0), team=False, **values)


def test_each_month_has_its_calls_and_its_zeros() -> None:
    _, tables = counted([one_month(), one_month(), one_month(received=at("2026-06-30 23:59"))])
    assert [tables["demand.received", month] for month in ("2026-04", "2026-05", "2026-06")] == [
        [("calls", "", 0)], [("calls", "", 2)], [("calls", "", 1)]]


def test_a_call_at_the_end_of_a_month_counts_by_local_time() -> None:
    _, tables = counted([one_month(received=pd.Timestamp("2026-06-01 03:00", tz="UTC").tz_convert(made.ZONE))])
    assert tables["demand.received", "2026-05"] == [("calls", "", 1)]


def test_calls_never_checked_are_not_among_those_that_did_not_meet_the_rule() -> None:
    _, tables = counted(
        [one_month(eligibility=answer) for answer in ("eligible", "not_eligible", "not_screened", NOT_RECORDED)]
    )
    assert tables["demand.eligible", "2026-Q2"] == [
        ("calls", "eligible", 1),
        ("calls", "not_eligible", 1),
        ("calls", "not_screened", 2),
    ]


def test_off_duty_is_need_outside_the_hours_whatever_reason_was_written_down() -> None:
    _, tables = counted(
        [
            one_month(staffed=False, unmet_reason="not_sent"),
            one_month(staffed=True, unmet_reason="not_sent"),
            one_month(staffed=True),
            one_month(staffed=None, unmet_reason="not_sent"),
            one_month(eligibility="not_eligible"),
        ]
    )
    assert tables["response.unmet_reason", "2026-Q2"] == [
        ("calls", "off_duty", 1), ("calls", "on_another_call", 0), ("calls", "not_sent", 1), ("calls", "other", 2)]


def test_every_call_that_was_answered_is_one_that_the_team_could_take() -> None:
    chance = random.Random(0)
    answered = [made.row(at, date(2026, 5, 4), chance, team=True, **values) for at, values in enumerate(
        ({}, {"staffed": False}, {"eligibility": "not_eligible"}))]
    _, tables = counted([*answered, one_month(staffed=True)])
    assert tables["response.met", "2026-05"] == [("responses", "", 3)]
    assert tables["response.on_duty", "2026-Q2"] == [("responses", "", 3), ("eligible_on_duty", "", 4)]
    assert tables["demand.eligible", "2026-Q2"] == [
        ("calls", "eligible", 4), ("calls", "not_eligible", 0), ("calls", "not_screened", 0)]
    assert sum(number for *_, number in tables["response.unmet_reason", "2026-Q2"]) == 4 - 3


def test_the_roster_says_who_was_on_duty_not_the_column() -> None:
    duty = made.roster(date(2026, 5, 1), date(2026, 5, 31))
    tallies, tables = counted(
        [one_month(staffed=False), one_month(staffed=True, received=at("2026-05-04 18:00"))], duty=duty
    )
    assert tallies.calls["staffed"].tolist() == [True, False]
    assert tables["response.on_duty", "2026-Q2"][1] == ("eligible_on_duty", "", 1)
    assert tables["hours.staffed", "2026-Q2"] == [("scheduled_hours", "", 124), ("covered_hours", "", 124)]
    assert tables["hours.staffed", "2026-Q1"][1] == ("covered_hours", "", 0)


def test_what_is_not_recorded_is_counted_for_the_fields_the_source_collects() -> None:
    _, tables = counted(
        [one_month(dispatched=None), one_month(answered_by=NOT_RECORDED), one_month(staffed=None)],
        without=["eligibility"],
    )
    assert tables["quality.missing", "2026-Q2"] == [
        ("missing", "dispatched", 1),
        ("missing", "answered_by", 1),
        ("missing", "staffed", 1),
    ]
    assert ("demand.eligible", "2026-Q2") not in tables
    assert tables["response.met", "2026-05"] == [("responses", "", 0)]


def test_conduct_counts_what_is_not_recorded_apart() -> None:
    rows = calls({"arrest": True, "injury_officer": None}, {"arrest": None}, {"arrest": False, "injury_officer": True})
    assert conduct(MEASURES["outcome.arrest"], rows) == [("", 1, 1)]
    assert conduct(MEASURES["outcome.injury"], rows) == [("resident", 0, 0), ("responder", 0, 0), ("officer", 1, 1)]


def test_a_quantile_is_a_time_that_was_really_taken() -> None:
    assert quantile(pd.Series([1, 2, 10, 20]), 50) == 2
    assert quantile(pd.Series([3, 1, 2]), 50) == 2
    assert quantile(pd.Series(range(1, 11)), 90) == 9
    assert quantile(pd.Series(range(1, 12)), 90) == 10


@given(st.lists(st.integers(0, 300), min_size=1, max_size=60), st.sampled_from([50, 90]))
def test_so_many_percent_took_no_longer_than_a_quantile(times: list[int], percent: int) -> None:
    found = quantile(pd.Series(times), percent)
    assert sum(time <= found for time in times) * 100 >= percent * len(times)
    assert sum(time < found for time in times) * 100 < percent * len(times)


def test_days_without_records_are_those_before_after_and_in_a_gap() -> None:
    extract = made.extract(
        [one_month()], first=date(2026, 4, 11), last=date(2026, 6, 20), quiet=[date(2026, 5, 5), date(2026, 5, 6)]
    )
    months = Quarter(2026, 2).months
    assert [tuple(coverage(extract, month))[1:] for month in (*months, Quarter(2026, 2).period)] == [
        (30, 10),
        (31, 2),
        (30, 10),
        (91, 22),
    ]
