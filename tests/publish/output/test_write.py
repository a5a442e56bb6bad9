"""A release folder: the same rows give the same bytes, all of it or nothing, and nothing of a person in it."""

import hashlib
import json
import os
import sqlite3
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import frictionless
import pytest
from sqlalchemy import Engine, event
from typer.testing import CliRunner

from portal.__main__ import app
from portal.builder.cache_layout import CacheLayout
from portal.builder.index import read_index
from portal.contract.contract import MEASURES, SCHEMA, THRESHOLDS
from portal.errors import CantWrite, ReleaseBroken, ReleaseExists, ReleaseRefused
from portal.publish.output.describe import NO_LICENSE
from portal.publish.output.write import (
    csv_bytes,
    install_release,
    make_current,
    normalize_header,
    publication_lock,
    write_database,
)
from portal.publish.synthetic.illustrate import illustrate
from portal.release import queries
from portal.release.store import Release, current_id
from portal.release.verify import verify
from portal.settings import Settings
from tests.publish import made
from tests.source import ROOT

END = made.quarter_ends(1)[0]


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return made.rows((45,))


@pytest.fixture(scope="module")
def folder(rows: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    published = made.publish(
        made.extract(rows, duty=made.roster(made.FIRST, END)),
        END,
        tmp_path_factory.mktemp("releases"),
        state="illustrative",
    )
    assert published.folder is not None
    return published.folder


def test_the_folder_holds_the_files_of_the_contract_and_no_other(folder: Path) -> None:
    assert set(made.contents(folder)) == {
        "release.sqlite",
        "datapackage.json",
        "protection.json",
        "NOTES.md",
        "SHA256SUMS",
        *(f"csv/{name}.csv" for name in SCHEMA),
    }
    assert sorted(path.name for path in folder.parent.iterdir()) == ["2026-Q2", "current"]
    assert (folder.parent / "current").read_bytes() == b"2026-Q2\n"


def test_the_same_extract_gives_the_same_bytes_in_whatever_order_its_rows_are(
        rows: list[dict[str, Any]], folder: Path, tmp_path: Path) -> None:
    turned = made.extract(rows[::-1], duty=made.roster(made.FIRST, END).iloc[::-1].reset_index(drop=True))
    again = made.publish(turned, END, tmp_path, state="illustrative")
    assert again.folder is not None
    assert made.contents(again.folder) == made.contents(folder)


def test_a_database_names_no_writer(folder: Path) -> None:
    """What differs between versions of SQLite in a file with the same rows stands in its header."""
    header = (folder / "release.sqlite").read_bytes()[:100]
    counter, valid_for, version = (int.from_bytes(header[at:at + 4]) for at in (24, 92, 96))
    assert (counter, valid_for, version) == (1, 1, 3_040_000)


def test_what_another_version_of_sqlite_wrote_becomes_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    database = tmp_path / "release.sqlite"
    content = bytearray((folder / "release.sqlite").read_bytes())
    content[24:28], content[92:100] = (7).to_bytes(4), (7).to_bytes(4) + (3_045_001).to_bytes(4)
    database.write_bytes(content)
    normalize_header(database)
    assert database.read_bytes() == (folder / "release.sqlite").read_bytes()


def test_a_build_of_sqlite_that_leaves_old_bytes_in_free_space_writes_the_same(folder: Path, tmp_path: Path) -> None:
    """Debian's SQLite fills free space with zeros; others do so only where they are asked (`PRAGMA secure_delete`)."""
    def as_other_builds(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA secure_delete = OFF")

    rows = {name: list(queries.table(Release(folder), name).rows) for name in SCHEMA}
    event.listen(Engine, "connect", as_other_builds)
    try:
        write_database(tmp_path / "release.sqlite", rows)
    finally:
        event.remove(Engine, "connect", as_other_builds)
    assert (tmp_path / "release.sqlite").read_bytes() == (folder / "release.sqlite").read_bytes()


def test_the_data_package_names_keys_and_writes_dates_as_dates(folder: Path) -> None:
    tables = {table["name"]: table["schema"] for table in json.loads((folder / "datapackage.json").read_text("utf-8"))[
        "resources"]}
    assert all(schema["primaryKey"] for schema in tables.values())
    points = {(key["fields"][0], key["reference"]["resource"]) for key in tables["cells"]["foreignKeys"]}
    assert {("table_id", "measures"), ("period_id", "periods"), ("dimension_1", "categories")} <= points
    days = {field["name"]: field["type"] for field in tables["periods"]["fields"]}
    assert (days["start"], days["end"]) == ("date", "date")


def test_hashes_are_sorted_and_right(folder: Path) -> None:
    lines = (folder / "SHA256SUMS").read_text("ascii").splitlines()
    expected = {
        name: hashlib.sha256(content).hexdigest()
        for name, content in made.contents(folder).items()
        if name != "SHA256SUMS"
    }
    assert lines == [f"{expected[name]}  {name}" for name in sorted(expected)]


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_all_files_are_read_only(folder: Path) -> None:
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()} == {0o444}


def test_csv_and_sqlite_hold_the_same_rows_in_the_same_order(folder: Path) -> None:
    database = sqlite3.connect(f"file:{folder / 'release.sqlite'}?mode=ro&immutable=1", uri=True)
    for name, columns in SCHEMA.items():
        stored = database.execute(f"SELECT * FROM {name}").fetchall()
        content = (folder / "csv" / f"{name}.csv").read_bytes()
        assert b"\r" not in content
        assert content == csv_bytes(name, stored)
        assert content.decode().splitlines()[0] == ",".join(columns)
    database.close()


def test_no_cell_begins_like_a_formula() -> None:
    for sign in "=+-@\t\r":
        with pytest.raises(ReleaseRefused, match=r"meta\.value begins with a sign"):
            csv_bytes("meta", [("title", f"{sign}SUM(A1)")])
    assert csv_bytes("meta", [("title", 'A "log", the')]) == b'key,value\ntitle,"A ""log"", the"\n'


def test_frictionless_validates_the_data_package(folder: Path) -> None:
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["type", "message"])
    assert len(report.tasks) == len(SCHEMA)


def test_a_license_that_the_mapping_names_is_in_the_data_package(rows: list[dict[str, Any]], tmp_path: Path) -> None:
    named = replace(made.extract(rows), license=("Ours", "https://example.org/terms"))
    folder = made.publish(named, END, tmp_path).folder
    assert folder
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert package["licenses"] == [{"title": "Ours", "path": "https://example.org/terms"}]
    assert frictionless.validate(str(folder / "datapackage.json")).valid
    assert not verify(folder)


def test_the_data_package_says_that_numbers_are_made_up_and_that_no_license_is_named(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert package["licenses"][0]["title"] == NO_LICENSE
    assert package["made_up"].startswith("Made-up numbers")
    assert "made-up numbers" in package["title"]
    assert {
        message["name"]: [field["name"] for field in message["schema"]["fields"]] for message in package["resources"]
    } == {name: list(columns) for name, columns in SCHEMA.items()}


def test_protection_says_the_rules_and_what_is_not_shown_and_no_number_of_it(folder: Path) -> None:
    rules = json.loads((folder / "protection.json").read_text("utf-8"))
    assert {name: rule["value"] for name, rule in rules["rules"].items()} == {
        threshold.id: threshold.value for threshold in THRESHOLDS.values()
    }
    attack = dict(queries.table(Release(folder), "attack").rows)
    assert attack["attacked"] == attack["witnesses"] > 50
    assert [attack[name] for name in ("pinned", "narrowed", "told", "unaudited")] == [0, 0, 0, 0]
    assert rules["attack"].pop("said")
    assert rules["attack"] == attack
    shown, hidden = [{(row["table"], row["period"]) for row in rules[key]} for key in ("shown", "not_shown")]
    assert not shown & hidden
    assert {table for table, _ in shown | hidden} <= {
        measure.id for measure in MEASURES.values() if measure.kind in ("people", "conduct")
    }
    assert all(set(message) == {"table", "period", "reason"} for message in rules["not_shown"])
    assert all(isinstance(group_name, str) for group in rules["shown"] for group_name in group["groups"])


def test_the_notes_say_that_the_numbers_are_made_up_and_what_is_new(folder: Path) -> None:
    notes = (folder / "NOTES.md").read_text("utf-8")
    assert "**Made-up numbers" in notes
    assert "- 2026-Q2, shown: How many crisis calls come in?" in notes


def test_a_correction_is_words_in_the_notes(rows: list[dict[str, Any]], tmp_path: Path) -> None:
    published = made.publish(
        made.extract(rows), END, tmp_path, notes=["The hours of May were too many: two shifts had been entered twice."]
    )
    assert published.folder is not None
    notes = (published.folder / "NOTES.md").read_text("utf-8")
    assert "## Corrections\n\n- The hours of May were too many" in notes
    assert "Made-up" not in notes.split("## Corrections")[1]


def test_no_id_of_a_call_or_a_person_is_in_any_file(rows: list[dict[str, Any]], folder: Path) -> None:
    ids = [f"{row[key]}".encode() for row in rows for key in ("call_id", "person_key") if len(row[key]) > 3]
    assert len(ids) > 30
    for name, content in made.contents(folder).items():
        found = [id_ for id_ in ids if id_ in content] if name != "SHA256SUMS" else []
        assert not found, f"{name} holds {found}"


def test_what_a_killed_publication_left_is_swept_up_by_the_next(rows: list[dict[str, Any]], tmp_path: Path) -> None:
    (tmp_path / ".2026-Q2.tmp-99" / "csv").mkdir(parents=True)
    (tmp_path / ".2026-Q2.tmp-99" / "csv" / "cells.csv").write_text("half")
    (tmp_path / ".current.tmp-99").write_text("half")
    made.publish(made.extract(rows), END, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2026-Q2", "current"]


def test_a_release_that_was_complete_but_not_yet_live_goes_live_when_published_again(
    rows: list[dict[str, Any]], tmp_path: Path
) -> None:
    first = made.publish(made.extract(rows), END, tmp_path)
    assert first.folder is not None
    before = made.contents(first.folder)
    (tmp_path / "current").unlink()
    with pytest.raises(ReleaseExists, match="2026-Q2 is already published"):
        made.publish(made.extract(rows[1:]), END, tmp_path)
    assert not (tmp_path / "current").exists()
    made.publish(made.extract(rows), END, tmp_path)
    assert (tmp_path / "current").read_text() == "2026-Q2\n"
    assert made.contents(first.folder) == before


def test_current_never_names_anything_between_the_old_and_the_new(tmp_path: Path) -> None:
    for name in ("2026-Q2", "2026-Q3"):
        make_current(tmp_path, name)
        assert (tmp_path / "current").read_text() == f"{name}\n"
    assert [path.name for path in tmp_path.iterdir()] == ["current"]


def test_what_does_not_verify_is_not_published(tmp_path: Path) -> None:
    with pytest.raises(ReleaseRefused, match="does not pass its own check"):
        install_release(tmp_path, "2026-Q2", lambda draft: (draft / "NOTES.md").write_text("alone"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="folders are locked on POSIX")
def test_two_publications_at_once_are_not_let_in(tmp_path: Path) -> None:
    with publication_lock(tmp_path), pytest.raises(CantWrite, match="another publication is under way"):
        install_release(tmp_path, "2026-Q2", lambda draft: None)


def test_what_is_to_be_done_before_a_release_goes_live_is_done_then_and_can_stop_it(
        rows: list[dict[str, Any]], tmp_path: Path) -> None:
    first, second = made.quarter_ends(2)
    made.publish(made.extract(rows), first, tmp_path)
    extract, folders = made.extract(made.rows((45, 45))), []

    def fails(folder: Path) -> None:
        folders.append((folder.name, verify(folder), current_id(tmp_path)))
        raise ReleaseBroken(folder, "its figures can't be made")
    with pytest.raises(ReleaseBroken):
        made.publish(extract, second, tmp_path, before_live=fails)
    assert folders == [("2026-Q3", [], "2026-Q2")]
    assert current_id(tmp_path) == "2026-Q2"
    made.publish(extract, second, tmp_path, before_live=lambda folder: folders.append(folder.name))
    assert (folders[-1], current_id(tmp_path)) == ("2026-Q3", "2026-Q3")


def test_the_command_builds_a_release_before_it_goes_live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(releases=str(tmp_path / "releases"), cache=tmp_path / "cache", ahead=())
    folders = []
    monkeypatch.setattr("portal.publish.output.write.make_current", lambda releases, name: folders.append(
        (name, read_index(CacheLayout(settings.cache, settings.releases).index).releases[name])))
    extract = tmp_path / "calls.csv"
    roster = illustrate(extract, months=3)
    result = CliRunner().invoke(app, [
        "publish", str(extract), "--roster", str(roster), "--mapping", str(ROOT / "data/mappings/somerville.toml"),
        "--id", "2026-Q2", "--state", "illustrative", "--period-end", "2026-06-30", "--published-on", "2026-08-14",
        "--releases", str(tmp_path / "releases")], env=settings.environment())
    assert result.exit_code == 0, result.output
    (name, release), = folders
    assert (name, release.refused, release.renderings["en"].complete) == ("2026-Q2", "", True)

