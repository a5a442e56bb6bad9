"""Copies of releases: what is served is read from a copy that was verified, never from the folder of releases."""

import shutil
import tempfile
from pathlib import Path

from portal.builder.cache_layout import CacheLayout
from portal.errors import ReleaseBroken
from portal.platforms import remove_tree
from portal.release import queries
from portal.release.store import Release, sums_hash
from portal.release.verify import verify

Fingerprint = tuple[tuple[str, int, int, int], ...]


def fingerprint(folder: Path) -> Fingerprint:
    """What changes when anything in a release folder does: name, size, time and inode of each file."""
    try:
        files = [(path.relative_to(folder).as_posix(), path.stat()) for path in sorted(folder.rglob("*"))]
        return tuple((name, stat.st_size, stat.st_mtime_ns, stat.st_ino) for name, stat in files)
    except OSError as error:
        return ((type(error).__name__, error.errno or 0, 0, 0),)


def _same_files(former: Path, current: Path) -> bool:
    """Whether two folders hold the same files, byte for byte: then what was verified of one holds for both."""
    names = [sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
             for folder in (former, current)]
    return names[0] == names[1] and all((former / name).read_bytes() == (current / name).read_bytes()
                                        for name in names[0])


def _check(copy: Path, release: Path) -> None:
    if found := verify(copy, beside=release.parent):
        raise ReleaseBroken(release, found[0].rstrip("."))
    if queries.can_write(Release(copy)):
        raise ReleaseBroken(release, "its database could be written to")


def _copy_files(release: Path, draft: Path) -> None:
    for path in [path for path in sorted(release.rglob("*")) if path.is_file()]:
        target = draft / path.relative_to(release)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        target.chmod(0o444)


def verified_copy(release: Path, layout: CacheLayout) -> Path:
    """A copy of a release that was verified: files, contract, numbers, and that it can't be written. One that is there
    already serves again, so that a start needs no room on the disk. Raises ReleaseBroken with the first thing that is
    wrong.
    """
    copy = layout.copy(sums_hash(release), release.name)
    try:
        if copy.exists() and _same_files(copy, release):
            _check(copy, release)
            return copy
        layout.root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".copying-", dir=layout.root) as staging:
            draft = Path(staging) / release.name
            _copy_files(release, draft)
            _check(draft, release)
            if copy.exists() and not _same_files(copy, draft):
                remove_tree(copy)  # it has gone bad since
            if not copy.exists():  # else the same bytes: another builder has copied them meanwhile
                copy.parent.mkdir(parents=True, exist_ok=True)
                draft.rename(copy)
    except OSError as error:
        raise ReleaseBroken(release, error.strerror or type(error).__name__) from error
    return copy
