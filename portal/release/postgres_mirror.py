"""Releases in a PostgreSQL database that several web servers read: its layout, and the reading side.

The database holds each release twice: as its files, which a server copies and verifies like any other release, and as
tables in a schema of its own, for anybody who wants to query them in SQL.
"""

import hashlib
import logging
import shutil
import tempfile
from pathlib import Path

from sqlalchemy import Column, Engine, LargeBinary, MetaData, Table, Text, create_engine, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from portal.errors import BadSetting, DatabaseAway, ReleaseBroken
from portal.release.store import CURRENT, SUMS, release_ids, sums_hash

_LOG = logging.getLogger("portal")
DRIVER = "postgresql+psycopg"
ENCODING = {"client_encoding": "utf8"}  # of a database in SQL_ASCII, which has no encoding, psycopg would give bytes
LAYOUT = MetaData(schema="portal")
FILES = Table("files", LAYOUT, Column("release_id", Text, primary_key=True), Column("name", Text, primary_key=True),
              Column("sha256", Text, nullable=False), Column("content", LargeBinary, nullable=False))
LIVE = Table("live", LAYOUT, Column("release_id", Text, primary_key=True))


def is_database(releases: str) -> bool:
    """Whether the setting PORTAL_RELEASES names a database and not a folder."""
    return "://" in releases


def engine(url: str, *, writing: bool = False) -> Engine:
    """An engine for a database URL; unless `writing`, its transactions are read-only, whatever its role may do. Raises
    BadSetting.
    """
    try:
        known = make_url(url)
    except ArgumentError:
        known = None
    if known is None or known.drivername != DRIVER:
        raise BadSetting("PORTAL_RELEASES", "(a DSN)", f"a folder, or {DRIVER}://USER:PASSWORD@HOST/DATABASE")
    options = "" if writing else "-c default_transaction_read_only=on"
    limits = {"connect_timeout": 5, "tcp_user_timeout": 10_000}
    return create_engine(known, poolclass=NullPool, hide_parameters=True,
                         connect_args={"options": options, **limits, **ENCODING})


def schema_of(release_id: str) -> str:
    """The schema that holds a release's tables."""
    return f"release_{release_id}"


class Mirror:
    """A folder that mirrors the releases of a database. Copies stay while the database is unreachable; a release that
    was deleted in the database is deleted in the folder.
    """

    def __init__(self, url: str, folder: Path) -> None:
        self.engine = engine(url)
        self.folder = folder
        self.failing = False
        self._last_answer: tuple[tuple[str, ...], str] | None = None  # the ids and the live one

    def ids(self) -> tuple[str, ...]:
        """The releases in the database, oldest first; while it is unreachable, those of its last answer."""
        self._ask()
        return self._last_answer[0] if self._last_answer else release_ids(self.folder)

    def live(self) -> str:
        """The id that the database names as live, by its last answer; "" where it names none or was never reached."""
        return self._last_answer[1] if self._last_answer else ""

    def _ask(self) -> None:
        """Query the ids and the live one; the last answer stays while the database is unreachable."""
        try:
            with self.engine.connect() as connection:
                ids = connection.execute(select(FILES.c.release_id).distinct()).scalars()
                self._last_answer = tuple(sorted(ids)), connection.execute(select(LIVE.c.release_id)).scalar() or ""
            self.failing = False
        except SQLAlchemyError as error:
            self._failed(type(error).__name__)

    def pull(self) -> None:
        """Copy releases that are new or different, and delete those that are gone. An unreachable database or a full
        disk is logged once.
        """
        try:
            with self.engine.connect() as connection:
                live = connection.execute(select(LIVE.c.release_id)).scalar()
                rows = connection.execute(select(FILES.c.release_id, FILES.c.sha256).where(FILES.c.name == SUMS))
                sums = {row.release_id: row.sha256 for row in rows}
                for release_id in sorted(sums):
                    if sums[release_id] != self._digest(release_id):
                        files = connection.execute(select(FILES.c.name, FILES.c.sha256, FILES.c.content).where(
                            FILES.c.release_id == release_id))
                        self._copy(release_id, [(name, digest, bytes(content)) for name, digest, content in files])
            for gone in set(release_ids(self.folder)) - set(sums):
                shutil.rmtree(self.folder / gone)
                _LOG.warning("Release %s was deleted in the database: it is no longer served.", gone)
            if live:
                self._point(live)
            self.failing = False
        except (SQLAlchemyError, DatabaseAway, OSError) as error:
            self._failed((isinstance(error, OSError) and error.strerror) or type(error).__name__)

    def _failed(self, reason: str) -> None:
        if not self.failing:
            _LOG.error("Releases can't be copied from the database (%s): what was copied stays.", reason)
        self.failing = True

    def _digest(self, release_id: str) -> str:
        """The sha256 of a copied release's SHA256SUMS; "" where it is not copied."""
        try:
            return sums_hash(self.folder / Path(release_id).name)
        except ReleaseBroken:
            return ""

    def _copy(self, release_id: str, files: list[tuple[str, str, bytes]]) -> None:
        """Write a release's files, and let it appear in one step when all are complete."""
        self.folder.mkdir(parents=True, exist_ok=True)
        draft, final = Path(tempfile.mkdtemp(prefix=".pulling-", dir=self.folder)), self.folder / Path(release_id).name
        try:
            for name, digest, content in files:
                target = (draft / name).resolve()
                if hashlib.sha256(content).hexdigest() != digest or not target.is_relative_to(draft.resolve()):
                    raise DatabaseAway(release_id)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
            draft.chmod(0o755)
            shutil.rmtree(final, ignore_errors=True)  # a different release with the same id
            draft.rename(final)
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _point(self, live: str) -> None:
        pointer = self.folder / CURRENT
        if not pointer.is_file() or pointer.read_text("utf-8").strip() != live:
            self.folder.mkdir(parents=True, exist_ok=True)
            draft = self.folder / f".{CURRENT}"
            draft.write_text(f"{live}\n", "utf-8")
            draft.replace(pointer)
