"""What a browser may ask for in its session, how often, in whose turn, and how many sessions an IP address has."""

import asyncio
from itertools import chain, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed

from bench.visit import asks
from portal.server.websocket_filter import (
    AT_ONCE,
    EVERY,
    GARBAGE,
    OPEN_PER_IP,
    RUNS_AT_ONCE,
    TOO_LONG,
    TRY_LATER,
    Pace,
    WebsocketFilter,
    verdict,
)
from portal.server.websocket_transport import UNFINISHED
from tests.browser.server import Server
from tests.hostile.served import session, visited

ENDED = ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY).SerializeToString()
VISITOR, FLOOD = "93.184.215.14", "2606:2800:21f:cb07::1"  # public IP addresses; nothing is sent to them


def received(data: bytes) -> Message:
    """A message as uvicorn hands it on."""
    return {"type": "websocket.receive", "bytes": data}


@given(st.binary(max_size=400))
def test_any_bytes_are_judged(data: bytes) -> None:
    assert verdict(received(data)) in {"rerun_script", "stop_script", "app_heartbeat", "", GARBAGE}


def test_only_what_a_page_needs_is_let_through() -> None:
    passed = set()
    for kind in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields:
        message = BackMsg()
        field = getattr(message, kind.name)
        field.SetInParent() if hasattr(field, "SetInParent") else setattr(message, kind.name, True)
        passed.add(verdict(received(message.SerializeToString())))
    assert passed == {"rerun_script", "stop_script", "app_heartbeat", ""}


def test_text_garbage_and_what_is_too_long_close_a_session() -> None:
    assert verdict({"type": "websocket.receive", "text": "text"}) == GARBAGE
    assert verdict(received(b"\xff\xff")) == GARBAGE
    assert verdict(received(asks("", "a" * UNFINISHED))) == TOO_LONG


def test_who_asks_faster_than_a_person_can_choose_is_made_to_wait() -> None:
    pace = Pace()
    assert [pace.wait(1000.0) for _ in range(AT_ONCE)] == [0.0] * AT_ONCE, "a person who chooses quickly"
    assert [pace.wait(1000.0) for _ in range(3)] == pytest.approx([EVERY, 2 * EVERY, 3 * EVERY]), "a flood"
    assert [pace.wait(2000.0) for _ in range(AT_ONCE)] == [0.0] * AT_ONCE, "after a while of reading"


class Visitors:
    """Sessions that go through the filter to a stand-in for Streamlit, whose runs end when a test says so."""

    def __init__(self) -> None:
        self.filter = WebsocketFilter(self.streamlit)
        self.running: list[str] = []  # the visitors whose page is being made, in the order in which that began
        self.begun: list[str] = []
        self.sent: dict[str, list[Message]] = {}
        self.tasks: list[asyncio.Task[None]] = []
        self.ends: dict[str, asyncio.Event] = {}

    async def streamlit(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Accept, then make a page for each message."""
        name = scope["path"]
        await receive()
        await send({"type": "websocket.accept"})
        while (await receive())["type"] != "websocket.disconnect":
            self.begun.append(name)
            await self.ends.setdefault(name, asyncio.Event()).wait()
            await send({"type": "websocket.send", "bytes": ENDED})

    def come(self, name: str, ip: str, *messages: bytes) -> None:
        """Somebody opens a session, sends these messages, and stays."""
        inbox: asyncio.Queue[Message] = asyncio.Queue()
        for message in ({"type": "websocket.connect"}, *map(received, messages)):
            inbox.put_nowait(message)
        self.sent[name] = []

        async def send(message: Message) -> None:
            self.sent[name].append(message)

        scope = {"type": "websocket", "path": name, "client": (ip, 0)}
        self.tasks.append(asyncio.create_task(self.filter(scope, inbox.get, send)))

    async def settle(self) -> None:
        """Let everything happen that can."""
        for _ in range(200):
            await asyncio.sleep(0)

    async def leave(self) -> None:
        """All sessions end."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


def test_a_visitor_is_next_however_many_sessions_of_another_address_ask() -> None:
    async def scenario() -> None:
        visitors = Visitors()
        for number in range(60):
            visitors.come(f"flood {number}", FLOOD, asks())
        await visitors.settle()
        visitors.come("visitor", VISITOR, asks())
        await visitors.settle()
        assert len(visitors.begun) == RUNS_AT_ONCE, "so many pages are made at once"
        for name in list(visitors.begun):
            visitors.ends[name].set()
            await visitors.settle()
        assert "visitor" in visitors.begun[:2 * RUNS_AT_ONCE]
        await visitors.leave()
        assert visitors.filter.queue.free == RUNS_AT_ONCE, "all places were given back"

    asyncio.run(scenario())


def test_a_session_has_one_run_at_a_time() -> None:
    async def scenario() -> None:
        visitors = Visitors()
        visitors.come("visitor", VISITOR, *[asks()] * 5)
        await visitors.settle()
        assert visitors.begun == ["visitor"]
        visitors.ends["visitor"].set()
        await visitors.settle()
        assert visitors.begun == ["visitor"] * 5
        await visitors.leave()

    asyncio.run(scenario())


@pytest.mark.parametrize(("ip", "bounded"), [(VISITOR, True), (FLOOD, True), ("127.0.0.1", False),
                                             ("10.1.2.3", False), ("", False)])
def test_a_public_address_has_so_many_sessions_and_is_forgotten_when_they_end(ip: str, bounded: bool) -> None:
    async def scenario() -> None:
        visitors = Visitors()
        for number in range(OPEN_PER_IP + 1):
            visitors.come(f"session {number}", ip)
            await visitors.settle()
        refused = [name for name, sent in visitors.sent.items() if sent[-1].get("code") == TRY_LATER]
        assert refused == ([f"session {OPEN_PER_IP}"] if bounded else [])
        visitors.come("another", "198.41.0.4")
        await visitors.settle()
        assert visitors.sent["another"] == [{"type": "websocket.accept"}]
        await visitors.leave()
        assert not visitors.filter.open

    asyncio.run(scenario())


@pytest.mark.parametrize("fragments", [repeat(b"x" * 1000, 100_000), chain([b"x"], repeat(b"", 1_000_000))],
                         ids=["large", "empty"])
def test_a_message_that_is_never_finished_ends_the_connection(portal_server: Server, fragments: object) -> None:
    with session(portal_server) as socket, pytest.raises(ConnectionClosed):
        socket.send(fragments)
    assert "<h1" in visited(portal_server)


def test_pings_without_end_end_the_connection(portal_server: Server) -> None:
    def forever() -> None:
        for _ in range(100_000):
            socket.ping()

    with session(portal_server) as socket, pytest.raises(ConnectionClosed):
        forever()
