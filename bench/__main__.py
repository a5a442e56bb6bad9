"""`python -m bench [--long] [PART …] [EXTRACT MAPPING]`: each figure beside its aim and what it is measured against.

Prints a table in Markdown, a row as soon as it is known. Without parts all of them: start, crowds, pages, sessions,
visits, answers, peers, memory, replicas, growth, publishing. Publishing is measured on a made-up extract of some
280,000 rows, and on a real one given with its mapping. `--long` (a quarter of an hour, on a machine that has nothing
else to do) lets 1,000 and 3,000 residents come within 30 seconds, and publishes ten years and five million rows.
"""

import os
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from bench.answers import peers, responses
from bench.growth import growth
from bench.memory import memory
from bench.pages import crowds, each, first_visits, sessions
from bench.publishing import publishing, run
from bench.replicas import replicas
from bench.report import BenchReport
from bench.server import ROOT, Server, answers, fresh_cache, portal

SERVED = {"crowds": crowds, "pages": each, "sessions": sessions, "visits": first_visits, "answers": responses}
QUARTER = max(path.name for path in (ROOT / "data" / "releases").iterdir() if path.is_dir())  # and its release
ALONE = ("peers", "memory", "replicas", "growth", "publishing")


def starts(report: BenchReport, cache: Path, long: bool) -> None:
    """How long it takes until a page is served, with nothing drawn and with everything."""
    with portal(cache) as server:
        report.row("start to first page, nothing built", f"{server.seconds_to_first_page:.1f} s (of CPU the server "
                   f"itself {server.cpu():.1f} s)", "4 s")
        began = time.perf_counter() - server.seconds_to_first_page
        while not answers(f"{server.url}/api/v1/figures/demand.received?period={QUARTER}"):
            time.sleep(0.05)
        report.row("   to a chosen quarter", f"{time.perf_counter() - began:.1f} s", "6 s")
    if long:
        with fresh_cache() as empty:
            report.row("building all six releases in five languages", str(run(
                "build", PORTAL_CACHE=str(empty), PORTAL_AHEAD="es,pt-BR,ht,ne")), "120 s of CPU")
    with portal(cache) as server:
        report.row("start to first page, built", f"{server.seconds_to_first_page:.1f} s ({server.cpu():.1f} s of CPU)",
                   "2.5 s")
        report.row("memory then", f"{server.megabytes():.0f} MB", "130 MB")


def measure_server(report: BenchReport, server: Server, names: list[str], long: bool) -> None:
    """The parts that ask one running server."""
    for name, measure in SERVED.items():
        if name in names:
            with report.part(name):
                measure(report, server, long)


def main() -> None:
    """Measure, and print the table."""
    if {"--help", "-h"} & set(sys.argv):
        print(__doc__)
        return
    arguments = [argument for argument in sys.argv[1:] if argument != "--long"]
    long, known = "--long" in sys.argv, ["start", *SERVED, *ALONE]
    names, files = (
        [argument for argument in arguments if argument in known],
        [Path(argument) for argument in arguments if argument not in known],
    )
    if len(files) not in (0, 2) or not all(file.is_file() for file in files):
        raise SystemExit(f"neither a part nor an extract with its mapping: {' '.join(map(str, files))}")
    names, extract = names or known, tuple(files)
    os.environ["PORTAL_AHEAD"] = "none"
    report = BenchReport()
    alone = {"peers": lambda cache: peers(report, long), "memory": lambda cache: memory(report, cache),
             "replicas": lambda cache: replicas(report, cache, long), "growth": lambda cache: growth(report, long),
             "publishing": lambda cache: publishing(report, long, extract)}
    with fresh_cache() as cache:
        with report.part("start"):
            if "start" in names:
                starts(report, cache, long)
            else:
                with portal(cache):  # builds what the other parts serve
                    pass
        with ExitStack() as opened, report.part("server"):
            if set(names) & set(SERVED):
                measure_server(report, opened.enter_context(portal(cache)), names, long)
        for name in ALONE:
            if name in names:
                with report.part(name):
                    alone[name](cache)


if __name__ == "__main__":
    main()
