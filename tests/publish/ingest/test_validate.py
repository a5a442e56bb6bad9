"""What the checks promise: every contradiction is counted with its rows, and only what is wrong is left out."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.errors import ExtractRefused, MappingWrong
from portal.publish.ingest.extract import Extract, Problem, read_extract, report_table
from portal.publish.ingest.mapping import parse_mapping
from portal.publish.ingest.problems import NEVER_LEFT_OUT, REASONS
from portal.publish.ingest.validate import gaps
from portal.publish.tables.tabulate import monthly, tally
from portal.release.periods import quarter_of
from tests.publish.sources import content, extract, mapping, source

TIMES = ("received", "dispatched", "officer_arrived", "arrived", "cleared")
LEAVE = {reason: "leave_out" for reason in REASONS if reason not in NEVER_LEFT_OUT}
HEADER_OF_DAYS = ("Event", "Received", "Type")
OPEN = {"start": date(2026, 4, 1), "quiet_days": 200}
HEADER = (
    "Event",
    "Type",
    *TIMES,
    "origin",
    "referral_offered",
    "referral_accepted",
    "appointment_kept",
    "follow_up_agreed",
    "follow_up_reached",
    "recorded_on",
    "outcome",
    "person_key",
    "arrest",
)
PLAIN = {
    "Event": "E1",
    "Type": "5150",
    "received": "12:00",
    "dispatched": "12:02",
    "officer_arrived": "12:10",
    "arrived": "12:12",
    "cleared": "13:00",
    "origin": "call_911",
    "recorded_on": "2026-04-03",
}


def rows(*changes: dict[str, str]) -> list[list[str]]:
    """Plain rows with these changes; a time of day is of 3 April."""
    found = []
    for number, change in enumerate(changes, 1):
        cells = PLAIN | {"Event": f"E{number}"} | change
        found.append(
            [
                f"2026-04-03 {text}" if name in TIMES and len(text) == 5 else text
                for name in HEADER
                for text in [cells.get(name, "")]
            ]
        )
    return found


def read(folder: Path, *changes: dict[str, str], **top: Any) -> Extract:
    columns = {name: {"from": name} for name in HEADER if name not in ("Event", "Type")}
    return extract(folder, rows(*changes), columns, header=HEADER, **({"problems": LEAVE} | top))


def found(extract: Extract) -> dict[tuple[str, str], tuple[int, ...]]:
    return {(problem.reason, problem.column): problem.rows for problem in extract.report.problems}


def test_a_plain_row_has_no_problem(tmp_path: Path) -> None:
    extract = read(tmp_path, {}, {}, {})
    assert found(extract) == {}
    assert extract.calls[list(TIMES)].notna().all(axis=None)


@pytest.mark.parametrize(("change", "reason", "column", "lost"), [
    ({"dispatched": "11:59"}, "dispatched_before_received", "dispatched", {"dispatched"}),
    ({"officer_arrived": "11:59"}, "arrival_before_received", "officer_arrived", {"officer_arrived"}),
    ({"officer_arrived": "12:01"}, "arrival_before_dispatch", "officer_arrived", {"officer_arrived"}),
    ({"arrived": "11:59"}, "arrival_before_received", "arrived", {"arrived"}),
    ({"arrived": "12:01"}, "arrival_before_dispatch", "arrived", {"arrived"}),
    ({"cleared": "12:11"}, "cleared_before_arrival", "cleared", {"cleared"}),
    ({"cleared": "11:59", "arrived": ""}, "cleared_before_received", "cleared", {"cleared", "arrived"}),
    ({"recorded_on": "2026-04-02"}, "recorded_before_received", "recorded_on", {"recorded_on"}),
    ({"arrived": "00:00"}, "midnight_time", "arrived", {"arrived"}),
    ({"arrived": "soon"}, "unreadable_time", "arrived", {"arrived"}),
    ({"recorded_on": "soon"}, "unreadable_time", "recorded_on", {"recorded_on"}),
])
def test_of_two_times_that_contradict_each_other_the_later_is_left_out(
        change: dict[str, str], reason: str, column: str, lost: set[str], tmp_path: Path) -> None:
    extract = read(tmp_path, {}, change, {})
    assert found(extract) == {(reason, column): (3,)}
    times = extract.calls[[*TIMES, "recorded_on"]]
    assert set(times.columns[times.iloc[1].isna()]) == lost
    assert len(extract.calls) == 3, "the call itself still counts"
    with pytest.raises(ExtractRefused) as caught:
        read(tmp_path, {}, change, {}, problems={})
    assert reason in str(caught.value)


def test_an_officer_who_asks_for_the_team_is_there_before(tmp_path: Path) -> None:
    extract = read(tmp_path, {"origin": "officer_request", "officer_arrived": "11:40"}, {"officer_arrived": "11:40"})
    assert found(extract) == {("arrival_before_received", "officer_arrived"): (3,)}
    assert extract.calls["officer_arrived"].notna().tolist() == [True, False]


def test_an_hour_shown_twice_is_read_so_that_the_events_run_forwards(tmp_path: Path) -> None:
    """Clocks went from 02:00 to 01:00 on 1 November 2026."""
    night = {
        "received": "00:50",
        "dispatched": "01:50",
        "officer_arrived": "",
        "arrived": "01:10",
        "cleared": "01:40",
        "recorded_on": "2026-11-02",
    }
    night = {name: f"2026-11-01 {text}" if name in TIMES and text else text for name, text in night.items()}
    extract = read(tmp_path, night)
    assert found(extract) == {}
    times = [extract.calls[name][0] for name in ("received", "dispatched", "arrived", "cleared")]
    assert [moment.strftime("%H:%M%z") for moment in times] == [
        "00:50-0400", "01:50-0400", "01:10-0500", "01:40-0500"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("referral_offered", "referral_accepted"),
        ("referral_accepted", "appointment_kept"),
        ("follow_up_agreed", "follow_up_reached"),
    ],
)
def test_a_step_is_not_yes_after_a_no(before: str, after: str, tmp_path: Path) -> None:
    extract = read(
        tmp_path,
        {before: "no", after: "yes"},
        {before: "yes", after: "yes"},
        {after: "yes"},
        {before: "no", after: "no"},
    )
    assert found(extract) == {("yes_after_no", after): (2,)}
    assert extract.calls[after].tolist() == [pd.NA, True, True, False]


def test_a_repeated_key_counts_once(tmp_path: Path) -> None:
    extract = read(tmp_path, {"arrest": "yes"}, {"Event": "E1", "arrest": "no"}, {"Event": "E1"}, {})
    assert found(extract) == {("duplicate_key", "call_id"): (3, 4)}
    assert extract.calls["call_id"].tolist() == ["E1", "E4"]
    assert extract.calls["arrest"].tolist() == [True, pd.NA]


def test_keys_of_one_hash_are_distinguished(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pd.util, "hash_array", lambda keys, **_: np.zeros(len(keys), dtype=np.uint64))
    extract = read(tmp_path, {"Event": "E1"}, {"Event": "E2"}, {"Event": "E1"}, {"Event": "E3"})
    assert found(extract) == {("duplicate_key", "call_id"): (4,)}
    assert extract.calls["call_id"].tolist() == ["E1", "E2", "E3"]


def test_rows_of_one_incident_are_one_call(tmp_path: Path) -> None:
    same_key = {"Event": "E1"}
    extract = read(
        tmp_path,
        same_key | {"received": "12:01", "arrest": "no", "outcome": "declined", "person_key": "P1"},
        {"Event": "E2"},
        same_key | {"cleared": "14:00", "arrest": "yes", "outcome": "involuntary", "Type": "WELCK"},
        same_key | {"person_key": "P1"},
        incident={"key": "Event", "rows": "many"},
    )
    first, _ = extract.calls.to_dict("records")
    assert extract.calls["call_id"].tolist() == ["E1", "E2"]
    assert first["received"].strftime("%H:%M") == "12:00"
    assert first["cleared"].strftime("%H:%M") == "14:00"
    assert (first["arrest"], first["outcome"], first["person_key"], first["call_type"]) == (
        True,
        "not_recorded",
        "P1",
        "mental_health",
    )
    assert extract.calls["arrest"].tolist() == [True, pd.NA]
    assert found(extract) == {
        ("differs_within_incident", "outcome"): (2, 4, 5),
        ("differs_within_incident", "call_type"): (2, 4, 5),
    }
    assert (extract.report.rows_counted, extract.report.calls, extract.report.rows_left_out) == (4, 2, 0)
    assert list(extract.calls.columns) == list(read(tmp_path, {}).calls.columns)


def test_rows_that_can_not_be_placed_are_left_out_and_counted(tmp_path: Path) -> None:
    extract = read(
        tmp_path,
        {"Event": ""},
        {"received": ""},
        {"Type": ""},
        {"received": "soon"},
        {"Type": "NEW"},
        {"received": "2026-03-31 12:00"},
        {},
        {"Type": "TRAFFIC", "Event": "", "outcome": "strange"},
        coverage={"start": date(2026, 4, 1), "end": date(2026, 4, 30), "quiet_days": 30},
    )
    assert extract.calls["call_id"].tolist() == ["E7"]
    assert {key: rows for key, rows in found(extract).items() if key[1] in ("call_id", "received", "call_type")} == {
        ("missing_required", "call_id"): (2,),
        ("missing_required", "received"): (3,),
        ("missing_required", "call_type"): (4,),
        ("unreadable_time", "received"): (5,),
        ("unknown_code", "call_type"): (6,),
        ("outside_coverage", "received"): (7,),
    }
    assert (
        extract.report.rows_read,
        extract.report.rows_counted,
        extract.report.rows_not_counted,
        extract.report.rows_left_out,
    ) == (8, 1, 1, 6)


def test_all_problems_are_reported_at_once(tmp_path: Path) -> None:
    with pytest.raises(ExtractRefused) as caught:
        read(tmp_path, {"arrived": "11:00"}, {"outcome": "strange"}, {"Event": "E1"}, {"received": "soon"}, problems={})
    for reason in ("arrival_before_received", "unknown_code", "duplicate_key", "unreadable_time"):
        assert reason in caught.value.table
        assert reason in str(caught.value)
    assert "unknown_code in outcome: 'strange' (1)" in caught.value.table
    assert "unreadable_time in received: 'AAAA' (1)" in caught.value.table, "as it is written, no value"
    assert "soon" not in caught.value.table + str(caught.value), "a person's values stay where they are"


def test_one_reason_refused_is_enough(tmp_path: Path) -> None:
    choices = LEAVE | {"unknown_code": "refuse"}
    with pytest.raises(ExtractRefused) as caught:
        read(tmp_path, {"arrived": "11:00"}, {"outcome": "strange"}, problems=choices)
    assert "stand: unknown_code." in str(caught.value)
    assert "arrival_before_received" in caught.value.table


def test_the_table_shows_the_first_rows_and_how_many(tmp_path: Path) -> None:
    extract = read(tmp_path, *[{"outcome": "strange"}] * 1_234)
    assert extract.report.problems == (
        Problem("unknown_code", "outcome", "outcome", tuple(range(2, 22)), 1_234, "leave_out", (("strange", 1_234),)),
    )
    table = report_table(extract.report).splitlines()
    assert table[0] == "1,234 rows read: 1,234 counted in 1,234 calls, 0 of types that are not counted, 0 left out."
    assert table[3].split("  ")[0] == "reason"
    assert table[5].split() == [
        "unknown_code",
        "outcome",
        "outcome",
        "1,234",
        "leave_out",
        *["2,", "3,", "4,", "5,", "6,", "7,", "8,", "9,", "…"],
    ]
    assert table[7].startswith("unknown_code  the mapping does not name this code")


def test_an_extract_without_problems_says_so(tmp_path: Path) -> None:
    assert report_table(read(tmp_path, {}).report).endswith("No problems.")
    assert report_table(read(tmp_path, {}).report).startswith("1 row read: 1 counted in 1 call,")


# ---- days without records ----

def test_a_gap_is_longer_than_may_pass_without_a_record() -> None:
    days = pd.DatetimeIndex(["2026-04-03", "2026-04-06", "2026-04-10"])
    assert gaps(days, date(2026, 4, 1), date(2026, 4, 14), 2) == (
        (date(2026, 4, 7), date(2026, 4, 9)),
        (date(2026, 4, 11), date(2026, 4, 14)),
    )
    assert gaps(days, date(2026, 4, 3), date(2026, 4, 10), 3) == ()


@settings(max_examples=100, deadline=None)
@given(st.sets(st.integers(0, 60)), st.integers(0, 10))
def test_gaps_and_days_with_records_make_up_the_time(numbers: set[int], longest: int) -> None:
    first, last = date(2026, 4, 1), date(2026, 5, 31)
    days = pd.DatetimeIndex(
        [pd.Timestamp(first) + pd.Timedelta(days=number) for number in numbers if number <= 60], dtype="datetime64[us]"
    )
    stretches = gaps(days, first, last, longest)
    inside = {day for start, end in stretches for day in pd.date_range(start, end)}
    assert not inside & set(days)
    assert all((end - start).days + 1 > longest for start, end in stretches)
    if longest == 0:
        assert inside | set(days) == set(pd.date_range(first, last))


# ---- days that lie ahead ----

def test_what_lies_after_the_day_of_publication_is_a_reason_of_its_own(tmp_path: Path) -> None:
    header = (*HEADER_OF_DAYS, "Cleared", "Entered")
    log_rows = [("E1", "2026-04-03 12:00:00", "5150", "2026-04-03 13:00:00", "2026-04-03"),
                ("E2", "2062-05-04 12:00:00", "5150", "", ""),
                ("E3", "2026-04-05 12:00:00", "5150", "2027-04-05 13:00:00", "2062-04-05"),
                ("E4", "2026-08-14 23:59:00", "5150", "2026-08-14 23:59:59", "2026-08-14")]
    path = source(tmp_path, log_rows, header)
    columns = {"cleared": {"from": "Cleared"}, "recorded_on": {"from": "Entered"}}
    on = date(2026, 8, 14)
    with pytest.raises(ExtractRefused, match=r"stand: after_publication\."):
        read_extract(path, mapping(columns, coverage=OPEN), published=on)
    extract = read_extract(path, mapping(columns, coverage=OPEN, problems=LEAVE), published=on)
    assert found(extract) == {("after_publication", "received"): (3,), ("after_publication", "cleared"): (4,),
                              ("after_publication", "recorded_on"): (4,)}
    assert extract.calls["call_id"].tolist() == ["E1", "E3", "E4"]
    assert extract.last_day == on, "2062 closes no quarter"


# ---- faults that look like another ----

def of_days(*texts: str, entered: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    return [(f"E{at}", text, "5150", *entered[at:at + 1]) for at, text in enumerate(texts)]


def test_day_and_month_swapped_is_reported_as_such(tmp_path: Path) -> None:
    log = of_days(*[f"{day:02d}/04/2026 12:00" for day in range(1, 13)], "2/2/2025 12:00")
    path = source(tmp_path, log, HEADER_OF_DAYS)
    swapped = mapping({"received": {"from": "Received", "format": "%m/%d/%Y %H:%M"}}, coverage={
        "start": date(2026, 4, 1), "end": date(2026, 4, 30), "quiet_days": 30})
    with pytest.raises(ExtractRefused) as caught:
        read_extract(path, swapped)
    lines = [line.split() for line in caught.value.table.splitlines() if " refuse " in line]
    assert [line[:2] + line[3:4] for line in lines] == [
        ["day_and_month_swapped", "received", "11"], ["outside_coverage", "received", "1"]]


def test_a_clock_in_utc_is_reported_as_such_and_never_left_out(tmp_path: Path) -> None:
    received = [f"2026-04-{day:02d} {hour:02d}:30:00" for day in range(4, 10) for hour in (2, 15, 18)]
    entered = tuple(f"2026-04-{int(text[8:10]) - (text[11:13] == '02'):02d}" for text in received)
    path = source(tmp_path, of_days(*received, entered=entered), (*HEADER_OF_DAYS, "Entered"))
    with pytest.raises(ExtractRefused, match=r"stand: clock_of_another_zone\.") as caught:
        read_extract(path, mapping({"recorded_on": {"from": "Entered"}}))
    assert "clock_of_another_zone  received  Received     6     refuse" in caught.value.table
    right = mapping({"recorded_on": {"from": "Entered"}, "received": {"from": "Received", "format": "iso_utc"}})
    assert read_extract(path, right).report.problems == ()
    with pytest.raises(MappingWrong, match="can't be left out"):
        mapping(problems={"clock_of_another_zone": "leave_out"})


def test_slips_of_the_day_of_entry_are_reported_as_before(tmp_path: Path) -> None:
    received = [f"2026-04-{day:02d} {hour:02d}:30:00" for day in range(4, 10) for hour in (2, 15)]
    entered = tuple(f"2026-04-{int(text[8:10]) - 1:02d}" for text in received)
    path = source(tmp_path, of_days(*received, entered=entered), (*HEADER_OF_DAYS, "Entered"))
    with pytest.raises(ExtractRefused, match=r"stand: recorded_before_received\."):
        read_extract(path, mapping({"recorded_on": {"from": "Entered"}}))


@pytest.mark.parametrize(("changes", "reason", "column"), [
    ({"received": "2026-04-03 00:00:00", "dispatched": "2026-04-02 23:50:00"}, "dispatched_before_received",
     "dispatched"),
    ({"arrived": "2026-04-02 00:00:00"}, "arrival_before_received", "arrived"),
    ({"arrived": "2026-04-04 00:00:00", "cleared": "2026-04-03 13:00:00"}, "cleared_before_arrival", "cleared"),
])
def test_a_midnight_does_not_hide_a_day_that_runs_backwards(
    changes: dict[str, str], reason: str, column: str, tmp_path: Path
) -> None:
    extract = read(tmp_path, changes)
    assert (reason, column) in found(extract)
    assert extract.calls[column].isna().all()


def test_a_midnight_of_the_same_day_hides_nothing(tmp_path: Path) -> None:
    assert {reason for reason, _ in found(read(tmp_path, {"arrived": "2026-04-03 00:00:00"}))} == {"midnight_time"}


def test_faults_of_the_roster_are_reported_under_its_name(tmp_path: Path) -> None:
    path = source(tmp_path, of_days("2026-04-03 12:00:00"), HEADER_OF_DAYS)
    roster = tmp_path / "roster.csv"
    roster.write_text("shift_start,shift_end,covered_start,covered_end\n2026-04-03T20:00,2026-04-03T16:00,,\n", "utf-8")
    with pytest.raises(ExtractRefused, match=r"^roster\.csv has rows .* stand: end_before_start\."):
        read_extract(path, mapping(), roster)


# ---- types of calls ----

def test_a_source_without_types_counts_all_its_calls(tmp_path: Path) -> None:
    path = source(tmp_path, of_days("2026-04-03 12:00:00", "2026-04-04 12:00:00"), HEADER_OF_DAYS)
    extract = read_extract(path, parse_mapping(content(without=("call_type",))))
    assert (extract.collected, len(extract.calls), extract.report.rows_not_counted) == ({"call_id", "received"}, 2, 0)
    counts = tally(extract, [(date(2026, 6, 30), date(2026, 8, 14))])
    april = quarter_of(date(2026, 4, 1)).months[0]
    assert monthly(counts, [april])["demand.received", april.period_id] == [("calls", "", 2)]


def test_a_call_whose_type_is_not_recorded_is_not_lost_in_silence() -> None:
    codes = {"mental_health": ["5150"], "not_recorded": ["?"]}
    with pytest.raises(MappingWrong, match="a call without a type is neither counted nor told apart"):
        mapping({"call_type": {"from": "Type", "codes": codes}})
