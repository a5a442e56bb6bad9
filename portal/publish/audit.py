"""`python -m portal audit`: whether every published number follows from the City's records.

For the City's auditor, who has the extract: it publishes the release again, beside copies of those before it, and
compares. What it says names tables, periods and measures, and never a number of the records or a person's value.
"""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

from portal.contract.contract import MEASURES, SCHEMA, State
from portal.errors import ReleaseBroken
from portal.publish.ingest.costs import Cost
from portal.publish.ingest.extract import read_extract
from portal.publish.ingest.mapping import read_mapping
from portal.publish.publication import last_possible_day
from portal.publish.publish import Wanted, publish_extract
from portal.release import queries
from portal.release.store import CURRENT, SUMS, Release, sums_hash
from portal.release.verify import verify

WORDS = "NOTES.md"  # holds the analyst's own words, which no record tells


@dataclass(frozen=True)
class Audit:
    """What an audit found: for each table with numbers the places that do not follow from the records, and every file
    that is not byte for byte what they give. `head`: the hash that stands for the release and all before it.
    """

    release_id: str
    head: str
    places: dict[str, tuple[str, ...]]
    files: tuple[str, ...]

    @property
    def follows(self) -> bool:
        """Whether every published number, and every byte beside the analyst's words, follows from the records."""
        return not self.files and not any(self.places.values())

    def lines(self) -> list[str]:
        """A line a table, then the files, then the conclusion."""
        lines = [f"{table}: {'follows from the records' if not found else f'differs in {_few(found)}'}"
                 for table, found in self.places.items()]
        if self.files:
            lines.append(f"Files that are not what the records give: {', '.join(self.files)}.")
        conclusion = "Every published number follows from the records" if self.follows else (
            "Not every published number follows from the records")
        return [*lines, f"{conclusion}. Release {self.release_id}, head hash {self.head}."]


def audit(release: Path, extract: Path | Sequence[Path], mapping: Path, roster: Path | None = None) -> Audit:
    """Publish a release again from the records and compare the two.

    The releases before it must lie beside it, as they were published. Raises ReleaseBroken where one of them does not
    verify, and as `publish` for an extract or mapping that can't be used.
    """
    if wrong := verify(release):
        raise ReleaseBroken(release, wrong[0])
    published = Release(release)
    meta = {key: value or "" for key, value in queries.meta(published).items()}
    mapped = read_mapping(mapping)
    wanted = _wanted(published, meta)
    last = last_possible_day(date.fromisoformat(meta["published_on"]), wanted.state, mapped)
    calls = read_extract(extract, mapped, roster, None, last)
    with tempfile.TemporaryDirectory(prefix="audit-") as folder:
        _copy_earlier(published, meta["previous"], Path(folder))
        again = publish_extract(calls, mapped.title, wanted, Path(folder)).folder
        if again is None:
            raise ReleaseBroken(release, "it could not be published again")
        return Audit(published.id, sums_hash(release), _places(published, Release(again)), _files(release, again))


def _copy_earlier(published: Release, previous: str, folder: Path) -> None:
    """The releases before this one, where publishing it again finds them."""
    ids = [str(row[0]) for row in queries.table(published, "releases").rows if row[0] != published.id]
    for name in ids:
        beside = published.folder.parent / name
        if not beside.is_dir():
            raise ReleaseBroken(beside, "it is not beside the release that is audited")
        shutil.copytree(beside, folder / name)
    if previous:
        (folder / CURRENT).write_text(f"{previous}\n", encoding="utf-8")


def _wanted(published: Release, meta: dict[str, str]) -> Wanted:
    """What the analyst asked for, as the release says it."""
    def of_release(name: str) -> list[tuple[Any, ...]]:
        return [row[1:] for row in queries.table(published, name).rows if row[0] == published.id]

    ended = date.fromisoformat(meta["pilot_ended"]) if meta["pilot_ended"] else None
    return Wanted(published.id, cast(State, meta["state"]), date.fromisoformat(meta["period_end"]),
                  date.fromisoformat(meta["published_on"]), date.fromisoformat(meta["recorded_through"]),
                  remarks=[row[0] for row in of_release("remarks")],
                  errata=[(row[0], row[1], row[2]) for row in of_release("errata")], pilot_ended=ended,
                  costs=[Cost(*row) for row in of_release("costs")])


def _places(published: Release, again: Release) -> dict[str, tuple[str, ...]]:
    """Table -> the periods and measures in which the two releases differ."""
    found: dict[str, list[str]] = {table: [] for table in MEASURES}
    for name in ("cells", "states"):
        columns = SCHEMA[name]
        rows = [set(queries.table(release, name).rows) for release in (published, again)]
        for row in sorted(rows[0] ^ rows[1], key=str):
            named = dict(zip(columns, row, strict=True))
            found[named["table_id"]].append(" ".join(filter(None, (named["period_id"], named.get("measure_id", "")))))
    return {table: tuple(dict.fromkeys(places)) for table, places in found.items()}


def _files(release: Path, again: Path) -> tuple[str, ...]:
    """Files that are not the same bytes, beside the analyst's words and the list of hashes that covers them."""
    names = sorted({path.relative_to(folder).as_posix() for folder in (release, again) for path in folder.rglob("*")
                    if path.is_file()} - {WORDS, SUMS})
    return tuple(name for name in names if _content(release / name) != _content(again / name))


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _few(places: Sequence[str]) -> str:
    more = len(places) - 8
    return ", ".join(places[:8]) + (f" and {more} more" if more > 0 else "")
