"""The index of what is built: a small JSON file that the builder replaces and the server polls."""

import json
import os
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

SUMMARY, EXPLORE, PICTURES, DOWNLOADS = "release", "explore", "pictures", "downloads"  # the others are periods
CANT_WRITE = 74  # sysexits.h, EX_IOERR: the builder's exit code where the cache can't be written
FIRST_RETRY, LAST_RETRY = 30.0, 3600.0  # seconds until a retry, doubled with every failure


@dataclass(frozen=True)
class Attempts:
    """How often a task failed in a row, the last reason, and when it is retried (seconds since 1970)."""

    failures: int = 0
    reason: str = ""
    retry_at: float = 0.0

    def after(self, reason: str, now: float) -> "Attempts":
        """These attempts and another failure."""
        wait = min(FIRST_RETRY * 2 ** self.failures, LAST_RETRY)
        return Attempts(self.failures + 1, reason, now + wait)


@dataclass(frozen=True)
class Rendering:
    """The rendered parts of a release in a language: by the part's name, the name of its file, which holds its hash."""

    folder: str = ""
    parts: dict[str, str] = field(default_factory=dict)
    complete: bool = False
    attempts: Attempts = Attempts()


@dataclass(frozen=True)
class IndexedRelease:
    """A release: its verified copy, why a newer state of its folder is refused ("": it is not), and its renderings."""

    id: str
    digest: str = ""  # sha256 of its SHA256SUMS
    copy: str = ""  # the verified copy's path in the cache; "" until one verified
    state: str = ""
    refused: str = ""
    attempts: Attempts = Attempts()  # at verifying
    renderings: dict[str, Rendering] = field(default_factory=dict)

    def failures(self) -> list[str]:
        """Why it is not completely built, by the last attempts; an empty list where it is, or was not tried."""
        tried = [(f" ({language})", rendering.attempts.reason) for language, rendering in self.renderings.items()]
        return [f"{self.id}{where}: {reason}" for where, reason in [("", self.refused), *tried] if reason]


@dataclass(frozen=True)
class BuildIndex:
    """Every known release by its id."""

    releases: dict[str, IndexedRelease] = field(default_factory=dict)

    def with_release(self, release: IndexedRelease) -> "BuildIndex":
        """The index with one entry replaced."""
        return BuildIndex(self.releases | {release.id: release})

    def with_rendering(self, release_id: str, language: str, rendering: Rendering) -> "BuildIndex":
        """The index with one rendering replaced."""
        release = self.releases[release_id]
        return self.with_release(replace(release, renderings=release.renderings | {language: rendering}))


def _rendering(row: dict[str, Any]) -> Rendering:
    return Rendering(**row | {"attempts": Attempts(**row["attempts"])})


def _release(row: dict[str, Any]) -> IndexedRelease:
    renderings = {language: _rendering(entry) for language, entry in row["renderings"].items()}
    return IndexedRelease(**row | {"attempts": Attempts(**row["attempts"]), "renderings": renderings})


def read_index(path: Path) -> BuildIndex:
    """The index as last written; an empty one where there is none or it can't be read: it is then built up again."""
    try:
        rows = json.loads(path.read_text("utf-8"))["releases"]
        return BuildIndex({name: _release(row) for name, row in rows.items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return BuildIndex()


def write_index(path: Path, index: BuildIndex) -> None:
    """Replace the index atomically: a reader sees the old one or the new one. Raises OSError."""
    replace_file(path, json.dumps(asdict(index), ensure_ascii=False).encode())


def replace_file(path: Path, content: bytes) -> None:
    """Replace a file atomically: write a temporary file and rename it. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
