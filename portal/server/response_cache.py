"""The response cache: an LRU cache by size in bytes, emptied when the snapshot changes."""

from collections.abc import Hashable, Mapping, MutableMapping
from dataclasses import dataclass

from cachetools import LRUCache

from portal.render.rendered import Snapshot
from portal.server.responses import Body

SIZE = 24_000_000  # bytes of responses in memory; a page has 40 to 150 kB with its compressed forms
ENTRY = 3000  # bytes at most that a response takes besides its body: its key, its headers, and Python's objects


@dataclass(frozen=True)
class CachedResponse:
    """A cached response: its body, its Cache-Control, and its other headers."""

    body: Body
    cache: str
    headers: Mapping[str, str]


def weight(answer: CachedResponse) -> int:
    """The bytes of a response in all its forms, and of its cache entry, so that tiny responses count too."""
    body = answer.body
    return ENTRY + len(body.content) + len(body.brotli or b"") + len(body.gzip or b"")


class ResponseCache:
    """The most recently used responses, up to a total size, so that no sequence of requests can fill the memory."""

    def __init__(self, size: int = SIZE) -> None:
        self.size = size
        self._snapshot: Snapshot | None = None
        self._answers: MutableMapping[Hashable, CachedResponse] = {}

    def of(self, snapshot: Snapshot) -> MutableMapping[Hashable, CachedResponse]:
        """The cached responses of a snapshot. A request that began before a new snapshot writes into the old cache."""
        if snapshot is not self._snapshot:
            self._snapshot, self._answers = snapshot, LRUCache(self.size, weight)
        return self._answers
