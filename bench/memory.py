"""`python -m bench.memory`: what the server's memory is made of, part by part, each in megabytes; a line a part.

Run as a process of its own, with PORTAL_RELEASES and PORTAL_CACHE of a server that has run: it draws nothing.
"""

import gc
import os
import subprocess
import sys
from pathlib import Path

from bench.report import Report
from bench.server import ROOT


def held() -> float:
    """Megabytes that this process holds (Linux)."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def parts() -> None:
    """Load one part after the other, and print what each added."""
    before = 0.0

    def tell(words: str) -> None:
        nonlocal before
        now = held()
        print(f"{words}\t{now - before:.1f}", flush=True)
        before = now
    tell("Python and this measurement")
    import streamlit.starlette  # noqa: F401

    tell("Streamlit")
    import sqlalchemy  # noqa: F401

    tell("SQLAlchemy")
    import portal.application  # noqa: F401
    from portal.language import LANGUAGES
    from portal.server.snapshot import SnapshotStore
    from portal.settings import read

    tell("the portal's code")
    snapshot = SnapshotStore(read()).poll()
    if snapshot.live is None:
        raise SystemExit("there is no release to measure")
    tell("what is served, without its figures")
    for language in LANGUAGES:
        for release_id in snapshot.copies:
            if release := snapshot.rendered.get((release_id, language)):
                for period in release.ready:
                    release.read_figures(period)
        tell(f"every figure of every release in {language}")


def memory(report: Report, cache: Path) -> None:
    """Ask a process of its own, and add its rows."""
    done = subprocess.run([sys.executable, "-m", "bench.memory"], cwd=ROOT, capture_output=True, text=True, check=False,
                          env=os.environ | {"PORTAL_CACHE": str(cache)}, timeout=600)
    if done.returncode:
        raise SystemExit(done.stderr[-400:])
    for line in done.stdout.splitlines():
        words, _, size = line.partition("\t")
        report.row(f"memory: {words}", f"{float(size):+.1f} MB")


if __name__ == "__main__":
    parts()
