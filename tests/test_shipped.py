"""The releases that come with the portal are those that its own pipeline makes, cell by cell."""

from pathlib import Path

import pytest

from portal.publish.synthetic.illustrate import illustrate
from portal.publish.synthetic.shipped import ISSUES, make_shipped
from portal.release import queries
from portal.release.store import Release, current_id, release_ids
from portal.release.verify import verify
from portal.settings import ROOT
from tests.publish.made import contents

SHIPPED = ROOT / "data" / "releases"
IDS = [issue.release_id for issue in ISSUES]


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
    shipped, again = contents(SHIPPED / release_id), contents(made / release_id)
    assert shipped == again


@pytest.mark.parametrize("release_id", IDS)
def test_a_shipped_release_verifies_and_says_that_it_is_made_up(release_id: str) -> None:
    assert verify(SHIPPED / release_id) == []
    assert queries.meta(Release(SHIPPED / release_id))["state"] == "illustrative"
    assert "**Made-up numbers" in (SHIPPED / release_id / "NOTES.md").read_text("utf-8")
