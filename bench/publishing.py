"""What publishing costs, as a process of its own, and how it grows."""

import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bench.report import BenchReport
from bench.server import ROOT

REMARKS = re.compile(r"remarks? to be looked at \(([^)]+)\)")
SOMERVILLE = ROOT / "data" / "mappings" / "somerville.toml"


@dataclass(frozen=True)
class ResourceUse:
    """What a command cost: seconds by the clock and of processor time, and its peak of memory in megabytes."""

    seconds: float
    cpu: float
    megabytes: float

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s ({self.cpu:.1f} s of CPU), {self.megabytes:.0f} MB"


def run(*command: str, **settings: str) -> ResourceUse:
    """A command of the portal, with these settings. Raises SystemExit with what it printed where it fails."""
    began = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        started = subprocess.Popen([sys.executable, "-m", "portal", *command], cwd=ROOT, stdout=output, stderr=output,
                                   env=os.environ | settings)
        _, status, used = os.wait4(started.pid, 0)
        if status:
            output.seek(0)
            raise SystemExit(output.read().decode()[-500:])
    peak = used.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    return ResourceUse(time.perf_counter() - began, used.ru_utime + used.ru_stime, peak)


def made_up_extract(folder: Path, months: int, per_month: int) -> tuple[Path, ...]:
    """A made-up extract and its roster."""
    extract = folder / f"{months}-{per_month}.csv"
    run("illustrate", str(extract), "--months", str(months), "--per-month", str(per_month))
    return extract, extract.with_name(f"{extract.stem}-roster.csv")


def to_last_month(months: int) -> tuple[str, ...]:
    """The options that publish a made-up pilot, which begins in April 2026, to the end of its last month."""
    end = date(2026 + (3 + months) // 12, (3 + months) % 12 + 1, 1) - timedelta(days=1)
    return "--period-end", end.isoformat(), "--published-on", (end + timedelta(days=45)).isoformat()


@dataclass(frozen=True)
class Publication:
    """What publishing an extract costs: `planned` as a dry run, that is all but writing; `live` with writing, and with
    building the pages that are served.
    """

    planned: ResourceUse
    live: ResourceUse

    def report(self, report: BenchReport, words: str, aim: str) -> None:
        """Add its two rows."""
        report.row(f"publish {words}, a dry run: all but writing and building", str(self.planned), aim)
        report.row(f"publish {words}, with building what is served", str(self.live), "")


def published(releases: Path, extract: Path, mapping: Path = SOMERVILLE, *more: str) -> Publication:
    """Publish an extract as the release `bench` into a folder, live. Remarks are accepted, as an analyst would who has
    looked at them; the cost is that of the run that publishes.
    """
    command = ("publish", str(extract), *more, "--mapping", str(mapping), "--id", "bench", "--state", "illustrative",
               "--releases", str(releases))
    planned = run(*command, "--dry-run")
    try:
        return Publication(planned, run(*command))
    except SystemExit as refused:
        names = REMARKS.search(str(refused))
        if names is None:
            raise
        accepted = (word for name in names[1].split(", ") for word in ("--accept", name))
        return Publication(planned, run(*command, *accepted))


def pilot(releases: Path, folder: Path, months: int, per_month: int) -> tuple[Publication, float]:
    """Publish all of a made-up pilot; what that cost, and the megabytes of its extract."""
    extract, roster = made_up_extract(folder, months, per_month)
    cost = published(releases, extract, SOMERVILLE, "--roster", str(roster), *to_last_month(months))
    size = extract.stat().st_size / 1e6
    extract.unlink()
    return cost, size


def publishing(report: BenchReport, long: bool, extract_and_mapping: tuple[Path, ...]) -> None:
    """As many rows as a large city has, a real extract where one is given, and in the long form 5 million."""
    with tempfile.TemporaryDirectory() as name:
        if extract_and_mapping:
            extract, mapping = extract_and_mapping
            published(Path(name) / "real", extract, mapping).report(report, extract.name, "8 s, 600 MB")
        for words, months, per_month in (("280,000 made-up rows", 18, 15_500),
                                         ("5 million made-up rows", 102, 49_000))[: 1 + long]:
            cost, size = pilot(Path(name) / str(months), Path(name), months, per_month)
            cost.report(report, f"{words} ({size:.0f} MB)", "bounded memory" if months > 18 else "8 s, 600 MB")
