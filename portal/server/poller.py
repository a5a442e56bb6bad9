"""The one thread of the server beside those that answer: it polls what is built, and watches over the builder."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.render.rendered import Snapshot
from portal.server.builder_process import BuilderProcess
from portal.server.snapshot import SnapshotStore

EVERY = 1.0  # seconds between two polls: a roll-back shows within two
_LOG = logging.getLogger("portal")


@contextmanager
def polling(snapshots: SnapshotStore, builder: BuilderProcess | None, prepare: Callable[[Snapshot], object]
            ) -> Iterator[None]:
    """Poll for as long as this lasts. `builder`: None where another process builds; `prepare`: makes ready what
    visitors of a snapshot would wait for, and is quick where it did so before.
    """
    ended = threading.Event()
    thread = threading.Thread(target=_poll, args=(snapshots, builder, prepare, ended), daemon=True,
                              name="poll-releases")
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(EVERY)
        if builder:
            builder.stop()


def _poll(snapshots: SnapshotStore, builder: BuilderProcess | None, prepare: Callable[[Snapshot], object],
          ended: threading.Event) -> None:
    rebuilt_for: set[Path] = set()  # rotten parts for which the builder was started anew
    while not ended.is_set():
        try:
            if builder:
                builder.watch()
            snapshots.poll(builder.stopped if builder else "")
            if builder and snapshots.rotten - rebuilt_for:
                builder.restart()
            rebuilt_for = set(snapshots.rotten)
            prepare(snapshots.snapshot)
        except Exception:  # noqa: BLE001  # the thread outlives whatever it meets: what is served stays
            _LOG.exception("The releases can't be looked at")
        ended.wait(EVERY)
