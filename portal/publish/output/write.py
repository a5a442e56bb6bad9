"""Writes a release folder: all of it or nothing. The same rows give the same bytes."""

import csv
import hashlib
import io
import json
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, insert
from sqlalchemy.exc import OperationalError

from portal.contract.contract import SCHEMA
from portal.errors import CantWrite, ReleaseExists, ReleaseRefused
from portal.platforms import remove_tree, sync_folder
from portal.publish.output.describe import TableRows, data_package
from portal.release.queries import METADATA, TABLES
from portal.release.store import CURRENT, DATABASE
from portal.release.verify import as_text, verify

SUMS = "SHA256SUMS"
WRITER = 3_040_000  # the SQLite version that every release file names, whichever version wrote it
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run a cell that begins with one of these


def csv_bytes(name: str, rows: list[tuple[Any, ...]]) -> bytes:
    """One table as CSV: a header, LF, UTF-8. Raises ReleaseRefused for a text that a spreadsheet would take for a
    formula.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(SCHEMA[name])
    for row in rows:
        cells = [as_text(value) for value in row]
        for column, cell in zip(SCHEMA[name], cells, strict=True):
            if cell.startswith(FORMULA):
                raise ReleaseRefused(
                    f"A text for {name}.{column} begins with a sign that a spreadsheet takes for a formula (= + - @).",
                    "Let it begin with a letter or a digit.",
                )
        writer.writerow(cells)
    return text.getvalue().encode("utf-8")


def write_database(path: Path, rows: TableRows) -> None:
    """Write all tables as one SQLite file: built in memory and copied, so that it holds no trace of deleted rows."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        METADATA.create_all(connection)
        for name, columns in SCHEMA.items():
            if rows[name]:
                connection.execute(insert(TABLES[name]), [dict(zip(columns, row, strict=True)) for row in rows[name]])
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("PRAGMA secure_delete = ON")  # builds without it leave old bytes in free space
        connection.exec_driver_sql("VACUUM INTO ?", (str(path),))
    engine.dispose()
    normalize_header(path)


def normalize_header(path: Path) -> None:
    """Make the file's header independent of the version of SQLite that wrote it: a change counter of 1 (bytes 24 to 27
    and 92 to 95), and a fixed version number (96 to 99). See https://www.sqlite.org/fileformat.html, 1.3.
    """
    with path.open("rb+") as file:
        for at, number in ((24, 1), (92, 1), (96, WRITER)):
            file.seek(at)
            file.write(number.to_bytes(4, "big"))


def write_files(folder: Path, rows: TableRows, protection: dict[str, Any], notes: str,
                terms: tuple[str, str] = ("", "")) -> None:
    """Write the files of a release into an empty folder, read-only, with their hashes; all are on disk when this
    returns. `terms`: the title and URL of the data's license, where the City has named one.
    """
    tables = {name: csv_bytes(name, rows[name]) for name in SCHEMA}
    texts = {"datapackage.json": data_package(dict(rows["meta"]), tables, terms), "protection.json": protection}
    contents = {f"csv/{name}.csv": content for name, content in tables.items()}
    contents |= {
        name: (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode("utf-8")
        for name, content in texts.items()
    }
    contents["NOTES.md"] = notes.encode("utf-8")
    (folder / "csv").mkdir()
    for name, content in contents.items():
        _write(folder / name, content)
    write_database(folder / DATABASE, rows)
    _sync(folder / DATABASE)
    contents[DATABASE] = (folder / DATABASE).read_bytes()
    _write(
        folder / SUMS,
        "".join(f"{hashlib.sha256(contents[name]).hexdigest()}  {name}\n" for name in sorted(contents)).encode("ascii"),
    )
    for name in (*contents, SUMS):
        (folder / name).chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
    sync_folder(folder / "csv")
    sync_folder(folder)


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    _sync(path)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


@contextmanager
def publication_lock(releases: Path) -> Iterator[None]:
    """Hold the lock for publishing into a folder, and remove the drafts of publications that were killed."""
    releases.mkdir(parents=True, exist_ok=True)
    with _lock(releases):
        for draft in [path for path in releases.iterdir() if path.name.startswith(".") and ".tmp-" in path.name]:
            remove_tree(draft) if draft.is_dir() else draft.unlink()
        yield


@contextmanager
def _lock(releases: Path) -> Iterator[None]:
    if os.name != "posix":  # no lock of folders there: one analyst publishes at a time
        yield
        return
    import fcntl
    handle = os.open(releases, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def install_release(releases: Path, release_id: str, fill: Callable[[Path], None],
                    before_live: Callable[[Path], None] = lambda _: None) -> Path:
    """Write a release and let it go live: `fill` writes its files into a hidden folder, which is verified and renamed;
    then `before_live` gets the folder; then `current` names it.

    If it is killed at any moment, the release before stays live, and nobody sees half a release. One that was complete
    but not yet live then goes live when the same bytes are published again; other bytes raise ReleaseExists. Raises
    CantWrite when the disk refuses, ReleaseRefused when the files do not verify; nothing is changed then.
    """
    final, draft = releases / release_id, releases / f".{release_id}.tmp-{os.getpid()}"
    try:
        with publication_lock(releases):
            try:
                draft.mkdir()
                fill(draft)
                findings = verify(draft)
                if findings:
                    raise ReleaseRefused(
                        f"What was made of the extract does not pass its own check: {findings[0]}",
                        "Nothing was published. This is a fault of the portal: please report it with this sentence.",
                    )
                if final.exists():
                    _check_same_files(draft, final)
                else:
                    draft.rename(final)
                    sync_folder(releases)
                before_live(final)
                make_current(releases, release_id)
            finally:
                remove_tree(draft)
    except OperationalError as error:
        raise CantWrite(releases, str(error.orig)) from error
    except BlockingIOError as error:
        raise CantWrite(releases, "another publication is under way") from error
    except OSError as error:
        raise CantWrite(releases, error.strerror or type(error).__name__) from error
    return final


def _check_same_files(draft: Path, final: Path) -> None:
    """Raise ReleaseExists unless a release that exists is not live, is sound, and has the same files as the draft."""
    live = (final.parent / CURRENT).read_text("utf-8").strip() if (final.parent / CURRENT).exists() else ""
    if live == final.name or verify(final) or (draft / SUMS).read_bytes() != (final / SUMS).read_bytes():
        raise ReleaseExists(final.name)


def make_current(releases: Path, release_id: str) -> None:
    """Let `current` name a release, in one atomic step: readers see the old name or the new one."""
    draft = releases / f".{CURRENT}.tmp-{os.getpid()}"
    _write(draft, f"{release_id}\n".encode())
    draft.replace(releases / CURRENT)
    sync_folder(releases)
