"""The answers that were given before, as ready bytes, until what is served changes."""

from collections.abc import Hashable, Mapping, MutableMapping
from dataclasses import dataclass

from cachetools import LRUCache

from portal.render.rendered import Snapshot
from portal.server.responses import Body

SIZE = 24_000_000  # bytes of answers in memory; a page has 40 to 150 kB with its compressed forms
ENTRY = 3000  # bytes at most that an answer takes beside its own: its key, what is said of it, and Python's share


@dataclass(frozen=True)
class Answer:
    """Bytes, how long they last, and what else is said of them."""

    body: Body
    cache: str
    headers: Mapping[str, str]


def weight(answer: Answer) -> int:
    """The bytes of an answer in every form, and what keeping it takes: else a hundred thousand tiny ones would be."""
    body = answer.body
    return ENTRY + len(body.content) + len(body.brotli or b"") + len(body.gzip or b"")


class ResponseCache:
    """The answers used last, up to a size altogether: whatever strangers ask for, it can't fill the memory."""

    def __init__(self, size: int = SIZE) -> None:
        self.size = size
        self._snapshot: Snapshot | None = None
        self._answers: MutableMapping[Hashable, Answer] = {}

    def of(self, snapshot: Snapshot) -> MutableMapping[Hashable, Answer]:
        """The answers of a snapshot. What was begun before a swap is kept among those before it."""
        if snapshot is not self._snapshot:
            self._snapshot, self._answers = snapshot, LRUCache(self.size, weight)
        return self._answers
