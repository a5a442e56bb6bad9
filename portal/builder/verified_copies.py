"""Verified copies of releases: the site reads releases from these copies only, never from the folder of releases."""

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
    """Name, size, modification time and inode of each file: equal for as long as nothing in a folder changes."""
    try:
        files = [(path.relative_to(folder).as_posix(), path.stat()) for path in sorted(folder.rglob("*"))]
        return tuple((name, stat.st_size, stat.st_mtime_ns, stat.st_ino) for name, stat in files)
    except OSError as error:
        return ((type(error).__name__, error.errno or 0, 0, 0),)


def _same_files(former: Path, current: Path) -> bool:
    """Whether two folders hold the same files, byte for byte."""
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
    """A verified copy of a release: files, contract and numbers are right, and its database can't be written. An
    existing copy is used again, so that a restart needs no disk space. Raises ReleaseBroken with the first finding.
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
                remove_tree(copy)  # it was damaged since
            if not copy.exists():  # else another builder has copied the same bytes meanwhile
                copy.parent.mkdir(parents=True, exist_ok=True)
                draft.rename(copy)
    except OSError as error:
        raise ReleaseBroken(release, error.strerror or type(error).__name__) from error
    return copy
