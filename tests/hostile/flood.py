"""`python -m tests.hostile.flood KIND URL COUNT`: a stranger floods a server, in a process of his own, until killed.

Kinds: `sessions` (websockets that ask for a page and reconnect), `briefs` (connections that ask for briefs that
differ), `unfinished` (websockets that begin a message of 19 MB and never finish it), `harvest` (connections that ask
for every table of every release).
"""

import asyncio
import random
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from itertools import count
from urllib.parse import urlsplit

from websockets.exceptions import WebSocketException

from bench.visit import asks as page_request
from bench.visit import drawn, session
from portal.language import LANGUAGES
from portal.render.documents import SECTIONS
from tests.conftest import SHIPPED

MESSAGE, PIECE = 19_000_000, 16_000  # bytes
RELEASES = [folder.name for folder in SHIPPED.iterdir() if folder.is_dir()]
_NUMBERS = count()


async def sessions(url: str) -> None:
    """Open a session, ask for the first page, and leave."""
    async with session(url) as socket:
        await socket.send(page_request())
        await drawn(socket, 0.0)


async def unfinished(url: str) -> None:
    """Begin a large message, and stay with it."""
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(MESSAGE // PIECE):
            yield b"x" * PIECE
        await asyncio.Event().wait()

    async with session(url) as socket:
        await socket.send(pieces())


async def get(url: str, path: str) -> int:
    """Ask for an IP address over a connection of its own, and read the answer; its status."""
    where = urlsplit(url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {where.netloc}\r\nConnection: close\r\n\r\n".encode())
        answer = await reader.read()
        return int(answer[9:12] or 0)
    finally:
        writer.close()


async def briefs(url: str) -> None:
    """Ask for a brief that nobody has asked for."""
    chosen = ",".join(random.sample(list(SECTIONS), 3))
    await get(url, f"/brief.pdf?sections={chosen}&lang={random.choice(LANGUAGES)}&x={next(_NUMBERS)}")


async def harvest(url: str) -> None:
    """Ask for the cells of an old release, and a page of it, at an IP address that nobody has asked for."""
    release = random.choice(RELEASES)
    for path in (f"/api/v1/releases/{release}/cells", f"/api/v1/figures/demand.received?release={release}",
                 f"/plain/explore?release={release}&x={next(_NUMBERS)}"):
        await get(url, path)


async def forever(once: Callable[[str], Awaitable[None]], url: str) -> None:
    """One of the stranger's connections."""
    while True:
        with suppress(OSError, WebSocketException, TimeoutError, ValueError):
            await once(url)


async def main(kind: str, url: str, connections: str) -> None:
    """All of them."""
    once = {"sessions": sessions, "unfinished": unfinished, "briefs": briefs, "harvest": harvest}[kind]
    await asyncio.gather(*(forever(once, url) for _ in range(int(connections))))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
