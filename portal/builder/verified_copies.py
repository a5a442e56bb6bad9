"""Copies of releases: what is served is read from a copy that was verified, never from the folder of releases."""

import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from portal.builder.rendered_release import release_hash
from portal.errors import ReleaseBroken
from portal.platforms import remove_tree
from portal.release import queries
from portal.release.store import Release
from portal.release.verify import verify

Mark = tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True)
class Judged:
    """What was found of a release folder, as it was then."""

    mark: Mark
    copy: Path | None
    wrong: str
    when: float
    kept: Mark  # of the copy

    def holds(self, seen: Mark, again: float) -> bool:
        """Whether this is still so: neither the folder nor the copy has changed. What could not be used is tried again
        after so many seconds.
        """
        return self.mark == seen and (mark(self.copy) == self.kept if self.copy else
                                      time.monotonic() - self.when < again)


def mark(release: Path) -> Mark:
    """What changes when anything in a release folder does: name, size, time and inode of each file."""
    try:
        seen = [(path.relative_to(release).as_posix(), path.stat()) for path in sorted(release.rglob("*"))]
        return tuple((name, one.st_size, one.st_mtime_ns, one.st_ino) for name, one in seen)
    except OSError as error:
        return ((type(error).__name__, error.errno or 0, 0, 0),)


def _same(one: Path, other: Path) -> bool:
    """Whether two folders hold the same files, byte for byte: then what was verified of one holds for both."""
    files = [sorted(path.relative_to(here) for path in here.rglob("*") if path.is_file()) for here in (one, other)]
    return files[0] == files[1] and all((one / name).read_bytes() == (other / name).read_bytes() for name in files[0])


def _check(copy: Path, release: Path) -> None:
    if wrong := verify(copy, beside=release.parent):
        raise ReleaseBroken(release, wrong[0].rstrip("."))
    if queries.can_write(Release(copy)):
        raise ReleaseBroken(release, "its database could be written to")


def verified_copy(release: Path, cached: Path) -> Path:
    """A copy of a release that was verified: files, contract, numbers, and that it can't be written. One that is there
    already serves again, so that a start needs no room on the disk. Raises ReleaseBroken with the first thing that is
    wrong.
    """
    kept = cached / "releases" / release_hash(release) / release.name
    try:
        if kept.exists() and _same(kept, release):
            _check(kept, release)
            return kept
        cached.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".copying-", dir=cached) as staging:
            draft = Path(staging) / release.name
            for path in [path for path in sorted(release.rglob("*")) if path.is_file()]:
                here = draft / path.relative_to(release)
                here.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, here)
                here.chmod(0o444)
            _check(draft, release)
            if kept.exists() and not _same(kept, draft):
                remove_tree(kept)  # it has gone bad since
            if not kept.exists():  # else the same bytes: another server has copied them meanwhile
                kept.parent.mkdir(parents=True, exist_ok=True)
                draft.rename(kept)
    except OSError as error:
        raise ReleaseBroken(release, error.strerror or type(error).__name__) from error
    return kept
