"""One visit as a browser makes it: Streamlit's own websocket and protobufs, until the script has finished."""

import asyncio
import time
from dataclasses import dataclass

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect


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


async def visit(address: str, page: str = "", query: str = "") -> Visit:
    """Open a session, ask for a page, and read until the script has finished. Raises TimeoutError after 60 s."""
    started = time.perf_counter()
    messages = size = errors = 0
    async with (
        asyncio.timeout(60),
        connect(
            f"{address.replace('http', 'ws', 1)}/_stcore/stream",
            subprotocols=["streamlit"],
            origin=address,
            max_size=None,
        ) as socket,
    ):
        await socket.send(asks(page, query))
        while True:
            raw = await socket.recv()
            message = ForwardMsg.FromString(raw if isinstance(raw, bytes) else raw.encode())
            messages, size = messages + 1, size + len(raw)
            errors += message.delta.new_element.WhichOneof("type") == "exception"
            if message.WhichOneof("type") == "script_finished":
                return Visit(time.perf_counter() - started, messages, size, errors)
