"""Expensive responses: made two at a time, in turns by IP address; concurrent requests for the same one share it."""

import asyncio
from collections import Counter
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from portal.server.fair_queue import FairQueue

Result = TypeVar("Result")
AT_ONCE = 2  # results computed at the same time; the other processors serve everybody else
WORK_PER_IP = 2  # results that an IP address may have running or waiting
IN_WORK = 20  # results of all IP addresses together, running or waiting


class Busy(Exception):  # a state of the server, not anybody's mistake
    """Too many results are being computed: the client should try again in a few seconds."""


class LimitedWork(Generic[Result]):
    """Computes results in threads. Belongs to one event loop."""

    def __init__(self) -> None:
        self.queue = FairQueue(AT_ONCE)
        self.in_work: dict[Hashable, asyncio.Task[Result]] = {}
        self.by_ip: Counter[str] = Counter()  # results in work by IP address; removed at 0

    async def get(self, key: Hashable, ip: str, make: Callable[[], Result]) -> Result:
        """The result of `make`, which is called once for all concurrent requests with the same key. Raises Busy, and
        the errors of `make`.
        """
        if key not in self.in_work:
            if self.by_ip[ip] >= WORK_PER_IP or len(self.in_work) >= IN_WORK:
                raise Busy
            self.by_ip[ip] += 1
            self.in_work[key] = asyncio.create_task(self._make(key, ip, make))
        return await asyncio.shield(self.in_work[key])  # a client that leaves does not cancel it for others who wait

    async def _make(self, key: Hashable, ip: str, make: Callable[[], Result]) -> Result:
        try:
            async with self.queue.place(ip):
                # in asyncio's thread pool, not Starlette's, from which it would take threads of other requests
                return await asyncio.to_thread(make)
        finally:
            del self.in_work[key]
            self.by_ip[ip] -= 1
            self.by_ip += Counter()
