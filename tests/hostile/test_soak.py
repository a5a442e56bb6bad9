"""Visitors while releases change and the builder is killed or hangs, for seconds; `make hostile` does it for half an
hour, with a full disk and a database that restarts.
"""

import sys
from pathlib import Path

import pytest

from tests.conftest import SMALLEST
from tests.hostile.places import Folder
from tests.hostile.served import publish, serving
from tests.hostile.soak import soak
from tests.site import built, settings_for


@pytest.mark.skipif(sys.platform != "linux", reason="finds the builder by /proc")
def test_nobody_sees_a_wrong_number_or_two_releases_on_a_page(tmp_path: Path, drawn_cache: Path) -> None:
    releases = tmp_path / "releases"
    releases.mkdir()
    for name in SMALLEST:
        publish(releases, name)
    built(settings_for(releases, drawn_cache))  # else the builder might be killed before it has copied both
    with serving(tmp_path, releases, drawn_cache) as server:
        assert soak(server, Folder(releases), seconds=5).lost == []
