"""Filters the messages of a browser's session: ASGI middleware in front of Streamlit's websocket.

Streamlit knows ten kinds of message; a visitor of this site needs three. The others clear caches, read git, give out
URLs for uploads, or answer an error with a traceback. A message that requests a page is a run of the script: runs take
turns by IP address, a session has one at a time, and a session that sends faster than a person can choose is throttled.
"""

import asyncio
import ipaddress
import time
from collections import Counter

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from portal.server.fair_queue import FairQueue
from portal.server.websocket_transport import UNFINISHED, BoundedProtocol, bounded
from portal.streamlit_internals import MESSAGES, RERUN, RUN_ENDED

LONGEST = UNFINISHED // 2  # bytes; a page's own message has some hundreds
GARBAGE, TOO_LONG, TRY_LATER = 1002, 1009, 1013  # RFC 6455, 7.4.1, and IANA's registry of close codes
AT_ONCE, EVERY = 20, 1.0  # messages of a session that may come in a burst, and seconds for each message after these
RUNS_AT_ONCE = 2  # of all visitors. Python runs one thread at a time: more would only slow each other down
LONGEST_RUN = 5.0  # seconds after which a run that has not ended gives up its place
OPEN_PER_IP = 100  # sessions; an office, a school or a mobile network may stand behind one IP address
SHORT = 200  # bytes: the message that a run has ended is shorter


def verdict(message: Message) -> int | str:
    """The kind of a message that is let through; "" for one that is ignored; or the code to close the session with."""
    data = message.get("bytes")
    if data is None:
        return GARBAGE
    if len(data) > LONGEST:
        return TOO_LONG
    try:
        kind = BackMsg.FromString(data).WhichOneof("type")
    except DecodeError:
        return GARBAGE
    return kind if kind in MESSAGES else ""


def ends_a_run(message: Message) -> bool:
    """Whether this message of Streamlit's says that a run has ended and the page is complete."""
    data = message.get("bytes")
    if data is None or len(data) > SHORT:
        return False
    forwarded = ForwardMsg.FromString(data)
    ended: bool = forwarded.WhichOneof("type") == RUN_ENDED
    return ended and forwarded.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN


def of_one_visitor(ip: str) -> bool:
    """Whether the number of an IP address's sessions is limited: only that of a public one. Any other may be a proxy
    that does not name its clients, this machine, or the City's own network.
    """
    try:
        return ipaddress.ip_address(ip).is_global
    except ValueError:
        return False


class Pace:
    """Rate limit (token bucket): how long the next message of a session has to wait."""

    def __init__(self) -> None:
        self.due = 0.0

    def wait(self, now: float) -> float:
        """Seconds until a message that arrived at `now` is accepted; 0 for a session that has not sent many."""
        self.due = max(self.due, now - AT_ONCE * EVERY) + EVERY
        return max(0.0, self.due - now)


class Session:
    """One websocket: what it receives, when its turn is, and what it sends."""

    def __init__(self, queue: FairQueue, ip: str, receive: Receive, send: Send) -> None:
        self.queue, self.ip = queue, ip
        self.receive, self.send = receive, send
        self.connection: BoundedProtocol | None = bounded(receive)
        self.pace = Pace()
        self.holds_place = self.closed = False
        self.idle = asyncio.Event()  # its last run has ended, and the browser has read the page
        self.idle.set()
        self.deadline: asyncio.TimerHandle | None = None

    async def receiving(self) -> Message:
        """The next message for Streamlit. Until this returns, uvicorn reads no further, so nothing piles up."""
        if self.idle.is_set():
            self.give_up_place()  # the place taken for opening the session
        while True:
            message = await self.receive()
            if message["type"] == "websocket.connect":
                await self.take_place()
            if message["type"] != "websocket.receive":
                return message
            if self.connection:
                self.connection.message_completed()
            if wait := self.pace.wait(time.monotonic()):
                await asyncio.sleep(wait)
            found = verdict(message)
            if isinstance(found, int):
                return await self.close(found)
            if found and (found != RERUN or await self.begin_run()):
                return message

    async def sending(self, message: Message) -> None:
        """Send a message of Streamlit's, unless the session is closed, and notice the end of a run."""
        ended = message["type"] == "websocket.send" and ends_a_run(message)
        if ended:
            self.give_up_place()  # before sending: a browser that does not read makes nobody else wait
        try:
            if not self.closed:
                await self.send(message)
        finally:
            if ended:
                self.idle.set()

    async def close(self, code: int) -> Message:
        """Close the session with a code; returns the message that tells Streamlit."""
        self.closed = True
        await self.send({"type": "websocket.close", "code": code})
        return {"type": "websocket.disconnect", "code": code}

    async def take_place(self) -> None:
        """Wait for a place in the queue of all sessions."""
        await self.queue.enter(self.ip)
        self.holds_place = True

    def give_up_place(self) -> None:
        """Give the session's place to the next one, if it has one."""
        if self.deadline:
            self.deadline.cancel()
        if self.holds_place:
            self.holds_place = False
            self.queue.leave()

    def end_run(self) -> None:
        """Allow the session's next run, although no message said that this one has ended."""
        self.give_up_place()
        self.idle.set()

    async def begin_run(self) -> bool:
        """Wait until the last run has ended and its IP address has its turn; False if the visitor has left."""
        await self.idle.wait()
        await self.take_place()
        if self.connection and self.connection.lost:
            self.give_up_place()
            return False
        self.idle.clear()
        self.deadline = asyncio.get_running_loop().call_later(LONGEST_RUN, self.end_run)
        return True


class WebsocketFilter:
    """Lets the messages that a page needs pass, in turns; ignores others; closes a session that sends garbage."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.queue = FairQueue(RUNS_AT_ONCE)
        self.open: Counter[str] = Counter()  # open sessions by IP address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wrap a websocket's receive and send."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        ip = (scope.get("client") or ("",))[0]
        if of_one_visitor(ip) and self.open[ip] >= OPEN_PER_IP:
            await send({"type": "websocket.close", "code": TRY_LATER})
            return
        session = Session(self.queue, ip, receive, send)
        self.open[ip] += 1
        try:
            await self.app(scope, session.receiving, session.sending)
        finally:
            session.give_up_place()
            self.open[ip] -= 1
            self.open += Counter()  # forgets IP addresses without a session
