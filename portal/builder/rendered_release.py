"""What the server reads of one release in one language: its ready markup, kept by its hash and the code's, made by
another process where missing.
"""

import hashlib
import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from portal.errors import ReleaseBroken
from portal.language import DEFAULT
from portal.release.verify import SUMS
from portal.render.citation import HERE
from portal.render.rendered import Known, ReleaseFacts, RenderedRelease
from portal.settings import ROOT, here

FILES = "files"  # in what was made of a release in English: its own files with their compressed forms
STAGING = ".building-"  # how folders begin in which something is being made
SEAL = "sums"  # the hash of all that was made, written last
_LOG = logging.getLogger("portal")


@cache
def code_version() -> str:
    """A hash of everything that markup is made from: an edited figure is built anew."""
    rooms = ("builder", "contract", "figures", "render", "release", "language")
    kinds = {".py", ".toml", ".jinja", ".po"}
    files = sorted(one for room in rooms for one in (ROOT / "portal" / room).rglob("*") if one.suffix in kinds)
    files.append(ROOT / "portal" / "palette.py")
    return hashlib.sha256(b"".join(one.read_bytes() for one in files)).hexdigest()[:12]


def release_hash(folder: Path) -> str:
    """The hash of a release's own list of hashes. Raises ReleaseBroken where it can't be read."""
    try:
        return hashlib.sha256((folder / SUMS).read_bytes()).hexdigest()[:12]
    except OSError as error:
        raise ReleaseBroken(folder, "SHA256SUMS can't be read") from error


def place(release: Path, cached: Path, language: str) -> Path:
    """The folder of the cache that holds what was made of a release in a language, or will."""
    return cached / f"{release_hash(release)}-{code_version()}-{language}"


def drawn(release: Path, cached: Path, language: str = DEFAULT) -> bool:
    """Whether a release is drawn in a language: reading it takes a tenth of a second then."""
    return place(release, cached, language).exists()


def _make(release: Path, made: Path, language: str, patient: bool) -> None:
    """Start the process that draws a release, and wait for it. Raises ReleaseBroken when it fails. A patient one lets
    everything else on the machine go first (where there is `nice`).
    """
    later = ["nice", "-n", "15"] if patient and shutil.which("nice") else []
    _LOG.warning("The figures of release %s (%s) are being made; this takes a minute.", release.name, language)
    done = subprocess.run([*later, sys.executable, "-m", "portal.builder.renderer", str(release), str(made), language],
                          cwd=ROOT, capture_output=True, text=True, check=False,
                          close_fds=os.name != "posix")  # so that it holds the lock of _alone, if this process dies
    if done.returncode and not made.exists():
        _LOG.error("The figures of release %s (%s) can't be made:\n%s", release.name, language, done.stderr)
        raise ReleaseBroken(release, "its figures can't be made, and the log says why")


def _sums(made: Path) -> str:
    files = sorted(one for one in made.rglob("*") if one.is_file() and one.name != SEAL)
    listed = (f"{one.relative_to(made)} {hashlib.sha256(one.read_bytes()).hexdigest()}" for one in files)
    return hashlib.sha256("\n".join(listed).encode()).hexdigest()


def seal(made: Path) -> None:
    """Write down what was made, so that `whole` can tell."""
    (made / SEAL).write_text(_sums(made), "utf-8")


def whole(made: Path) -> bool:
    """Whether all is there as it was made: a disk rots, and one that lost its power keeps empty files."""
    try:
        return (made / SEAL).read_text("utf-8") == _sums(made)
    except (OSError, ValueError):
        return False


@contextmanager
def _alone(cached: Path) -> Iterator[None]:
    """While this lasts, no other process or thread draws into this cache: they wait. A drawing takes every core and
    350 MB: several at once are no sooner done, and would not fit. The system lets go of the lock when whoever draws
    has ended or died; what was left half done is swept up. Without such locks (Windows) all draw, and the first to end
    is kept.
    """
    cached.mkdir(parents=True, exist_ok=True)
    with (cached / ".drawing.lock").open("w") as lock:
        if os.name == "posix":
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
            os.set_inheritable(lock.fileno(), True)
            for left in cached.glob(f"{STAGING}*"):
                shutil.rmtree(left, ignore_errors=True)
        yield


def draw(release: Path, cached: Path, language: str = DEFAULT, patient: bool = False) -> Path:
    """The folder with what was made of a release in a language, made now where it is missing. Raises ReleaseBroken."""
    made = place(release, cached, language)
    if not made.exists():
        with _alone(cached):
            if not made.exists():  # else another server has drawn it meanwhile
                _make(release, made, language, patient)
    return made


def load(release: Path, cached: Path, language: str = DEFAULT) -> RenderedRelease:
    """The shelf of a verified release, drawn now where it is missing or has gone bad. Raises ReleaseBroken when it
    can't be made.
    """
    made = draw(release, cached, language)
    if not whole(made):
        _LOG.warning("What was made of release %s (%s) has gone bad: it is made anew.", release.name, language)
        with _alone(cached):
            if not whole(made):
                shutil.rmtree(made, ignore_errors=True)
        draw(release, cached, language)
    try:
        raw = json.loads((made / "shelf.json").read_text("utf-8").replace(HERE, here()))
    except (OSError, ValueError) as error:
        raise ReleaseBroken(release, f"what was made of it in {made.name} can't be read") from error
    choices = tuple((one, words) for one, words in raw["choices"])
    return RenderedRelease(ReleaseFacts(**raw["shown"]), choices, raw["figures"],
                 _files(release, raw["files"]), tuple((name, question, said) for name, question, said in raw["tables"]),
                 release, made, Known(**raw["known"]), tuple(raw["explore"]))


def _files(release: Path, listed: list[tuple[str, str]]) -> tuple[tuple[str, str, float], ...]:
    """The files that SHA256SUMS names, with their size."""
    return tuple((name, digest, (release / name).stat().st_size / 1000) for name, digest in listed)
