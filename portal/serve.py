"""`python -m portal serve`: makes what is missing ready, then starts the server and prints its address."""

import ctypes
import os
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import typer

from portal import settings
from portal.errors import BadSetting

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8  # malloc.h
LARGE = 1 << 20  # bytes; a page and its compressed forms have less


def serve(host: str, port: int, releases: str) -> None:
    """Serve the portal until it is stopped. The figures of the live release are made first, where they are missing."""
    settings.override("releases", releases if "://" in releases else str(Path(releases).expanduser().resolve()))
    settings.override("host", host)  # citations name where this server listens
    settings.override("port", str(port))
    settings.address()  # one that is none is refused here, not on a visitor's time
    os.chdir(settings.ROOT)  # Streamlit looks for .streamlit/config.toml in the working folder
    from portal import logs
    from portal.server.snapshot import now

    logs.configure()
    own(settings.folder("cache"))
    _more_handles()
    _give_back()
    here = now()
    if here.shelf:
        typer.echo(f"Release {here.shelf.shown.id} ({here.shelf.shown.state}).")
    if refused := here.refused or ("" if here.shelf else "Nothing is published: the pages say that data is awaited."):
        typer.echo(refused)
    typer.echo(f"The portal is at http://{host}:{port}")
    import_module("streamlit_app").app.run(config={"server.address": host, "server.port": port})


def own(cached: Path) -> None:
    """Make the cache, where it is missing. Raises BadSetting where it is another user's: what lies in it is shown, and
    in the system's temporary folder anybody may have made one of that name.
    """
    with suppress(OSError):  # it says why, and on /readyz, when it is to be used
        cached.mkdir(parents=True, exist_ok=True)
    if os.name == "posix" and cached.exists() and cached.stat().st_uid not in {0, os.geteuid()}:
        raise BadSetting("PORTAL_CACHE", str(cached), "a folder that belongs to the user who runs the server")


def _more_handles() -> None:
    """Take as many file handles as the system allows: a session holds four, and the usual 1,024 are 250 visitors."""
    if os.name == "posix":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _give_back() -> None:
    """Let glibc give memory back to the system as soon as it can: after one large message of a stranger it would
    else keep up to 64 MB for the next (mallopt(3), M_MMAP_THRESHOLD and M_TRIM_THRESHOLD: they adjust themselves
    upwards unless one is set). All threads share one heap (M_ARENA_MAX): Python lets one run at a time, and each heap
    would keep some megabytes free. Elsewhere than on Linux with glibc nothing is done.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            libc = ctypes.CDLL("libc.so.6")
            libc.mallopt(M_MMAP_THRESHOLD, LARGE)
            libc.mallopt(M_TRIM_THRESHOLD, LARGE)
            libc.mallopt(M_ARENA_MAX, 1)
