"""The server's only background thread: it polls what is built, and supervises the builder."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.render.rendered import Snapshot
from portal.server.builder_process import BuilderProcess
from portal.server.snapshot import SnapshotStore

EVERY = 1.0  # seconds between two polls, so that a roll-back shows within two seconds
SOON = 0.2  # seconds, while no release is shown: somebody may wait for it
_LOG = logging.getLogger("portal")


@contextmanager
def polling(snapshots: SnapshotStore, builder: BuilderProcess | None, prepare: Callable[[Snapshot], object]
            ) -> Iterator[None]:
    """Poll for as long as the context lasts. `builder`: None where another process builds. `prepare`: computes what
    visitors of a snapshot would otherwise wait for; called at each poll, so it has to be quick if nothing is new.
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
    rebuilt_for: set[Path] = set()  # damaged parts for which the builder was restarted
    while not ended.is_set():
        try:
            if builder:
                builder.watch()
            snapshots.poll(builder.stopped if builder else "")
            if builder and snapshots.damaged - rebuilt_for:
                builder.restart()
            rebuilt_for = set(snapshots.damaged)
            prepare(snapshots.snapshot)
        except Exception:  # noqa: BLE001  # the thread survives any error, and the last snapshot is still served
            _LOG.exception("The releases can't be polled")
        ended.wait(EVERY if snapshots.snapshot.live else SOON)
