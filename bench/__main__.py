"""`python -m bench [--long] [EXTRACT MAPPING]`: each figure beside its aim and what it is measured against, in one run.

Publishing is measured on a made-up extract of some 280,000 rows, or on a real one given with its mapping. `--long` lets
1,000 residents come within 30 seconds, and publishes ten years and five million rows.
"""

import asyncio
import os
import platform
import subprocess
import sys
import tempfile
import time
import urllib.request
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import first_paint
from bench.load import crowd, median, requests, rounds
from bench.server import ROOT, Server, bare, fresh_cache, hello, nginx, portal
from bench.visit import change, staying
from portal.outline import PAGES

LONG = "--long" in sys.argv
RESIDENTS, WITHIN = (1000, 30.0) if LONG else (200, 6.0)
VIEWS, SECONDS = (60, 5.0) if LONG else (20, 2.0)


def machine() -> str:
    """What this was measured on, and how busy it was."""
    libraries = " ".join(f"{name} {version(name)}" for name in ("streamlit", "starlette", "uvicorn", "altair"))
    busy = os.getloadavg()[0]
    return (f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores {platform.machine()}, load before {busy:.1f}; "
            f"Python {platform.python_version()}, {libraries}")


def run(*command: str) -> tuple[float, float]:
    """Seconds and peak megabytes of a command of the portal, as a process of its own."""
    began = time.perf_counter()
    done = subprocess.Popen([sys.executable, "-m", "portal", *command], cwd=ROOT, stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE, env=os.environ | {"PORTAL_AHEAD": "none"})
    _, status, used = os.wait4(done.pid, 0)
    if status:
        raise SystemExit((done.stderr.read() if done.stderr else b"").decode())
    peak = used.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    return time.perf_counter() - began, peak


def published(table: Table, words: str, extract: Path, mapping: Path, *more: str, aim: str = "") -> None:
    """Publish into a folder of its own, and say what it took."""
    with tempfile.TemporaryDirectory() as folder:
        seconds, megabytes = run("publish", str(extract), "--mapping", str(mapping), "--id", "bench", "--state",
                                 "preliminary", "--releases", folder, *more)
        size = (Path(folder) / "bench" / "release.sqlite").stat().st_size / 1e3
    table.add_row(words, f"{seconds:.1f} s, {megabytes:.0f} MB, release of {size:.0f} kB", aim)


def publishing(table: Table, folder: Path) -> None:
    """Publishing, and how it grows."""
    given = [Path(one) for one in sys.argv[1:] if one != "--long"]
    if len(given) == 2:
        published(table, f"publish {given[0].name}", *given, aim="8 s, 600 MB for 280,661 rows")
    sizes = [("280,000 rows, 18 months", 18, 15500), ("2,000 rows, 18 months", 18, 110)]
    sizes += [("13,000 rows, 10 years", 120, 110), ("5 million rows, 18 months", 18, 278000)] if LONG else []
    for words, months, per_month in sizes:
        extract = folder / f"{months}-{per_month}.csv"
        run("illustrate", str(extract), "--months", str(months), "--per-month", str(per_month))
        published(table, f"publish {words}", extract, ROOT / "data/mappings/somerville.toml", "--roster",
                  str(extract.with_name(f"{extract.stem}-roster.csv")), aim="bounded" if per_month > 200000 else "")
        extract.unlink()


def came(table: Table, server: Server, words: str, page: str, aim: str) -> None:
    """A crowd on one page: times, errors, processor time a view."""
    before = server.cpu()
    load = asyncio.run(crowd(server.address, RESIDENTS, WITHIN, page))
    cpu = 1000 * (server.cpu() - before) / RESIDENTS
    table.add_row(f"{RESIDENTS} residents in {WITHIN:.0f} s: {words}", f"{load}, {cpu:.0f} ms of CPU a view", aim)


def sessions(table: Table, server: Server) -> None:
    """Page views over websockets."""
    asyncio.run(rounds(server.address, "", 5))  # the first sessions import what every later one shares
    before = server.megabytes()
    came(table, server, "Overview", "", "median 100 ms, 95th 300 ms, 0 errors, 20 ms")
    table.add_row("memory after them", f"{server.megabytes():.0f} MB ({server.megabytes() - before:+.0f})", "200 MB")
    for page in PAGES:
        used, seen = server.cpu(), asyncio.run(rounds(server.address, page.slug, VIEWS))
        table.add_row(f"one view after another: /{page.slug}",
                      f"{median(seen):.0f} ms, {1000 * (server.cpu() - used) / VIEWS:.0f} ms of CPU, "
                      f"{seen[-1].messages} messages, {seen[-1].size // 1000} kB, "
                      f"{sum(one.errors for one in seen)} errors", "40 ms of CPU")


async def stayed(server: Server, residents: int) -> tuple[float, float]:
    """Megabytes of the server while so many have a page open, and a while after all of them have left."""
    async with staying(server.address, residents):
        during = server.megabytes()
    await asyncio.sleep(150 if LONG else 0)  # Streamlit keeps a session two minutes for who comes back
    await rounds(server.address, "", 5)
    return during, server.megabytes()


def kept(table: Table, server: Server) -> None:
    """What a change of the quarter takes, and what sessions that stay open hold."""
    took = [asyncio.run(change(server.address, "calls")) for _ in range(VIEWS)]
    table.add_row("another quarter chosen: /calls", f"{median(took):.0f} ms, {sum(one.errors for one in took)} errors",
                  "100 ms")
    before = server.megabytes()
    during, after = asyncio.run(stayed(server, 100))
    when = "after they left" if LONG else "as soon as they left"
    table.add_row("100 sessions that stay open", f"{(during - before) / 100:.2f} MB each, {after - before:+.1f} MB "
                  f"{when}", "0.1 MB each, given back")


def first_visits(table: Table, server: Server) -> None:
    """A first visit in a real browser (bench.first_paint), beside a bare hello page, where Chromium is installed."""
    for name, line, number, size, live in first_paint.measured(server.address):
        table.add_row(f"first visit, {line}: {name}", f"number after {number:.2f} s and {size:.0f} kB, live page after "
                      f"{live:.1f} s", "1.5 s, 60 kB, 6 s" if "4" in line and name == "Overview" else "")


def answers(table: Table, server: Server, folder: Path) -> None:
    """Requests a second for the same bytes: the portal, a bare route, nginx."""
    asked = urllib.request.Request(f"{server.address}/plain/calls", headers={"Accept-Encoding": "br"})
    page = folder / "page.html"
    with urllib.request.urlopen(asked) as answer:
        page.write_bytes(answer.read())
    with bare(page) as floor:
        least = asyncio.run(requests(floor.address, "/", SECONDS))
    rate = asyncio.run(requests(server.address, "/plain/calls", SECONDS))
    table.add_row(f"plain page of {page.stat().st_size // 1000} kB (brotli)",
                  f"{rate:.0f} a second, {100 * rate / least:.0f}% of the next", "half of the next")
    table.add_row("   a bare Starlette route, same bytes", f"{least:.0f} a second", "")
    if peer := nginx(folder):
        with peer as static:
            table.add_row("   nginx, same bytes",
                          f"{asyncio.run(requests(static.address, '/page.html', SECONDS)):.0f} a second", "")
    table.add_row("   Datasette", "not installed here: 17 to 26 a second were measured once", "")


def main() -> None:
    """Measure, and print the table."""
    table = Table("what", "measured", "aim", title=machine())
    with tempfile.TemporaryDirectory() as name, fresh_cache() as cache:
        folder = Path(name)
        folder.chmod(0o755)
        with portal(cache) as server:
            table.add_row("start to first page, nothing drawn", f"{server.seconds_to_first_page:.1f} s", "15 s")
        with portal(cache) as server:
            table.add_row("start to first page", f"{server.seconds_to_first_page:.1f} s", "2.5 s")
            table.add_row("memory then", f"{server.megabytes():.0f} MB", "")
            sessions(table, server)
            kept(table, server)
            first_visits(table, server)
            answers(table, server, folder)
        with hello() as floor:
            asyncio.run(rounds(floor.address, "", 5))
            came(table, floor, "Streamlit hello", "", "the floor of the Overview")
        publishing(table, folder)
    Console(width=150).print(table)


if __name__ == "__main__":
    main()
