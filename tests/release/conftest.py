"""Releases of made-up calls, published once for all tests of the release side."""

from pathlib import Path

import pytest

from portal.release.store import Release, current_id
from tests.publish import made

ENDS = made.quarter_ends(3)


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three releases: several groups shown, a run that waits, months with hours, a table that is not collected."""
    folder = tmp_path_factory.mktemp("published")
    duty = made.roster(made.FIRST, ENDS[2])
    extract = made.extract(made.rows((130, 60, 12), others=90), duty=duty, without=["housing"])
    with made.in_2031():
        for end in ENDS:
            made.publish(extract, end, folder)
    return folder


@pytest.fixture(scope="session")
def release(releases: Path) -> Release:
    """The newest of them."""
    return Release(releases / current_id(releases))
