"""The builder: pulls, verifies, copies and renders releases, one step after the other, and maintains their index."""

import logging
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from portal.builder import accepted, child_process
from portal.builder.cache_layout import CacheLayout
from portal.builder.child_process import TaskFailed
from portal.builder.index import Attempts, BuildIndex, IndexedRelease, Rendering, read_index, write_index
from portal.builder.precompress import DONE, precompress_all
from portal.builder.rendered_parts import files_exist, is_complete, parts_in
from portal.builder.source import source_of
from portal.builder.streamlit_assets import files as streamlit_files
from portal.builder.tasks import Check, CompressStreamlit, Render, Task, Verify, tasks
from portal.builder.verified_copies import Fingerprint, fingerprint, verified_copy
from portal.errors import PortalError, ReleaseBroken
from portal.language import LANGUAGES
from portal.release import queries
from portal.release.store import Release, sums_hash
from portal.settings import Settings

RECHECK = 3600.0  # seconds until all files of a rendered release are compared with their hashes again
LEFTOVERS = (".copying-*", ".packing-*")  # folders that a killed builder leaves behind
_LOG = logging.getLogger("portal")


class Builder:
    """Builds what a server serves. `lifeline`: a file descriptor that closes when nobody needs the builder any more."""

    def __init__(self, settings: Settings, lifeline: int | None = None) -> None:
        self.layout = CacheLayout(settings.cache, settings.releases)
        self.source = source_of(self.layout)
        self.languages = [language for language in settings.languages if language in LANGUAGES or settings.pseudo]
        self.lifeline = lifeline
        self.index = read_index(self.layout.index)
        self._verified: dict[str, tuple[Fingerprint, Fingerprint]] = {}  # of the release's folder and of its copy
        self._checked: dict[str, float] = {}  # when all files of a rendered folder were compared with their hashes
        self._compressing = Attempts()  # Streamlit's own files

    def step(self, only: str = "", *, streamlit: bool = True) -> bool:
        """Do the most urgent task; False if none is due. `only`: a single release; `streamlit`: whether to compress
        Streamlit's own files. Raises OSError where the cache can't be written, Stopped when the lifeline is closed.
        """
        self.source.pull()
        self.index = read_index(self.layout.index)
        ids, live = self.source.ids(), self._live()
        self._forget_all_but(ids)
        queue = tasks([id_ for id_ in ids if only in {"", id_}], live, self.languages)
        skipped = set() if streamlit else {CompressStreamlit()}
        task = next((task for task in queue if task not in skipped and self._is_due(task)), None)
        if task is None:
            return False
        self._do(task)
        return True

    def failures(self, release_id: str) -> list[str]:
        """Why a release is not completely built, by the last attempts; an empty list where it is, or was not tried."""
        release = self.index.releases.get(release_id)
        return release.failures() if release else [f"{release_id}: there is no such release"]

    def _live(self) -> str:
        try:
            return self.source.current()
        except (PortalError, OSError):  # the server reports it; everything is built all the same
            return ""

    def _write(self, index: BuildIndex) -> None:
        if index != self.index:
            write_index(self.layout.index, index)
            self.index = index

    def _forget_all_but(self, ids: tuple[str, ...]) -> None:
        self._write(BuildIndex({name: release for name, release in self.index.releases.items() if name in ids}))

    def _is_due(self, task: Task) -> bool:
        now = time.time()
        match task:
            case Verify():
                release = self.index.releases.get(task.release)
                verified = self._verified.get(task.release)
                return (release is None or verified is None or self._fingerprints(task.release, release) != verified
                        or bool(release.refused and now >= release.attempts.retry_at))
            case Render():
                release = self.index.releases.get(task.release)
                if release is None or not release.copy:
                    return False
                rendering = release.renderings.get(task.language, Rendering())
                missing = (not rendering.complete or rendering.folder != self._folder(release, task.language).name
                           or not files_exist(self.layout.root, rendering))
                return missing and now >= rendering.attempts.retry_at
            case Check():
                release = self.index.releases.get(task.release)
                built = release.renderings.get(task.language) if release else None
                return built is not None and now - self._checked.get(built.folder, 0.0) > RECHECK
            case CompressStreamlit():
                return not (self.layout.streamlit / DONE).exists() and now >= self._compressing.retry_at

    def _do(self, task: Task) -> None:
        match task:
            case Verify():
                self.verify(task.release)
            case Render():
                self._render(task.release, task.language)
            case Check():
                self._check(task.release, task.language)
            case CompressStreamlit():
                self._compress_streamlit()

    def _fingerprints(self, release_id: str, release: IndexedRelease) -> tuple[Fingerprint, Fingerprint]:
        copy = self.layout.root / release.copy
        return fingerprint(self.source.folder / release_id), fingerprint(copy) if release.copy else ()

    def _folder(self, release: IndexedRelease, language: str) -> Path:
        return self.layout.rendered(release.digest, language)

    def verify(self, release_id: str) -> None:
        """Copy and verify a release. If it fails, or differs from the one accepted under its id, the last good copy
        stays in use.
        """
        before = self.index.releases.get(release_id, IndexedRelease(release_id))
        current = fingerprint(self.source.folder / release_id)
        try:
            for found in child_process.run(_verify, self.source.folder / release_id, self.layout,
                                           lifeline=self.lifeline):
                after = found
            if after.digest == before.digest:
                after = replace(after, renderings=before.renderings)
            accepted.accept(self.layout, release_id, after.digest, after.state)
        except TaskFailed as error:
            if release_id not in self.source.ids():
                return  # it was taken away meanwhile, and the next step forgets it
            after = replace(before, refused=str(error), attempts=before.attempts.after(str(error), time.time()))
            _LOG.error("Release %s is refused: %s", release_id, error, extra={"trace": error.trace})
        self._verified[release_id] = current, self._fingerprints(release_id, after)[1]
        self._write(self.index.with_release(after))

    def _render(self, release_id: str, language: str) -> None:
        """Render the missing parts of a release in a language; each is added to the index as soon as it is written."""
        release = self.index.releases[release_id]
        folder = self._folder(release, language)
        rendering = replace(release.renderings.get(language, Rendering()), folder=folder.name, complete=False,
                            parts=self._parts(folder))
        try:
            newest = release_id >= (self._live() or max(self.index.releases))
            if not is_complete(folder, language, rendering.parts):  # else another builder has rendered it
                import_module("portal.builder.renderer")  # once, in the process that its children are forked from
                _LOG.info("Rendering release %s (%s).", release_id, language)
                for part in child_process.run(_render, self.layout.root / release.copy, folder, self.layout.charts,
                                              language, rendering.parts, newest, lifeline=self.lifeline):
                    rendering = replace(rendering, parts=rendering.parts | {part.part: part.file})
                    self._write(self.index.with_rendering(release_id, language, rendering))
            rendering = replace(rendering, complete=True, attempts=Attempts())
            self._checked[folder.name] = time.time()
        except TaskFailed as error:
            rendering = replace(rendering, attempts=rendering.attempts.after(str(error), time.time()))
            _LOG.error("Release %s can't be rendered (%s): %s", release_id, language, error,
                       extra={"trace": error.trace})
        self._write(self.index.with_rendering(release_id, language, rendering))

    def _compress_streamlit(self) -> None:
        """Compress Streamlit's files. After a failure it is tried again; until then they are sent uncompressed."""
        try:
            list(child_process.run(_compress, self.layout.streamlit, lifeline=self.lifeline))
        except TaskFailed as error:
            self._compressing = self._compressing.after(str(error), time.time())
            _LOG.error("Streamlit's files can't be compressed: %s", error, extra={"trace": error.trace})

    def _check(self, release_id: str, language: str) -> None:
        """Compare a rendering's files with their hashes; if one differs, render it again."""
        rendering = self.index.releases[release_id].renderings[language]
        self._checked[rendering.folder] = time.time()
        if self._parts(self.layout.root / rendering.folder) != rendering.parts:
            _LOG.warning("Files of release %s (%s) are damaged: they are rendered again.", release_id, language)
            self._write(self.index.with_rendering(release_id, language, replace(rendering, parts={}, complete=False)))

    def _parts(self, folder: Path) -> dict[str, str]:
        """The undamaged parts of a folder. If one is damaged, the folder and all cached drawings are removed."""
        parts_written = len(list(folder.glob("*-*.json")))
        sound = parts_in(folder)
        if len(sound) < parts_written:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.rmtree(self.layout.charts, ignore_errors=True)
            return {}
        return sound

    def sweep(self) -> None:
        """Remove the incomplete folders of killed builders. Only the holder of the lock may."""
        for pattern in LEFTOVERS:
            for leftover in self.layout.root.glob(pattern):
                shutil.rmtree(leftover, ignore_errors=True)


def _verify(release: Path, layout: CacheLayout) -> Iterator[IndexedRelease]:
    """The entry of a release that verifies. Raises an error whose text says what is wrong."""
    try:
        digest = sums_hash(release)
        if why := accepted.refusal(layout, release.name, digest):
            raise ReleaseBroken(release, why)
        copy = verified_copy(release, layout)
    except ReleaseBroken as error:
        raise child_process.Refused(error.why) from error
    state = queries.meta(Release(copy))["state"]
    yield IndexedRelease(release.name, digest, copy.relative_to(layout.root).as_posix(), state)


def _render(*arguments: object) -> Iterator[object]:
    from portal.builder import renderer  # loaded already, where processes are forked

    return renderer.render(*arguments)  # type: ignore[arg-type]


def _compress(out: Path) -> Iterator[None]:
    precompress_all(streamlit_files(), out)
    yield None


@contextmanager
def at_work(layout: CacheLayout) -> Iterator[bool]:
    """Hold the cache's lock, if it is free; yields whether this process holds it and may build, or else has to poll.
    The system releases the lock when the builder and its task have ended or died. Without such locks (Windows) every
    builder builds. Raises OSError where the cache can't be written.
    """
    layout.root.mkdir(parents=True, exist_ok=True)
    with layout.lock.open("w") as lock:
        try:
            import fcntl
        except ImportError:
            yield True
            return
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
