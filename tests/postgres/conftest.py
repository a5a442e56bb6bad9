"""A real PostgreSQL with two releases for the tests of this folder."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.postgres.running import running_postgres, url_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its socket is a file")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """The running server."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def url(postgres: Any) -> str:
    """Its URL, as PORTAL_RELEASES takes it."""
    return url_of(postgres)


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The two oldest shipped releases; the second is live."""
    from tests.conftest import SMALLEST
    from tests.hostile.served import publish

    folder = tmp_path_factory.mktemp("replicated")
    for name in SMALLEST:
        publish(folder, name)
    return folder
