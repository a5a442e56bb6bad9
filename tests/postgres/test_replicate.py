"""Releases in a real PostgreSQL: the same files, the same answers, read by a role that can do nothing else."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.pool import NullPool, StaticPool
from typer.testing import CliRunner

from portal.__main__ import app
from portal.contract.contract import MEASURES, SCHEMA
from portal.errors import BadSetting, DatabaseAway, NoRelease, ReleaseBroken, ReleaseExists
from portal.release import postgres_mirror, queries
from portal.release.postgres_mirror import ENCODING, Mirror, engine, schema_of
from portal.release.store import Release, current_id, release_ids
from portal.replicate import replicate
from portal.server.snapshot import SnapshotStore
from portal.settings import Settings
from tests.conftest import SMALLEST
from tests.site import built

OLD, NEW = SMALLEST


@pytest.fixture(scope="session")
def loaded(url: str, postgres: Any, releases: Path) -> str:
    """The URL for a role that may only read, with both releases loaded."""
    postgres.psql("CREATE ROLE reader LOGIN;")
    assert replicate(url, releases, "reader")[-1] == f"live: {NEW}"
    return url.replace("postgres@", "reader@", 1)


class SharedRelease(Release):
    """A release's tables in the database, for the same queries as its SQLite file."""

    def __init__(self, url: str, release_id: str) -> None:
        super().__init__(Path(release_id))
        opened = create_engine(make_url(url), poolclass=NullPool, connect_args={
            "options": f'-c search_path="{schema_of(release_id)}" -c default_transaction_read_only=on', **ENCODING})
        self.__dict__["engine"] = opened  # in place of the cached property, which would open the SQLite file


def both(loaded: str, releases: Path, name: str = NEW) -> tuple[Release, Release]:
    return Release(releases / name), SharedRelease(loaded, name)


@pytest.mark.parametrize("name", SMALLEST)
@pytest.mark.parametrize("table", SCHEMA)
def test_every_table_is_the_same_cell_by_cell(loaded: str, releases: Path, table: str, name: str) -> None:
    file, database = both(loaded, releases, name)
    assert queries.table(database, table).rows == queries.table(file, table).rows
    empty = {"breaks", "coverage", "attack", "remarks", "errata", "costs"}  # in these releases
    assert queries.table(file, table).rows or table in empty


def test_every_question_has_the_same_answer(loaded: str, releases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each measure all its times, and everything there is to ask of one period of each grain."""
    monkeypatch.setattr(postgres_mirror, "NullPool", StaticPool)  # one connection for all questions
    file, database = both(loaded, releases)
    periods = {row["grain"]: row["period_id"] for row in queries.periods(file).records}.values()
    asked = [("meta", ()), ("periods", ()), ("periods", ("run", "quarter")), ("reasons", ()),
             ("dictionary", ()), ("status_total", ("published",))]
    for measure in (measure for measure in MEASURES.values() if measure.values):
        keys = list(measure.values)
        asked += [("states", (measure.id,)),
                  *(("series", (measure.id, grain, keys)) for grain in ("month", "quarter", "run"))]
        for period in periods:
            blocks = queries.breakdown(file, measure.id, period, keys[0]).column("category")
            asked += [("breakdown", (measure.id, period, keys[0])), ("values", (measure.id, period)),
                      ("total", (measure.id, period, keys[0], blocks)),
                      ("share", ((measure.id, keys[0]), ("demand.received", "calls"), period)),
                      ("part_of", (measure.id, period, keys[0], blocks[:1], blocks))]
    assert len(asked) > 300
    for name, arguments in asked:
        here, there = (getattr(queries, name)(one, *arguments) for one in (file, database))
        if name == "meta":
            assert here == there
        else:
            assert (here.columns, sorted(here.rows, key=repr)) == (there.columns, sorted(there.rows, key=repr)), name
            assert here.sql == there.sql
    database.engine.dispose()


def test_the_reading_role_can_change_nothing(loaded: str) -> None:
    for options in ("", "-c default_transaction_read_only=off"):
        opened = create_engine(loaded, connect_args={"options": options})
        with opened.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
            connection.exec_driver_sql("DELETE FROM portal.live")
        opened.dispose()
    with engine(loaded).connect() as connection, pytest.raises(DBAPIError, match="read-only"):
        connection.exec_driver_sql("CREATE TEMP TABLE x (y int)")


def test_loading_again_changes_nothing_and_another_release_of_that_name_is_refused(
        url: str, loaded: str, releases: Path, tmp_path: Path) -> None:
    assert replicate(url, releases)[:2] == [f"{OLD}: is there already", f"{NEW}: is there already"]
    shutil.copytree(releases / OLD, tmp_path / OLD)
    (tmp_path / "current").write_text(f"{OLD}\n", encoding="utf-8")
    database = SharedRelease(loaded, OLD)
    before = queries.table(database, "cells").rows
    for file in (tmp_path / OLD).rglob("*"):
        file.chmod(0o755 if file.is_dir() else 0o644)
    notes = tmp_path / OLD / "NOTES.md"
    notes.write_text(notes.read_text(encoding="utf-8") + "\nMore.\n", encoding="utf-8")
    with pytest.raises(ReleaseBroken):
        replicate(url, tmp_path)
    assert queries.table(SharedRelease(loaded, OLD), "cells").rows == before


def test_another_release_of_the_same_name_is_refused(
        url: str, loaded: str, releases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.replicate.verify", lambda _: [])
    other = releases.parent / "other"
    shutil.copytree(releases, other, dirs_exist_ok=True)
    (other / OLD / "NOTES.md").chmod(0o644)
    (other / OLD / "NOTES.md").write_text("Another.\n", encoding="utf-8")
    with pytest.raises(ReleaseExists):
        replicate(url, other)


def test_a_mirror_has_the_same_files_and_follows_what_is_live(
        url: str, loaded: str, releases: Path, tmp_path: Path) -> None:
    mirror = Mirror(loaded, tmp_path / "mirror")
    mirror.pull()
    assert release_ids(mirror.folder) == SMALLEST
    assert current_id(mirror.folder) == NEW
    for file in (path for path in releases.rglob("*") if path.is_file()):
        assert (mirror.folder / file.relative_to(releases)).read_bytes() == file.read_bytes()
    back = tmp_path / "back"
    shutil.copytree(releases, back)
    (back / "current").write_text(f"{OLD}\n", encoding="utf-8")
    replicate(url, back)
    mirror.pull()
    assert current_id(mirror.folder) == OLD
    replicate(url, releases)


def test_the_server_lives_through_a_restart_of_its_database(
        postgres: Any, loaded: str, tmp_path: Path, drawn_cache: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = SnapshotStore(built(Settings(releases=loaded, cache=drawn_cache, ahead=())))
    before = store.poll()
    assert before.live
    assert before.live.facts.id == NEW
    postgres.stop()
    for _ in range(2):
        assert store.poll() is before  # the same page
    assert caplog.text.count("can't be copied") == 1  # said once, without the URL
    assert "reader@" not in caplog.text
    postgres.ensure_postgres_running()
    assert store.poll() is before


def test_what_is_deleted_in_the_database_is_no_longer_served_and_another_live_one_is_seen_without_a_builder(
        url: str, loaded: str, releases: Path, drawn_cache: Path) -> None:
    store = SnapshotStore(built(Settings(releases=loaded, cache=drawn_cache, ahead=())))
    assert tuple(store.poll().copies) == (NEW, OLD)
    owner = create_engine(url)
    with owner.begin() as connection:
        connection.exec_driver_sql(f"UPDATE portal.live SET release_id = '{OLD}'")
    live = store.poll().live
    assert live and live.facts.id == OLD
    with owner.begin() as connection:
        connection.exec_driver_sql(f"UPDATE portal.live SET release_id = '{NEW}'")
        connection.exec_driver_sql(f"DELETE FROM portal.files WHERE release_id = '{OLD}'")
    assert tuple(store.poll().copies) == (NEW,)
    store.source.pull()
    assert release_ids(store.source.folder) == (NEW,)
    with owner.begin() as connection:  # as it was, for other tests
        connection.exec_driver_sql(f'DROP SCHEMA "{schema_of(OLD)}" CASCADE')
    owner.dispose()
    replicate(url, releases, "reader")


def test_a_full_disk_is_reported_once_and_ends_nothing(
        loaded: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "full").write_text("no folder can be made here", encoding="utf-8")
    mirror = Mirror(loaded, tmp_path / "full" / "mirror")
    for _ in range(2):
        mirror.pull()
    assert caplog.text.count("can't be copied from the database (Not a directory)") == 1
    assert mirror.failing


def test_a_database_in_no_encoding_holds_releases_too(url: str, postgres: Any, releases: Path) -> None:
    """As `initdb` makes one where no locale is set: psycopg gives its text as bytes unless it is asked in UTF-8."""
    postgres.psql("CREATE DATABASE plain ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C';")
    plain = make_url(url).set(database="plain").render_as_string(hide_password=False)
    assert replicate(plain, releases, "")[-1] == f"live: {NEW}"
    file, database = both(plain, releases)
    assert queries.table(database, "cells").rows == queries.table(file, "cells").rows


@pytest.mark.parametrize("wrong", ["mysql://x/y", "postgresql://x/y", "postgresql+psycopg2://secret@x/y"])
def test_an_address_of_another_kind_is_refused_without_repeating_it(wrong: str, tmp_path: Path) -> None:
    with pytest.raises(BadSetting) as told:
        Mirror(wrong, tmp_path)
    assert wrong not in str(told.value)


def test_a_database_that_is_away_is_reported_in_a_sentence(releases: Path, tmp_path: Path) -> None:
    nowhere = f"postgresql+psycopg://secret@/x?host={tmp_path}"
    with pytest.raises(DatabaseAway) as told:
        replicate(nowhere, releases)
    assert "secret" not in str(told.value)
    with pytest.raises(NoRelease):
        replicate(nowhere, tmp_path)


def test_the_command_says_what_it_did(url: str, loaded: str, releases: Path) -> None:
    assert loaded
    process = CliRunner().invoke(app, ["replicate", url, "--releases", str(releases)])
    assert (process.exit_code, process.stdout.splitlines()[-1]) == (0, f"live: {NEW}")
