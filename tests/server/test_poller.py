"""The poller: what visitors of a new snapshot would wait for is ready before they come."""

import threading
from pathlib import Path

from portal.render.rendered import Snapshot
from portal.server.poller import polling
from portal.server.snapshot import SnapshotStore
from tests.conftest import SMALLEST
from tests.site import built, releases_in, settings_for


def test_what_visitors_would_wait_for_is_made_ready_for_what_was_polled(tmp_path: Path, drawn_cache: Path) -> None:
    store = SnapshotStore(built(settings_for(releases_in(tmp_path / "releases", SMALLEST[0]), drawn_cache)))
    prepared: list[Snapshot] = []
    ready = threading.Event()

    def prepare(snapshot: Snapshot) -> None:
        prepared.append(snapshot)
        ready.set()
    with polling(store, None, prepare):
        assert ready.wait(60)
    assert prepared[0].live and prepared[0].live.facts.id == SMALLEST[0]
