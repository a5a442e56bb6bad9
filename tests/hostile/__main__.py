"""`make hostile`: everything that was tried against the portal, how often, and what was lost, in one table."""

import argparse
import logging
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from portal.language import LANGUAGES
from portal.settings import Settings
from tests.browser.server import Server
from tests.conftest import SMALLEST
from tests.hostile import flooded, proxy, releases, sockets, wire
from tests.hostile.places import Database, Folder, small_disk, why_no_small_disk
from tests.hostile.served import publish, serving
from tests.hostile.soak import get, soak
from tests.hostile.wire import Tried
from tests.postgres.running import running_postgres
from tests.site import built, releases_in, settings_for

HANDLES_KEPT = 3 * 128 + 60  # Streamlit keeps 128 ended sessions for two minutes, each with a loop of three handles
MOST = 40  # losses that are told one by one
SOAK = 1800  # seconds of visitors while everything happens
GROWTH = 1.10  # of the memory, over all that was tried, once it holds all that it may hold: see `filled`


def drawn(cache: Path) -> None:
    """Render the two smallest releases once."""
    with tempfile.TemporaryDirectory() as folder:
        built(settings_for(releases_in(Path(folder) / "releases", *SMALLEST), cache))


def filled(server: Server, parts: int) -> float:
    """Let the server take what it keeps, all of it bounded: each release in each language (some 6 MB each), 24 MB of
    pages for either edition and as many of answers to programs, what later requests share, and the room that the
    largest message takes once. Megabytes then: from here on nothing may grow but by what the allocator can't give back.
    """
    for language in LANGUAGES:
        for release in SMALLEST:
            for page in ("/plain/calls", "/calls"):
                wire.exchange(server, wire.plain(server, f"{page}?lang={language}&release={release}"))
    for number in range(1_000 // parts):
        for page in ("/plain/explore", "/explore", f"/api/v1/releases/{SMALLEST[1]}/cells"):
            wire.exchange(server, wire.plain(server, f"{page}?anything={number}"))
    wire.requests(server, 10_000 // parts, seed=2)
    sockets.messages(server, 300 // parts, seed=2)
    sockets.oversize(server)
    sockets.oversize(server)
    return sockets.megabytes(server)


def kept(server: Server, before: float) -> Tried:
    """Whether memory and handles are what they were, nearly."""
    outcome = Tried("memory and file handles looked at afterwards", 2)
    after, handles = sockets.megabytes(server), sum(1 for _ in Path(f"/proc/{server.pid}/fd").iterdir())
    if after > before * GROWTH:
        outcome.lost.append(f"memory grew from {before:.0f} to {after:.0f} MB")
    if handles > HANDLES_KEPT:
        outcome.lost.append(f"{handles} file handles are open")
    outcome.what += f" ({before:.0f} MB, then {after:.0f} MB; {handles} handles)"
    return outcome


def everything(cache: Path, parts: int) -> Iterator[Tried]:
    """All attacks, each divided by `parts`."""
    drawn(cache)
    yield releases.damaged(400 // parts, cache)
    yield releases.killed(50 // parts)
    with tempfile.TemporaryDirectory() as folder:
        served = Path(folder) / "releases"
        served.mkdir()
        for name in SMALLEST:
            publish(served, name)
        with serving(Path(folder), served, cache, metrics=True) as server:
            before = filled(server, parts)
            yield wire.requests(server, 20_000 // parts)
            yield wire.oversize(server)
            yield sockets.messages(server, 2_000 // parts)
            yield sockets.replayed(server, 500 // parts)
            yield sockets.oversize(server)
            yield kept(server, before)
            yield from floods(server, parts)
            yield soak(server, Folder(served), SOAK / 2 / parts)
            yield kept(server, before)
            publish(served, SMALLEST[1])  # the soak may have ended with the release before
            wire.until(lambda: f"ready: release {SMALLEST[1]}" in get(f"{server.url}/readyz")[1], seconds=30)
            yield from behind_nginx(server, parts)
    yield from shared(cache, parts)


def shared(cache: Path, parts: int) -> Iterator[Tried]:
    """The soak on a server that reads from a PostgreSQL that restarts, with its cache on a disk that fills up."""
    if reason := why_no_small_disk():
        yield Tried(f"a full disk and a database that restarts: {reason}")
        return
    with (tempfile.TemporaryDirectory() as name, running_postgres() as postgres,
          small_disk(Path(name) / "disk", cache) as full_disk):
        place = Database(Path(name) / "releases", postgres)
        place.releases.mkdir()
        place.troubles.append(full_disk)
        for release in SMALLEST:
            place.publish(release)
        own_cache = Path(name) / "disk" / "cache"
        built(Settings(releases=place.url, cache=own_cache, ahead=()))
        with serving(Path(name), place.url, own_cache) as server:
            yield soak(server, place, SOAK / 2 / parts)


def floods(server: Server, parts: int) -> Iterator[Tried]:
    """One stranger who takes what he can, without anything before the portal."""
    seconds = max(5.0, 60 / parts)
    for kind, connections in (("unfinished", 60), ("sessions", 150), ("briefs", 160)):
        yield flooded.flood(server, kind, connections, seconds)


def behind_nginx(server: Server, parts: int) -> Iterator[Tried]:
    """The same portal with deploy/nginx.conf before it."""
    if not proxy.NGINX:
        yield Tried(f"behind nginx: {proxy.MISSING}")
        return
    with proxy.proxied(server.url) as front:
        yield proxy.smuggling(front, server)
        yield proxy.oversize(front, server)
        yield proxy.poisoned(front, SMALLEST[1])
        yield proxy.slow(front, 1000 // parts, most=60)
        yield proxy.flood(front, 3000)
        yield flooded.flood(front, "harvest", 20, max(5.0, 60 / parts))


def main() -> None:
    """Try it all, print the table, and fail when anything was lost."""
    options = argparse.ArgumentParser(prog="make hostile", description=__doc__)
    options.add_argument("--parts", type=int, default=1, help="try so many times less of everything")
    parts = options.parse_args().parts
    table = Table("what was tried", "times", "lost", "seconds", title="Tried against the portal")
    logging.getLogger("portal").setLevel(logging.CRITICAL)  # it tells each refusal, and hundreds are meant
    lost, console = [], Console(width=120)
    with tempfile.TemporaryDirectory() as cache:
        started = time.monotonic()
        for tried in everything(Path(cache), parts):
            now = time.monotonic()
            table.add_row(tried.what, f"{tried.times:,}", str(len(tried.lost)) if tried.lost else "nothing",
                          f"{now - started:.0f}")
            started, lost = now, [*lost, *tried.lost]
    console.print(table)
    for loss in lost[:MOST]:
        console.print(loss, markup=False)
    if len(lost) > MOST:
        console.print(f"and {len(lost) - MOST} more")
    sys.exit(bool(lost))


if __name__ == "__main__":
    main()
