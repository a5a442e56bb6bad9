"""What nobody may see makes no difference: attributes moved inside the finest groups that were tried before they are
first published, and everything about quarters that still wait, leave every file byte for byte the same.
"""

import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from portal.contract.contract import DIMENSIONS, MEASURES
from portal.publish.ingest.columns import COLUMNS
from portal.publish.protection.protect import rungs_tried
from portal.release.periods import quarter_of
from portal.release.store import Release
from tests.attack.histories import public
from tests.publish import made

ENDS = made.quarter_ends(3)
WRITTEN = ("gender", "age_band", "race_ethnicity", "housing", "language", "outcome")  # dimensions that are columns
CATEGORIES = {column.name: column.categories for column in COLUMNS}
Rows = list[dict[str, Any]]


def published(rows: Rows, folder: Path) -> list[Path]:
    releases = [made.publish(made.extract(rows, duty=made.roster(made.FIRST, ENDS[-1])), end, folder,
                             state="illustrative") for end in ENDS]
    return [release.folder for release in releases if release.folder]


def groups(folder: Path, dimension: str) -> dict[str, list[set[str]]]:
    """Of each quarter, the finest groups that any published table was tried with: base categories that none of them
    tells apart. They are the published ones, but for a table that is shown more coarsely.
    """
    book, found = public(folder), dict[str, list[set[str]]]()
    for measure in (
        measure for measure in MEASURES.values() if measure.kind == "people" and measure.dimension == dimension
    ):
        for run in book.published(measure.id, "run"):
            size = int(sum(book.values((measure.id, run.period_id)).values()))
            first = DIMENSIONS[dimension].ladder[rungs_tried(DIMENSIONS[dimension], size)[0]]
            blocks = [set(DIMENSIONS[dimension].covers[block]) for block in first]
            for quarter in book.quarters:
                if run.start <= quarter.start.isoformat() and quarter.end.isoformat() <= run.end:
                    before = found.get(quarter.id, [set(DIMENSIONS[dimension].base)])
                    found[quarter.id] = [block & other for block in before for other in blocks if block & other]
    return found


def moved(rows: Rows, folder: Path, seed: int) -> tuple[Rows, int]:
    """The rows with attributes moved inside these groups, and how many of them changed."""
    chance, changed = random.Random(seed), 0
    published_groups = {name: groups(folder, name) for name in WRITTEN}
    changed_rows = [dict(row) for row in rows]
    for row in changed_rows:
        quarter = quarter_of(row["received"].date()).id
        for dimension in WRITTEN:
            blocks = published_groups[dimension].get(quarter, [])
            inside = next((block for block in blocks if row[dimension] in block), {row[dimension]})
            category = chance.choice(sorted(inside)) if row["answered_by"] == "team" else row[dimension]
            changed += category != row[dimension]
            row[dimension] = category
    return changed_rows, changed


def scrambled(rows: Rows, since: date, seed: int) -> Rows:
    """The rows with everything about the responses since a day drawn anew: who they were to, and what came of them."""
    chance, found = random.Random(seed), [dict(row) for row in rows]
    for row in (row for row in found if row["received"].date() >= since and row["answered_by"] == "team"):
        for column in COLUMNS:
            if column.name in WRITTEN:
                row[column.name] = chance.choice(CATEGORIES[column.name])
            elif column.kind == "yes_no" and column.name != "staffed":
                row[column.name] = chance.choice([True, False, None])
        row |= {"person_key": f"Q{chance.randrange(50)}", "cleared": row["arrived"],
                "eligibility": chance.choice(["eligible", "not_eligible", "not_screened"])}
    return found


@pytest.fixture(scope="module")
def rows() -> Rows:
    """Two runs that close, and a third quarter too small for anything: 8 responses."""
    return made.rows((130, 60, 8), others=90)


@pytest.fixture(scope="module")
def releases(rows: Rows, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return published(rows, tmp_path_factory.mktemp("first"))


def test_attributes_moved_inside_groups_change_no_byte(
        rows: Rows, releases: list[Path], tmp_path: Path) -> None:
    other, changed = moved(rows, releases[-1], seed=1)
    assert changed > 50
    for first, second in zip(releases, published(other, tmp_path), strict=True):
        assert made.contents(first) == made.contents(second)


def test_nothing_about_a_quarter_that_waits_changes_a_byte(
        rows: Rows, releases: list[Path], tmp_path: Path) -> None:
    waits = [key for key, state in public(releases[-1]).states.items() if state["status"] == "not_due"]
    assert ("equity.gender", "open-2026-Q4") in waits and ("demand.eligible", "open-2026-Q4") in waits
    other = scrambled(rows, date(2026, 10, 1), seed=2)
    assert other != rows
    for first, second in zip(releases, published(other, tmp_path), strict=True):
        assert Release(first).checksums == Release(second).checksums
