"""Servers of one's own for what the shared one can't be used for, and a visitor without a browser."""

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from bench.visit import asks
from tests.browser.server import Server, free_port, start, stop
from tests.conftest import SHIPPED
from tests.site import settings_for


def publish(releases: Path, name: str) -> None:
    """Put one of the shipped releases into a folder and let it go live, as `publish` does: current last."""
    if not (releases / name).exists():
        shutil.copytree(SHIPPED / name, releases / f".{name}")
        (releases / f".{name}").rename(releases / name)
    draft = releases / ".current"
    draft.write_text(f"{name}\n", encoding="utf-8")
    draft.replace(releases / "current")


@contextmanager
def serving(folder: Path, releases: Path | str, cache: Path, *, before: Sequence[str] = (),
            temporary: Path | None = None, **others: object) -> Iterator[Server]:
    """The portal in a process of its own, in English alone. `before` stands before its command; `temporary`: where its
    temporary files go; others are settings.
    """
    settings = settings_for(releases, cache, port=free_port(), **others)
    environment = settings.environment() | ({"TMPDIR": str(temporary)} if temporary else {})
    server = start([*before, sys.executable, "-m", "portal", "serve"], settings.site, folder / "server.log",
                   environment)
    try:
        yield server
    finally:
        stop(server.pid)


def session(server: Server, **options: object) -> ClientConnection:
    """An open session, as the browser opens it."""
    return connect(f"{server.url.replace('http', 'ws', 1)}/_stcore/stream", subprotocols=["streamlit"],
                   origin=server.url, max_size=None, **options)


def visited(server: Server, page: str = "", query: str = "", visitor: str = "") -> str:
    """All markup that a visit to a page of the Streamlit site shows. `visitor`: the IP address he comes from."""
    shown = []
    with session(server, source_address=(visitor, 0)) as socket:
        socket.send(asks(page, query))
        while True:
            raw = socket.recv(timeout=60)
            message = ForwardMsg.FromString(raw if isinstance(raw, bytes) else raw.encode())
            element = message.delta.new_element
            shown.append(element.html.body or str(element.exception) or str(element.alert))
            if message.WhichOneof("type") == "script_finished":
                return "\n".join(text for text in shown if text)
