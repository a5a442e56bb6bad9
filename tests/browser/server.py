"""Starts the portal as a visitor's server is started: another process, waited for until it says that it is ready."""

import json
import os
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from tests.source import ROOT

LOG_LINES = 60
STARTED: dict[int, subprocess.Popen[bytes]] = {}  # by this test process, and not yet waited for


@dataclass(frozen=True)
class Server:
    """A server that runs, in a process group of its own."""

    url: str  # without a slash at the end
    pid: int
    log: Path

    def said(self) -> str:
        """The end of what it wrote, for the report of a test that failed."""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_LINES:])


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(url: str, seconds: int = 10) -> bool:
    """Whether a URL answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=seconds) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def start(command: Sequence[str], url: str, log: Path, environment: Mapping[str, str] | None = None,
          ready: str = "/readyz", rounds: int = 1200) -> Server:
    """Starts a command and waits until url + ready answers 200; raises RuntimeError with its log when it does not.
    `environment`: the command's, else that of this process.
    """
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=out,
                                   stderr=subprocess.STDOUT, start_new_session=True)
    STARTED[process.pid] = process
    server = Server(url, process.pid, log)
    for _ in range(rounds):
        if answers(url + ready):
            return server
        with suppress(subprocess.TimeoutExpired):  # waits for its end, a tenth of a second at most
            code = process.wait(timeout=0.1)
            raise RuntimeError(f"The server ended with {code} before it was ready:\n{server.said()}")
    stop(server.pid)
    raise RuntimeError(f"The server was not ready at {url + ready} in time:\n{server.said()}")


def alive(pid: int) -> bool:
    """Whether a process of this user runs."""
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def children(pid: int) -> list[int]:
    """The processes that a process has started (Linux). A thread may end while it is looked at."""
    found: list[int] = []
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError):
            found += [int(child) for child in (thread / "children").read_text("ascii").split()]
    return found


def stop(pid: int) -> None:
    """Ends a server's whole process group: what it started for the figures ends too."""
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    if process := STARTED.pop(pid, None):
        process.wait()


@contextmanager
def shared(folder: Path, command: Sequence[str], url: str, environment: Mapping[str, str] | None = None
           ) -> Iterator[Server]:
    """One server for all the test processes of a session: the first starts it, the last one alive ends it.

    folder belongs to the session and holds state.json: the server and the process ids of those who use it.
    """
    folder.mkdir(exist_ok=True)
    state, lock = folder / "state.json", FileLock(folder / "lock")
    log = folder / "server.log"
    with lock:
        known = json.loads(state.read_text(encoding="utf-8")) if state.exists() else None
        server = Server(known["url"], known["pid"], log) if known else start(command, url, log, environment)
        users = [*(known["users"] if known else ()), os.getpid()]
        state.write_text(json.dumps({"url": server.url, "pid": server.pid, "users": users}), encoding="utf-8")
    try:
        yield server
    finally:
        with lock:
            known = json.loads(state.read_text(encoding="utf-8"))
            users = [user for user in known["users"] if user != os.getpid() and alive(user)]
            if users:
                state.write_text(json.dumps(known | {"users": users}), encoding="utf-8")
            else:
                stop(server.pid)
                state.unlink()
