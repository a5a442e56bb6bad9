"""Tasks for a child process, which imports nothing else of the tests to run one."""

import os
import signal
import time
from collections.abc import Iterator

from portal.builder.child_process import during


def counted() -> Iterator[int]:
    yield 1
    yield 2


def killed() -> Iterator[int]:
    yield 1
    os.kill(os.getpid(), signal.SIGKILL)


def raising() -> Iterator[int]:
    yield 1
    raise ValueError("what went wrong")


def patient() -> Iterator[int]:
    yield 1
    time.sleep(600)


def at_a_figure() -> Iterator[int]:
    yield 1
    with during("part start"), during("figure response.met"):
        raise ValueError("what went wrong")
