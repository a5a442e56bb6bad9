"""The markup of live pages: rendered once for each selection, for all sessions that show it."""

from collections.abc import Hashable

from portal.render.rendered import Snapshot

ENTRIES = 120  # pieces of pages, of 2 to 200 kB in memory; a page has four


class MarkupCache:
    """Rendered markup by everything it depends on but the snapshot. Emptied when the snapshot changes, and when full.

    Sessions run in threads and share it without a lock: each operation on it is atomic, and two sessions that render
    the same piece at once store the same.
    """

    def __init__(self, entries: int = ENTRIES) -> None:
        self.entries = entries
        self._cached: tuple[Snapshot | None, dict[Hashable, str]] = None, {}

    def of(self, snapshot: Snapshot) -> dict[Hashable, str]:
        """The cached markup of a snapshot."""
        cached_for, pieces = self._cached
        if cached_for is not snapshot or len(pieces) >= self.entries:
            pieces = {}
            self._cached = snapshot, pieces
        return pieces
