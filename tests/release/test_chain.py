"""The chain of releases is followed, and a release that was replaced, lost or added beside it is reported."""

import shutil
from pathlib import Path

import pytest

from portal.errors import NoRelease
from portal.release.chain import verify_chain, verify_folder
from portal.release.store import sums_hash


@pytest.fixture
def copy(releases: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(releases, tmp_path / "releases"))


def test_releases_as_they_were_published_hold_together(releases: Path) -> None:
    chain = verify_chain(releases)
    assert chain.findings == ()
    assert chain.head == sums_hash(releases / chain.ids[-1])


def test_a_release_with_other_files_under_the_same_name_breaks_the_chain(copy: Path, releases: Path) -> None:
    first, second = verify_chain(releases).ids[:2]
    sums = copy / first / "SHA256SUMS"
    sums.chmod(0o644)
    sums.write_text(sums.read_text("utf-8").replace("NOTES.md", "NOTES.me"), "utf-8")
    assert any(finding.startswith(f"{second}: ") and "hash of SHA256SUMS" in finding
               for finding in verify_chain(copy).findings)


def test_a_release_that_is_missing_from_the_middle_is_reported(copy: Path) -> None:
    _, second, third = verify_chain(copy).ids[:3]
    shutil.rmtree(copy / second)
    assert f"{third}: the release before it, {second}, is not here." in verify_chain(copy).findings


def test_a_folder_of_releases_one_release_and_nothing_are_distinguished(releases: Path, tmp_path: Path) -> None:
    ids = verify_chain(releases).ids
    assert verify_folder(releases) == ((), sums_hash(releases / ids[-1]))
    assert verify_folder(releases / ids[0]) == ((), sums_hash(releases / ids[0]))
    assert "There is no folder none." in verify_folder(tmp_path / "none")[0]
    with pytest.raises(NoRelease):
        verify_folder(tmp_path)
