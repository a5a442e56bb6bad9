"""What the tests against strangers share."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from portal.application import ROUTES
from tests.conftest import SHIPPED, SMALLEST


@pytest.fixture(scope="session")
def site_of_the_smallest(tmp_path_factory: pytest.TempPathFactory, drawn_cache: Path) -> Iterator[TestClient]:
    """The plain edition on the smallest release, in this process."""
    releases = tmp_path_factory.mktemp("smallest")
    shutil.copytree(SHIPPED / SMALLEST[0], releases / SMALLEST[0])
    (releases / "current").write_text(f"{SMALLEST[0]}\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PORTAL_RELEASES", str(releases))
        patch.setenv("PORTAL_CACHE", str(drawn_cache))
        with TestClient(Starlette(routes=ROUTES)) as site:
            yield site
