"""The releases and their days, as the newest one tells them: what came out, what was late, what is due next."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from portal.release import queries
from portal.release.periods import next_due
from portal.release.store import Release
from portal.render.rendered import Snapshot

CORRECTIONS = re.compile(r"^## Corrections\n+(.*?)(?=^## |\Z)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Out:
    """A release that came out. Days as YYYY-MM-DD."""

    id: str
    state: str
    start: str
    end: str
    due: str
    came: str
    corrections: tuple[str, ...]  # from its notes; where its folder is not served any more: none

    @property
    def late(self) -> bool:
        """Whether it came out after the day it was due."""
        return self.came > self.due


@dataclass(frozen=True)
class Schedule:
    """The releases, oldest first, and the day the next one is due, by the clocks of `zone`."""

    releases: tuple[Out, ...]
    next_due: str
    zone: str  # the City's time zone, as the newest release names it


def schedule(served: Snapshot) -> Schedule | None:
    """The schedule of what is served; None where nothing is."""
    return _read(served.shelf.folder, tuple(served.copies.items())) if served.shelf else None


@lru_cache(maxsize=8)
def _read(live: Path, copies: tuple[tuple[str, Path], ...]) -> Schedule:
    notes = dict(copies)
    release = Release(live)
    rows = queries.table(release, "releases").records()
    out = tuple(Out(row["release_id"], row["state"], row["period_start"], row["period_end"], row["due_on"],
                    row["published_on"], corrections(notes.get(row["release_id"]))) for row in rows)
    return Schedule(out, next_due(out[-1].end), queries.meta(release)["time_zone"])


def corrections(folder: Path | None) -> tuple[str, ...]:
    """The corrections that a release's notes list."""
    if folder is None:
        return ()
    found = CORRECTIONS.search((folder / "NOTES.md").read_text("utf-8"))
    lines = found[1].splitlines() if found else []
    return tuple(line.removeprefix("- ") for line in lines if line.startswith("- "))
