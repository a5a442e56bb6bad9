"""The check that needs nothing but Python finds what it claims, and agrees with `verify` on 230 damaged releases."""

import importlib.util
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from portal.contract.contract import SCHEMA
from portal.release import queries
from portal.release.book import PublicBook
from portal.release.chain import verify_chain
from portal.release.store import Release
from portal.release.verify import as_text, verify
from portal.release.verify_numbers import differing_numbers
from tests.publish import made
from tests.source import ROOT

SCRIPT = ROOT / "checks" / "verify_release.py"
SHIPPED = ROOT / "data" / "releases"
NEWEST = SHIPPED / "2027-Q3"
Rows = dict[str, list[tuple[Any, ...]]]


def load() -> ModuleType:
    """The script, as a module."""
    spec = importlib.util.spec_from_file_location("verify_release", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CHECKS = load()


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    """The script as somebody outside runs it: isolated, without any installed library."""
    return subprocess.run([sys.executable, "-I", "-S", str(SCRIPT), str(folder)], capture_output=True, text=True,
                          check=False)


def rows_of(release: Path) -> Rows:
    return {name: list(queries.table(Release(release), name).rows) for name in SCHEMA}


def as_csv(rows: Rows, name: str) -> list[dict[str, str]]:
    """A table as the script reads it."""
    return [dict(zip(SCHEMA[name], map(as_text, row), strict=True)) for row in rows[name]]


def found_by_script(rows: Rows) -> list[str]:
    cells, periods = as_csv(rows, "cells"), as_csv(rows, "periods")
    return [*CHECKS.wrong_statuses(cells, as_csv(rows, "states")),
            *CHECKS.wrong_sums(cells, as_csv(rows, "sums"), as_csv(rows, "categories")),
            *CHECKS.wrong_months(cells, periods), *CHECKS.too_small(cells, as_csv(rows, "measures"), periods)]


def found_by_verify(rows: Rows) -> list[str]:
    """As `verify`, which also takes what breaks its arithmetic for a finding."""
    try:
        return list(differing_numbers(PublicBook(rows)))
    except (KeyError, ValueError, TypeError, IndexError) as error:
        return [str(error)]


def test_it_is_short_enough_to_be_read_and_the_shipped_releases_pass() -> None:
    assert len(SCRIPT.read_text("utf-8").splitlines()) <= 200
    process = run(SHIPPED)
    assert process.returncode == 0, process.stdout
    assert process.stdout.startswith("ok. The head hash of each release")


@pytest.fixture(scope="module")
def shipped_rows() -> Rows:
    return rows_of(NEWEST)


def cell_with(rows: Rows, chance: random.Random, wanted: Callable[[dict[str, Any]], bool]) -> int:
    """The place of a random cell that is wanted."""
    columns = SCHEMA["cells"]
    return chance.choice([at for at, row in enumerate(rows["cells"]) if wanted(dict(zip(columns, row, strict=True)))])


def change(rows: Rows, at: int, **new: Any) -> Rows:
    """The rows with one cell changed."""
    row = dict(zip(SCHEMA["cells"], rows["cells"][at], strict=True)) | new
    return rows | {"cells": [*rows["cells"][:at], tuple(row.values()), *rows["cells"][at + 1:]]}


def a_total_changed(rows: Rows, chance: random.Random) -> Rows:
    totals = {(row[0], row[1]) for row in rows["sums"]}
    at = cell_with(rows, chance, lambda cell: (cell["table_id"], cell["period_id"]) in totals and bool(cell["value"]))
    return change(rows, at, value=rows["cells"][at][7] + chance.choice([-1, 1]))


def a_part_changed(rows: Rows, chance: random.Random) -> Rows:
    parts = {(row[0], row[2]) for row in rows["sums"]}
    at = cell_with(rows, chance, lambda cell: (cell["table_id"], cell["period_id"]) in parts and bool(cell["value"]))
    return change(rows, at, value=rows["cells"][at][7] + chance.choice([-1, 1]))


def a_month_changed(rows: Rows, chance: random.Random) -> Rows:
    months = {row[0] for row in rows["periods"] if row[1] == "month"}
    at = cell_with(rows, chance, lambda cell: cell["table_id"] == "demand.received" and cell["period_id"] in months)
    return change(rows, at, value=rows["cells"][at][7] + chance.choice([-1, 1]))


def a_group_made_small(rows: Rows, chance: random.Random) -> Rows:
    people = {row[0] for row in rows["measures"] if row[2] == "people"}
    at = cell_with(rows, chance, lambda cell: cell["table_id"] in people and bool(cell["value"])
                   and cell["period_id"].startswith("run-") and bool(cell["category_1"])
                   and cell["measure_id"] in ("calls", "responses"))
    return change(rows, at, value=float(chance.randrange(1, 11)))


def a_number_that_is_hidden(rows: Rows, chance: random.Random) -> Rows:
    at = cell_with(rows, chance, lambda cell: cell["status"] != "published")
    return change(rows, at, value=float(chance.randrange(50)))


def a_number_taken_away(rows: Rows, chance: random.Random) -> Rows:
    return change(rows, cell_with(rows, chance, lambda cell: cell["value"] is not None), value=None)


def a_status_changed(rows: Rows, chance: random.Random) -> Rows:
    at = cell_with(rows, chance, lambda cell: cell["status"] == "published")
    return change(rows, at, status=chance.choice(["suppressed", "not_due", "not_collected"]))


DAMAGES = (a_total_changed, a_part_changed, a_month_changed, a_group_made_small, a_number_that_is_hidden,
           a_number_taken_away, a_status_changed)


@pytest.mark.parametrize("damage", DAMAGES, ids=[damage.__name__ for damage in DAMAGES])
def test_it_and_verify_agree_on_what_it_claims(damage: Callable[[Rows, random.Random], Rows], shipped_rows: Rows
                                               ) -> None:
    for seed in range(29):
        damaged = damage(shipped_rows, random.Random(seed))
        assert found_by_script(damaged), f"the script finds nothing in {damage.__name__} {seed}"
        assert found_by_verify(damaged), f"verify finds nothing in {damage.__name__} {seed}"


def test_it_and_verify_find_nothing_in_the_release_as_it_was_published(shipped_rows: Rows) -> None:
    assert found_by_script(shipped_rows) == []
    assert found_by_verify(shipped_rows) == []


@pytest.mark.parametrize("seed", range(27))
def test_it_and_verify_find_a_flipped_byte_in_any_file(seed: int, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(SHIPPED / "2026-Q2", tmp_path / "2026-Q2"))
    chance = random.Random(seed)
    path = chance.choice(sorted(path for path in copy.rglob("*") if path.is_file() and path.stat().st_size))
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.chmod(0o644)
    path.write_bytes(content)
    assert CHECKS.wrong_hashes(copy), path.name
    assert verify(copy), path.name


def test_a_release_replaced_by_another_breaks_the_chain(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(SHIPPED, tmp_path / "releases"))
    notes, sums = copy / "2026-Q3" / "NOTES.md", copy / "2026-Q3" / "SHA256SUMS"
    before = CHECKS.sha256(notes)
    for path in (notes, sums):
        path.chmod(0o644)
    notes.write_text(notes.read_text("utf-8") + "\nRewritten.\n", "utf-8")
    sums.write_text(sums.read_text("utf-8").replace(before, CHECKS.sha256(notes)), "utf-8")
    process = run(copy)
    assert process.returncode == 1
    assert process.stdout == "2026-Q4: 2026-Q3 is not the release that it was published after\n"


@pytest.mark.parametrize(("name", "said"), [("cells.csv", "csv/cells.csv is missing"), ("meta.csv", "csv/meta.csv")])
def test_a_missing_table_is_reported_in_a_sentence(name: str, said: str, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(SHIPPED, tmp_path / "releases"))
    (copy / "2026-Q3" / "csv" / name).unlink()
    process = run(copy)
    assert process.returncode == 1
    assert said in process.stdout
    assert "Traceback" not in process.stderr


def test_called_without_a_folder_it_says_how(tmp_path: Path) -> None:
    assert "https://ADDRESS" in subprocess.run([sys.executable, str(SCRIPT)], capture_output=True, text=True,
                                              check=False).stdout
    assert "There is no release" in run(tmp_path).stdout


def test_a_release_without_its_list_of_hashes_is_reported_and_so_is_a_second_newest_one(tmp_path: Path) -> None:
    without = Path(shutil.copytree(SHIPPED, tmp_path / "without"))
    (without / NEWEST.name / "SHA256SUMS").unlink()
    assert f"{NEWEST.name}: SHA256SUMS is missing" in run(without).stdout
    other = Path(shutil.copytree(SHIPPED, tmp_path / "other"))
    shutil.copytree(NEWEST, other / "2027-Q3-b")
    assert "2027-Q3 and 2027-Q3-b each end a chain of releases" in run(other).stdout


def test_a_table_that_a_quotation_mark_makes_one_cell_is_reported_in_a_sentence(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(NEWEST, tmp_path / NEWEST.name))
    cells = copy / "csv" / "cells.csv"
    cells.chmod(0o644)
    cells.write_bytes(cells.read_bytes().replace(b"\n", b'\n"', 1))
    process = run(copy)
    assert process.returncode == 1
    assert "csv/cells.csv is not the file that SHA256SUMS lists" in process.stdout
    assert "Traceback" not in process.stderr


def test_the_head_hash_of_all_comes_last_whatever_the_releases_are_called(tmp_path: Path) -> None:
    calls, ends = made.extract(made.rows((130, 60))), made.quarter_ends(2)
    with made.in_2031():
        for name, end in zip(("pilot", "2026-Q3"), ends, strict=True):
            made.publish(calls, end, tmp_path, name=name)
    assert run(tmp_path).stdout.splitlines()[-1] == f"2026-Q3 {verify_chain(tmp_path).head}"
