"""The site with the two oldest shipped releases, for the tests of what other programs read."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.conftest import SMALLEST
from tests.publish import made
from tests.site import app_of, built, releases_in, settings_for

BASE = "http://127.0.0.1"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, drawn_cache: Path) -> Starlette:
    """The two oldest releases, the second live."""
    releases = releases_in(tmp_path_factory.mktemp("exports"), *SMALLEST)
    return app_of(built(settings_for(releases, drawn_cache)))


@pytest.fixture
def site(app: Starlette) -> Iterator[TestClient]:
    with TestClient(app, base_url=BASE) as client:
        yield client


@pytest.fixture(scope="session")
def official(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a release whose numbers are not made up, as far as its files say."""
    folder = tmp_path_factory.mktemp("official")
    end, = made.quarter_ends(1)
    made.publish(made.extract(made.rows((130, 60, 12))), end, folder, state="official", name="2026-Q2")
    return folder / "2026-Q2"
