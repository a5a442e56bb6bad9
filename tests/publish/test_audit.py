"""An auditor who has the records learns, table by table, whether the published numbers follow from them."""

import csv
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from portal.errors import ReleaseBroken
from portal.publish.audit import audit
from portal.publish.publish import publish
from portal.publish.synthetic.illustrate import illustrate
from tests.source import ROOT

MAPPING = ROOT / "data" / "mappings" / "somerville.toml"
QUARTERS = (("2026-Q2", date(2026, 6, 30), date(2026, 8, 14)), ("2026-Q3", date(2026, 9, 30), date(2026, 11, 14)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An extract, its roster, and two releases published from it."""
    folder = tmp_path_factory.mktemp("audited")
    roster = illustrate(folder / "calls.csv", months=9, hours_per_week=24, seed=5)
    for name, end, day in QUARTERS:
        publish(folder / "calls.csv", MAPPING, name, "illustrative", folder / "releases", roster=roster, period_end=end,
                published_on=day, recorded_through=day, notes=["Said by the analyst."])
    return folder


def changed(folder: Path, where: Path, change: Callable[[dict[str, str]], None]) -> Path:
    """The extract with every row changed."""
    with (folder / "calls.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        change(row)
    with (where / "calls.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return where / "calls.csv"


@pytest.mark.parametrize("name", [name for name, *_ in QUARTERS])
def test_a_release_that_was_made_from_the_records_follows_from_them(name: str, folder: Path) -> None:
    found = audit(folder / "releases" / name, folder / "calls.csv", MAPPING, folder / "calls-roster.csv")
    assert found.follows, found.lines()
    assert found.lines()[-1].startswith("Every published number follows from the records.")
    assert found.head in found.lines()[-1]


def test_records_that_give_other_numbers_are_reported_by_table_and_period_and_never_by_number(
    folder: Path, tmp_path: Path
) -> None:
    def without_force(row: dict[str, str]) -> None:
        row["origin"] = {"call_911": "officer_request"}.get(row["origin"], row["origin"])

    other = changed(folder, tmp_path, without_force)
    found = audit(folder / "releases" / "2026-Q3", other, MAPPING, folder / "calls-roster.csv")
    lines = found.lines()
    assert not found.follows
    assert any(line.startswith("demand.by_origin: differs in ") and "run-2026-Q3" in line for line in lines)
    assert "demand.received: follows from the records" in lines
    assert not re.search(r"\b\d+\b(?!-)", re.sub(r"\d{4}-(Q\d|\d\d)|and \d+ more|hash [0-9a-f]{64}|[a-z_]+_\d+", "",
                                                 "\n".join(line for line in lines if "differs" in line)))


def test_a_release_without_those_before_it_cannot_be_audited(folder: Path, tmp_path: Path) -> None:
    alone = tmp_path / "2026-Q3"
    alone.mkdir()
    for path in (folder / "releases" / "2026-Q3").rglob("*"):
        target = alone / path.relative_to(folder / "releases" / "2026-Q3")
        target.mkdir(exist_ok=True) if path.is_dir() else target.write_bytes(path.read_bytes())
    with pytest.raises(ReleaseBroken, match="2026-Q2"):
        audit(alone, folder / "calls.csv", MAPPING, folder / "calls-roster.csv")
