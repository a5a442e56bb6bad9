"""Every source publishes and can be shown: with any column more or less, no wrong number and no traceback."""

from itertools import combinations, product
from pathlib import Path

import pytest

from portal.contract.contract import MEASURES
from portal.figures import FIGURES, build
from portal.figures.charts.style import style
from portal.language import override_language
from portal.release import queries
from portal.release.store import Release
from portal.release.verify import verify
from tests.publish import subsets

SOURCES = subsets.subsets()
Values = dict[tuple[str, str], dict[tuple[str, str], float]]


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> list[Release]:
    found = []
    for at, without in enumerate(SOURCES):
        published = subsets.published(without, tmp_path_factory.mktemp(f"source{at}"))
        assert published.folder
        found.append(Release(published.folder))
    return found


def test_each_pair_of_columns_is_there_in_all_four_ways() -> None:
    for pair in combinations(subsets.OPTIONAL, 2):
        pairs = {tuple(name in without for name in pair) for without in SOURCES}
        assert pairs == set(product((True, False), repeat=2)), pair


def values(release: Release) -> Values:
    found: Values = {}
    for row in queries.table(release, "cells").records:
        if row["status"] == "published":
            key = row["table_id"], row["period_id"]
            found.setdefault(key, {})[row["measure_id"], row["category_1"]] = row["value"]
    return found


@pytest.fixture(scope="module")
def without_roster(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """All but the roster: whether the team was on duty is then what the column `staffed` says."""
    published = subsets.published((subsets.ROSTER,), tmp_path_factory.mktemp("no roster"))
    assert published.folder
    return Release(published.folder)


@pytest.mark.parametrize("at", range(len(SOURCES)))
def test_a_source_with_less_has_the_same_numbers_or_none(at: int, releases: list[Release], without_roster: Release
                                                         ) -> None:
    expected = values(without_roster if subsets.ROSTER in SOURCES[at] else releases[0])
    part = values(releases[at])
    assert verify(releases[at].folder) == []
    lacking = set(SOURCES[at])
    for (table, period), numbers in part.items():
        assert not lacking & set(MEASURES[table].needs), f"{table} needs what the source lacks"
        known = expected.get((table, period), {})
        differs = {key for key, number in numbers.items() if known.get(key, number) != number}
        assert not differs, (table, period, differs)


@pytest.mark.parametrize("language", ["en", "ht"])
@pytest.mark.parametrize("at", range(len(SOURCES)))
def test_every_figure_of_every_source_is_made(at: int, language: str, releases: list[Release]) -> None:
    collected = {row["table_id"]: row["status"] != "not_collected"
                 for row in queries.table(releases[at], "states").records}
    with override_language(language):
        for name in FIGURES:
            for period in ("2026-Q2", None):
                figure = build(releases[at], name, period)
                assert figure.answer.plain.strip()
                if figure.chart:
                    with style("light", small=True):
                        assert figure.chart.draw().to_dict(validate=False)
            if name in MEASURES and not collected.get(name, True):
                assert not figure.chart, f"{name} is not collected, and has a chart"


def test_a_portal_shows_a_source_that_holds_calls_and_nothing_more(tmp_path: Path) -> None:
    """`python -m tests.publish.subsets` shows every source so, in another language too."""
    assert subsets.not_shown(subsets.OPTIONAL, tmp_path, ("en",)) == []
