"""What a browser may say in its session: a pure ASGI middleware before Streamlit's websocket.

Streamlit knows ten kinds of message; a visitor of this site needs three. The others clear caches, read git, hand out
addresses for uploads, or answer a failure with a traceback. A session that asks faster than a person can choose is made
to wait: each message is a run of a page, and five sessions that sent what they could kept all others waiting.
"""

import asyncio
import time

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

NEEDED = {"rerun_script", "stop_script", "app_heartbeat"}
LONGEST = 100_000  # bytes; a page's own message has some hundreds
GARBAGE, TOO_LONG = 1002, 1009  # RFC 6455, 7.4.1
AT_ONCE, EVERY = 20, 1.0  # messages of a session that are taken as they come, and seconds for each one after these


def verdict(message: Message) -> int:
    """0: to be let through; 1: to be passed over; else the code with which the session is closed."""
    data = message.get("bytes")
    if data is None:
        return GARBAGE
    if len(data) > LONGEST:
        return TOO_LONG
    try:
        kind = BackMsg.FromString(data).WhichOneof("type")
    except DecodeError:
        return GARBAGE
    return 0 if kind in NEEDED else 1


class Pace:
    """How long the next message of a session has to wait."""

    def __init__(self) -> None:
        self.due = 0.0

    def wait(self, now: float) -> float:
        """Seconds from `now` until a message that has come now is taken; 0 for whoever has not sent many."""
        self.due = max(self.due, now - AT_ONCE * EVERY) + EVERY
        return max(0.0, self.due - now)


class Gate:
    """Lets the three kinds pass, passes over the others, and closes the session of whoever sends garbage."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stand between the socket and Streamlit."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        closed, pace = False, Pace()

        async def sending(message: Message) -> None:
            if not closed:
                await send(message)

        async def receiving() -> Message:
            nonlocal closed
            while True:
                message = await receive()
                if message["type"] != "websocket.receive":
                    return message
                if wait := pace.wait(time.monotonic()):
                    await asyncio.sleep(wait)  # uvicorn reads no further meanwhile, so nothing piles up here
                found = verdict(message)
                if found == 0:
                    return message
                if found != 1:
                    await send({"type": "websocket.close", "code": found})
                    closed = True
                    return {"type": "websocket.disconnect", "code": found}

        await self.app(scope, receiving, sending)
