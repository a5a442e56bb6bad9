"""Verify finds a flipped byte anywhere, and every number, status or rule that does not hold even where all hashes
do.
"""

import hashlib
import json
import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal.contract.contract import SCHEMA
from portal.publish.output.write import write_files
from portal.release import queries
from portal.release.store import Release
from portal.release.verify import verify
from tests.release.edits import EDITS, Edit

FILES = (
    "release.sqlite",
    "datapackage.json",
    "protection.json",
    "NOTES.md",
    "SHA256SUMS",
    *(f"csv/{name}.csv" for name in SCHEMA),
)


def test_what_was_published_verifies(releases: Path) -> None:
    assert [verify(releases / name) for name in ("2026-Q2", "2026-Q3", "2026-Q4")] == [[], [], []]


@contextmanager
def changed(path: Path, content: bytes) -> Iterator[None]:
    """A file with another content for a while."""
    before = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(content)
    try:
        yield
    finally:
        path.write_bytes(before)


@pytest.mark.parametrize("name", FILES)
def test_a_flipped_byte_anywhere_is_found(name: str, releases: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(releases / "2026-Q2", tmp_path / "2026-Q2"))
    before, chance = (folder / name).read_bytes(), random.Random(name)
    for _ in range(12):
        at, bit = chance.randrange(len(before)), 1 << chance.randrange(8)
        with changed(folder / name, before[:at] + bytes([before[at] ^ bit]) + before[at + 1:]):
            assert verify(folder), f"byte {at}, bit {bit}"
    assert verify(folder) == []


@pytest.mark.parametrize("name", FILES)
def test_a_missing_and_a_truncated_file_are_found(name: str, releases: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(releases / "2026-Q2", tmp_path / "2026-Q2"))
    before = (folder / name).read_bytes()
    for content in (b"", before[:-1], before[: len(before) // 2]):
        with changed(folder / name, content):
            assert any(name in finding for finding in verify(folder)) or (name == "SHA256SUMS" and verify(folder))
    (folder / name).unlink()
    assert verify(folder)


def test_a_file_that_nobody_listed_is_found(releases: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(releases / "2026-Q2", tmp_path / "2026-Q2"))
    (folder / "csv" / "extra.csv").write_text("x\n")
    assert verify(folder) == ["csv/extra.csv is not listed in SHA256SUMS."]


def test_a_release_under_another_name_is_found(releases: Path, tmp_path: Path) -> None:
    shutil.copytree(releases / "2026-Q2", tmp_path / "2026-Q9")
    assert verify(tmp_path / "2026-Q9") == ["It calls itself 2026-Q2, and lies in a folder named 2026-Q9."]


def test_a_folder_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    assert "There is no folder none." in verify(tmp_path / "none")


def made_anew(releases: Path, where: Path, edit: Edit, name: str = "2026-Q4") -> list[str]:
    """What verify says of a release that was changed before it was written, so that all its hashes are right."""
    copy = Path(shutil.copytree(releases, where / "releases"))
    rows = {table: list(queries.table(Release(copy / name), table).rows) for table in SCHEMA}
    protection, notes = (
        json.loads((copy / name / "protection.json").read_text("utf-8")),
        (copy / name / "NOTES.md").read_text("utf-8"),
    )
    edit(rows)
    shutil.rmtree(copy / name)
    (copy / name).mkdir()
    write_files(copy / name, rows, protection, notes)
    return verify(copy / name)


@pytest.mark.parametrize("what", EDITS)
def test_a_number_or_word_that_does_not_hold_is_found_though_all_hashes_do(
    what: str, releases: Path, tmp_path: Path
) -> None:
    edit, expected = EDITS[what]
    findings = made_anew(releases, tmp_path, edit)
    assert any(expected in finding for finding in findings), findings
    assert all(finding.endswith(".") and "\n" not in finding for finding in findings)


def test_a_release_written_again_unchanged_verifies(releases: Path, tmp_path: Path) -> None:
    assert made_anew(releases, tmp_path, lambda rows: None) == []


def test_a_csv_that_is_not_the_database_is_found_though_its_hash_is_right(releases: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(releases / "2026-Q2", tmp_path / "2026-Q2"))
    path, sums = copy / "csv" / "cells.csv", copy / "SHA256SUMS"
    before, old = path.read_bytes(), Release(copy).checksums["csv/cells.csv"]
    path.chmod(0o644)
    path.write_bytes(before.replace(b"published", b"suppressed", 1))
    assert len(verify(copy)) == 2
    sums.chmod(0o644)
    sums.write_text(sums.read_text().replace(old, hashlib.sha256(path.read_bytes()).hexdigest()))
    assert verify(copy) == ["csv/cells.csv does not hold the same rows as release.sqlite."]


def test_an_extra_table_is_found(releases: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(releases / "2026-Q2", tmp_path / "2026-Q2"))
    (copy / "release.sqlite").chmod(0o644)
    database = sqlite3.connect(copy / "release.sqlite")
    database.execute("CREATE TABLE people (name TEXT)")
    database.commit()
    database.close()
    assert "release.sqlite does not hold the tables of the contract, or more than these." in verify(copy)
