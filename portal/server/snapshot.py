"""Which releases are served: each is copied, the copy is verified, and only that copy is read from then on.

A thread looks for changes. What was verified once stays live until something newer passes the same check; a page takes
one snapshot, `now()`, so that it can't mix two releases.
"""

import hashlib
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

from portal.builder.rendered_release import draw, drawn, load
from portal.builder.verified_copies import Judged, mark, verified_copy
from portal.errors import NoRelease, ReleaseBroken
from portal.language import DEFAULT, LANGUAGES, speaking
from portal.release.postgres_mirror import Mirror, is_database
from portal.release.store import CURRENT, current_id, release_ids
from portal.render.markup import in_english
from portal.render.rendered import BEGINNING, RenderedRelease, Snapshot
from portal.settings import ahead, folder, setting

EVERY = 2.0  # seconds between two looks: a new release that is drawn ahead is seen, verified and shown within ten
AGAIN = 300.0  # seconds until what could not be used is tried again though it is unchanged: the disk may have been full
TRANSLATED = 16  # shelves of older releases in other languages than English in memory, of 4 to 16 MB
WAITING = 8  # visitors who may wait for a language at once, of the 28 threads that answer
_LOG = logging.getLogger("portal")


def _marked(english: RenderedRelease, language: str) -> RenderedRelease:
    """An English shelf for a page in another language: each figure says that it is English."""
    with speaking(language):
        return replace(english, figures={key: in_english(one) for key, one in english.figures.items()})


class Drawing(Exception):
    """What was asked for is being drawn in another thread; a later look finds it."""


class Watch:
    """Looks after one folder of releases."""

    def __init__(self, releases: Path, cached: Path, before: Callable[[], None] = lambda: None) -> None:
        self.releases, self.cached = releases, cached
        self.before = before  # called ahead of each look: brings the folder up to date
        self.now = Snapshot()
        self.running = False
        self._judged: dict[str, Judged] = {}
        self._good: dict[str, Path] = {}  # the verified copies, also of releases newer than the live one
        self._undrawn: dict[tuple[Path, str], tuple[str, float]] = {}
        self._asked: set[Path] = set()
        self._ahead: threading.Thread | None = None
        self._translated: dict[tuple[Path, str], RenderedRelease] = {}
        self._drawing: defaultdict[tuple[Path, str], threading.Lock] = defaultdict(threading.Lock)
        self._seats = threading.Semaphore(WAITING)
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._wake = threading.Event()  # look now: something has been drawn

    def look(self) -> Snapshot:
        """Judge what has changed since the last look, and let a new live release take over. While the server runs, what
        is not drawn is drawn aside: a look never waits for that, and what `current` names next is seen meanwhile.
        """
        with self._lock:
            self.before()
            self._good = good = {one: copy for one in self._ids() if (copy := self._judge(one))}
            shelf, refused, coming = self._judged_current(good)
            if refused and refused not in {self.now.refused, BEGINNING}:
                _LOG.error("Refused: %s", refused)
            if shelf and (self.now.shelf is None or shelf.folder != self.now.shelf.folder):
                _LOG.warning("Release %s is live.", shelf.shown.id)
            known = {one: here for one, here in self.now.shelves.items() if good.get(one) in {here.folder, None}}
            copies = {}
            if shelf:
                known[shelf.shown.id] = shelf
                # A release newer than the live one was withdrawn by going back, or is not named yet: it is not offered.
                copies = {one: good[one] for one in sorted(good, reverse=True) if one < shelf.shown.id}
                copies = {shelf.shown.id: shelf.folder} | copies
            here = Snapshot(shelf, copies, known, refused, coming, looked=True)
            self.now = self.now if here == self.now else here  # what did not change is the same: pages are kept by it
            return self.now

    def _judged_current(self, good: dict[str, Path]) -> tuple[RenderedRelease | None, str, str]:
        """What is to be live, why that is not what `current` names, and what is being drawn meanwhile."""
        try:
            return self._current(good), "", ""
        except Drawing as waits:
            return self.now.shelf, "" if self.now.shelf else BEGINNING, str(waits)
        except ReleaseBroken as error:
            return self._last_good(good, error.folder.name), error.what, ""

    def _ids(self) -> tuple[str, ...]:
        try:
            return release_ids(self.releases)
        except OSError:
            return ()

    def _judge(self, release_id: str) -> Path | None:
        """The verified copy of a release, or None; looked at anew only where it has changed."""
        seen, before = mark(self.releases / release_id), self._judged.get(release_id)
        if before and before.holds(seen, AGAIN):
            return before.copy
        copy, wrong = None, ""
        try:
            copy = verified_copy(self.releases / release_id, self.cached)
        except ReleaseBroken as error:
            wrong = error.why
            _LOG.error("Release %s does not verify: %s", release_id, error)
        self._judged[release_id] = Judged(seen, copy, wrong, time.monotonic(), mark(copy) if copy else ())
        return copy

    def _current(self, good: dict[str, Path]) -> RenderedRelease | None:
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

    def _last_good(self, good: dict[str, Path], named: str) -> RenderedRelease | None:
        """What was live so far; after a start the newest release before the refused one: a newer one may have been
        withdrawn. None where `current` names nothing: then nobody knows.
        """
        older = sorted((one for one in good if named != CURRENT and one < named), reverse=True)
        if self.now.shelf or not older:
            return self.now.shelf
        try:
            return self._shelf(good[older[0]])
        except Drawing:
            return None
        except ReleaseBroken:
            _LOG.exception("Release %s can't be shown in place of %s", older[0], named)
            return None

    def _shelf(self, copy: Path) -> RenderedRelease:
        """The shelf of a verified copy, loaded once. Raises ReleaseBroken, and does not try again at every look. Raises
        Drawing where the server runs and the figures are not there yet.
        """
        here = self.now.shelves.get(copy.name)
        if here and here.folder == copy and drawn(copy, self.cached):
            return here
        if wrong := self._failed(copy, DEFAULT):
            raise ReleaseBroken(copy, wrong)
        if self.running and not drawn(copy, self.cached):
            self._aside(copy)
            raise Drawing(copy.name)
        try:
            return load(copy, self.cached)
        except ReleaseBroken as error:
            self._undrawn[copy, DEFAULT] = error.why, time.monotonic()
            raise

    def _failed(self, copy: Path, language: str) -> str:
        """Why a copy could not be drawn, as long as it is not tried again; else empty."""
        wrong, when = self._undrawn.get((copy, language), ("", 0.0))
        return wrong if time.monotonic() - when < AGAIN else ""

    def ask(self, release_id: str) -> Snapshot:
        """What is served, once an older release has been asked for: it is read at once where it is drawn, else drawn
        aside, never on a visitor's time while the server runs.
        """
        copy = self.now.copies.get(release_id)
        if copy and release_id not in self.now.shelves and not self._failed(copy, DEFAULT):
            if self.running and not drawn(copy, self.cached):
                self._aside(copy)
            else:
                self._ready(copy)
        return self.now

    def _aside(self, copy: Path) -> None:
        """Draw a copy in a thread of its own, which the next look does not wait for."""
        if copy not in self._asked:
            self._asked.add(copy)
            threading.Thread(target=self._ready, args=(copy,), daemon=True, name="draw-release").start()

    def _ready(self, copy: Path) -> None:
        try:
            with self._drawing[copy, DEFAULT]:
                here = self.now.shelves.get(copy.name)
                there = here and here.folder == copy and drawn(copy, self.cached)
                shelf = here if here and there else load(copy, self.cached)
            with self._lock:
                if shelf is not here:
                    self.now = replace(self.now, shelves=self.now.shelves | {copy.name: shelf})
        except ReleaseBroken as error:
            self._undrawn[copy, DEFAULT] = error.why, time.monotonic()
            _LOG.exception("Release %s can't be shown", copy.name)
        finally:
            self._asked.discard(copy)
            self._wake.set()

    def in_language(self, english: RenderedRelease, language: str) -> RenderedRelease:
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
                if (found := self._translated.get(key)) is None:
                    try:
                        found = load(english.folder, self.cached, language)
                    except ReleaseBroken:
                        _LOG.exception("Release %s stays English where %s is asked for", english.shown.id, language)
                        found = _marked(english, language)
                    self._keep(key, found)
                return found
        finally:
            self._seats.release()

    def _keep(self, key: tuple[Path, str], shelf: RenderedRelease) -> None:
        """Keep a shelf in memory; of older releases those that were read last, however many there are on the disk."""
        self._translated[key] = shelf
        live = self.now.shelf.folder if self.now.shelf else None
        for older in [one for one in list(self._translated) if one[0] != live][:-TRANSLATED]:
            self._translated.pop(older, None)

    def missing(self) -> Iterator[tuple[Path, str]]:
        """The copies and languages that are to be drawn ahead and are not, the likeliest to be asked for first: a newer
        release that may go live next, the live one, the one before it, to which a roll-back leads, and older ones.
        """
        languages, live = [one for one in ahead() if one in LANGUAGES], self.now.shelf
        if not languages or not live:
            return
        newer = [self._good[one] for one in sorted(self._good, reverse=True) if one > live.shown.id]
        older = [self._good[one] for one in sorted(self._good, reverse=True) if one < live.shown.id]
        wanted = [*((one, DEFAULT) for one in newer), *((live.folder, language) for language in languages),
                  *((one, language) for one in newer + older[:1] for language in languages),
                  *((one, DEFAULT) for one in older[1:])]
        for copy, language in wanted:
            ready = (copy, language) in self._translated or (copy, language) == (live.folder, DEFAULT)
            if not ready and not self._failed(copy, language) and (
                    copy == live.folder or not drawn(copy, self.cached, language)):
                yield copy, language

    def prepare(self, copy: Path, language: str) -> None:
        """Draw one of the missing; those of the live release are held in memory, too. Releases older than the one to
        which a roll-back leads let everything else go first.
        """
        try:
            live, before = self.now.shelf, list(self.now.copies)[1:2]
            if live and copy == live.folder:
                self.in_language(live, language)
            else:
                draw(copy, self.cached, language, patient=live is not None and copy.name < min(before, default=""))
        except ReleaseBroken as error:
            self._undrawn[copy, language] = error.why, time.monotonic()
        finally:
            self._wake.set()

    def _draw_ahead(self) -> None:
        """Begin with what is missing most, where nothing is being drawn ahead."""
        first = next(self.missing(), None)
        if first and not (self._ahead and self._ahead.is_alive()):
            self._ahead = threading.Thread(target=self.prepare, args=first, daemon=True, name="draw-ahead")
            self._ahead.start()

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
            self._wake.set()
            self.running = False

    def _again(self) -> None:
        while not self._stop.is_set():
            try:
                self.look()
                self._draw_ahead()
            except Exception:  # noqa: BLE001  # the watch outlives whatever it meets: what was verified stays live
                _LOG.exception("The releases can't be looked at")
            self._wake.wait(EVERY)
            self._wake.clear()


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


def now() -> Snapshot:
    """What is served. A page takes it once. Without a server that watches, the first call looks."""
    here = watch()
    return here.now if here.now.looked or here.running else here.look()
