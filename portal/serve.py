"""`python -m portal serve`: makes what is missing ready, then starts the server and prints its address."""

import os
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import typer

from portal import settings
from portal.errors import BadSetting
from portal.platforms import belongs_to_another, raise_file_limit, return_freed_memory


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
    raise_file_limit()
    return_freed_memory()
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
    if belongs_to_another(cached):
        raise BadSetting("PORTAL_CACHE", str(cached), "a folder that belongs to the user who runs the server")
