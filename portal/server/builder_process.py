"""The builder as a child of the server: started, watched and restarted by the thread that polls, ended with it."""

import contextlib
import logging
import subprocess
import sys
import time

from portal.builder.index import CANT_WRITE
from portal.settings import ROOT, Settings

FIRST_WAIT, LAST_WAIT = 1.0, 60.0  # seconds until a builder that ended is started again, doubled each time
STEADY = 120.0  # seconds; a builder that ran for longer did not fail to start
PATIENCE = 5.0  # seconds that a builder has to end before it is killed
_LOG = logging.getLogger("portal")


class BuilderProcess:
    """One builder. It ends by itself when its standard input closes: also when the server is killed."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.stopped = ""  # why it can't build, if it can't
        self._process: subprocess.Popen[bytes] | None = None
        self._started, self._wait, self._again_at = 0.0, FIRST_WAIT, 0.0

    @property
    def pid(self) -> int:
        """The process id; 0 while no builder runs."""
        return self._process.pid if self._process else 0

    def watch(self) -> None:
        """Start the builder if it is not running; after a wait if it has just ended."""
        now = time.monotonic()
        if self._process and (code := self._process.poll()) is not None:
            self._ended(code, now)
        if self._process is None and now >= self._again_at:
            self._started = now
            # In a session of its own: Ctrl-C reaches the server alone, whose end closes the builder's stdin.
            self._process = subprocess.Popen([sys.executable, "-m", "portal.builder"], cwd=ROOT, stdin=subprocess.PIPE,
                                             env=self.settings.environment(), start_new_session=True)

    def _ended(self, code: int, now: float) -> None:
        self._process = None
        self._wait = FIRST_WAIT if now - self._started > STEADY else min(self._wait * 2, LAST_WAIT)
        self._again_at = now + self._wait
        self.stopped = (f"nothing can be written to PORTAL_CACHE ({self.settings.cache}), and nothing is built there"
                        if code == CANT_WRITE else "")
        _LOG.warning("The builder ended with code %s: it is started again in %.0f seconds.", code, self._wait)

    def restart(self) -> None:
        """Stop the builder and let `watch` start a new one, which checks every file."""
        self.stop()
        self._again_at = 0.0

    def stop(self) -> None:
        """Stop the builder, and wait until it has ended."""
        if self._process is None:
            return
        with contextlib.suppress(OSError):  # it has ended already
            if self._process.stdin:
                self._process.stdin.close()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
