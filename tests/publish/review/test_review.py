"""The review page shows what a program can't tell, marks what is private, and holds no row of the extract."""

import csv
import re
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from portal.publish.publish import publish
from portal.publish.review.counts import jumps
from portal.publish.review.page import write_review
from portal.publish.synthetic.illustrate import illustrate
from tests.source import ROOT

MAPPING = ROOT / "data" / "mappings" / "somerville.toml"


def review(calls: Path, folder: Path) -> str:
    """The review page of a dry run."""
    out = folder / "review.html"
    publish(calls, MAPPING, "2026-Q3", "illustrative", folder / "releases", roster=calls.with_name("calls-roster.csv"),
            dry_run=True, period_end=date(2026, 9, 30), published_on=date(2026, 11, 14),
            review=partial(write_review, out, "illustrative"))
    return out.read_text("utf-8")


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("extract")
    illustrate(folder / "calls.csv", months=6, per_month=110, hours_per_week=24, seed=3)
    return folder / "calls.csv"


@pytest.fixture(scope="module")
def page(calls: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    return review(calls, tmp_path_factory.mktemp("review"))


def test_the_private_part_says_so_at_the_head_of_each_sheet(page: str) -> None:
    # The head of a table is printed again on each sheet.
    assert re.search(r'<table class="private"[^>]*>\s*<thead><tr><th>Part 2: PRIVATE', page)


def test_what_may_be_passed_on_holds_no_count_of_the_extract(page: str) -> None:
    safe = page.partition("Part 2: PRIVATE")[0]
    assert "demand.received" in safe
    assert "rows read" not in safe
    assert not re.search(r"<td>[\d,]+</td>", safe)


def test_it_holds_no_key_and_no_time_of_any_row(page: str, calls: Path) -> None:
    with calls.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert not [row["call_id"] for row in rows if row["call_id"] in page]
    assert not [row["person_key"] for row in rows if row["person_key"] and row["person_key"] in page]
    assert not [row["received"] for row in rows if row["received"][:16] in page]


def test_it_needs_nothing_from_anywhere(page: str) -> None:
    assert not re.search(r"(src|href)=|url\(|@import", page)


def test_yes_and_no_swapped_from_a_day_on_is_marked(calls: Path, tmp_path: Path) -> None:
    swapped = tmp_path / "calls.csv"
    with calls.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["received"] >= "2026-08" and row["staffed"]:
            row["staffed"] = {"yes": "no", "no": "yes"}[row["staffed"]]
    with swapped.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    (tmp_path / "calls-roster.csv").write_bytes(calls.with_name("calls-roster.csv").read_bytes())
    staffed = review(swapped, tmp_path).partition("<caption>staffed</caption>")[2].partition("</table>")[0]
    marked_lines = [line for line in staffed.splitlines() if "2026-08" in line or "2026-09" in line]
    assert "(look)" in staffed, marked_lines


def test_yes_and_no_shifted_among_columns_from_a_day_on_shows_in_their_counts(page: str, calls: Path, tmp_path: Path
                                                                             ) -> None:
    columns = ["arrest", "arrest_possible", "force", "injury_resident", "injury_responder", "injury_officer"]
    with calls.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["received"] >= "2026-07" and row["arrest"]:
            row |= dict(zip(columns, [row[name] for name in columns[-1:] + columns[:-1]], strict=True))
    with (tmp_path / "calls.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    (tmp_path / "calls-roster.csv").write_bytes(calls.with_name("calls-roster.csv").read_bytes())
    shifted = review(tmp_path / "calls.csv", tmp_path)
    for name in ("force", "arrest_possible"):
        before, now = (text.partition(f"<caption>{name}</caption>")[2].partition("</table>")[0]
                       for text in (page, shifted))
        quarters = [line for line in now.splitlines() if line not in before.splitlines()]
        assert before and quarters, name


@pytest.mark.parametrize(("counts", "expected"), [
    ([[50, 50], [50, 50], [52, 48]], set()),
    ([[50, 50], [50, 50], [90, 10]], {(2, 1), (2, 2)}),
    ([[5, 5], [10, 0]], set()),  # too few to tell
])
def test_a_share_that_jumps_is_found(counts: list[list[int]], expected: set[tuple[int, int]]) -> None:
    assert jumps(counts) >= expected
    assert bool(jumps(counts)) == bool(expected)
