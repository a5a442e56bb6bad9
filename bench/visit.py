"""One visit as a browser makes it: Streamlit's own websocket and protobufs, until the script has finished."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Selectbox_pb2 import Selectbox
from websockets.asyncio.client import ClientConnection, connect


@dataclass(frozen=True)
class Visit:
    """What one visit got: seconds until the page was complete, messages, bytes, and error elements among them."""

    seconds: float
    messages: int
    size: int
    errors: int


def asks(page: str = "", query: str = "") -> bytes:
    """What a browser sends to be shown a page."""
    ask = BackMsg()
    ask.rerun_script.query_string = query
    ask.rerun_script.page_name = page
    return bytes(ask.SerializeToString())


def session(url: str) -> connect:
    """A connection as the page's own script opens it, without pings. Looking for a proxy in the environment would take
    a sixth of the client's time.
    """
    return connect(f"{url.replace('http', 'ws', 1)}/_stcore/stream", subprotocols=["streamlit"], origin=url,
                   max_size=None, proxy=None, ping_interval=None)


async def drawn(socket: ClientConnection, started: float) -> tuple[Visit, Selectbox]:
    """Read until the script has finished, and was not only begun again. Also the last field to choose from."""
    messages = size = errors = 0
    field = Selectbox()
    while True:
        raw = await socket.recv()
        message = ForwardMsg.FromString(raw if isinstance(raw, bytes) else raw.encode())
        messages, size = messages + 1, size + len(raw)
        element = message.delta.new_element
        errors += element.WhichOneof("type") == "exception"
        if element.WhichOneof("type") == "selectbox":
            field = element.selectbox
        if (message.WhichOneof("type") == "script_finished"
                and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN):
            return Visit(time.perf_counter() - started, messages, size, errors), field


async def visit(url: str, page: str = "", query: str = "") -> Visit:
    """Open a session, ask for a page, and read until the script has finished. Raises TimeoutError after 60 s."""
    started = time.perf_counter()
    async with asyncio.timeout(60), session(url) as socket:
        await socket.send(asks(page, query))
        return (await drawn(socket, started))[0]


async def fetch(url: str, path: str) -> int:
    """The bytes of a page's HTML, compressed, over a connection of its own. Raises ValueError unless it is there."""
    where = urlsplit(url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    try:
        lines = f"GET {path} HTTP/1.1", f"Host: {where.netloc}", "Accept-Encoding: br", "Connection: close", "", ""
        writer.write("\r\n".join(lines).encode())
        answer = await reader.read()
    finally:
        writer.close()
    if b" 200 " not in answer.split(b"\r\n", 1)[0]:
        raise ValueError(answer.split(b"\r\n", 1)[0].decode())
    return len(answer)


async def change(url: str, page: str) -> Visit:
    """Open a page, then choose another quarter as a visitor does: what that choice takes until the page is complete."""
    async with asyncio.timeout(60), session(url) as socket:
        await socket.send(asks(page))
        _, field = await drawn(socket, 0.0)
        ask = BackMsg.FromString(asks(page))
        chosen = ask.rerun_script.widget_states.widgets.add()
        chosen.id, chosen.string_value = field.id, field.options[-1]
        started = time.perf_counter()
        await socket.send(bytes(ask.SerializeToString()))
        return (await drawn(socket, started))[0]


@asynccontextmanager
async def staying(url: str, residents: int) -> AsyncIterator[None]:
    """While this lasts, so many have the Overview open."""
    async with AsyncExitStack() as opened:
        for _ in range(residents):
            socket = await opened.enter_async_context(session(url))
            await socket.send(asks())
            await drawn(socket, 0.0)
        yield
