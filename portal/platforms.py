"""What differs between operating systems, in one place: a call that a system does not have is left out there.

Linux is what the portal is tried on; the tests play macOS and Windows by stubs. Touches nothing of the portal.
"""

import ctypes
import os
import shutil
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

ENOUGH_FILES = (65_536, 10_240)  # soft limits to try where the system's own can't be had; macOS refuses above 10,240
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8  # malloc.h
LARGE = 1 << 20  # bytes; a page and its compressed forms have less


def raise_file_limit() -> int:
    """Raise the soft limit of open files as far as the system lets it; the limit then, 0 where there is none.

    A session holds four handles, and the usual 1,024 are 250 visitors. macOS names no hard limit and then refuses it as
    a soft one (setrlimit(2): at most OPEN_MAX): what it takes is tried, the highest first. A limit is never lowered.
    """
    if os.name != "posix":
        return 0
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return soft
    for limit in (hard, *ENOUGH_FILES):
        if limit == resource.RLIM_INFINITY or limit > soft:
            with suppress(ValueError, OSError):
                resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
                return limit
    return soft


def return_freed_memory() -> None:
    """Let glibc give memory back to the system as soon as it can: after one large message of a stranger it would
    else keep up to 64 MB for the next (mallopt(3), M_MMAP_THRESHOLD and M_TRIM_THRESHOLD: they adjust themselves
    upwards unless one is set). All threads share one heap (M_ARENA_MAX): Python lets one run at a time, and each heap
    would keep some megabytes free. Elsewhere than on Linux with glibc nothing is done.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            libc = ctypes.CDLL("libc.so.6")
            libc.mallopt(M_MMAP_THRESHOLD, LARGE)
            libc.mallopt(M_TRIM_THRESHOLD, LARGE)
            libc.mallopt(M_ARENA_MAX, 1)


def belongs_to_another(path: Path) -> bool:
    """Whether a file or folder is neither this user's nor root's. False where it is missing, and on Windows, where a
    user's temporary folder is the user's own.
    """
    return os.name == "posix" and path.exists() and path.stat().st_uid not in {0, os.geteuid()}


def sync_folder(folder: Path) -> None:
    """Have a folder's entries on the disk before going on. Windows opens no folders, and a rename is on its disk."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def remove_tree(folder: Path) -> None:
    """Remove a folder with all that is in it, also files that nobody may write: Windows deletes them only once somebody
    may. Nothing is done where there is no such folder. Raises OSError.
    """
    def writable_then(remove: Callable[[str], object], path: str, _: object) -> None:
        Path(path).chmod(stat.S_IWRITE | stat.S_IREAD)
        remove(path)

    if not folder.exists():
        return
    if sys.version_info >= (3, 12):
        shutil.rmtree(folder, onexc=writable_then)
    else:
        shutil.rmtree(folder, onerror=writable_then)
