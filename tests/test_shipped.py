"""The releases that come with the portal are those that its own pipeline makes, cell by cell."""

import sqlite3
from pathlib import Path

import pytest

from portal.contract.contract import SCHEMA
from portal.publish.output.write import lasting_bytes
from portal.publish.synthetic.illustrate import illustrate
from portal.publish.synthetic.shipped import ISSUES, make_shipped
from portal.release import queries
from portal.release.store import Release, current_id, release_ids
from portal.release.verify import verify
from portal.settings import ROOT

SHIPPED = ROOT / "data" / "releases"
IDS = [issue.release_id for issue in ISSUES]
# SQLite writes its own version into the file: another version writes other bytes. Its rows are compared instead.
OF_SQLITE = ("release.sqlite", "SHA256SUMS")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The six releases, made anew from an extract made anew with the defaults of `illustrate`."""
    folder = tmp_path_factory.mktemp("shipped")
    roster = illustrate(folder / "extract.csv")
    make_shipped(folder / "releases", folder / "extract.csv", roster)
    return folder / "releases"


def test_six_releases_are_shipped_and_the_newest_is_live() -> None:
    assert release_ids(SHIPPED) == tuple(IDS)
    assert current_id(SHIPPED) == IDS[-1]


@pytest.mark.parametrize("release_id", IDS)
def test_a_shipped_release_is_what_the_pipeline_makes(release_id: str, made: Path) -> None:
    shipped, again = lasting_bytes(SHIPPED / release_id), lasting_bytes(made / release_id)
    assert shipped.keys() == again.keys()
    assert [name for name in shipped if shipped[name] != again[name] and name not in OF_SQLITE] == []
    for name in SCHEMA:
        one, other = (queries.table(Release(folder / release_id), name).rows for folder in (SHIPPED, made))
        assert one == other, name
    sums = [{name: digest for name, digest in Release(folder / release_id).checksums.items()
             if name not in (*OF_SQLITE, "protection.json")} for folder in (SHIPPED, made)]  # seconds differ
    assert sums[0] == sums[1]


@pytest.mark.parametrize("release_id", IDS)
def test_a_shipped_release_verifies_and_says_that_it_is_made_up(release_id: str) -> None:
    assert verify(SHIPPED / release_id) == []
    assert queries.meta(Release(SHIPPED / release_id))["state"] == "illustrative"
    assert "**Made-up numbers" in (SHIPPED / release_id / "NOTES.md").read_text("utf-8")


def test_with_the_same_sqlite_even_the_databases_bytes_are_the_same(made: Path) -> None:
    written_by = int.from_bytes((SHIPPED / IDS[-1] / "release.sqlite").read_bytes()[96:100])
    major, minor, patch = sqlite3.sqlite_version_info
    if written_by != major * 1_000_000 + minor * 1_000 + patch:
        pytest.skip("another version of SQLite wrote the shipped files")
    for release_id in IDS:
        assert lasting_bytes(SHIPPED / release_id) == lasting_bytes(made / release_id)
