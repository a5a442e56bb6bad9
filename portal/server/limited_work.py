"""Answers that take processor time to make: two at a time, addresses take turns, and equal ones are made once."""

import asyncio
from collections import Counter
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from portal.server.fair_queue import FairQueue

Made = TypeVar("Made")
AT_ONCE = 2  # made at the same time; the rest of the processor is for everybody else
OF_AN_ADDRESS = 2  # that an address may have in work or waiting
IN_WORK = 20  # of all addresses together, in work or waiting


class Busy(Exception):  # a state of the server, not a mistake of anybody's
    """Too many answers are being made: this one is to be asked for again in a few seconds."""


class LimitedWork(Generic[Made]):
    """Makes answers in threads. Belongs to one event loop."""

    def __init__(self) -> None:
        self.queue = FairQueue(AT_ONCE)
        self.in_work: dict[Hashable, asyncio.Task[Made]] = {}
        self.of: Counter[str] = Counter()  # how many an address has in work; addresses are forgotten at 0

    async def get(self, key: Hashable, address: str, make: Callable[[], Made]) -> Made:
        """What `make` returns; it is called once for all who ask for the same key meanwhile. Raises Busy, and whatever
        `make` raises.
        """
        if key not in self.in_work:
            if self.of[address] >= OF_AN_ADDRESS or len(self.in_work) >= IN_WORK:
                raise Busy
            self.of[address] += 1
            self.in_work[key] = asyncio.create_task(self._make(key, address, make))
        return await asyncio.shield(self.in_work[key])  # whoever leaves does not end it for the others who wait for it

    async def _make(self, key: Hashable, address: str, make: Callable[[], Made]) -> Made:
        try:
            async with self.queue.place(address):
                # asyncio's threads, not Starlette's: it waits for no other request and takes no thread from them.
                return await asyncio.to_thread(make)
        finally:
            del self.in_work[key]
            self.of[address] -= 1
            self.of += Counter()
