"""The site with the two oldest shipped releases, for the tests of what other programs read."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from portal.application import ROUTES
from portal.server.response_cache import Answered
from tests.conftest import SHIPPED, SMALLEST
from tests.publish import made

BASE = "http://127.0.0.1"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, drawn_cache: Path) -> Iterator[Starlette]:
    """The two oldest releases, the second live."""
    folder = tmp_path_factory.mktemp("exports")
    for name in SMALLEST:
        shutil.copytree(SHIPPED / name, folder / name)
    (folder / "current").write_text(f"{SMALLEST[1]}\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PORTAL_RELEASES", str(folder))
        patch.setenv("PORTAL_CACHE", str(drawn_cache))
        yield Starlette(routes=ROUTES, middleware=[Middleware(Answered)])  # as in the server, the cache before all


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
