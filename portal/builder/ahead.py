"""Builds a release before `publish` lets it go live, in a process of its own: a large extract may hold much memory."""

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from portal import settings
from portal.builder.cache_layout import CacheLayout
from portal.builder.index import CANT_WRITE, IndexedRelease, read_index
from portal.errors import ReleaseRefused


def build_ahead(release: Path, own: settings.Settings) -> str:
    """Build a release, given its folder and this process's settings, so that a server with the same cache shows it as
    soon as it is live. Returns a sentence where nothing can be built in this cache, else "". Raises ReleaseRefused
    where it can't be built: it says why, and names the file with the traceback where there is one.
    """
    configured = replace(own, releases=settings.absolute(str(release.parent)), log="text")
    layout = CacheLayout(configured.cache, configured.releases)
    begun = time.time()
    child = subprocess.run([sys.executable, "-m", "portal", "build", "--release", release.name], cwd=settings.ROOT,
                           env=configured.environment(), stderr=subprocess.PIPE, text=True, check=False)
    if child.returncode == CANT_WRITE:
        return f"It is not built here, for {layout.root} can't be written: the servers build it."
    if child.returncode:
        raise ReleaseRefused(_reason(release.name, layout, child.returncode), _next_step(layout, begun, child.stderr))
    return ""


def _reason(name: str, layout: CacheLayout, code: int) -> str:
    failures = read_index(layout.index).releases.get(name, IndexedRelease(name)).failures()
    why = "; ".join(failures) or f"the builder ended with exit code {code}"
    return f"The release {name} is written, but its pages can't be built, so it does not go live: {why}."


def _next_step(layout: CacheLayout, begun: float, printed: str) -> str:
    """What the analyst should do. A builder that ended before it logged anything printed why: that text goes into the
    same file.
    """
    file = layout.tracebacks
    if not file.exists() or file.stat().st_mtime < begun - 1:  # of an earlier run
        file.write_text(printed, "utf-8")
    return (f"What was live stays. If the reason names nothing that you can mend, such as a full disk, send {file} to "
            "whoever maintains the portal: it holds the traceback, and nothing of the extract. Then run the same "
            "command again.")
