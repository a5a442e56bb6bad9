"""`python -m portal audit`: whether every published number follows from the City's records.

For the City's auditor, who has the extract: the release is published again, beside copies of those before it, and the
two are compared. The report names tables, periods and measures, and never a count of the records or a person's value.
"""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

from portal.contract.contract import MEASURES, SCHEMA, ReleaseState
from portal.errors import ReleaseBroken
from portal.publish.ingest.costs import Cost
from portal.publish.ingest.extract import read_extract
from portal.publish.ingest.mapping import read_mapping
from portal.publish.publish import publish_extract
from portal.publish.request import PublicationRequest, last_possible_day
from portal.release import queries
from portal.release.store import CURRENT, SUMS, Release, sums_hash
from portal.release.verify import verify

WORDS = "NOTES.md"  # holds the analyst's own words, which don't follow from records


@dataclass(frozen=True)
class AuditReport:
    """The result of an audit. `places`: of each table, the periods and measures that do not follow from the records.
    `files`: those that are not byte for byte what publishing again gives. `head`: the release's head hash.
    """

    release_id: str
    head: str
    places: dict[str, tuple[str, ...]]
    files: tuple[str, ...]

    @property
    def follows(self) -> bool:
        """Whether every published number, and every byte except the analyst's words, follows from the records."""
        return not self.files and not any(self.places.values())

    def lines(self) -> list[str]:
        """The report: a line for each table, then the files that differ, then the conclusion."""
        lines = [f"{table}: {'follows from the records' if not places else f'differs in {_first_places(places)}'}"
                 for table, places in self.places.items()]
        if self.files:
            lines.append(f"Files that are not what the records give: {', '.join(self.files)}.")
        conclusion = "Every published number follows from the records" if self.follows else (
            "Not every published number follows from the records")
        return [*lines, f"{conclusion}. Release {self.release_id}, head hash {self.head}."]


def audit(release: Path, extract: Path | Sequence[Path], mapping: Path, roster: Path | None = None) -> AuditReport:
    """Publish a release again from the records, and compare the two.

    The releases before it must lie beside it, as they were published. Raises ReleaseBroken where one of them does not
    verify, and the errors of `publish` for an extract or mapping that can't be used.
    """
    if findings := verify(release):
        raise ReleaseBroken(release, findings[0])
    published = Release(release)
    meta = {key: value or "" for key, value in queries.meta(published).items()}
    mapped = read_mapping(mapping)
    request = _request_of(published, meta)
    last = last_possible_day(date.fromisoformat(meta["published_on"]), request.state, mapped)
    calls = read_extract(extract, mapped, roster, None, last)
    with tempfile.TemporaryDirectory(prefix="audit-") as folder:
        _copy_earlier(published, meta["previous"], Path(folder))
        republished = publish_extract(calls, mapped.title, request, Path(folder)).folder
        if republished is None:
            raise ReleaseBroken(release, "it could not be published again")
        return AuditReport(published.id, sums_hash(release), _places(published, Release(republished)),
                           _files(release, republished))


def _copy_earlier(published: Release, previous: str, folder: Path) -> None:
    """Copy the releases before this one into `folder`, in which it is published again."""
    ids = [str(row[0]) for row in queries.table(published, "releases").rows if row[0] != published.id]
    for release_id in ids:
        earlier = published.folder.parent / release_id
        if not earlier.is_dir():
            raise ReleaseBroken(earlier, "it is not beside the release that is audited")
        shutil.copytree(earlier, folder / release_id)
    if previous:
        (folder / CURRENT).write_text(f"{previous}\n", encoding="utf-8")


def _request_of(published: Release, meta: dict[str, str]) -> PublicationRequest:
    """The request that a release was published by, read from the release."""
    def of_release(name: str) -> list[tuple[Any, ...]]:
        return [row[1:] for row in queries.table(published, name).rows if row[0] == published.id]

    ended = date.fromisoformat(meta["pilot_ended"]) if meta["pilot_ended"] else None
    return PublicationRequest(published.id, cast(ReleaseState, meta["state"]), date.fromisoformat(meta["period_end"]),
                  date.fromisoformat(meta["published_on"]), date.fromisoformat(meta["recorded_through"]),
                  remarks=[row[0] for row in of_release("remarks")],
                  errata=[(row[0], row[1], row[2]) for row in of_release("errata")], pilot_ended=ended,
                  costs=[Cost(*row) for row in of_release("costs")])


def _places(published: Release, republished: Release) -> dict[str, tuple[str, ...]]:
    """Table -> the periods and measures in which the two releases differ, such as `2026-Q3 responses`."""
    places: dict[str, list[str]] = {table: [] for table in MEASURES}
    for name in ("cells", "states"):
        rows = [set(queries.table(release, name).rows) for release in (published, republished)]
        for row in sorted(rows[0] ^ rows[1], key=str):
            values = dict(zip(SCHEMA[name], row, strict=True))
            place = " ".join(filter(None, (values["period_id"], values.get("measure_id", ""))))
            places[values["table_id"]].append(place)
    return {table: tuple(dict.fromkeys(differing)) for table, differing in places.items()}


def _files(release: Path, republished: Path) -> tuple[str, ...]:
    """The files that differ; not compared are the analyst's words, and the list of hashes, which covers them."""
    names = sorted({path.relative_to(folder).as_posix() for folder in (release, republished)
                    for path in folder.rglob("*") if path.is_file()} - {WORDS, SUMS})
    return tuple(name for name in names if _content(release / name) != _content(republished / name))


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _first_places(places: Sequence[str]) -> str:
    more = len(places) - 8
    return ", ".join(places[:8]) + (f" and {more} more" if more > 0 else "")
