"""The builder as a process: beside a server for as long as that lives, or once, by hand or for `publish`."""

import logging
import os
import select
import sys
import time
from contextlib import suppress
from pathlib import Path

from portal.builder.build import Builder, at_work
from portal.builder.child_process import Stopped, is_closed
from portal.builder.index import CANT_WRITE
from portal.errors import CantWrite
from portal.settings import Settings

EVERY = 2.0  # seconds between polls of the releases
LOCK_EVERY = 0.2  # seconds between attempts to get the lock
_LOG = logging.getLogger("portal")


def build(settings: Settings, only: str = "", *, streamlit: bool = True) -> list[str]:
    """Build everything that is not built yet, or a single release; returns why something could not be built, a line
    each. `streamlit`: also compress Streamlit's own files, which only a server needs. Waits while another builder is
    active. Raises CantWrite.
    """
    builder = Builder(settings)
    try:
        while _work(builder, only, streamlit=streamlit and not only) is None:
            time.sleep(LOCK_EVERY)  # noqa: TID251  # the lock is polled: a blocking wait could not be interrupted
    except OSError as error:
        raise CantWrite(settings.cache, error.strerror or type(error).__name__) from error
    built = [only] if only else builder.source.ids()
    return [reason for name in built for reason in builder.failures(name)]


def _work(builder: Builder, only: str = "", *, streamlit: bool = True) -> int | None:
    """Build until no task is due; returns the number of steps, or None while another builder is active."""
    with at_work(builder.layout) as active:
        if not active:
            return None
        builder.sweep()
        steps = 0
        while builder.step(only, streamlit=streamlit):
            steps += 1
        return steps


def step_back() -> None:
    """Give the server priority: for processor time, and when memory runs out (the kernel then ends this process)."""
    if hasattr(os, "nice") and os.nice(0) < 5:
        os.nice(5 - os.nice(0))
    with suppress(OSError):  # Linux alone has it
        Path("/proc/self/oom_score_adj").write_text("500", "ascii")


def follow(settings: Settings, lifeline: int) -> int:
    """Build whatever appears, until `lifeline` (standard input) is closed; the process's exit code."""
    builder = Builder(settings, lifeline)
    try:
        while True:
            if _work(builder) and "portal.builder.renderer" in sys.modules:
                _start_anew()
            if select.select([lifeline], [], [], EVERY)[0] and is_closed(lifeline):
                return 0
    except Stopped:
        return 0
    except OSError as error:
        _LOG.error("The builder can't write to %s (%s): what is built already is served.", settings.cache,
                   error.strerror or type(error).__name__)
        return CANT_WRITE


def _start_anew() -> None:
    """Free the memory that rendering took, by executing the program again in the same process."""
    os.execv(sys.executable, [sys.executable, "-m", "portal.builder"])  # noqa: S606  # this program


def main() -> int:
    """The builder of a server: settings from the environment, lifeline on standard input."""
    from portal import logs, settings

    step_back()
    settings_read = settings.read()
    logs.configure(settings_read.log)
    return follow(settings_read, sys.stdin.fileno())
