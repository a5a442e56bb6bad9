"""Load on a running server: many residents at once over real websockets, or plain requests a second."""

import asyncio
import statistics
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from bench.visit import Visit, fetch, visit


@dataclass(frozen=True)
class Load:
    """What a crowd saw."""

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


async def crowd(url: str, residents: int, within: float, page: str = "", query: str = "", *,
                first_paint: bool = False) -> Load:
    """So many residents open a page, evenly over so many seconds; with `first_paint` each fetches its HTML before."""
    async def resident(at: float) -> Visit | None:
        await asyncio.sleep(at)
        try:
            if first_paint:
                await fetch(url, f"/{page}")
            return await visit(url, page, query)
        except Exception:  # noqa: BLE001  # whatever went wrong, this resident saw no page
            return None
    started, used = time.perf_counter(), time.process_time()
    visits = await asyncio.gather(*(resident(within * at / residents) for at in range(residents)))
    complete = tuple(visit_ for visit_ in visits if visit_)
    return Load(complete, len(visits) - len(complete), time.perf_counter() - started, time.process_time() - used)


async def saturate(url: str, seconds: float, at_once: int, page: str = "") -> Load:
    """So many residents at a time, each with another behind it, for so many seconds."""
    started, used = time.perf_counter(), time.process_time()

    async def residents_in_turn() -> list[Visit | None]:
        visits: list[Visit | None] = []
        while time.perf_counter() - started < seconds:
            try:
                visits.append(await visit(url, page))
            except Exception:  # noqa: BLE001  # whatever went wrong, this resident saw no page
                visits.append(None)
        return visits
    visits = [value for row in await asyncio.gather(*(residents_in_turn() for _ in range(at_once))) for value in row]
    complete = tuple(visit_ for visit_ in visits if visit_)
    return Load(complete, len(visits) - len(complete), time.perf_counter() - started, time.process_time() - used)


async def requests(url: str, path: str, seconds: float, connections: int = 8, etag: str = "") -> float:
    """Answers a second to one path over connections that stay open. `etag`: the ETag of what the client has.
    Raises OSError or ValueError on any other answer than 200, or 304 with `etag`, and TimeoutError where none comes.
    """
    where = urlsplit(url)
    condition = f"If-None-Match: {etag}\r\n" if etag else ""
    request = (f"GET {path} HTTP/1.1\r\nHost: {where.netloc}\r\nAccept-Encoding: br\r\n{condition}\r\n").encode()
    status = b" 304 " if etag else b" 200 "
    until = time.perf_counter() + seconds

    async def connection() -> int:
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
        count = 0
        while time.perf_counter() < until:
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            if status not in head.split(b"\r\n", 1)[0]:
                raise ValueError(head.split(b"\r\n", 1)[0].decode())
            if not etag:
                await reader.readexactly(int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0]))
            count += 1
        writer.close()
        return count
    async with asyncio.timeout(seconds + 30):
        return sum(await asyncio.gather(*(connection() for _ in range(connections)))) / seconds


async def rounds(url: str, page: str, times: int) -> list[Visit]:
    """One visit after another: the cost of a page view without a queue."""
    return [await visit(url, page) for _ in range(times)]


def median(visits: list[Visit]) -> float:
    """Milliseconds of the middle visit."""
    return 1000 * statistics.median(visit_.seconds for visit_ in visits)
