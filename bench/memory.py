"""`python -m bench.memory`: what the server's memory is made of, part by part, each in megabytes; a line a part.

Run as a process of its own, with PORTAL_RELEASES and PORTAL_CACHE of a server that has run: it draws nothing.
"""

import gc
import os
import subprocess
import sys
from pathlib import Path

from bench.report import BenchReport
from bench.server import ROOT


def megabytes() -> float:
    """The memory of this process in megabytes (Linux)."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def parts() -> None:
    """Load one part after the other, and print what each added."""
    before = 0.0

    def report_growth(words: str) -> None:
        nonlocal before
        now = megabytes()
        print(f"{words}\t{now - before:.1f}", flush=True)
        before = now
    report_growth("Python and this measurement")
    import streamlit.starlette  # noqa: F401

    report_growth("Streamlit")
    import sqlalchemy  # noqa: F401

    report_growth("SQLAlchemy")
    import portal.application  # noqa: F401
    from portal.language import LANGUAGES
    from portal.server.snapshot import SnapshotStore
    from portal.settings import read

    report_growth("the portal's code")
    snapshot = SnapshotStore(read()).poll()
    if snapshot.live is None:
        raise SystemExit("there is no release to measure")
    report_growth("what is served, without its figures")
    for language in LANGUAGES:
        for release_id in snapshot.copies:
            if release := snapshot.rendered.get((release_id, language)):
                for period, _ in release.periods:
                    if period in release.ready:
                        release.read_figures(period)
        report_growth(f"every figure of every release in {language}")


def memory(report: BenchReport, cache: Path) -> None:
    """Ask a process of its own, and add its rows."""
    process = subprocess.run([sys.executable, "-m", "bench.memory"], cwd=ROOT, capture_output=True, text=True,
                             check=False, env=os.environ | {"PORTAL_CACHE": str(cache)}, timeout=600)
    if process.returncode:
        raise SystemExit(process.stderr[-400:])
    for line in process.stdout.splitlines():
        words, _, size = line.partition("\t")
        report.row(f"memory: {words}", f"{float(size):+.1f} MB")


if __name__ == "__main__":
    parts()
