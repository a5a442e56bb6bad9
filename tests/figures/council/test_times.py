"""When do calls come? Each part of the week with its hours, and arrests where one was possible."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from portal.figures import build
from portal.figures.council.times import HourBlock, hours_of
from portal.figures.view import RecordedPeriod
from portal.language import LANGUAGES, override_language
from portal.release.store import DATABASE, Release
from tests.site import SHIPPED

SUMMER = RecordedPeriod("2027-Q3", "quarter", "2027-07-01", "2027-09-30")


@pytest.mark.parametrize(("block", "hours"), [
    ("weekday_12", 264), ("weekend_0", 104), ("weekend_night", 312), ("weekday_night_or_unknown", 528),
    ("weekday_day", 792), ("not_recorded", 0)])
def test_a_part_of_the_week_has_its_hours(block: str, hours: float) -> None:
    assert hours_of(block, SUMMER, "America/New_York") == hours


def test_a_rate_is_of_every_100_hours() -> None:
    assert round(HourBlock("weekday_12", 93, 264).rate) == 35
    assert round(HourBlock("weekend_night", 24, 312).rate) == 8


def test_counts_stand_beside_their_hours_and_add_up_to_all_calls(zoo: dict[str, Release]) -> None:
    figure = build(zoo["shipped 2027-Q3"], "demand.by_time", "2027-Q3")
    assert figure.table and figure.chart
    assert sum(row[1].value or 0 for row in figure.table.rows) == 398
    assert "At the busiest time (" in figure.answer.plain and "in every 100 such hours." in figure.answer.plain
    hours = sum(float(row[2].text.replace(",", "")) for row in figure.table.rows)
    assert hours == 2208


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_it_is_stated_in_every_language(language: str, zoo: dict[str, Release]) -> None:
    with override_language(language):
        for name in ("demand.by_time", "demand.by_time_detail", "outcome.arrest_possible"):
            answer = build(zoo["shipped 2027-Q3"], name).answer.plain
            assert "{" not in answer and "hours" not in answer


def test_where_no_part_of_the_week_has_a_rate_the_calls_are_shown_without(tmp_path: Path) -> None:
    partial = Release(Path(shutil.copytree(SHIPPED / "2027-Q3", tmp_path / "2027-Q3")))
    database = partial.folder / DATABASE
    database.chmod(0o600)
    with closing(sqlite3.connect(database)) as opened, opened:
        opened.execute("UPDATE coverage SET days_without_records = 1")
    figure = build(partial, "demand.by_time", "2027-Q3")
    assert figure.table and len(figure.table.rows) > 1
    assert {row[-1].text for row in figure.table.rows} == {"no rate"}
    assert "busiest" not in figure.answer.plain
