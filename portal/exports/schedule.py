"""The releases and their days, as the newest one lists them: what came out, what was late, what is due next."""

from dataclasses import dataclass
from pathlib import Path

from portal.release import queries
from portal.release.corrections import Correction, corrections
from portal.release.description import describe
from portal.release.periods import due_after
from portal.release.store import Release
from portal.render.history import head_line
from portal.render.rendered import Snapshot


@dataclass(frozen=True)
class PublishedRelease:
    """A release that came out. Days as YYYY-MM-DD."""

    id: str
    state: str
    start: str
    end: str
    due: str
    published_on: str
    corrections: tuple[Correction, ...] = ()  # those entries of the log that tell of a change
    head_line: str = ""  # its head hash; empty where its folder is no longer served

    @property
    def late(self) -> bool:
        """Whether it came out after the day it was due."""
        return self.published_on > self.due


@dataclass(frozen=True)
class Schedule:
    """The releases, oldest first, and the day the next one is due ("": none, the pilot has ended), by the clocks of
    `zone`.
    """

    releases: tuple[PublishedRelease, ...]
    next_due: str
    zone: str  # the City's time zone, as the newest release names it


def schedule(snapshot: Snapshot) -> Schedule | None:
    """The schedule of what is served; None where nothing is published."""
    return _read(snapshot.live.copy, tuple(snapshot.copies.items())) if snapshot.live else None


def _read(live: Path, copies: tuple[tuple[str, Path], ...]) -> Schedule:
    release, folders = Release(live), dict(copies)
    changes = [entry for entry in corrections(live, copies) if entry.tells_of_a_change]
    published = tuple(
        PublishedRelease(row["release_id"], row["state"], row["period_start"], row["period_end"], row["due_on"],
                         row["published_on"],
                         tuple(entry for entry in changes if entry.release == row["release_id"]),
                         head_line(describe(folder)) if folder else "")
        for row in queries.table(release, "releases").records
        for folder in (folders.get(row["release_id"]),))
    meta = queries.meta(release)
    return Schedule(published, due_after(meta), meta["time_zone"])
