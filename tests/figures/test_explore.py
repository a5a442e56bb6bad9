"""What can be explored: each number is the release's own, and no part is named with what it is a part of."""

import random
import sqlite3
from pathlib import Path

import pytest

from portal.figures.explore import GROUPS, catalogue
from portal.release.store import Release
from portal.render import explore
from tests.source import ROOT

RELEASE = ROOT / "data" / "releases" / "2027-Q3"
CHOICES = 200


@pytest.fixture(scope="module")
def entries() -> list[dict]:  # type: ignore[type-arg]
    return catalogue(Release(RELEASE))


def by_hand(sql: str) -> list[tuple[object, ...]]:
    """What a statement that Explore shows gives when anybody runs it on the file."""
    file: Path = RELEASE / "release.sqlite"
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
        return database.execute(sql).fetchall()


def test_two_hundred_choices_show_what_their_statement_gives(entries: list[dict]) -> None:  # type: ignore[type-arg]
    ways = [(entry, cut, period) for entry in entries if not entry["computed"] for cut in entry["cuts"]
            for period in (cut["periods"] if not cut["time"] else [cut])]
    chosen = random.Random(1).choices(ways, k=CHOICES)
    for entry, cut, period in chosen:
        shown = sorted(value for _, values in period["rows"]
                       for value in (values if isinstance(values, list) else [values]) if value is not None)
        given = sorted(float(value) for row in by_hand(period["sql"]) for value in row
                       if isinstance(value, int | float))
        assert shown == given, (entry["id"], cut["id"])


def test_each_measure_is_in_one_of_the_groups_that_people_ask_about(entries: list[dict]) -> None:  # type: ignore[type-arg]
    assert {entry["group"] for entry in entries} == GROUPS.keys()
    group_of = {entry["id"]: entry["group"] for entry in entries}
    assert (group_of["outcome.arrest"], group_of["outcome.kind"]) == ("safety", "outcome")
    assert (group_of["service.more_hours"], group_of["equity.age"]) == ("response", "people")


def test_nothing_is_drawn_with_what_it_is_a_part_of(entries: list[dict]) -> None:  # type: ignore[type-arg]
    cuts = {(entry["id"], cut["id"]): cut for entry in entries for cut in entry["cuts"]}
    assert cuts["response.on_duty", "quarter"]["totals"] == ["Met the rule while the team was on duty"]
    assert cuts["hours.staffed", "quarter"]["totals"] == ["Planned hours"]
    headers, rows = explore.parts(["Planned hours", "Hours on duty"], [("April", [8.0, 7.0])], ["Planned hours"])
    assert (headers, rows) == (["Hours on duty"], [("April", [7.0])])
    minutes = cuts["response.time_on_scene", "run"]
    assert minutes["totals"] == ["Responses with both times"]


def test_the_sum_since_the_start_comes_first_and_stands_beside_none_of_its_parts(  # type: ignore[type-arg]
        entries: list[dict]) -> None:
    cut = next(
        cut for entry in entries if entry["id"] == "demand.received" for cut in entry["cuts"] if cut["id"] == "groups"
    )
    assert cut["periods"][0]["words"] == "Since the start"
    assert cut["periods"][0]["beside"] == []
    assert all(cut["periods"][0]["id"] not in period["beside"] for period in cut["periods"])
