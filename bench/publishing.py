"""What publishing takes, as a process of its own, and how it grows."""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bench.report import Report
from bench.server import ROOT

SOMERVILLE = ROOT / "data" / "mappings" / "somerville.toml"


@dataclass(frozen=True)
class Took:
    """What a command took: seconds by the clock and of processor time, and its peak of memory in megabytes."""

    seconds: float
    cpu: float
    megabytes: float

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s ({self.cpu:.1f} s of CPU), {self.megabytes:.0f} MB"


def run(*command: str) -> Took:
    """A command of the portal. Raises SystemExit with what it said where it fails."""
    began = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        started = subprocess.Popen([sys.executable, "-m", "portal", *command], cwd=ROOT, stdout=said, stderr=said)
        _, status, used = os.wait4(started.pid, 0)
        if status:
            said.seek(0)
            raise SystemExit(said.read().decode()[-500:])
    peak = used.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    return Took(time.perf_counter() - began, used.ru_utime + used.ru_stime, peak)


def made(folder: Path, months: int, per_month: int) -> tuple[Path, ...]:
    """A made-up extract and its roster."""
    extract = folder / f"{months}-{per_month}.csv"
    run("illustrate", str(extract), "--months", str(months), "--per-month", str(per_month))
    return extract, extract.with_name(f"{extract.stem}-roster.csv")


def whole(months: int) -> tuple[str, ...]:
    """The options that publish a made-up pilot, which begins in April 2026, to the end of its last month."""
    end = date(2026 + (3 + months) // 12, (3 + months) % 12 + 1, 1) - timedelta(days=1)
    return "--period-end", end.isoformat(), "--published-on", (end + timedelta(days=45)).isoformat()


def published(releases: Path, extract: Path, mapping: Path = SOMERVILLE, *more: str) -> Took:
    """Publish an extract as the release `bench` into a folder, live."""
    return run("publish", str(extract), *more, "--mapping", str(mapping), "--id", "bench", "--state", "illustrative",
               "--releases", str(releases))


def pilot(releases: Path, folder: Path, months: int, per_month: int) -> tuple[Took, float]:
    """Publish a made-up pilot whole; what that took, and the megabytes of its extract."""
    extract, roster = made(folder, months, per_month)
    took = published(releases, extract, SOMERVILLE, "--roster", str(roster), *whole(months))
    size = extract.stat().st_size / 1e6
    extract.unlink()
    return took, size


def publishing(report: Report, long: bool, given: tuple[Path, ...]) -> None:
    """As many rows as Oakland has, or that extract itself, given with its mapping; in the long form 5 million too."""
    with tempfile.TemporaryDirectory() as name:
        if given:
            took = published(Path(name) / "given", given[0], given[1])
            report.row(f"publish {given[0].name}", str(took), "8 s, 600 MB for 280,661 rows")
        for words, months, per_month in (("280,000 made-up rows", 18, 15_500),
                                         ("5 million made-up rows", 102, 49_000))[: 1 + long]:
            took, size = pilot(Path(name) / str(months), Path(name), months, per_month)
            aim = "bounded memory" if months > 18 else "8 s, 600 MB"
            report.row(f"publish {words} ({size:.0f} MB)", str(took), aim)
