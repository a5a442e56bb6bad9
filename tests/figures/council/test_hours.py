"""What would more hours do? Two estimates with what is assumed, and each refusal in words."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from portal.figures import build
from portal.figures.council.hours import Basis, all_estimates, assumed, basis, common_blocks, estimates
from portal.figures.council.service import Service
from portal.figures.council.times import HourBlock
from portal.figures.decisions.more_hours import Year
from portal.figures.explore import catalogue
from portal.figures.view import View
from portal.language import LANGUAGES, override_language
from portal.release.queries import Answer
from portal.release.store import DATABASE, Release, current_id
from tests.publish import made
from tests.site import SHIPPED

AFTERNOON = HourBlock("weekday_12", 306, 1044)
COUNTS = {"calls": 1378.0, "eligible": 997.0, "on_duty": 118.0, "answered": 84.0, "hours": 396.25, "unchecked": 91.0,
          "on_another_call": 28.0}
YEAR = Basis(Service("2026-10-01", "2027-09-30", "October 2026 to September 2027", 4, dict(COUNTS),
                      Answer(text(""), (), ())), Year(1378, 997, 90, 84, 1.4),
              [AFTERNOON], ())


def edited(folder: Path, statement: str) -> Release:
    """A copy of the newest shipped release with a change of its cells."""
    release = Release(Path(shutil.copytree(SHIPPED / "2027-Q3", folder / "2027-Q3")))
    database = release.folder / DATABASE
    database.chmod(0o600)
    with closing(sqlite3.connect(database)) as opened, opened:
        opened.execute(statement)
    return release


def test_both_estimates_are_those_of_the_method() -> None:
    (shift,) = all_estimates(YEAR)
    assert shift.today and shift.asked_for and not shift.refused
    assert (round(shift.today.mean, 2), round(shift.today.incoming, 2), round(shift.asked_for.mean, 2)) == (
        8.66, 11.03, 11.02)


def test_quarters_that_are_shown_more_finely_are_put_together() -> None:
    fine = {"weekday_8": 50.0, "weekday_12": 90.0, "weekday_16": 70.0, "weekend_day": 40.0, "weekend_night": 20.0,
            "weekday_night_or_unknown": 30.0, "weekday_20": 35.0}
    coarse = {"weekday_day": 200.0, "weekday_dark_or_unknown": 60.0, "weekend": 50.0}
    assert common_blocks([fine, fine])["weekday_12"] == 180
    assert common_blocks([fine, coarse]) == {"weekday_day": 410, "weekday_dark_or_unknown": 125, "weekend": 110}
    assert common_blocks([fine, {}]) == {}


@pytest.mark.parametrize(("block", "year", "hours", "why"), [
    (AFTERNOON._replace(calls=19), YEAR, 4, "Fewer than 20 calls a year."),
    (AFTERNOON._replace(hours=0), YEAR, 4, "Fewer than 20 calls a year."),
    (HourBlock("weekday_20", 152, 1044), YEAR, 4, "Nobody knows how often officers would ask for the team at night."),
    (AFTERNOON, replace(YEAR, service=replace(YEAR.service, counts=COUNTS | {"hours": 100.0})), 4,
     "That is more than the team is on duty now."),
    (HourBlock("weekday_12", 3060, 1044), replace(YEAR, year=Year(13780, 9970, 900, 700, 1.4)), 4,
     "One team would be on another call too often."),
])
def test_what_cannot_be_said_is_refused_with_its_reason(block: HourBlock, year: Basis, hours: float, why: str) -> None:
    shift = estimates(year, block, hours)
    assert shift.today is None and shift.asked_for is None and shift.refused == why


def test_an_eight_hour_shift_is_estimated_where_the_part_of_the_week_holds_it() -> None:
    year = replace(YEAR, blocks=[HourBlock("weekday_day", 600, 3132), AFTERNOON])
    assert [(shift.block.id, shift.hours) for shift in all_estimates(year)] == [
        ("weekday_day", 4), ("weekday_day", 8), ("weekday_12", 4)]


def test_the_figure_gives_two_numbers_and_says_what_is_assumed(zoo: dict[str, Release]) -> None:
    figure = build(zoo["shipped 2027-Q3"], "service.more_hours")
    answer = figure.answer.plain
    assert "If only the calls that come today came" in answer
    assert "If officers asked for the team as they do now" in answer
    assert "Any one quarter may show" in answer and answer.endswith(assumed())
    assert figure.table and len(figure.table.rows) > 1
    assert "MOVER" in figure.provenance.method and len(figure.provenance.queries) > 4


def test_a_choice_of_the_part_of_the_week_and_of_the_hours_gives_both_estimates(zoo: dict[str, Release]) -> None:
    entry = catalogue(zoo["shipped 2027-Q3"])[-1]
    chosen = next(cut for cut in entry["cuts"] if cut["id"] == "weekday_12")["periods"][0]
    rows = dict(chosen["rows"])
    assert (rows["If only the calls of today came"], rows["If asked for as today"]) == (9, 11)
    assert (rows["Any one quarter may show, at least"], rows["Any one quarter may show, at most"]) == (3, 19)
    assert chosen["id"] == "4" and "SELECT" in chosen["sql"] and entry["caveats"] == (assumed(),)
    assert all(why.endswith(".") for _, why, _ in entry["absent"])
    assert catalogue(zoo["shipped 2026-Q2"])[-1]["cuts"] == []


def test_before_there_are_four_quarters_there_is_no_comparison(zoo: dict[str, Release]) -> None:
    for name in ("shipped 2026-Q2", "one response", "little collected", "nothing of the team", "many"):
        figure = build(zoo[name], "service.more_hours")
        assert figure.answer.plain.startswith("Nothing is said of it. ") and figure.table is None


def test_a_break_within_the_year_is_a_reason(tmp_path: Path) -> None:
    ends = made.quarter_ends(4)
    rows = made.rows((30, 30, 30, 30), others=60)
    made.publish(made.extract(rows, last=ends[-1], duty=made.roster(made.FIRST, ends[-1]),
                              breaks=(("2026-11-01", "new_call_types"),)), ends[-1], tmp_path)
    release = Release(tmp_path / current_id(tmp_path))
    reason = basis(View(release, max(quarter.id for quarter in View(release, "").of("quarter"))))
    assert isinstance(reason, str) and reason.startswith("Since November 1, 2026 it is counted in another way: ")


NOW = "(SELECT period_id FROM periods WHERE start >= '2026-10-01')"


@pytest.mark.parametrize(("changed", "why"), [
    ("UPDATE cells SET value = 500 WHERE table_id = 'demand.eligible' AND category_1 = 'not_screened'",
     "More than a fifth of the calls were never checked against the rule."),
    ("UPDATE cells SET value = 100 WHERE table_id = 'response.unmet_reason' AND category_1 = 'on_another_call'",
     "In a year fewer than 40 calls came while the team was on duty and free."),
    ("DELETE FROM cells WHERE table_id = 'response.time_on_scene'", "How long a call takes is not shown."),
    (f"UPDATE states SET status = 'suppressed' WHERE table_id = 'demand.by_time' AND period_id IN {NOW}",
     "The time of calls is not shown in all four quarters."),
    ("UPDATE cells SET value = NULL, status = 'not_collected' WHERE table_id = 'hours.staffed'",
     "The records do not hold all that this takes."),
])
def test_a_year_that_holds_too_little_is_a_reason(changed: str, why: str, tmp_path: Path) -> None:
    figure = build(edited(tmp_path, changed), "service.more_hours")
    assert figure.answer.plain == f"Nothing is said of it. {why}"
    assert not figure.shown and [gap.why for gap in figure.gaps] == [why]


def test_one_call_a_quarter_is_stated_as_one(tmp_path: Path) -> None:
    few = edited(tmp_path, "UPDATE cells SET value = 7 WHERE table_id = 'demand.by_time'")
    answer = build(few, "service.more_hours").answer.plain
    assert "about 1 call a quarter. " in answer and "At most 1 call that meets the rule comes in" in answer


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_it_is_stated_in_every_language(language: str, zoo: dict[str, Release]) -> None:
    with override_language(language):
        for name in ("shipped 2027-Q3", "shipped 2026-Q2"):
            answer = build(zoo[name], "service.more_hours").answer.plain
            assert "{" not in answer and "calls" not in answer and "quarter" not in answer
