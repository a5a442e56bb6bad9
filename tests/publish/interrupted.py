"""Publishes in processes that are killed, or that the disk refuses. Run as a script, so that each starts from the
same state.
"""

import os
import random
import resource
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from portal.errors import CantWrite, ReleaseExists
from portal.release.store import current_id, release_ids
from portal.release.verify import verify
from tests.publish import made

ENDS = made.quarter_ends(2)
EXTRACT = made.extract(made.rows((45, 45)))
TOUCHES = ("open", "os.", "sqlite3.", "shutil.", "fcntl.")  # audit events: everything that can touch the disk


def publish(releases: Path) -> None:
    made.publish(EXTRACT, ENDS[1], releases)


def in_child(work: Callable[[], None]) -> int:
    """Do work in a process of its own: its exit code, or minus the signal that killed it."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except CantWrite:
            os._exit(3)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_at(releases: Path, moment: int, count: Path | None = None) -> Callable[[], None]:
    """Publish, and be killed at the so-manieth touch of the disk."""
    def work() -> None:
        touches = 0

        def touched(event: str, _: object) -> None:
            nonlocal touches
            if event.startswith(TOUCHES):
                touches += 1
                if touches == moment:
                    os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(touched)
        publish(releases)
        if count:
            count.write_text(str(touches))
    return work


def check_releases(releases: Path) -> None:
    """What is to be seen is whole releases, and the live one is the old or the new."""
    ids = release_ids(releases)
    assert set(ids) in ({"2026-Q2"}, {"2026-Q2", "2026-Q3"}), ids
    assert {path.name for path in releases.iterdir() if not path.name.startswith(".")} == {*ids, "current"}
    assert current_id(releases) in ids
    for name in ids:
        assert verify(releases / name) == [], name


def kill(base: Path, moments: int) -> None:
    """Be killed at so many random moments, and at the last seven, when the release goes live."""
    count = base / "count"
    first = base / "first"
    made.publish(EXTRACT, ENDS[0], first)
    shutil.copytree(first, base / "all")
    assert in_child(killed_at(base / "all", -1, count)) == 0
    total = int(count.read_text())
    live = set()
    for moment in [*random.Random(3).sample(range(1, total), moments), *range(total - 6, total + 1)]:
        releases = base / str(moment)
        shutil.copytree(first, releases, dirs_exist_ok=True)
        assert in_child(killed_at(releases, moment)) == -signal.SIGKILL, moment
        check_releases(releases)
        live.add(current_id(releases))
        try:
            publish(releases)
        except ReleaseExists:
            assert current_id(releases) == "2026-Q3"
        check_releases(releases)
        assert current_id(releases) == "2026-Q3"
        assert not [path for path in releases.iterdir() if path.name.startswith(".")]
        shutil.rmtree(releases)
    assert live == {"2026-Q2", "2026-Q3"}, live
    print(total)


def full(base: Path, _: int) -> None:
    """No file may grow beyond a few bytes, as on a full disk."""
    releases = base / "releases"
    made.publish(EXTRACT, ENDS[0], releases)
    before = made.contents(releases)
    for most in (0, 5_000, 20_000, 60_000):
        def work(most: int = most) -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
            publish(releases)
        assert in_child(work) == 3, most
        assert made.contents(releases) == before, most
    print(len(before))


if __name__ == "__main__":
    {"kill": kill, "full": full}[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
