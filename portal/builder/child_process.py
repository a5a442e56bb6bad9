"""Runs a task in a process of its own, so that a crash, a leak or a hang ends with that process.

How a process is started is Python's own default: on Linux a fork, which has the libraries loaded already and is safe in
a builder of one thread. A process with several threads, such as one that runs tests, has to choose another way
(`multiprocessing.set_start_method`): a lock that a thread holds would never be let go in the fork.
"""

import multiprocessing
import os
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from typing import Any

SILENCE = 300.0  # seconds without a word after which a task counts as hung
ChildTask = Callable[..., Iterator[Any]]


class TaskFailed(Exception):
    """A task failed; the message says why. `trace`: the traceback of the error that it raised, or ""."""

    def __init__(self, why: str, trace: str = "") -> None:
        self.trace = trace
        super().__init__(why)


class Refused(Exception):
    """Raised by a task whose input can't be used; the message says why."""


class Stopped(Exception):
    """The process that started the builder is gone; the task was ended."""


def run(task: ChildTask, *arguments: object, lifeline: int | None = None) -> Iterator[Any]:
    """Run a task in a child process, and yield what it yields. Raises TaskFailed where it raised, was killed or was
    silent for SILENCE seconds; Stopped when `lifeline` (a file descriptor) is closed at its other end.
    """
    receiver, sender = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.Process(target=_serve, args=(sender, task, arguments), daemon=True)
    child.start()
    sender.close()
    try:
        yield from _messages(receiver, lifeline)
        child.join(SILENCE)
    finally:
        if child.is_alive():
            child.kill()
        child.join()
        receiver.close()


def _messages(receiver: Connection, lifeline: int | None) -> Iterator[Any]:
    watched: list[Any] = [receiver] if lifeline is None else [receiver, lifeline]
    while True:
        readable = wait(watched, SILENCE)
        if lifeline in readable and is_closed(lifeline):
            raise Stopped
        if not readable:
            raise TaskFailed(f"it said nothing for {SILENCE:.0f} seconds")
        if receiver not in readable:
            continue
        try:
            kind, content = receiver.recv()
        except EOFError:
            raise TaskFailed("its process was killed") from None
        if kind == "done":
            return
        if kind == "failed":
            raise TaskFailed(*content)
        yield content


def is_closed(lifeline: int | None) -> bool:
    """Whether the other end of a readable file descriptor is gone: nothing is ever written to it."""
    return lifeline is not None and not os.read(lifeline, 1024)


def _serve(sender: Connection, task: ChildTask, arguments: tuple[object, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends it
    try:
        for content in task(*arguments):
            sender.send(("yielded", content))
        sender.send(("done", None))
    except Refused as error:
        sender.send(("failed", (str(error), "")))
    except BaseException as error:  # noqa: BLE001  # any error is reported to the parent, which continues
        sender.send(("failed", (_described(error), traceback.format_exc())))


def _described(error: BaseException) -> str:
    """An error in one line: its type, its message, and the places that `during` noted on it."""
    places = ", ".join(getattr(error, "__notes__", []))
    return f"{type(error).__name__}: {error}" + (f" ({places})" if places else "")


@contextmanager
def during(place: str) -> Iterator[None]:
    """Add a note to an error raised inside: what was being worked on, such as `period 2027-Q3`."""
    try:
        yield
    except Exception as error:
        error.add_note(place)
        raise
