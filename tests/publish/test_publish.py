"""Publishing: which requests are refused, that a release is written whole or not at all, and what the analyst reads."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from portal.contract.contract import DIMENSIONS, MEASURES
from portal.errors import CantWrite, ReleaseExists, ReleaseRefused
from portal.publish.output.preview import plan_lines
from portal.publish.protection.protect import rungs_tried
from portal.publish.publish import Published, publish, publish_extract
from portal.publish.request import PublicationRequest
from portal.release import queries
from portal.release.periods import Quarter
from portal.release.store import Release
from portal.release.verify import verify
from tests.attack.histories import public
from tests.publish import made
from tests.source import ROOT

ENDS = made.quarter_ends(6)
Rows = list[dict[str, Any]]
POSIX = pytest.mark.skipif(os.name != "posix", reason="uses POSIX's processes, limits and permissions")


@pytest.fixture(scope="module")
def rows() -> Rows:
    return made.rows((45, 45, 45))


def status(published: Published, table_id: str, period_id: str) -> str:
    return next((line.status for line in published.plan if (line.table, line.period) == (table_id, period_id)), "")


def words(published: Published, table_id: str, period_id: str) -> str:
    return next(line.words for line in published.plan if (line.table, line.period) == (table_id, period_id))


def values(published: Published, table_id: str, period_id: str) -> dict[tuple[str, str], float]:
    assert published.folder is not None
    return {
        (name, category): value
        for name, category, value in queries.values(Release(published.folder), table_id, period_id).rows
    }


def test_a_release_that_exists_is_never_rewritten(rows: Rows, tmp_path: Path) -> None:
    made.publish(made.extract(rows), ENDS[0], tmp_path)
    before = made.contents(tmp_path)
    with pytest.raises(ReleaseExists, match="2026-Q2 is already published"):
        made.publish(made.extract(rows), ENDS[0], tmp_path)
    with pytest.raises(ReleaseExists):
        made.publish(made.extract(rows), ENDS[1], tmp_path, name="2026-Q2")
    with pytest.raises(ReleaseRefused, match="All up to 2026-06-30 is published already, in the release 2026-Q2"):
        made.publish(made.extract(rows), ENDS[0], tmp_path, name="2026-Q2-again")
    assert made.contents(tmp_path) == before


@pytest.mark.parametrize(
    "name", ["", "current", "../2026-Q2", ".2026", "2026 Q2", "2026/Q2", "a" * 65, "2026-Q2\n", "ä"]
)
def test_a_release_has_a_plain_name(name: str, rows: Rows, tmp_path: Path) -> None:
    request = PublicationRequest(name, "official", ENDS[0], ENDS[0] + timedelta(45))
    with pytest.raises(ReleaseRefused, match="can't be named"):
        publish_extract(made.extract(rows), "Log", request, tmp_path / "releases")
    assert not (tmp_path / "releases").exists()


def request_with(**changes: Any) -> PublicationRequest:
    on = ENDS[0] + timedelta(45)
    return replace(PublicationRequest("2026-Q2", "official", ENDS[0], on, on), **changes)


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        (request_with(state="final"), "can't have the state 'final'"),
        (request_with(period_end=date(2026, 6, 29)), "not the end of a quarter"),
        (request_with(published_on=ENDS[0] + timedelta(30)), "can be published from 2026-07-31, not on 2026-07-30"),
        (
            request_with(period_end=date(2027, 3, 31), published_on=date(2027, 6, 1)),
            "holds nothing of the quarter that ends on 2027-03-31",
        ),
        (request_with(recorded_through=ENDS[0] + timedelta(46)), "taken as of 2026-08-15"),
        (
            request_with(period_end=None, published_on=date(2026, 7, 20), recorded_through=None),
            "No quarter is complete and old enough",
        ),
        (request_with(notes=["fine"], state="official", release_id="-x"), "can't be named"),
    ],
)
def test_what_cannot_be_published_is_refused_with_a_sentence(
    request_: PublicationRequest, sentence: str, rows: Rows, tmp_path: Path
) -> None:
    with pytest.raises(ReleaseRefused, match=sentence) as caught:
        publish_extract(made.extract(rows), "Log", request_, tmp_path / "releases")
    assert caught.value.next_step
    assert not (tmp_path / "releases").exists()


def test_from_31_days_after_its_end_a_quarter_is_published(rows: Rows, tmp_path: Path) -> None:
    assert made.publish(made.extract(rows), ENDS[0], tmp_path, days=31).folder == tmp_path / "2026-Q2"


def test_left_open_the_last_quarter_that_is_old_enough_and_covered_is_published(rows: Rows, tmp_path: Path) -> None:
    published = publish_extract(
        made.extract(rows), "Log", PublicationRequest("a", "official", published_on=date(2027, 1, 30)), tmp_path / "a"
    )
    assert published.summary[0] == "a (official) covers 2026-04-01 to 2026-09-30, recorded through 2026-12-31."
    short = made.extract(rows, last=date(2026, 11, 30))
    assert (
        "to 2026-09-30"
        in publish_extract(
            short, "Log", PublicationRequest("b", "official", published_on=date(2028, 1, 1)), tmp_path / "b"
        ).summary[0]
    )


def test_a_dry_run_says_what_would_be_shown_and_writes_nothing(rows: Rows, tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    request = request_with(release_id="2026-Q2")
    dry = publish_extract(made.extract(rows), "Log", request, releases, dry_run=True)
    assert dry.folder is None
    assert not releases.exists()
    published = publish_extract(made.extract(rows), "Log", request, releases)
    assert published.plan == dry.plan
    assert published.summary == dry.summary
    assert words(dry, "equity.gender", "run-2026-Q2") == "2 groups: Woman; Man, another, or not recorded"
    assert words(dry, "outcome.arrest", "run-2026-Q2") == "exact"


def test_a_dry_run_says_what_is_lost_and_what_a_longer_run_would_give(rows: Rows, tmp_path: Path) -> None:
    dry = publish_extract(made.extract(rows), "Log", request_with(), tmp_path / "releases", dry_run=True)
    gender = next(line for line in dry.plan if (line.table, line.period) == ("equity.gender", "run-2026-Q2"))
    assert gender.rung == "rung 2 of 2"
    assert gender.lost == "Man with Another with Not recorded"
    size = next(size for size in range(1, 999) if rungs_tried(DIMENSIONS["gender"], size)[0] < 1)
    assert gender.longer == f"3 groups with a run of {size} responses or more"
    printed = plan_lines(dry.plan, dry_run=True)
    assert f"          rung 2 of 2 | not told apart: {gender.lost} | {gender.longer}" in printed
    assert len(plan_lines(dry.plan, dry_run=False)) == len(dry.plan)
    assert any("waits for another run: 1 of 2" in line for line in printed)


def test_at_the_pilots_end_what_still_waits_says_that_it_will_not_be_shown(tmp_path: Path) -> None:
    published = made.publish(made.extract(made.rows((130, 9))), ENDS[1], tmp_path, pilot_ended=ENDS[1])
    assert published.folder is not None
    book = public(published.folder)
    assert book.meta["pilot_ended"] == ENDS[1].isoformat()
    assert {state["status"] for state in book.states.values()} == {"published", "suppressed", "not_collected"}
    assert book.states["equity.gender", "open-2026-Q3"]["reason"] == "ended"
    assert book.states["demand.eligible", "open-2026-Q3"]["reason"] == "ended"


def test_a_run_that_is_still_open_says_how_far_it_is(tmp_path: Path) -> None:
    rows = made.rows((12, 15, 45))
    published = made.publish(made.extract(rows), ENDS[1], tmp_path)
    assert (
        status(published, "equity.age", "open-2026-Q2-to-2026-Q3"),
        words(published, "equity.age", "open-2026-Q2-to-2026-Q3"),
    ) == ("not_due", "too few so far: 27 of 40")
    later = made.publish(made.extract(rows), ENDS[2], tmp_path)
    assert status(later, "equity.age", "open-2026-Q2-to-2026-Q3") == ""
    assert status(later, "outcome.arrest", "run-2026-Q2-to-2026-Q4") == "published"
    assert words(later, "equity.language", "open-2026-Q2-to-2026-Q4") == "waits for another run: 1 of 2"


def test_a_gap_makes_its_months_partial_and_they_are_published_all_the_same(rows: Rows, tmp_path: Path) -> None:
    quiet = [date(2026, 5, 10) + timedelta(at) for at in range(7)]
    published = made.publish(made.extract(rows, quiet=quiet), ENDS[0], tmp_path)
    assert "2026-05 is partial: 7 of 31 days hold no records." in published.summary
    assert status(published, "demand.received", "2026-Q2") == "published"
    assert published.folder is not None
    coverage = {row[0]: row[1:] for row in queries.table(Release(published.folder), "coverage").rows}
    assert coverage["2026-05"] == (31, 7)
    assert coverage["2026-Q2"] == (91, 7)
    assert coverage["2026-04"] == (30, 0)
    assert "- 2026-05 is partial: 7 of 31 days hold no records." in (published.folder / "NOTES.md").read_text("utf-8")


def test_a_month_before_the_first_record_is_not_collected_and_no_zero(tmp_path: Path) -> None:
    rows = [row for row in made.rows((80,)) if row["received"].date() >= date(2026, 5, 1)]
    published = made.publish(made.extract(rows, first=date(2026, 5, 1)), ENDS[0], tmp_path)
    assert values(published, "demand.received", "2026-04") == {}
    assert "2026-04 holds no records at all: it is not a 0, it is not collected." in published.summary
    assert published.folder is not None
    months = queries.series(Release(published.folder), "demand.received", "month", ["calls"]).column("calls")
    assert months[0] is None
    assert values(published, "demand.received", "2026-Q2") == {("calls", ""): len(rows)}
    assert sum(months[1:]) == len(rows)
    assert verify(published.folder) == []


def test_a_quarter_that_is_covered_in_part_is_published_when_it_is_asked_for(rows: Rows, tmp_path: Path) -> None:
    some = [row for row in rows if row["received"].date() <= date(2026, 5, 21)]
    request = PublicationRequest("a", "official", ENDS[0], date(2026, 9, 1))
    published = publish_extract(made.extract(some, last=date(2026, 5, 21)), "Log", request, tmp_path)
    assert published.summary[0].endswith("recorded through 2026-05-21.")
    assert "2026-05 is partial: 10 of 31 days hold no records." in published.summary
    assert "2026-06 holds no records at all: it is not a 0, it is not collected." in published.summary
    assert values(published, "demand.received", "2026-Q2") == {("calls", ""): len(some)}


def test_the_quarter_of_a_clock_change_has_the_hours_the_clock_ran(tmp_path: Path) -> None:
    rows = made.rows((45, 45), start=date(2026, 10, 1))
    days = [pd.Timestamp(day, tz=made.ZONE) for day in pd.date_range("2026-10-01", "2027-03-31")]
    duty = pd.DataFrame({name: days if name.endswith("start") else [*days[1:], pd.Timestamp("2027-04-01", tz=made.ZONE)]
                         for name in ("shift_start", "shift_end", "covered_start", "covered_end")})
    published = made.publish(made.extract(rows, first=date(2026, 10, 1), duty=duty), date(2027, 3, 31), tmp_path)
    assert values(published, "hours.staffed", "2026-Q4")["covered_hours", ""] == 92 * 24 + 1
    assert values(published, "hours.staffed", "2027-Q1")["covered_hours", ""] == 90 * 24 - 1
    assert values(published, "hours.staffed", "pilot-to-2027-Q1")["scheduled_hours", ""] == 182 * 24


def test_an_extract_with_calls_alone_says_that_all_else_is_not_collected(rows: Rows, tmp_path: Path) -> None:
    bare = made.extract(
        rows,
        without=[
            name
            for name in made.frame(rows[:1]).columns
            if name not in ("call_id", "received", "call_type", "received_on")
        ],
    )
    published = made.publish(bare, ENDS[1], tmp_path)
    pilot = "pilot-to-2026-Q3"
    collected = {line.table for line in published.plan if line.status != "not_collected"}
    assert collected == {"demand.received", "demand.by_type", "demand.by_time", "demand.by_time_detail",
                         "promise.punctual"}
    assert (
        status(published, "outcome.involuntary", pilot)
        == status(published, "hours.staffed", pilot)
        == status(published, "quality.missing", pilot)
        == "not_collected"
    )
    assert values(published, "demand.by_type", "run-2026-Q3") != {}


def test_who_answered_is_enough_for_the_number_of_responses(rows: Rows, tmp_path: Path) -> None:
    published = made.publish(made.extract(rows, without=["eligibility", "staffed", "unmet_reason"]), ENDS[0], tmp_path)
    assert values(published, "response.met", "2026-Q2") == {("responses", ""): 45}
    assert published.folder is not None
    cells = [
        row
        for row in queries.table(Release(published.folder), "cells").rows
        if row[:2] == ("response.on_duty", "pilot-to-2026-Q2")
    ]
    assert [(row[2], row[7], row[8]) for row in cells] == [
        ("responses", 45.0, "published"),
        ("eligible_on_duty", None, "not_collected"),
    ]


def test_a_year_is_published_when_its_four_quarters_are(tmp_path: Path) -> None:
    rows = made.rows((45, 45, 45, 45), start=date(2026, 1, 1))
    extract = made.extract(rows, first=date(2026, 1, 1))
    third, fourth = (made.publish(extract, end, tmp_path) for end in (date(2026, 9, 30), date(2026, 12, 31)))
    assert status(third, "demand.received", "2026") == ""
    assert values(fourth, "demand.received", "2026") == {("calls", ""): len(rows)}
    assert status(third, "equity.gender", "2026") == ""
    year = values(fourth, "equity.gender", "2026")
    runs = [values(fourth, "equity.gender", f"run-2026-Q{at}") for at in range(1, 5)]
    assert sum(year.values()) == 180
    assert year == {key: sum(run[key] for run in runs) for key in runs[0]}


def test_a_year_of_people_is_published_only_where_runs_make_it(tmp_path: Path) -> None:
    rows = made.rows((15, 15, 15, 45, 45), start=date(2025, 10, 1))
    published = made.publish(made.extract(rows, first=date(2025, 10, 1)), date(2026, 12, 31), tmp_path)
    assert status(published, "equity.gender", "run-2025-Q4-to-2026-Q2") == "published"
    assert status(published, "demand.received", "2026") == "published"
    assert status(published, "equity.gender", "2026") == "", "a run that began in 2025 is no part of 2026"
    assert published.folder is not None
    assert verify(published.folder) == []


def test_first_real_numbers_start_a_history_of_their_own_and_made_up_ones_never_follow_them(
    rows: Rows, tmp_path: Path
) -> None:
    extract = made.extract(rows)
    made.publish(extract, ENDS[0], tmp_path, state="illustrative", name="shown")
    real = made.publish(extract, ENDS[0], tmp_path, state="official", name="real")
    assert real.folder is not None
    assert [row[0] for row in queries.table(Release(real.folder), "releases").rows] == ["real"]
    assert queries.meta(Release(real.folder))["previous"] == ""
    with pytest.raises(ReleaseRefused, match="Made-up numbers can't be published where real ones are"):
        made.publish(extract, ENDS[1], tmp_path, state="illustrative")


def test_a_release_that_comes_late_says_so(rows: Rows, tmp_path: Path) -> None:
    assert "It comes out on 2026-08-26, after the day it was due, 2026-08-14." in made.publish(
        made.extract(rows), ENDS[0], tmp_path, days=57).summary
    with pytest.raises(ReleaseRefused, match="nor before that of the release before"):
        made.publish(made.extract(rows), ENDS[1], tmp_path, name="x", recorded_through=date(2026, 8, 20))


def test_a_roster_that_ends_early_is_reported(rows: Rows, tmp_path: Path) -> None:
    published = made.publish(made.extract(rows, duty=made.roster(made.FIRST, date(2026, 5, 20))), ENDS[0], tmp_path)
    sentence = "The roster ends on 2026-05-20, before the period does: no hours on duty are counted after it."
    assert sentence in published.summary


def test_a_path_that_is_no_folder_changes_nothing(rows: Rows, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file")
    with pytest.raises(CantWrite, match="can't be written"):
        made.publish(made.extract(rows), ENDS[0], tmp_path / "file" / "releases")


@contextmanager
def without_rights() -> Iterator[None]:
    """Give up the right to write anywhere, also as root."""
    was_root = os.geteuid() == 0
    try:
        if was_root:
            os.seteuid(65534)
        yield
    finally:
        if was_root:
            os.seteuid(0)


@POSIX
def test_a_folder_that_may_not_be_written_changes_nothing(rows: Rows) -> None:
    with tempfile.TemporaryDirectory() as name:
        releases, extract = Path(name), made.extract(rows)
        made.publish(extract, ENDS[0], releases)
        before = made.contents(releases)
        releases.chmod(0o555)
        with without_rights(), pytest.raises(CantWrite, match="can't be written"):
            made.publish(extract, ENDS[1], releases)
        releases.chmod(0o755)
        assert made.contents(releases) == before


def run(what: str, folder: Path) -> str:
    published = subprocess.run(
        [sys.executable, "-m", "tests.publish.interrupted", what, str(folder), "4"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert published.returncode == 0, published.stderr[-3000:]
    return published.stdout


@POSIX
def test_a_full_disk_changes_nothing(tmp_path: Path) -> None:
    assert int(run("full", tmp_path)) > 10


@POSIX
@pytest.mark.slow
def test_killed_at_any_moment_it_leaves_the_old_release_or_the_new_one_and_can_be_done_again(tmp_path: Path) -> None:
    assert int(run("kill", tmp_path)) > 50



def test_a_bad_name_is_refused_before_the_extract_is_opened(tmp_path: Path) -> None:
    with pytest.raises(ReleaseRefused, match="can't be named"):
        publish(tmp_path / "none.csv", tmp_path / "none.toml", "../x", "official", tmp_path)


def test_every_group_is_a_plain_count_of_rows(tmp_path: Path) -> None:
    rows = made.rows((400, 150), others=450)
    published = made.publish(made.extract(rows), ENDS[1], tmp_path)
    tables = {
        measure.id: measure
        for measure in MEASURES.values()
        if measure.kind == "people" and measure.dimension in rows[0] and measure.runs_together == 1
    }
    counted = 0
    for quarter in (Quarter(2026, 2), Quarter(2026, 3)):
        calls = [row for row in rows if quarter.start <= row["received"].date() <= quarter.end]
        for table_id, measure in tables.items():
            among = [call for call in calls if measure.over == "calls" or call["answered_by"] == "team"]
            for (_, block), value in values(published, table_id, f"run-{quarter.id}").items():
                covers = DIMENSIONS[measure.dimension].covers[block]
                assert value == sum((row[measure.dimension] or "not_recorded") in covers for row in among), (
                    table_id,
                    block,
                )
                counted += 1
    assert len(tables) == 7
    assert counted > 30


# ---- the day of publication ----

def test_real_numbers_are_never_published_ahead_of_their_day(
    rows: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the City's clock: at three in the night in UTC it is still the day before."""
    monkeypatch.setattr("portal.clock.clock", lambda: datetime(2026, 8, 14, 3, tzinfo=UTC))
    with pytest.raises(ReleaseRefused, match="The day of publication, 2026-08-14, lies ahead"):
        made.publish(made.extract(rows), ENDS[0], tmp_path / "real", state="official")
    assert made.publish(made.extract(rows), ENDS[0], tmp_path / "made_up", state="illustrative").folder
    monkeypatch.setattr("portal.clock.clock", lambda: datetime(2026, 8, 14, 4, tzinfo=UTC))
    assert made.publish(made.extract(rows), ENDS[0], tmp_path / "real", state="official").folder


def test_days_of_publication_run_forward(rows: Rows, tmp_path: Path) -> None:
    made.publish(made.extract(rows), ENDS[0], tmp_path, days=200)
    with pytest.raises(ReleaseRefused, match="lies before that of 2026-Q2, 2027-01-16"):
        made.publish(made.extract(rows), ENDS[1], tmp_path, days=45)
    assert made.publish(made.extract(rows), ENDS[1], tmp_path, days=108).folder, "on the same day it may"
