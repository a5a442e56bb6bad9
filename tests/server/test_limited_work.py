"""What takes processor time is made once, two at a time; one IP address cannot take both places from all others."""

import asyncio
import threading
from collections.abc import Awaitable, Callable

import pytest

from portal.server.limited_work import AT_ONCE, WORK_PER_IP, Busy, LimitedWork


class Kitchen:
    """Makes answers that are finished when a test says so, and counts how many are being made at once."""

    def __init__(self) -> None:
        self.finish = threading.Event()
        self.lock = threading.Lock()
        self.made = self.now = self.most = 0

    def make(self) -> str:
        """Made in a thread, as an answer is."""
        with self.lock:
            self.made, self.now = self.made + 1, self.now + 1
            self.most = max(self.most, self.now)
        assert self.finish.wait(30)
        with self.lock:
            self.now -= 1
        return "made"


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    """Run a scenario in an event loop of its own."""
    asyncio.run(scenario())


def test_what_many_ask_for_at_once_is_made_once() -> None:
    async def scenario() -> None:
        work, kitchen = LimitedWork[str](), Kitchen()
        waiting = [asyncio.create_task(work.get("brief", f"address {number}", kitchen.make)) for number in range(50)]
        await asyncio.sleep(0)
        kitchen.finish.set()
        assert set(await asyncio.gather(*waiting)) == {"made"}
        assert kitchen.made == 1

    run(scenario)


def test_a_third_of_one_address_is_refused_and_another_address_has_the_next_place() -> None:
    async def scenario() -> None:
        work, kitchen = LimitedWork[str](), Kitchen()
        first = [asyncio.create_task(work.get(number, "flood", kitchen.make)) for number in range(WORK_PER_IP)]
        await asyncio.sleep(0)
        for number in range(100, 120):
            with pytest.raises(Busy):
                await work.get(number, "flood", kitchen.make)
        visitor = asyncio.create_task(work.get("hers", "visitor", kitchen.make))
        await asyncio.sleep(0)
        kitchen.finish.set()
        assert await visitor == "made"
        await asyncio.gather(*first)
        await work.get("after", "flood", kitchen.make)
        assert kitchen.most <= AT_ONCE
        assert not work.by_ip
        assert not work.in_work

    run(scenario)


def test_many_addresses_wait_in_turn_and_no_more_than_two_are_made_at_once() -> None:
    async def scenario() -> None:
        work, kitchen = LimitedWork[str](), Kitchen()
        waiting = [asyncio.create_task(work.get(number, f"{number}", kitchen.make)) for number in range(40)]
        while kitchen.now < AT_ONCE:
            await asyncio.sleep(0)
        kitchen.finish.set()
        results = await asyncio.gather(*waiting, return_exceptions=True)
        assert any(isinstance(result, Busy) for result in results), "so many are not even waited for"
        assert sum(result == "made" for result in results) == kitchen.made > AT_ONCE
        assert kitchen.most == AT_ONCE

    run(scenario)


def test_what_fails_is_told_and_tried_again() -> None:
    async def scenario() -> None:
        work = LimitedWork[str]()

        def fails() -> str:
            raise RuntimeError("cannot be made")

        with pytest.raises(RuntimeError, match="cannot be made"):
            await work.get("brief", "a", fails)
        assert await work.get("brief", "a", lambda: "now") == "now"

    run(scenario)


def test_whoever_leaves_does_not_end_it_for_the_others() -> None:
    async def scenario() -> None:
        work, kitchen = LimitedWork[str](), Kitchen()
        leaves, stays = (asyncio.create_task(work.get("brief", "a", kitchen.make)) for _ in range(2))
        await asyncio.sleep(0)
        leaves.cancel()
        kitchen.finish.set()
        assert await stays == "made"

    run(scenario)
