"""Two releases that are rendered already, the newer one live, and what a visitor is shown of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from portal.render.rendered import RenderedRelease, Selection
from portal.settings import Settings
from tests.conftest import SMALLEST
from tests.site import built, client_of, releases_in, selection_for, settings_for


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory, drawn_cache: Path) -> Settings:
    return built(settings_for(releases_in(tmp_path_factory.mktemp("meeting"), *SMALLEST), drawn_cache))


@pytest.fixture
def selection(settings: Settings) -> Selection:
    return selection_for(settings)


@pytest.fixture
def release(selection: Selection) -> RenderedRelease:
    assert selection.release
    return selection.release


@pytest.fixture
def site(settings: Settings) -> Iterator[TestClient]:
    with client_of(settings, raise_server_exceptions=False) as client:
        yield client
