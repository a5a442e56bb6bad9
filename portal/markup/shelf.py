"""What the server reads: ready markup of a release, kept by its hash and the code's, made by another process where
missing.
"""

import hashlib
import json
import logging
import subprocess
import sys
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portal.errors import NoRelease, ReleaseBroken
from portal.language import t
from portal.markup.render import Shown
from portal.release.store import Release, current_id, open_release, release_ids
from portal.settings import ROOT, folder

_BUILDING = threading.Lock()
_LOG = logging.getLogger("portal")


@dataclass(frozen=True)
class Shelf:
    """The ready markup of one release."""

    shown: Shown
    choices: tuple[tuple[str, str], ...]
    figures: dict[str, dict[str, str]]
    files: tuple[tuple[str, str, float], ...]  # name, sha256, size in kilobytes
    folder: Path
    pictures: Path

    def figure(self, figure_id: str, period: str) -> dict[str, str]:
        """A figure for a quarter. Raises KeyError where the page asks for one that does not exist."""
        return self.figures[f"{figure_id}|{period}"]


@cache
def code_version() -> str:
    """A hash of everything that markup is made from: an edited figure is built anew."""
    rooms = ("figures", "markup", "release", "language")
    kinds = {".py", ".toml", ".jinja"}
    files = sorted(one for room in rooms for one in (ROOT / "portal" / room).rglob("*") if one.suffix in kinds)
    return hashlib.sha256(b"".join(one.read_bytes() for one in files)).hexdigest()[:12]


def _release_hash(release: Release) -> str:
    try:
        return hashlib.sha256((release.folder / "SHA256SUMS").read_bytes()).hexdigest()[:12]
    except OSError as error:
        raise ReleaseBroken(release.folder, "SHA256SUMS can't be read") from error


def _make(release_folder: Path, cached: Path) -> None:
    """Start the process that draws a release, and wait for it. Raises ReleaseBroken when it fails."""
    _LOG.warning("The figures of release %s are being made; this takes a minute.", release_folder.name)
    done = subprocess.run([sys.executable, "-m", "portal.markup.build", str(release_folder), str(cached)], cwd=ROOT,
                          capture_output=True, text=True, check=False)
    if done.returncode and not cached.exists():
        _LOG.error("The figures of release %s can't be made:\n%s", release_folder.name, done.stderr)
        raise ReleaseBroken(release_folder, "its figures can't be made, and the log says why")


@cache
def _load(release_folder: Path, cached: Path) -> Shelf | None:
    """A shelf, once a process. None when it can't be made: remembered too, so that no visitor starts it again."""
    with _BUILDING:
        try:
            if not cached.exists():
                _make(release_folder, cached)
        except ReleaseBroken:
            return None
    raw = json.loads((cached / "shelf.json").read_text("utf-8"))
    return Shelf(Shown(**raw["shown"]), tuple((one, words) for one, words in raw["choices"]), raw["figures"],
                 _files(release_folder, raw["files"]), release_folder, cached)


def _files(release_folder: Path, listed: list[tuple[str, str]]) -> tuple[tuple[str, str, float], ...]:
    """The files that SHA256SUMS names and that are there, with their size."""
    return tuple((name, digest, (release_folder / name).stat().st_size / 1000)
                 for name, digest in listed if (release_folder / name).is_file())


def shelf(release_id: str | None = None) -> Shelf | None:
    """The markup of a release (default: the live one); None where nothing is published or it is broken."""
    try:
        release = open_release(folder("releases"), release_id)
        return _load(release.folder, folder("cache") / f"{_release_hash(release)}-{code_version()}")
    except (NoRelease, ReleaseBroken):
        return None


def releases() -> tuple[tuple[str, str], ...]:
    """The releases a visitor may choose, newest first: id and words."""
    try:
        live = current_id(folder("releases"))
    except (NoRelease, ReleaseBroken):
        return ()
    return tuple((one, t("{release} (newest)", release=one) if one == live else one)
                 for one in reversed(release_ids(folder("releases"))))
