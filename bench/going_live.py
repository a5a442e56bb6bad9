"""`python -m bench.going_live [VISITORS]`: from `current` naming another release to a server that shows it, back and
forward, while so many visitors view live pages one after the other (default 8). Aim: ten seconds.
"""

import asyncio
import shutil
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.server import ROOT, Server, free_port, fresh_cache, running
from bench.visit import visit
from portal.builder.cache_layout import CacheLayout
from portal.builder.index import read_index

SHIPPED = ROOT / "data" / "releases"
NEW, OLD = sorted((path.name for path in SHIPPED.iterdir() if path.is_dir()), reverse=True)[:2]


def point(releases: Path, release: str) -> None:
    """Let `current` name a release, as docs/operating.md says."""
    draft = releases / ".current"
    draft.write_text(f"{release}\n", "utf-8")
    draft.replace(releases / "current")


def rendered(layout: CacheLayout) -> bool:
    """Whether both releases are rendered in English."""
    known = read_index(layout.index).releases
    return all(release in known and "en" in known[release].renderings and known[release].renderings["en"].complete
               for release in (NEW, OLD))


async def shown(server: Server, release: str) -> float:
    """Seconds until the server says that it shows a release."""
    began = time.perf_counter()
    host, port = server.url.removeprefix("http://").split(":")
    while True:
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer = (await reader.read()).decode()
        writer.close()
        if answer.endswith(f"ready: release {release}"):
            return time.perf_counter() - began
        await asyncio.sleep(0.05)


async def measured(server: Server, releases: Path, visitors: int) -> list[tuple[str, float]]:
    """Each way of going live, with visitors meanwhile."""
    async def viewing() -> None:
        while True:
            await visit(server.url, "calls")
    crowd = [asyncio.create_task(viewing()) for _ in range(visitors)]
    found = []
    for words, release in (("rolled back", OLD), ("forward again", NEW), ("rolled back again", OLD)):
        point(releases, release)
        found.append((words, await shown(server, release)))
    for visitor in crowd:
        visitor.cancel()
    return found


def main() -> None:
    """Measure, and print the table."""
    visitors = int(sys.argv[1]) if len(sys.argv) > 1 else 8
    table = Table("what", "seconds until it is shown", title=f"Going live, {visitors} visitors meanwhile: aim 10 s")
    with tempfile.TemporaryDirectory() as folder, fresh_cache() as cache:
        releases, port = Path(folder) / "releases", free_port()
        for release in (NEW, OLD):
            shutil.copytree(SHIPPED / release, releases / release)
        point(releases, NEW)
        command = [sys.executable, "-m", "portal", "serve", "--port", str(port), "--releases", str(releases)]
        with running(command, port, ("/readyz", "/plain/"), PORTAL_CACHE=str(cache), PORTAL_AHEAD="en") as server:
            began = time.perf_counter()
            while not rendered(CacheLayout(cache, str(releases))):
                time.sleep(0.1)
            table.add_row(f"{OLD} rendered ahead, in {time.perf_counter() - began:.0f} s after the start", "")
            for words, seconds in asyncio.run(measured(server, releases, visitors)):
                table.add_row(words, f"{seconds:.1f}")
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
