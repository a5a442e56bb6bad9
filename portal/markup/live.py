"""Which releases are served: each is copied, the copy is verified, and only that copy is read from then on.

A thread looks for changes. What was verified once stays live until something newer passes the same check; a page takes
one snapshot, `now()`, so that it can't mix two releases.
"""

import hashlib
import logging
import shutil
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from portal.errors import NoRelease, ReleaseBroken
from portal.language import DEFAULT, LANGUAGES, speaking, t
from portal.markup.render import in_english
from portal.markup.shelf import Shelf, load, release_hash
from portal.release import queries
from portal.release.shared import Mirror, is_database
from portal.release.store import CURRENT, Release, current_id, release_ids
from portal.release.verify import verify
from portal.settings import folder, setting

EVERY = 2.0  # seconds between two looks: a new release is seen, verified and drawn within ten
AGAIN = 300.0  # seconds until what could not be used is tried again though it is unchanged: the disk may have been full
WAITING = 8  # visitors who may wait for a language at once, of the 28 threads that answer
_LOG = logging.getLogger("portal")
Mark = tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True)
class Now:
    """What is served at one moment."""

    shelf: Shelf | None = None  # of the live release, in English; others by Watch.in_language
    copies: dict[str, Path] = field(default_factory=dict)  # the verified copies a visitor may choose, newest first
    shelves: dict[str, Shelf] = field(default_factory=dict)  # those of them that are drawn, in English
    refused: str = "the releases are being verified and drawn"  # why what `current` names is not shown; else empty
    looked: bool = False

    def releases(self) -> tuple[tuple[str, str], ...]:
        """The releases a visitor may choose, newest first: id and words."""
        live = self.shelf.shown.id if self.shelf else ""
        return tuple((one, t("{release} (newest)", release=one) if one == live else one) for one in self.copies)


@dataclass(frozen=True)
class Judged:
    """What was found of a release folder, as it was then."""

    mark: Mark
    copy: Path | None
    wrong: str
    when: float


def mark(release: Path) -> Mark:
    """What changes when anything in a release folder does: name, size, time and inode of each file."""
    try:
        seen = [(path.relative_to(release).as_posix(), path.stat()) for path in sorted(release.rglob("*"))]
        return tuple((name, one.st_size, one.st_mtime_ns, one.st_ino) for name, one in seen)
    except OSError as error:
        return ((type(error).__name__, error.errno or 0, 0, 0),)


def verified_copy(release: Path, cached: Path) -> Path:
    """A copy of a release that was verified: files, contract, numbers, and that it can't be written. Raises
    ReleaseBroken with the first thing that is wrong.
    """
    kept = cached / "releases" / release_hash(release) / release.name
    try:
        cached.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".copying-", dir=cached) as staging:
            draft = Path(staging) / release.name
            for path in [path for path in sorted(release.rglob("*")) if path.is_file()]:
                here = draft / path.relative_to(release)
                here.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, here)
                here.chmod(0o444)
            if wrong := verify(draft, beside=release.parent):
                raise ReleaseBroken(release, wrong[0].rstrip("."))
            if queries.can_write(Release(draft)):
                raise ReleaseBroken(release, "its database could be written to")
            if kept.exists() and verify(kept, beside=release.parent):
                shutil.rmtree(kept)  # it has gone bad since
            if not kept.exists():  # else the same bytes: an earlier start or another server has copied them
                kept.parent.mkdir(parents=True, exist_ok=True)
                draft.rename(kept)
    except OSError as error:
        raise ReleaseBroken(release, error.strerror or type(error).__name__) from error
    return kept


def _marked(english: Shelf, language: str) -> Shelf:
    """An English shelf for a page in another language: each figure says that it is English."""
    with speaking(language):
        return replace(english, figures={key: in_english(one) for key, one in english.figures.items()})


class Watch:
    """Looks after one folder of releases."""

    def __init__(self, releases: Path, cached: Path, before: Callable[[], None] = lambda: None) -> None:
        self.releases, self.cached = releases, cached
        self.before = before  # called ahead of each look: brings the folder up to date
        self.now = Now()
        self.running = False
        self._judged: dict[str, Judged] = {}
        self._undrawn: dict[Path, tuple[str, float]] = {}
        self._asked: set[str] = set()
        self._spread: Path | None = None  # the release that is made ready in the other languages
        self._translated: dict[tuple[Path, str], Shelf] = {}
        self._drawing: defaultdict[tuple[Path, str], threading.Lock] = defaultdict(threading.Lock)
        self._seats = threading.Semaphore(WAITING)
        self._lock = threading.Lock()
        self._stop = threading.Event()

    def look(self) -> Now:
        """Judge what has changed since the last look, and let a new live release take over once it is drawn."""
        with self._lock:
            self.before()
            ids = self._ids()
            good = {one: copy for one in ids if (copy := self._judge(one))}
            try:
                shelf, refused = self._current(good), ""
            except ReleaseBroken as error:
                shelf, refused = self._last_good(good, error.folder.name), error.what
            if refused and refused != self.now.refused:
                _LOG.error("Refused: %s", refused)
            if shelf and (self.now.shelf is None or shelf.folder != self.now.shelf.folder):
                _LOG.warning("Release %s is live.", shelf.shown.id)
            known = {one: here for one, here in self.now.shelves.items() if good.get(one) in {here.folder, None}}
            if shelf:
                known[shelf.shown.id] = shelf
                good[shelf.shown.id] = shelf.folder
                good = {one: good[one] for one in sorted(good, reverse=True) if one <= shelf.shown.id}
            # A release newer than the live one was withdrawn by going back: it is not offered.
            here = Now(shelf, good if shelf else {}, known, refused, looked=True)
            self.now = self.now if here == self.now else here  # what did not change is the same: pages are kept by it
            return self.now

    def _ids(self) -> tuple[str, ...]:
        try:
            return release_ids(self.releases)
        except OSError:
            return ()

    def _judge(self, release_id: str) -> Path | None:
        """The verified copy of a release, or None; looked at anew only where it has changed."""
        seen, before = mark(self.releases / release_id), self._judged.get(release_id)
        if before and before.mark == seen and (before.copy or time.monotonic() - before.when < AGAIN):
            return before.copy
        copy, wrong = None, ""
        try:
            copy = verified_copy(self.releases / release_id, self.cached)
        except ReleaseBroken as error:
            wrong = error.why
            _LOG.error("Release %s does not verify: %s", release_id, error)
        self._judged[release_id] = Judged(seen, copy, wrong, time.monotonic())
        return copy

    def _current(self, good: dict[str, Path]) -> Shelf | None:
        """The shelf of the release that `current` names; None where nothing is published. Raises ReleaseBroken."""
        try:
            named = current_id(self.releases)
        except NoRelease as error:
            if self.now.shelf:
                raise ReleaseBroken(self.releases / CURRENT, "it was there, and is gone") from error
            return None
        except OSError as error:
            raise ReleaseBroken(self.releases / CURRENT, error.strerror or type(error).__name__) from error
        if named not in good:
            judged = self._judged.get(named)
            raise ReleaseBroken(self.releases / named, judged.wrong if judged else "it has only just appeared")
        return self._shelf(good[named])

    def _last_good(self, good: dict[str, Path], named: str) -> Shelf | None:
        """What was live so far; after a start the newest release before the refused one: a newer one may have been
        withdrawn. None where `current` names nothing: then nobody knows.
        """
        older = sorted((one for one in good if named != CURRENT and one < named), reverse=True)
        if self.now.shelf or not older:
            return self.now.shelf
        try:
            return self._shelf(good[older[0]])
        except ReleaseBroken:
            _LOG.exception("Release %s can't be shown in place of %s", older[0], named)
            return None

    def _shelf(self, copy: Path) -> Shelf:
        """The shelf of a verified copy, loaded once. Raises ReleaseBroken; not tried again at every look."""
        here = self.now.shelves.get(copy.name)
        if here and here.folder == copy:
            return here
        wrong, when = self._undrawn.get(copy, ("", 0.0))
        if wrong and time.monotonic() - when < AGAIN:
            raise ReleaseBroken(copy, wrong)
        try:
            return load(copy, self.cached)
        except ReleaseBroken as error:
            self._undrawn[copy] = (error.why, time.monotonic())
            raise

    def ask(self, release_id: str) -> Now:
        """What is served, once an older release has been asked for: it is made ready aside, never on a visitor's time
        while the server runs.
        """
        if release_id in self.now.copies and release_id not in self.now.shelves and release_id not in self._asked:
            self._asked.add(release_id)
            if not self.running:
                self._ready(release_id)
            else:
                threading.Thread(target=self._ready, args=(release_id,), daemon=True, name="older-release").start()
        return self.now

    def _ready(self, release_id: str) -> None:
        try:
            shelf = self._shelf(self.now.copies[release_id])
            with self._lock:
                self.now = replace(self.now, shelves=self.now.shelves | {release_id: shelf})
        except (ReleaseBroken, KeyError):  # KeyError: it was withdrawn a moment ago
            _LOG.exception("Release %s can't be shown", release_id)
        finally:
            self._asked.discard(release_id)

    def in_language(self, english: Shelf, language: str) -> Shelf:
        """A shelf in another language: drawn on the first call for it, and a few who call meanwhile wait for that one
        alone; the others get English, marked, so that they can't keep every thread of the server waiting. In English,
        marked, too where it can't be drawn.
        """
        key = english.folder, language
        if language == DEFAULT or key in self._translated:
            return self._translated.get(key, english)
        if not self._seats.acquire(blocking=False):
            return _marked(english, language)
        try:
            with self._drawing[key]:
                if key not in self._translated:
                    try:
                        self._translated[key] = load(english.folder, self.cached, language)
                    except ReleaseBroken:
                        _LOG.exception("Release %s stays English where %s is asked for", english.shown.id, language)
                        self._translated[key] = _marked(english, language)
                return self._translated[key]
        finally:
            self._seats.release()

    def _translate(self, english: Shelf) -> None:
        """Make the live release ready in the languages that the setting `ahead` names, one after the other."""
        for language in setting("ahead").split(","):
            if language in LANGUAGES and not self._stop.is_set():
                self.in_language(english, language)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Look again and again, in a thread of its own, for as long as the server runs."""
        thread = threading.Thread(target=self._again, daemon=True, name="watch-releases")
        self._stop.clear()
        self.running = True
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            self.running = False

    def _again(self) -> None:
        while True:
            try:
                here = self.look().shelf
                if here and here.folder != self._spread:
                    self._spread = here.folder
                    threading.Thread(target=self._translate, args=(here,), daemon=True, name="languages").start()
            except Exception:  # noqa: BLE001  # the watch outlives whatever it meets: what was verified stays live
                _LOG.exception("The releases can't be looked at")
            if self._stop.wait(EVERY):
                return


@cache
def _watch(releases: str, _: str) -> Watch:
    cached = folder("cache")
    if not is_database(releases):
        return Watch(Path(releases).expanduser(), cached)
    mirror = Mirror(releases, cached / f"mirror-{hashlib.sha256(releases.encode()).hexdigest()[:12]}")
    return Watch(mirror.folder, cached, mirror.pull)


def watch() -> Watch:
    """The watch over the releases that the settings name: a folder, or a database and the folder that follows it."""
    return _watch(setting("releases"), setting("cache"))


def now() -> Now:
    """What is served. A page takes it once. Without a server that watches, the first call looks."""
    here = watch()
    return here.now if here.now.looked or here.running else here.look()
