"""Thousands of odd messages in sessions: mutated, replayed, too large; the server lives and its memory returns."""

import random
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection

from bench.visit import asks
from tests.browser.server import Server
from tests.hostile.served import session, visited
from tests.hostile.wire import Tried, value

A_SESSION = 19  # messages, until the visitor comes anew: with the first one as many as are taken at once
TRACES = re.compile(rb"Traceback \(most recent|site-packages|File \"/")


def whole(chance: random.Random) -> bytes:
    """A message that Streamlit can read, with odd values in it."""
    message = BackMsg()
    others = ["stop", "clear", "git", "save", "debug", "shutdown", "urls", "beat", "operation", "nothing"]
    kind = chance.choice(["rerun"] * 4 + others)
    if kind == "rerun":
        asked = message.rerun_script
        asked.query_string = f"{value(chance)}={value(chance)}&release={value(chance)}"
        asked.page_name = chance.choice(["", "calls", "data", value(chance)])
        asked.page_script_hash, asked.fragment_id = (chance.choice(["", value(chance)]) for _ in range(2))
        for _ in range(chance.randrange(4)):
            widget = asked.widget_states.widgets.add()
            widget.id = chance.choice(["$$ID-choose-period-x", "$$ID-explore-demand.received", value(chance)])
            odd = {"string_value": value(chance), "int_value": chance.randrange(-2**60, 2**60), "bool_value": True,
                   "json_value": value(chance), "bytes_value": chance.randbytes(50)}
            setattr(widget, *chance.choice(list(odd.items())))
        asked.context_info.timezone = value(chance)
        asked.context_info.locale = value(chance)
    message_of = {"stop": "stop_script", "clear": "clear_cache", "git": "load_git_info", "save": "set_run_on_save",
                  "debug": "debug_disconnect_websocket", "shutdown": "debug_shutdown_runtime", "beat": "app_heartbeat"}
    if kind in message_of:
        setattr(message, message_of[kind], True)
    elif kind == "urls":
        message.file_urls_request.file_names.extend([value(chance)] * 20)
    elif kind == "operation":
        message.backend_operation_request.request_id = value(chance)
    return bytes(message.SerializeToString())


def mutated(chance: random.Random) -> bytes:
    """A whole message, or one with bytes flipped, cut, doubled or put together with others."""
    raw = bytearray(whole(chance))
    how = chance.randrange(7)
    if how == 0 and raw:
        for _ in range(chance.randrange(1, 8)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
    elif how == 1:
        del raw[chance.randrange(len(raw) + 1):]
    elif how == 2:
        raw += bytes(raw)
    elif how == 3:
        raw += whole(chance)
    elif how == 4:
        raw = bytearray(chance.randbytes(chance.randrange(200)))
    return bytes(raw)


def _drained(socket: ClientConnection) -> Iterator[bytes]:
    """What has come so far."""
    try:
        while True:
            got = socket.recv(timeout=0.01)
            yield got if isinstance(got, bytes) else got.encode()
    except TimeoutError:
        return


def _says_too_much(raw: bytes) -> bool:
    message = ForwardMsg.FromString(raw)
    told = message.delta.new_element.exception.stack_trace, message.session_event.script_compilation_exception.message
    return any(told) or bool(TRACES.search(raw))


def messages(server: Server, times: int, seed: int = 1) -> Tried:
    """Send so many odd messages, in sessions of twenty; each session is begun as a browser begins it."""
    chance, done = random.Random(seed), Tried("odd messages in sessions (mutated protobuf)")
    while done.times < times:
        try:
            with session(server) as socket:
                socket.send(asks(chance.choice(["", "calls", "data"])))
                for _ in range(A_SESSION):
                    done.times += 1
                    socket.send(mutated(chance))
                    done.lost += [f"an inside was told in message {done.times}" for raw in _drained(socket)
                                  if _says_too_much(raw)]
        except (ConnectionClosed, InvalidStatus):
            continue  # it was shown the door, as it should be
    if "<h1" not in visited(server):
        done.lost.append("the server shows no page any more")
    return done


def replayed(server: Server, times: int) -> Tried:
    """The same message again and again, faster than it can be answered: whoever sends so much waits or is cut off, and
    nobody else waits.
    """
    outcome = Tried("the same message replayed", times)
    with session(server, close_timeout=1) as socket, suppress(ConnectionClosed):
        for _ in range(times):
            socket.send(asks("calls", "period=2026-Q2"))
    if "<h1" not in visited(server):
        outcome.lost.append("the server shows no page any more")
    return outcome


def oversize(server: Server) -> Tried:
    """Messages that are too large, text, or empty."""
    outcome = Tried("messages too large, text or empty")
    for data in (b"x" * 200_000, b"x" * 15_000_000, asks("", "a" * 150_000), "text", "", b""):
        outcome.times += 1
        try:
            with session(server) as socket:
                socket.send(data)
                socket.recv(timeout=3)
                if data:
                    outcome.lost.append(f"{len(data)} bytes of {type(data).__name__} were taken")
        except (ConnectionClosed, TimeoutError):
            continue
    if "<h1" not in visited(server):
        outcome.lost.append("the server shows no page any more")
    return outcome


def megabytes(server: Server) -> float:
    """What the server's process holds now (Linux)."""
    return int(Path(f"/proc/{server.pid}/statm").read_text().split()[1]) * 4096 / 1e6
