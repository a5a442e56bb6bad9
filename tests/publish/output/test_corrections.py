"""Records corrected after a release: the next one comes out, and only what needs the changed run is left out.

The analyst is told what would differ, and the public in two words.
"""

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from portal.errors import ReleaseRefused
from portal.publish.publish import Published
from portal.release import queries
from portal.release.store import Release
from portal.release.verify import verify
from tests.attack.histories import public
from tests.publish import made

ENDS = made.quarter_ends(3)
Rows = list[dict[str, Any]]
CHANGES: dict[str, dict[str, Any]] = {
    "an outcome": {"outcome": "declined"}, "an age": {"age_band": "25_44"}, "an arrest entered late": {"arrest": True},
    "a referral": {"referral_offered": True, "referral_accepted": True, "appointment_kept": True},
    "a person": {"person_key": "P1"},
}


@pytest.fixture(scope="module")
def rows() -> Rows:
    return made.rows((150, 150))


def with_change(rows: Rows, change: dict[str, Any], count: int = 1) -> Rows:
    """So many responses of the first quarter, changed where that makes a difference."""
    found = [dict(row) for row in rows]
    responses = [row for row in found if row["answered_by"] == "team" and row["received"].date() <= ENDS[0]
                 and any(row[name] != value for name, value in change.items())]
    for row in responses[:count]:
        row |= change
    return found


def records(published: Published) -> dict[str, str]:
    """What a release says of late, corrected and left-out records of its own."""
    assert published.folder
    return {reason: size for release, reason, size in queries.table(Release(published.folder), "records").rows
            if release == published.release_id}


@pytest.mark.parametrize("what", CHANGES)
def test_a_correction_refuses_no_release(what: str, rows: Rows, tmp_path: Path) -> None:
    first = made.publish(made.extract(rows), ENDS[0], tmp_path, state="illustrative")
    assert first.folder
    before = made.contents(first.folder)
    second = made.publish(made.extract(with_change(rows, CHANGES[what])), ENDS[1], tmp_path, state="illustrative")
    assert second.folder
    assert made.contents(first.folder) == before
    assert verify(second.folder) == []
    states = public(second.folder).states
    changed = {table for (table, _), state in states.items() if state["reason"] == "changed"}
    assert changed <= {"outcome.detail", "outcome.arrest_possible", "equity.age_detail", "care.referral_detail"}
    assert bool(changed) or what == "a person"


# ---- what the analyst is told before, and the public after ---------------------------------------------------------

def test_the_analyst_is_told_measure_and_amount_and_the_public_is_told_neither(rows: Rows, tmp_path: Path) -> None:
    made.publish(made.extract(rows), ENDS[0], tmp_path)
    police = with_change(rows, {"answered_by": "police"})
    second = made.publish(made.extract(police), ENDS[1], tmp_path)
    changed = next(row for row, now in zip(rows, police, strict=True) if row != now)
    month = f"{changed['received']:%Y-%m}"
    before = sum(row["answered_by"] == "team" and f"{row['received']:%Y-%m}" == month for row in rows)
    lines = [difference.with_amounts for difference in second.differences]
    assert f"response.met in {month}: responses {before} -> {before - 1}" in lines
    assert any(f"response.met in {month} would not be the same today (responses)" in line for line in second.summary)
    assert not any(f"{before} -> " in line for line in second.summary)
    assert second.folder
    assert "would not be" not in (second.folder / "NOTES.md").read_text("utf-8")


def removed(rows: Rows, count: int) -> Rows:
    gone = [row for row in rows if row["answered_by"] == "team" and row["received"].date() <= ENDS[0]][:count]
    return [row for row in rows if row not in gone]


@pytest.mark.parametrize(("change", "size"), [
    (lambda rows: rows, "fewer than 11"), (lambda rows: removed(rows, 10), "fewer than 11"),
    (lambda rows: removed(rows, 11), "11 or more"),
    (lambda rows: with_change(rows, {"answered_by": "police"}, 10), "fewer than 11"),
    (lambda rows: with_change(rows, {"answered_by": "police"}, 11), "11 or more"),
])
def test_the_public_is_told_of_corrections_in_two_words(
        change: Callable[[Rows], Rows], size: str, rows: Rows, tmp_path: Path) -> None:
    made.publish(made.extract(rows), ENDS[0], tmp_path)
    second = made.publish(made.extract(change(rows)), ENDS[1], tmp_path)
    assert records(second)["corrected"] == size
    assert second.folder
    notes = (second.folder / "NOTES.md").read_text("utf-8")
    assert f"have changed since it came out; what was published stays: {size}." in notes


def test_a_table_that_is_not_shown_since_records_changed_is_not_said_to_protect_people(rows: Rows, tmp_path: Path
                                                                                      ) -> None:
    made.publish(made.extract(rows), ENDS[0], tmp_path)
    second = made.publish(made.extract(with_change(rows, CHANGES["an outcome"])), ENDS[1], tmp_path)
    assert second.folder
    new = [line for line in (second.folder / "NOTES.md").read_text("utf-8").splitlines()
           if line.startswith("- run-2026-Q2-to-2026-Q3, ") and "in more detail" in line]
    assert [line.split(":")[0] for line in new if "changed" in line] == [
        "- run-2026-Q2-to-2026-Q3, not shown, since records have changed after a total of theirs was published"]


def more_responses(rows: Rows, count: int, **values: Any) -> Rows:
    """So many calls of the first quarter that were no responses are some now."""
    chance = random.Random(3)
    police = [row for row in rows if row["answered_by"] == "police" and row["received"].date() <= ENDS[0]][:count]
    found = [dict(row) for row in rows]
    for row in police:
        filled = made.row(0, row["received"].date(), chance, team=True, **values)
        found[rows.index(row)] |= {name: value for name, value in filled.items()
                                   if name not in ("call_id", "received", "recorded_on")}
    return found


def published_cells(published: Published, period: str) -> dict[tuple[str, str, str], float]:
    assert published.folder
    return {(row["table_id"], row["measure_id"], row["category_1"]): row["value"]
            for row in queries.table(Release(published.folder), "cells").records if row["period_id"] == period}


@pytest.mark.parametrize("count", [1, 3])
def test_a_response_too_many_in_an_open_run_hides_nothing(count: int, tmp_path: Path) -> None:
    rows = made.rows((25, 60))
    made.publish(made.extract(rows), ENDS[0], tmp_path / "as it was")
    plain = made.publish(made.extract(rows), ENDS[1], tmp_path / "as it was")
    made.publish(made.extract(rows), ENDS[0], tmp_path / "corrected")
    second = made.publish(made.extract(more_responses(rows, count)), ENDS[1], tmp_path / "corrected")
    run = "run-2026-Q2-to-2026-Q3"
    assert second.folder and verify(second.folder) == []
    assert not [pair for pair, state in public(second.folder).states.items() if state["reason"] == "changed"]
    found, before = published_cells(second, run), published_cells(plain, run)
    assert found["outcome.arrest", "responses", ""] == 85 and found.keys() == before.keys()
    published_keys = [key for key in before if key[0] in ("outcome.kind", "care.referral", "equity.age")]
    assert published_keys and all(abs(found[key] - before[key]) <= 2 * count for key in published_keys)


def test_an_arrest_in_a_response_too_many_is_counted(tmp_path: Path) -> None:
    rows = made.rows((25, 60))
    made.publish(made.extract(rows), ENDS[0], tmp_path)
    second = made.publish(made.extract(more_responses(rows, 1, arrest=True)), ENDS[1], tmp_path)
    cells = published_cells(second, "run-2026-Q2-to-2026-Q3")
    assert cells["outcome.arrest", "arrests", ""] == 1 and cells["outcome.arrest", "responses", ""] == 85


# ---- days of entry written anew --------------------------------------------------------------------------------------

def entered_anew(rows: Rows, day: str, every: int = 1) -> Rows:
    """Every so manieth row of the first quarter with another day of entry."""
    old = [row for row in rows if row["received"].date() <= ENDS[0]][::every]
    return [row | {"recorded_on": pd.Timestamp(day)} if row in old else row for row in rows]


def total(published: Published, table: str, value: str) -> float:
    assert published.folder
    found = queries.values(Release(published.folder), table, f"pilot-to-{published.release_id}").rows
    return next(number for name, _, number in found if name == value)


@pytest.mark.parametrize("every", [7, 40, 200])
def test_a_row_that_is_entered_again_counts_once(every: int, tmp_path: Path) -> None:
    rows = made.rows((45, 45, 45))
    made.publish(made.extract(rows), ENDS[0], tmp_path)
    anew = entered_anew(rows, "2026-09-02", every)
    second = made.publish(made.extract(anew), ENDS[1], tmp_path)
    third = made.publish(made.extract(anew), ENDS[2], tmp_path)
    for published, end in ((second, ENDS[1]), (third, ENDS[2])):
        inside = [row for row in rows if row["received"].date() <= end]
        assert total(published, "demand.received", "calls") == len(inside)
        assert total(published, "response.met", "responses") == sum(row["answered_by"] == "team" for row in inside)
        assert records(published)["late"] == "fewer than 11"


def test_a_late_call_counts_beside_rows_that_were_entered_again(tmp_path: Path) -> None:
    rows = made.rows((45, 45))
    made.publish(made.extract(rows), ENDS[0], tmp_path)
    late = made.late_response(rows, date(2026, 5, 4), recorded_on=pd.Timestamp("2026-09-01"))
    second = made.publish(made.extract([*entered_anew(rows, "2026-09-02", 20), late]), ENDS[1], tmp_path)
    assert total(second, "response.met", "responses") == 91


def test_a_moved_system_stops_the_release_with_the_day_and_what_to_write(tmp_path: Path) -> None:
    rows = made.rows((45, 45))
    first = made.publish(made.extract(rows), ENDS[0], tmp_path)
    with pytest.raises(ReleaseRefused, match="105 calls would count twice") as refused:
        made.publish(made.extract(entered_anew(rows, "2026-09-02")), ENDS[1], tmp_path)
    assert "unknown_days = [2026-09-02]" in refused.value.next_step
    assert first.folder
    unknown = [row | {"recorded_on": None} if row["received"].date() <= ENDS[0] else row for row in rows]
    second = made.publish(made.extract(unknown), ENDS[1], tmp_path)
    assert total(second, "response.met", "responses") == 90
