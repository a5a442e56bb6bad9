"""`python -m bench [EXTRACT MAPPING]`: publishing, starting and page views, in one table.

Publishing is measured on a made-up extract of some 280,000 rows, or on a real one given with its mapping.
"""

import asyncio
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.server import ROOT, fresh_cache, portal
from bench.visit import Visit, visit

VIEWS = 60
PAGES = ("", "calls", "outcomes", "data")


def publishing(extract: Path, mapping: Path, roster: Path | None) -> tuple[float, float]:
    """Seconds and peak megabytes of publishing an extract, as a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "portal",
            "publish",
            str(extract),
            "--mapping",
            str(mapping),
            "--id",
            "bench",
            "--state",
            "preliminary",
            "--releases",
            folder,
        ]
        started = time.perf_counter()
        done = subprocess.run(
            command + (["--roster", str(roster)] if roster else []),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(done.stderr)
        return time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3


async def views(address: str, page: str) -> list[Visit]:
    """One visit after another: the cost of one page view without a queue."""
    return [await visit(address, page) for _ in range(VIEWS)]


def main() -> None:
    """Measure, and print the table."""
    table = Table("what", "measured", "aim", title=f"{platform.machine()}, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as folder:
        if len(sys.argv) == 3:
            extract, mapping, roster = Path(sys.argv[1]), Path(sys.argv[2]), None
        else:
            extract, mapping, roster = (
                Path(folder) / "calls.csv",
                ROOT / "data/mappings/somerville.toml",
                Path(folder) / "calls-roster.csv",
            )
            subprocess.run(
                [sys.executable, "-m", "portal", "illustrate", str(extract), "--per-month", "15500"],
                cwd=ROOT,
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        seconds, megabytes = publishing(extract, mapping, roster)
        table.add_row(
            f"publish {extract.name}", f"{seconds:.1f} s, {megabytes:.0f} MB", "10 s, 700 MB for 280,661 rows"
        )
    with fresh_cache() as cache:
        with portal(cache) as server:
            table.add_row("start to first page, no figures drawn yet", f"{server.seconds_to_first_page:.1f} s", "")
        with portal(cache) as server:
            table.add_row("start to first page", f"{server.seconds_to_first_page:.1f} s", "4 s")
            asyncio.run(views(server.address, ""))  # the first sessions import what every later one shares
            for page in PAGES:
                before = server.cpu()
                seen = asyncio.run(views(server.address, page))
                cpu = 1000 * (server.cpu() - before) / VIEWS
                table.add_row(
                    f"page view: /{page}",
                    f"{cpu:.0f} ms of CPU, {1000 * statistics.median(one.seconds for one in seen):.0f} ms, "
                    f"{seen[0].size // 1000} kB, {sum(one.errors for one in seen)} errors",
                    "25 ms of CPU",
                )
            table.add_row("memory after that", f"{server.megabytes():.0f} MB", "")
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
