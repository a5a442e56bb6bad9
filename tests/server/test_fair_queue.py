"""Who floods the server waits behind himself; nobody waits while there is a free place."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from hypothesis import given
from hypothesis import strategies as st

from portal.server.fair_queue import OVERLOADED, FairQueue


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    """Run a scenario in an event loop of its own."""
    asyncio.run(scenario())


async def visitor(queue: FairQueue, ip: str, served: list[str], name: str = "") -> None:
    """Somebody who takes a place, is noted, and gives it back."""
    async with queue.place(ip):
        served.append(name or ip)


def test_nobody_waits_while_there_is_a_free_place() -> None:
    async def scenario() -> None:
        queue = FairQueue(2)
        async with queue.place("a"), queue.place("a"):
            assert queue.free == 0

    run(scenario)


def test_a_visitor_is_served_next_however_many_of_another_address_wait() -> None:
    async def scenario() -> None:
        queue, served = FairQueue(1), list[str]()
        await queue.enter("flood")
        flood = [asyncio.create_task(visitor(queue, "flood", served)) for _ in range(50)]
        await asyncio.sleep(0)
        late = asyncio.create_task(visitor(queue, "visitor", served))
        await asyncio.sleep(0)
        queue.leave()
        await asyncio.gather(*flood, late)
        assert served.index("visitor") <= 1
        assert len(served) == 51
        assert queue.free == 1

    run(scenario)


def test_the_oldest_comes_first_and_under_a_long_flood_every_other_time_the_newest() -> None:
    async def scenario() -> None:
        queue, served, loop = FairQueue(1), list[str](), asyncio.get_running_loop()
        await queue.enter("a")
        tasks = [asyncio.create_task(visitor(queue, "a", served, name)) for name in ("first", "second", "third")]
        await asyncio.sleep(0)
        queue.leave()
        await asyncio.gather(*tasks)
        assert served == ["first", "second", "third"]
        await queue.enter("a")
        names = ("oldest", "old", "newer", "newest")
        tasks = [asyncio.create_task(visitor(queue, "a", served, name)) for name in names]
        await asyncio.sleep(0)
        since = loop.time() - OVERLOADED - 0.1
        queue.waiting["a"] = deque((since, turn) for _, turn in queue.waiting["a"])  # all have waited longer than that
        queue.leave()
        await asyncio.gather(*tasks)
        assert served[3:] == ["newest", "oldest", "newer", "old"]

    run(scenario)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=30), st.integers(1, 3))
def test_whoever_leaves_while_waiting_costs_no_place(visitors: list[tuple[str, bool]], places: int) -> None:
    async def scenario() -> None:
        queue, served = FairQueue(places), list[str]()
        for _ in range(places):
            await queue.enter("first")
        tasks = [asyncio.create_task(visitor(queue, ip, served)) for ip, _ in visitors]
        await asyncio.sleep(0)
        queue.leave()  # a place is handed over, perhaps to somebody who leaves at this moment
        for task, (_, leaves) in zip(tasks, visitors, strict=True):
            if leaves:
                task.cancel()
        for _ in range(places - 1):
            queue.leave()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert queue.free == places
        assert len(served) == sum(not leaves for _, leaves in visitors)

    run(scenario)
