"""Opens releases read-only, and finds them in a folder of releases."""

import hashlib
import json
import sqlite3
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.pool import NullPool

from portal.errors import NoRelease, ReleaseBroken

DATABASE = "release.sqlite"
SUMS = "SHA256SUMS"  # the list of a release's hashes, in its folder
CURRENT = "current"
READING = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION})


@dataclass(frozen=True)
class Release:
    """One published dataset, open for reading. `folder` holds its files; its id is the folder's name."""

    folder: Path

    @property
    def id(self) -> str:
        """The release's name, such as `2027-Q3`."""
        return self.folder.name

    @cached_property
    def engine(self) -> Engine:
        """A read-only engine. The file is opened as immutable, so that nothing writes to it and nothing is locked."""
        path = (self.folder.resolve() / DATABASE).as_posix()
        url = URL.create("sqlite+pysqlite", database=f"file:{quote(path, safe='/:')}",  # "?" and "#" would end a path
                         query={"mode": "ro", "immutable": "1", "uri": "true"})
        engine = create_engine(url, poolclass=NullPool)
        event.listen(engine, "connect", _only_read)
        return engine

    @cached_property
    def answers(self) -> dict[str, object]:
        """The answers of queries.py, by query and arguments."""
        return {}

    @cached_property
    def checksums(self) -> dict[str, str]:
        """The sha256 of each file of the release by name (with forward slashes), from SHA256SUMS."""
        try:
            lines = (self.folder / SUMS).read_text("utf-8").splitlines()
            return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
        except (OSError, ValueError) as error:
            raise ReleaseBroken(self.folder, "SHA256SUMS can't be read") from error

    @cached_property
    def protection(self) -> dict[str, Any]:
        """The content of protection.json: the rules, what is not shown, the attack; empty where it can't be read."""
        try:
            protection = json.loads((self.folder / "protection.json").read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return protection if isinstance(protection, dict) else {}


def sums_hash(folder: Path) -> str:
    """The sha256 of a release's SHA256SUMS. It commits to all its files, and by `meta.previous_sums` to all that was
    published before. Raises ReleaseBroken where the list can't be read.
    """
    try:
        return hashlib.sha256((folder / SUMS).read_bytes()).hexdigest()
    except OSError as error:
        raise ReleaseBroken(folder, "SHA256SUMS can't be read") from error


def _only_read(connection: sqlite3.Connection, _: object) -> None:
    """Make SQLite itself refuse everything but reading: writes, other files (ATTACH), pragmas, extensions."""
    def decide(action: int, _: str | None, name: str | None, *__: str | None) -> int:
        reads = action in READING and not (action == sqlite3.SQLITE_FUNCTION and name == "load_extension")
        return sqlite3.SQLITE_OK if reads else sqlite3.SQLITE_DENY
    connection.set_authorizer(decide)


def release_ids(releases: Path) -> tuple[str, ...]:
    """The ids of all releases in a folder, oldest first (ids sort by time: `2026-Q2` before `2026-Q3`)."""
    if not releases.is_dir():
        return ()
    return tuple(sorted(path.name for path in releases.iterdir() if _is_release(path)))


def _is_release(path: Path) -> bool:
    """Whether a path is a release's folder. A hidden one is the draft of a publication, running or killed."""
    try:
        return not path.name.startswith(".") and not path.is_symlink() and (path / DATABASE).is_file()
    except PermissionError:
        return True  # it exists, and will fail to verify


def current_id(releases: Path) -> str:
    """The id that `current` names. Raises NoRelease where nothing is published."""
    pointer = releases / CURRENT
    try:
        named = pointer.read_text("utf-8").strip()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NoRelease(releases) from error
    except OSError as error:
        raise ReleaseBroken(pointer, f"`current` can't be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ReleaseBroken(pointer, "`current` is not text") from error
    if named not in release_ids(releases):
        raise ReleaseBroken(releases / (named or CURRENT), "`current` names it, and it is not there")
    return named
