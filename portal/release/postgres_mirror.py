"""Releases in a database that several web servers read: the layout both sides know, and the reading side.

Each release lies there twice: its files as they are, which a server copies and verifies like any other release, and its
tables in a schema of their own, for whoever wants to ask the same questions in SQL.
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

from portal.errors import BadSetting, DatabaseAway
from portal.release.store import CURRENT, Release, release_ids

_LOG = logging.getLogger("portal")
DRIVER = "postgresql+psycopg"
LAYOUT = MetaData(schema="portal")
FILES = Table("files", LAYOUT, Column("release_id", Text, primary_key=True), Column("name", Text, primary_key=True),
              Column("sha256", Text, nullable=False), Column("content", LargeBinary, nullable=False))
LIVE = Table("live", LAYOUT, Column("release_id", Text, primary_key=True))


def is_database(releases: str) -> bool:
    """Whether a place of releases is a database and not a folder."""
    return "://" in releases


def engine(url: str, *, writing: bool = False) -> Engine:
    """An engine for that address; a reading one can't write, whatever its role may. Raises BadSetting."""
    try:
        known = make_url(url)
    except ArgumentError:
        known = None
    if known is None or known.drivername != DRIVER:
        raise BadSetting("PORTAL_RELEASES", "(an address)", f"a folder, or {DRIVER}://USER:PASSWORD@HOST/DATABASE")
    options = "" if writing else "-c default_transaction_read_only=on"
    return create_engine(known, poolclass=NullPool, hide_parameters=True,
                         connect_args={"connect_timeout": 5, "options": options})


def schema_of(release_id: str) -> str:
    """The schema that holds a release's tables."""
    return f"release_{release_id}"


class SharedRelease(Release):
    """A release's tables in the database: queries.py asks it what it asks of the file."""

    def __init__(self, url: str, release_id: str) -> None:
        super().__init__(Path(release_id))
        opened = create_engine(make_url(url), poolclass=NullPool, connect_args={
            "options": f'-c search_path="{schema_of(release_id)}" -c default_transaction_read_only=on'})
        self.__dict__["engine"] = opened  # in place of the file's


class Mirror:
    """A folder of releases that follows the database. What was copied stays there when the database is away."""

    def __init__(self, url: str, folder: Path) -> None:
        self.engine = engine(url)
        self.folder = folder
        self.failing = False

    def pull(self) -> None:
        """Copy what is new; one small question where nothing is. A database that is away, or a disk that takes nothing
        more, is logged once.
        """
        try:
            with self.engine.connect() as connection:
                live = connection.execute(select(LIVE.c.release_id)).scalar()
                known = set(connection.execute(select(FILES.c.release_id).distinct()).scalars())
                for release_id in sorted(known - set(release_ids(self.folder))):
                    rows = connection.execute(select(FILES.c.name, FILES.c.sha256, FILES.c.content).where(
                        FILES.c.release_id == release_id))
                    self._keep(release_id, [(name, digest, bytes(content)) for name, digest, content in rows])
            if live:
                self._point(live)
            self.failing = False
        except (SQLAlchemyError, DatabaseAway, OSError) as error:
            if not self.failing:
                reason = error.strerror if isinstance(error, OSError) else type(error).__name__
                _LOG.error("Releases can't be copied from the database (%s): what was copied stays.", reason)
            self.failing = True

    def _keep(self, release_id: str, files: list[tuple[str, str, bytes]]) -> None:
        """Let a release appear at once, when all its files are there as they were sent."""
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".pulling-", dir=self.folder))
        try:
            for name, digest, content in files:
                target = (draft / name).resolve()
                if hashlib.sha256(content).hexdigest() != digest or not target.is_relative_to(draft.resolve()):
                    raise DatabaseAway(release_id)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
            draft.chmod(0o755)
            draft.rename(self.folder / Path(release_id).name)
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _point(self, live: str) -> None:
        pointer = self.folder / CURRENT
        if not pointer.is_file() or pointer.read_text("utf-8").strip() != live:
            self.folder.mkdir(parents=True, exist_ok=True)
            draft = self.folder / f".{CURRENT}"
            draft.write_text(f"{live}\n", "utf-8")
            draft.replace(pointer)
