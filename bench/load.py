"""Load on a running server: many residents at once over real websockets, or plain requests a second."""

import asyncio
import statistics
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from bench.visit import Visit, visit


@dataclass(frozen=True)
class Load:
    """What a crowd got."""

    visits: tuple[Visit, ...]
    failed: int  # visits that ended without a page
    seconds: float
    client: float = 0.0  # processor seconds that the client itself took

    @property
    def errors(self) -> int:
        """Failed visits and error elements."""
        return self.failed + sum(visit_.errors for visit_ in self.visits)

    def quantile(self, share: float) -> float:
        """Milliseconds within which that share of the visits was complete."""
        times = sorted(visit_.seconds for visit_ in self.visits)
        return 1000 * times[min(len(times) - 1, int(share * len(times)))] if times else float("nan")

    def __str__(self) -> str:
        return (f"median {self.quantile(0.5):.0f} ms, 95th percentile {self.quantile(0.95):.0f} ms, "
                f"{self.errors} errors")


async def crowd(address: str, residents: int, within: float, page: str = "", query: str = "") -> Load:
    """So many residents open a page, evenly over so many seconds."""
    async def one(at: float) -> Visit | None:
        await asyncio.sleep(at)
        try:
            return await visit(address, page, query)
        except Exception:  # noqa: BLE001  # whatever went wrong, this resident saw no page
            return None
    started, used = time.perf_counter(), time.process_time()
    seen = await asyncio.gather(*(one(within * at / residents) for at in range(residents)))
    good = tuple(answer for answer in seen if answer)
    return Load(good, len(seen) - len(good), time.perf_counter() - started, time.process_time() - used)


async def saturate(address: str, seconds: float, at_once: int, page: str = "") -> Load:
    """So many residents at a time, each with another behind it, for so many seconds."""
    started, used = time.perf_counter(), time.process_time()

    async def one() -> list[Visit | None]:
        seen: list[Visit | None] = []
        while time.perf_counter() - started < seconds:
            try:
                seen.append(await visit(address, page))
            except Exception:  # noqa: BLE001  # whatever went wrong, this resident saw no page
                seen.append(None)
        return seen
    seen = [value for row in await asyncio.gather(*(one() for _ in range(at_once))) for value in row]
    good = tuple(answer for answer in seen if answer)
    return Load(good, len(seen) - len(good), time.perf_counter() - started, time.process_time() - used)


async def requests(address: str, path: str, seconds: float, connections: int = 8, has: str = "") -> float:
    """Answers a second to one path over kept connections. `has`: the ETag of what the client has already. Raises
    OSError or ValueError on any other answer than 200, or 304 to who has it, and TimeoutError where none comes.
    """
    where = urlsplit(address)
    given = f"If-None-Match: {has}\r\n" if has else ""
    asked = (f"GET {path} HTTP/1.1\r\nHost: {where.netloc}\r\nAccept-Encoding: br\r\n{given}\r\n").encode()
    status = b" 304 " if has else b" 200 "
    until = time.perf_counter() + seconds

    async def one() -> int:
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
        count = 0
        while time.perf_counter() < until:
            writer.write(asked)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            if status not in head.split(b"\r\n", 1)[0]:
                raise ValueError(head.split(b"\r\n", 1)[0].decode())
            if not has:
                await reader.readexactly(int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0]))
            count += 1
        writer.close()
        return count
    async with asyncio.timeout(seconds + 30):
        return sum(await asyncio.gather(*(one() for _ in range(connections)))) / seconds


async def rounds(address: str, page: str, times: int) -> list[Visit]:
    """One visit after another: the cost of a page view without a queue."""
    return [await visit(address, page) for _ in range(times)]


def median(visits: list[Visit]) -> float:
    """Milliseconds of the middle visit."""
    return 1000 * statistics.median(visit_.seconds for visit_ in visits)
