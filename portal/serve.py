"""`python -m portal serve`: starts the builder and the server, and prints the URL."""

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import typer

from portal.errors import BadSetting
from portal.platforms import belongs_to_another, raise_file_limit, return_freed_memory
from portal.settings import ROOT, Settings, absolute


def prepare(settings: Settings) -> Settings:
    """What every way of starting the server does first: look at the cache, and raise this process's limits. The
    settings, with a whole path to the releases. Raises BadSetting.
    """
    claim_cache(settings.cache)
    raise_file_limit()
    return_freed_memory()
    return replace(settings, releases=absolute(settings.releases))


def serve(settings: Settings) -> None:
    """Serve the portal until it is stopped. What is built already is shown at once, all else as soon as it is built."""
    settings = prepare(settings)
    os.chdir(ROOT)  # Streamlit looks for .streamlit/config.toml in the working folder
    from portal.server.builder_process import BuilderProcess

    builder = BuilderProcess(settings)
    builder.watch()  # it loads what it needs while Streamlit is loaded here
    from portal.application import create_app

    app = create_app(settings, builder)
    typer.echo(f"The portal is at http://{settings.host}:{settings.port}{settings.path}")
    # The path is taken off before Streamlit sees a URL, also one that its own settings name.
    app.run(config={"server.address": settings.host, "server.port": settings.port, "server.baseUrlPath": ""})


def claim_cache(cache: Path) -> None:
    """Make the cache, where it is missing. Raises BadSetting where it is another user's: what lies in it is shown, and
    in the system's temporary folder anybody may have made one of that name.
    """
    with suppress(OSError):  # /readyz says why, when nothing is built in it
        cache.mkdir(parents=True, exist_ok=True)
    if belongs_to_another(cache):
        raise BadSetting("PORTAL_CACHE", str(cache), "a folder that belongs to the user who runs the server")
