"""A fair queue: expensive work runs a few at a time, and visitors' IP addresses take turns (round robin).

While a place is free, nobody waits. When there is none, a client that floods the server waits behind itself: a visitor
from another IP address is next but one. IP addresses are held in memory, only while somebody waits.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

OVERLOADED = 1.0  # seconds of waiting after which every other turn of an IP address goes to its newest visitor
Turn = tuple[float, asyncio.Future[None]]  # the start of waiting, and a future that is done when the turn comes


class FairQueue:
    """Gives out `places`. Belongs to one event loop, and never blocks it."""

    def __init__(self, places: int) -> None:
        self.free = places
        self.newest_next = False
        self.waiting: dict[str, deque[Turn]] = {}  # by IP address, in the order of their next turn

    async def enter(self, ip: str) -> None:
        """Wait for a place. If the waiting task is cancelled, even just after it got the place, it gives it up."""
        if self.free and not self.waiting:
            self.free -= 1
            return
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()
        self.waiting.setdefault(ip, deque()).append((loop.time(), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                self.leave()
            raise

    def leave(self) -> None:
        """Give a place back: to the next IP address in turn, or to whoever comes next."""
        while self.waiting:
            if self._next_turn():
                return
        self.free += 1

    def _next_turn(self) -> bool:
        """Give the next IP address its turn; False if its visitor has left meanwhile."""
        ip = next(iter(self.waiting))
        visitors = self.waiting.pop(ip)
        # After a second the queue is longer than people wait. Serving the newest every other time keeps the site quick
        # for most who come now; the oldest, who see the page's first paint meanwhile, are not forgotten.
        overloaded = asyncio.get_running_loop().time() - visitors[0][0] > OVERLOADED
        self.newest_next = overloaded and not self.newest_next
        _, turn = visitors.pop() if self.newest_next else visitors.popleft()
        if visitors:
            self.waiting[ip] = visitors  # at the end: all other IP addresses come first
        if turn.done():
            return False
        turn.set_result(None)
        return True

    @asynccontextmanager
    async def place(self, ip: str) -> AsyncIterator[None]:
        """A place for as long as the block runs."""
        await self.enter(ip)
        try:
            yield
        finally:
            self.leave()
