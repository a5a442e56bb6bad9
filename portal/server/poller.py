"""The one thread of the server beside those that answer: it polls what is built, and watches over the builder."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.server.builder_process import BuilderProcess
from portal.server.snapshot import SnapshotStore

EVERY = 1.0  # seconds between two polls: a roll-back shows within two
_LOG = logging.getLogger("portal")


@contextmanager
def polling(snapshots: SnapshotStore, builder: BuilderProcess | None) -> Iterator[None]:
    """Poll for as long as this lasts. `builder`: None where another process builds."""
    ended = threading.Event()
    thread = threading.Thread(target=_poll, args=(snapshots, builder, ended), daemon=True, name="poll-releases")
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(EVERY)
        if builder:
            builder.stop()


def _poll(snapshots: SnapshotStore, builder: BuilderProcess | None, ended: threading.Event) -> None:
    told: set[Path] = set()  # rotten parts for which the builder was started anew
    while not ended.is_set():
        try:
            if builder:
                builder.watch()
            snapshots.poll(builder.stopped if builder else "")
            if builder and snapshots.rotten - told:
                builder.restart()
            told = set(snapshots.rotten)
        except Exception:  # noqa: BLE001  # the thread outlives whatever it meets: what is served stays
            _LOG.exception("The releases can't be looked at")
        ended.wait(EVERY)
