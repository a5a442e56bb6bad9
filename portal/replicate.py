"""`python -m portal replicate DATABASE_URL`: loads the releases into a PostgreSQL that several web servers read."""

import hashlib
from pathlib import Path
from typing import Any

from sqlalchemy import Column as SqlColumn
from sqlalchemy import Connection, Float, Integer, MetaData, Table, Text, delete, insert, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import CreateSchema
from sqlalchemy.types import TypeEngine

from portal.contract.contract import SCHEMA
from portal.errors import DatabaseAway, ReleaseBroken, ReleaseExists
from portal.release import queries
from portal.release.postgres_mirror import FILES, LAYOUT, LIVE, engine, schema_of
from portal.release.store import Release, current_id, release_ids
from portal.release.verify import verify

ORDERED = Text(collation="C")  # sorts as SQLite does, in every database
TYPES: dict[str, TypeEngine[Any]] = {"TEXT": ORDERED, "DATE": ORDERED, "INTEGER": Integer(), "REAL": Float(53)}


def replicate(url: str, releases: Path, reader: str = "") -> list[str]:
    """Load every release that is not there yet, and name the live one: all of it or, where anything is wrong, nothing.

    `reader`: a role that may read everything and change nothing. Raises NoRelease, ReleaseBroken, ReleaseExists (one of
    that name is there with other bytes), DatabaseAway, BadSetting. What was done, a line each.
    """
    live = current_id(releases)
    opened = engine(url, writing=True)
    try:
        with opened.begin() as connection:
            connection.execute(CreateSchema("portal", if_not_exists=True))
            LAYOUT.create_all(connection)
            loaded = [_load(connection, Release(releases / id_)) for id_ in release_ids(releases)]
            connection.execute(delete(LIVE))
            connection.execute(insert(LIVE), {"release_id": live})
            if reader:
                _grant(connection, reader, release_ids(releases))
    except SQLAlchemyError as error:
        raise DatabaseAway(type(error).__name__) from error
    finally:
        opened.dispose()
    return [*loaded, f"live: {live}"]


def _load(connection: Connection, release: Release) -> str:
    """One release: its files, and its tables in a schema of their own."""
    if found := verify(release.folder):
        raise ReleaseBroken(release.folder, found[0].rstrip("."))
    query = select(FILES.c.name, FILES.c.sha256).where(FILES.c.release_id == release.id)
    stored = {name: digest for name, digest in connection.execute(query)}  # noqa: C416  # rows, not pairs, to the types
    contents = {path.relative_to(release.folder).as_posix(): path.read_bytes()
                for path in sorted(release.folder.rglob("*")) if path.is_file()}
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    if stored:
        if stored != sums:
            raise ReleaseExists(release.id)
        return f"{release.id}: is there already"
    connection.execute(CreateSchema(schema_of(release.id)))
    tables = MetaData(schema=schema_of(release.id))
    for name, columns in SCHEMA.items():
        table = Table(name, tables, *(SqlColumn(column, TYPES[kind]) for column, kind in columns.items()))
        table.create(connection)
        if rows := queries.table(release, name).records:
            connection.execute(insert(table), list(rows))
    connection.execute(insert(FILES), [{"release_id": release.id, "name": name, "sha256": sums[name],
                                        "content": content} for name, content in contents.items()])
    return f"{release.id}: {len(contents)} files, {len(SCHEMA)} tables"


def _grant(connection: Connection, reader: str, ids: tuple[str, ...]) -> None:
    quote = connection.dialect.identifier_preparer.quote
    for schema in ("portal", *map(schema_of, ids)):
        for right in ("USAGE ON SCHEMA", "SELECT ON ALL TABLES IN SCHEMA"):
            connection.exec_driver_sql(f"GRANT {right} {quote(schema)} TO {quote(reader)}")
