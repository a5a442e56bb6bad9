"""What the tests against strangers share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.conftest import SMALLEST
from tests.site import built, client_of, releases_in, settings_for


@pytest.fixture(scope="session")
def site_of_the_smallest(tmp_path_factory: pytest.TempPathFactory, drawn_cache: Path) -> Iterator[TestClient]:
    """The plain edition on the smallest release, in this process."""
    releases = releases_in(tmp_path_factory.mktemp("smallest"), SMALLEST[0])
    with client_of(built(settings_for(releases, drawn_cache))) as site:
        yield site
