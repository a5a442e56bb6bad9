"""`python -m bench.long_life [SESSIONS]`: a day's visits in fast motion; memory, file handles and threads by quarters.

Sessions are opened, read to the end of the page and closed, a few at a time, as visitors come and go. Default: 20,000.
"""

import asyncio
import os
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.server import Server, fresh_cache, portal
from bench.visit import visit

SESSIONS, AT_ONCE, SAMPLES = 20_000, 8, 200
PAGES = ("", "calls", "outcomes", "data")


@dataclass(frozen=True)
class Sample:
    """The server's memory, file handles and threads at one moment (Linux)."""

    megabytes: float
    handles: int
    threads: int


def sample(server: Server) -> Sample:
    """Read it from the system."""
    process = Path(f"/proc/{server.pid}")
    handles, threads = (sum(1 for _ in (process / name).iterdir()) for name in ("fd", "task"))
    return Sample(server.megabytes(), handles, threads)


async def live(server: Server, sessions: int) -> tuple[list[Sample], int]:
    """Let visitors come and go; a sample after each two-hundredth part. Also how many sessions did not end well."""
    samples, bad = [], 0
    gate = asyncio.Semaphore(AT_ONCE)

    async def session(number: int) -> int:
        async with gate:
            try:
                return (await visit(server.url, PAGES[number % len(PAGES)])).errors
            except (OSError, TimeoutError):
                return 1

    each = max(1, sessions // SAMPLES)
    for start in range(0, sessions, each):
        bad += sum(await asyncio.gather(*(session(number) for number in range(start, min(start + each, sessions)))))
        samples.append(sample(server))
    return samples, bad


def main() -> None:
    """Run, and print the quarters."""
    sessions = int(sys.argv[1]) if len(sys.argv) > 1 else SESSIONS
    os.environ["PORTAL_AHEAD"] = "none"  # other languages would be drawn, and loaded, in the middle of it
    with fresh_cache() as cache, portal(cache) as server:
        started = time.perf_counter()
        samples, bad = asyncio.run(live(server, sessions))
        seconds = time.perf_counter() - started
    quarters = [samples[len(samples) * part // 4: len(samples) * (part + 1) // 4] for part in range(4)]
    table = Table("quarter", "MB", "file handles", "threads",
                  title=f"{sessions:,} sessions in {seconds:.0f} s, {bad} of them not well")
    middle = [
        [
            statistics.median(getattr(sample_, name) for sample_ in quarter)
            for name in ("megabytes", "handles", "threads")
        ]
        for quarter in quarters
    ]
    for number, row in enumerate(middle, 1):
        table.add_row(str(number), *(f"{value:.0f}" for value in row))
    table.add_row("last to second", *(f"{100 * (last / second - 1):+.1f} %" for last, second in
                                      zip(middle[3], middle[1], strict=True)))
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
