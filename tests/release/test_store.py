"""Releases are listed, and opened read-only."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Connection, NullPool, create_engine, insert
from sqlalchemy.exc import DatabaseError

from portal.errors import NoRelease, ReleaseBroken
from portal.release.queries import TABLES, can_write, meta
from portal.release.store import Release, current_id, release_ids


def test_releases_are_listed_oldest_first_and_one_is_current(releases: Path) -> None:
    assert release_ids(releases) == ("2026-Q2", "2026-Q3", "2026-Q4")
    assert current_id(releases) == "2026-Q4"
    assert meta(Release(releases / "2026-Q2"))["release_id"] == "2026-Q2"


@pytest.mark.parametrize("allowed", [False, True], ids=["SQLite refuses", "the file itself"])
def test_nothing_can_be_written_to_a_release(releases: Path, tmp_path: Path, allowed: bool) -> None:
    copy = Path(shutil.copytree(releases / "2026-Q2", tmp_path / "2026-Q2"))
    (copy / "release.sqlite").chmod(0o644)  # the file's mode is not what keeps it
    before = (copy / "release.sqlite").read_bytes()
    with Release(copy).engine.connect() as connection:
        if allowed:
            driver(connection).set_authorizer(None)
        with pytest.raises(DatabaseError, match="readonly" if allowed else "not authorized"):
            connection.execute(insert(TABLES["meta"]).values(key="x", value="y"))
    assert (copy / "release.sqlite").read_bytes() == before
    assert sorted(path.name for path in copy.iterdir()) == sorted(
        path.name for path in (releases / "2026-Q2").iterdir()
    )
    assert not can_write(Release(copy))


def driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


@pytest.mark.parametrize("statement", [
    "ATTACH DATABASE '{other}' AS other", "SELECT load_extension('{other}')", "PRAGMA writable_schema = ON",
    "PRAGMA query_only = OFF", "CREATE TABLE t (a)", "CREATE TEMP TABLE t (a)", "DELETE FROM cells", "DROP TABLE cells",
    "UPDATE cells SET value = 1", "VACUUM INTO '{other}'", "ANALYZE", "SAVEPOINT s", "BEGIN IMMEDIATE",
])
def test_a_release_can_only_be_read(releases: Path, tmp_path: Path, statement: str) -> None:
    other = tmp_path / "other.sqlite"
    with Release(releases / "2026-Q2").engine.connect() as connection:
        with pytest.raises(sqlite3.DatabaseError, match="authoriz"):
            driver(connection).execute(statement.format(other=other))
        if load := getattr(driver(connection), "load_extension", None):  # many Pythons are built without it
            with pytest.raises(sqlite3.OperationalError):
                load(str(other))
    assert not other.exists()


def test_a_function_that_loads_an_extension_is_refused_by_name(releases: Path) -> None:
    # SQLite refuses it too, as long as nobody switches loading on: then it does not name the function.
    refused = "not authorized to use function: load_extension"
    with (
        Release(releases / "2026-Q2").engine.connect() as connection,
        pytest.raises(sqlite3.DatabaseError, match=refused),
    ):
        driver(connection).execute("SELECT load_extension('x')")


def test_a_database_that_lets_itself_be_written_to_is_reported(releases: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(releases / "2026-Q2", tmp_path / "2026-Q2"))
    (copy / "release.sqlite").chmod(0o644)
    release = Release(copy)
    release.__dict__["engine"] = create_engine(f"sqlite:///{copy / 'release.sqlite'}", poolclass=NullPool)
    assert can_write(release)
    assert "tried" not in meta(release)


def test_a_folder_outside_is_not_reached_by_a_link(releases: Path, tmp_path: Path) -> None:
    (tmp_path / "linked").symlink_to(releases / "2026-Q2")
    assert release_ids(tmp_path) == ()


def test_a_publication_under_way_is_not_a_release(releases: Path, tmp_path: Path) -> None:
    shutil.copytree(releases / "2026-Q2", tmp_path / ".2026-Q2.tmp-7")
    assert release_ids(tmp_path) == ()


def test_without_releases_it_is_stated_that_none_is_published(tmp_path: Path) -> None:
    assert release_ids(tmp_path / "none") == ()
    with pytest.raises(NoRelease, match="No release is published"):
        current_id(tmp_path)


def test_a_current_that_names_nothing_is_reported(releases: Path, tmp_path: Path) -> None:
    shutil.copytree(releases / "2026-Q2", tmp_path / "2026-Q2")
    (tmp_path / "current").write_text("2027-Q1\n")
    with pytest.raises(ReleaseBroken, match="2027-Q1"):
        current_id(tmp_path)


@pytest.mark.parametrize("content", [b"", b"not a database at all", b"SQLite format 3\0" + bytes(84)])
def test_a_file_that_is_no_database_is_reported_in_a_sentence(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "2026-Q2").mkdir()
    (tmp_path / "2026-Q2" / "release.sqlite").write_bytes(content)
    with pytest.raises(ReleaseBroken, match=r"release\.sqlite is damaged or isn't a release"):
        meta(Release(tmp_path / "2026-Q2"))


@pytest.mark.parametrize("content", [b"one word\n", b"\xff\xfe  x\n"])
def test_hashes_that_cannot_be_read_are_reported(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "SHA256SUMS").write_bytes(content)
    with pytest.raises(ReleaseBroken, match="SHA256SUMS can't be read"):
        _ = Release(tmp_path).checksums


@pytest.mark.parametrize("name", ["100% public", "a%41", "one#two", "a?mode=rwc", "côté & more"])
def test_a_folder_may_have_any_name(name: str, releases: Path, tmp_path: Path) -> None:
    known = Release(releases / current_id(releases))
    copy = Path(shutil.copytree(known.folder, tmp_path / name / known.id))
    assert meta(Release(copy)) == meta(known)
    assert not can_write(Release(copy))
