"""A take-down is checked by asking the site: everything of the release before it, nothing after it."""

import shutil
import urllib.request
from pathlib import Path

import pytest
from typer.testing import CliRunner

from portal.__main__ import app
from portal.errors import OptionWrong, SiteAway
from portal.withdrawn import withdrawn
from tests.browser.server import free_port
from tests.conftest import SMALLEST
from tests.hostile.served import publish, serving

OLD, NEW = SMALLEST


def answered(url: str) -> str:
    """The text at a URL. Raises HTTPError on a refusal."""
    with urllib.request.urlopen(url, timeout=60) as answer:
        text: str = answer.read().decode()
        return text


def test_a_take_down_leaves_nothing_that_answers(tmp_path: Path, drawn_cache: Path) -> None:
    releases = tmp_path / "releases"
    releases.mkdir()
    for name in SMALLEST:
        publish(releases, name)
    with serving(tmp_path, releases, drawn_cache) as server:
        before, _ = withdrawn(server.url, NEW, languages=["es"])
        for beginning in (f"/download/{NEW}/release.sqlite", f"/download/{NEW}/csv/", f"/figure/{NEW}/en/",
                          f"/api/v1/releases/{NEW}/cells", "/api/v1/figures/", f"/plain/calls?release={NEW}&lang=es",
                          f"/outcomes?release={NEW}", f"/brief.pdf?release={NEW}"):
            assert any(url.startswith(beginning) for url in before), beginning
        publish(releases, OLD)  # `current` names the release before
        shutil.rmtree(releases / NEW)
        assert withdrawn(server.url, NEW, "\n".join(before), ["es"], within=30)[0] == []
        assert answered(f"{server.url}/download/{OLD}/csv/cells.csv"), "the other release still answers"


def test_what_is_no_site_or_no_release_is_reported() -> None:
    with pytest.raises(OptionWrong, match="no URL of a site"):
        withdrawn("portal.example.org", OLD)
    with pytest.raises(OptionWrong, match="no name of a release"):
        withdrawn("http://127.0.0.1", "../etc")
    with pytest.raises(SiteAway):
        withdrawn(f"http://127.0.0.1:{free_port()}", OLD)
    refused = CliRunner().invoke(app, ["withdrawn", "portal.example.org", OLD])
    assert isinstance(refused.exception, OptionWrong)
