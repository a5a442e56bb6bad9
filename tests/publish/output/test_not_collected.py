"""A source that has no way to record a category: the release says so, nobody can take it for a zero, and the finer
tables are not hidden for it.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from portal.contract.contract import DIMENSIONS
from portal.figures import FIGURES, build
from portal.figures.charts.style import style
from portal.language import override_language, t
from portal.publish.ingest.extract import Extract
from portal.publish.protection.attack import attack, attacker_knowledge
from portal.publish.publish import Published
from portal.release import queries
from portal.release.store import Release
from portal.release.verify import verify
from portal.release.verify_numbers import differing_numbers
from tests.attack.histories import public
from tests.publish import made
from tests.source import ROOT

ENDS = made.quarter_ends(4)
LACKING = {"race_ethnicity": "black", "outcome": "hospital_other", "language": "nepali", "gender": "another",
           "origin": "follow_up"}
TABLES = {"race_ethnicity": "equity.race_ethnicity", "outcome": "outcome.kind", "language": "equity.language",
          "gender": "equity.gender", "origin": "demand.by_origin"}


def source(*, declared: bool = True, lacking: dict[str, str] = LACKING, seed: int = 1) -> Extract:
    """A log of four quarters with none of these categories; its mapping says that it can't hold them, or nothing."""
    rows: list[dict[str, Any]] = made.rows((150, 140, 160, 150), seed=seed)
    for at, row in enumerate(rows):
        for name, category in lacking.items():
            if row[name] == category:
                other_categories = [other for other in DIMENSIONS[name].base if other not in (category, "not_recorded")]
                row[name] = other_categories[at % len(other_categories)]
    not_collected = {name: [category] for name, category in lacking.items()} if declared else {}
    return made.extract(rows, not_collected=not_collected)


def cells_of(published: Published, table: str, period: str) -> dict[str, tuple[float | None, str]]:
    """The groups of a table in a period, each with its number and status."""
    assert published.folder
    return {row["category_1"]: (row["value"], row["status"])
            for row in queries.table(Release(published.folder), "cells").records
            if (row["table_id"], row["period_id"]) == (table, period)}


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> list[Published]:
    folder = tmp_path_factory.mktemp("lacking")
    return [made.publish(source(), end, folder, state="illustrative") for end in ENDS]


@pytest.mark.parametrize("dimension", LACKING)
def test_a_release_names_the_categories_that_its_source_cannot_record(
        releases: list[Published], dimension: str) -> None:
    last = releases[-1].folder
    assert last
    runs = [period for table, period in public(last).states if table == TABLES[dimension] and period.startswith("run-")]
    assert runs
    for run in runs:
        cells = cells_of(releases[-1], TABLES[dimension], run)
        assert cells[LACKING[dimension]] == (None, "not_collected")
        assert all(value != 0 for value, _ in cells.values())


@pytest.mark.parametrize("dimension", LACKING)
def test_a_sum_names_the_categories_that_none_of_its_parts_could_record(
        releases: list[Published], dimension: str) -> None:
    last = releases[-1].folder
    assert last
    states = public(last).states
    sums = [period for table, period in states if table == TABLES[dimension] and states[table, period]["status"] ==
            "published" and public(last).periods[period].grain in ("year", "pilot")]
    assert sums
    for period in sums:
        assert cells_of(releases[-1], TABLES[dimension], period)[LACKING[dimension]] == (None, "not_collected")


@pytest.mark.parametrize("language", ["en", "ht"])
def test_a_figure_names_them_beside_its_numbers_and_is_drawn(releases: list[Published], language: str) -> None:
    assert releases[-1].folder
    release = Release(releases[-1].folder)  # one: it caches its answers
    with override_language(language):
        for name, figure in ((name, build(release, name, period)) for name in FIGURES
                             for period in ("2026-Q2", None)):
            assert figure.answer.plain.strip()
            if figure.chart:
                with style("light", small=True):
                    assert figure.chart.draw().to_dict(validate=False)
            group = t(DIMENSIONS["language"].labels["nepali"])
            queried = any("'equity.language'" in query.sql for query in figure.provenance.queries)
            assert any(f": {group} (" in words for words in figure.caveats) == queried, name


def test_only_counts_of_people_in_combined_periods_name_such_a_category(releases: list[Published]) -> None:
    last = releases[-1].folder
    assert last
    book = public(last)
    pilot = next(period for period in book.periods if book.periods[period].grain == "pilot")
    book.cells["equity.gender", pilot] = [cell for cell in book.cells["equity.gender", pilot]
                                          if cell["status"] == "published"]
    assert any("names categories as not collected that can't be" in words for words in differing_numbers(book))


def test_a_finer_table_is_shown_where_the_mapping_names_what_the_source_cannot_record(
        releases: list[Published], tmp_path: Path) -> None:
    cells = cells_of(releases[0], "equity.race_ethnicity", "run-2026-Q2")
    assert {name for name, (value, _) in cells.items() if value} >= {"hispanic", "white"}
    silent = made.publish(source(declared=False), ENDS[0], tmp_path, state="illustrative")
    coarser = cells_of(silent, "equity.race_ethnicity", "run-2026-Q2")
    assert set(coarser) == {"white", "not_white_or_unknown"}, "the group of nobody makes it coarser, and hides nothing"


def test_the_release_verifies_and_its_notes_name_the_categories(releases: list[Published]) -> None:
    for release in releases:
        assert release.folder
        assert verify(release.folder) == []
    notes = "".join((release.folder / "NOTES.md").read_text() for release in releases if release.folder)
    assert "Nepali (the City's records can't hold it: it is not a 0)" in notes


def test_the_check_without_the_portal_agrees(releases: list[Published]) -> None:
    assert releases[-1].folder
    check = subprocess.run([sys.executable, "-I", "-S", str(ROOT / "checks" / "verify_release.py"),
                            str(releases[-1].folder.parent)], capture_output=True, text=True, check=False)
    assert check.stdout.startswith("ok"), check.stdout


def test_whoever_knows_the_list_works_no_hidden_number_out(releases: list[Published]) -> None:
    books = [public(release.folder) for release in releases if release.folder]
    for unions in (False, True):
        outcome = attack(attacker_knowledge(books, unions=unions))
        assert outcome.safe, [(cell.target, cell.low, cell.high, cell.verdict) for cell in outcome.cracked][:3]


def test_a_mapping_that_lists_other_categories_later_refuses_no_release(tmp_path: Path) -> None:
    first = made.publish(source(), ENDS[0], tmp_path, state="illustrative")
    for end, lacking in ((ENDS[1], {"language": "nepali"}), (ENDS[2], {"gender": "another", "race_ethnicity": "asian"}),
                         (ENDS[3], {})):
        release = made.publish(source(lacking=lacking), end, tmp_path, state="illustrative")
        assert release.folder
        assert verify(release.folder) == []
        assert cells_of(release, "equity.gender", "run-2026-Q2") == cells_of(first, "equity.gender", "run-2026-Q2")
