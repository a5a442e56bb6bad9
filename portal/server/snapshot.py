"""The snapshot of what is served: from the builder's index, and from the source of releases, which names the live one.

One thread polls, and replaces an immutable snapshot. A release stays in service until a newer one can be shown.
"""

import logging
from collections.abc import Mapping
from pathlib import Path

from portal.builder.cache_layout import CacheLayout
from portal.builder.index import BuildIndex, IndexedRelease, Rendering, read_index
from portal.builder.rendered_parts import PartDamaged, is_undamaged
from portal.builder.source import source_of
from portal.errors import NoRelease, PortalError, ReleaseBroken
from portal.language import DEFAULT
from portal.release.store import CURRENT
from portal.render.commitments import overdue
from portal.render.rendered import BEGINNING, RenderedRelease, Snapshot
from portal.server.rendered_reader import RenderedReader
from portal.settings import Settings

_LOG = logging.getLogger("portal")
Rendered = Mapping[tuple[str, str], RenderedRelease]


class SnapshotStore:
    """Holds the current snapshot. Only `poll` replaces it, called by a single thread."""

    def __init__(self, settings: Settings) -> None:
        self.layout = CacheLayout(settings.cache, settings.releases)
        self.source = source_of(self.layout)
        self.snapshot = Snapshot()
        self.damaged: set[Path] = set()  # parts that are not read any more until they are rendered again
        self._reader = RenderedReader(settings.cache, self.damaged.add)
        self._index = BuildIndex()
        self._last_state: tuple[object, ...] = ()

    def poll(self, stopped: str = "") -> Snapshot:
        """Read the index and which release is live; returns the snapshot. `stopped`: why the builder can't build, if it
        can't; shown where there is no release.
        """
        ids = self.source.ids()
        named, why_not = self._named()
        live = self.snapshot.live
        late = overdue(live.known) if live else ""
        state = (_stamp(self.layout.index), ids, named, why_not, late, stopped, len(self.damaged))
        if state != self._last_state:
            self._index = read_index(self.layout.index)
            self.damaged -= {path for path in self.damaged if is_undamaged(path)}  # rendered again meanwhile
            self._swap(ids, named, why_not, stopped)
            self._last_state = state
        return self.snapshot

    def _named(self) -> tuple[str, str]:
        """The id of the release that should be live, and why it can't be ("" if it can)."""
        try:
            return self.source.current(), ""
        except NoRelease:
            return "", "`current` was there, and is gone" if self.snapshot.live else ""
        except ReleaseBroken as error:
            return error.folder.name, error.why
        except (OSError, PortalError) as error:
            reason = (isinstance(error, OSError) and error.strerror) or str(error)
            return CURRENT, f"`{CURRENT}` can't be read ({reason})"

    def _swap(self, ids: tuple[str, ...], named: str, why_not: str, stopped: str) -> None:
        good = {name: release for name, release in self._index.releases.items()
                if name in ids and release.copy and (self.layout.root / release.copy).is_dir()}
        rendered = self._rendered(good)
        live, refused, coming = self._live(rendered, ids, named, why_not)
        if live is None and refused == BEGINNING and stopped:
            refused = stopped
        if refused and refused not in {self.snapshot.refused, BEGINNING}:
            _LOG.error("Refused: %s", refused)
        if live and (self.snapshot.live is None or live.copy != self.snapshot.live.copy):
            _LOG.warning("Release %s is live.", live.facts.id)
        copies: dict[str, Path] = {}
        if live:
            # A release newer than the live one was withdrawn by a roll-back, or is not live yet: it is not offered.
            copies = {name: self.layout.root / good[name].copy for name in sorted(good, reverse=True)
                      if name < live.facts.id}
            copies = {live.facts.id: live.copy} | copies
            rendered = {key: rendered_release for key, rendered_release in rendered.items() if key[0] in copies}
            rendered[live.facts.id, DEFAULT] = live
        self.snapshot = Snapshot(live, copies, rendered, refused, coming, overdue(live.known) if live else "")

    def _rendered(self, good: Mapping[str, IndexedRelease]) -> dict[tuple[str, str], RenderedRelease]:
        """The releases and languages that can be shown: those whose default period is rendered."""
        presentable = {}
        for name, release in good.items():
            for language, rendering in release.renderings.items():
                copy = self.layout.root / release.copy
                files = {self.layout.root / rendering.folder / part for part in rendering.parts.values()}
                try:
                    rendered_release = self._reader.release(rendering, copy)
                except (KeyError, PartDamaged):
                    continue
                if rendered_release.default_period in rendered_release.ready and not files & self.damaged:
                    presentable[name, language] = rendered_release
        return presentable

    def _live(self, rendered: Rendered, ids: tuple[str, ...], named: str, why_not: str
              ) -> tuple[RenderedRelease | None, str, str]:
        """The live release, why it is not the one that `current` names, and which one is being built meanwhile."""
        if why_not:
            return self._last_good(rendered, named), f"The release in {named or CURRENT} can't be used: {why_not}.", ""
        if not named:
            return None, "", ""
        known = self._index.releases.get(named, IndexedRelease(named))
        last = rendered.get((named, DEFAULT)) or self._last_good(rendered, named)
        if refused := known.refused or ("" if named in ids else "it is not there"):
            return last, f"The release in {named} can't be used: {refused}.", ""
        if last and last.facts.id == named:
            return last, "", ""
        if failed := known.renderings.get(DEFAULT, Rendering()).attempts.reason:
            return last, f"The release in {named} can't be used: its figures can't be rendered ({failed}).", ""
        return last, "" if last else BEGINNING, named

    def _last_good(self, rendered: Rendered, named: str) -> RenderedRelease | None:
        """The release that was live so far; after a start, the newest one before the refused one, since newer ones may
        have been withdrawn. None where `current` names none.
        """
        live = self.snapshot.live
        if live and not any(path.parent == live.folder for path in self.damaged):
            return live
        older = sorted((name for name, language in rendered if language == DEFAULT and name < named), reverse=True)
        return rendered[older[0], DEFAULT] if older and named != CURRENT else None


def _stamp(path: Path) -> tuple[int, int, int]:
    """Modification time, size and inode of a file, which change when it is replaced."""
    try:
        stat = path.stat()
    except OSError:
        return (0, 0, 0)
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
