"""The log of corrections: what was wrong, late or left out, from the releases' CSV files and notes, without SQL."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

CorrectionKind = Literal["superseded", "withdrawn", "note", "records", "not_offered"]
NOTES = re.compile(r"^## Corrections\n+(.*?)(?=^## |\Z)", re.DOTALL | re.MULTILINE)
SOME = "11 or more"


@dataclass(frozen=True)
class Correction:
    """One entry of the log. `release`: the release that states it; `day`: when that came out (YYYY-MM-DD)."""

    release: str
    day: str
    kind: CorrectionKind
    table: str = ""  # of an erratum: the table whose published numbers were wrong
    text: str = ""  # of an erratum or a note: the analyst's own words, in English
    records: tuple[tuple[str, str], ...] = ()  # reason -> "fewer than 11" or "11 or more" (contract: RECORD_REASONS)

    @property
    def tells_of_a_change(self) -> bool:
        """Whether something was certainly corrected: "fewer than 11" records may be none."""
        return self.kind != "records" or any(size == SOME for _, size in self.records)


@lru_cache(maxsize=16)
def corrections(folder: Path, offered: tuple[tuple[str, Path], ...]) -> tuple[Correction, ...]:
    """The log up to the release in a folder, the newest entry first. `offered`: the verified releases that the site
    offers, by id; one that is listed and not among them was withdrawn or did not verify. Raises OSError or KeyError
    where the folder holds no release.
    """
    days = {row["release_id"]: row["published_on"] for row in _rows(folder, "releases")}
    entries = [*_errata(folder, days), *_records(folder, days)]
    folders = dict(offered)
    for release, day in days.items():
        if release in folders:
            entries += [Correction(release, day, "note", text=note) for note in notes(folders[release])]
        elif release != folder.name:
            entries.append(Correction(release, day, "not_offered"))
    return tuple(sorted(entries, key=lambda entry: (entry.day, entry.release), reverse=True))


def _rows(folder: Path, table: str) -> Iterator[dict[str, str]]:
    with (folder / "csv" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _errata(folder: Path, days: dict[str, str]) -> Iterator[Correction]:
    for row in _rows(folder, "errata"):
        kind: CorrectionKind = "superseded" if row["kind"] == "superseded" else "withdrawn"
        yield Correction(row["release_id"], days[row["release_id"]], kind, row["table_id"], row["text"])


def _records(folder: Path, days: dict[str, str]) -> Iterator[Correction]:
    """One entry for each release: for each reason, whether few or many records."""
    sizes: dict[str, list[tuple[str, str]]] = {}
    for row in _rows(folder, "records"):
        sizes.setdefault(row["release_id"], []).append((row["reason"], row["records"]))
    for release, records in sizes.items():
        yield Correction(release, days[release], "records", records=tuple(records))


def notes(folder: Path) -> tuple[str, ...]:
    """The corrections that a release's NOTES.md lists, in the analyst's words."""
    section = NOTES.search((folder / "NOTES.md").read_text("utf-8"))
    lines = section[1].splitlines() if section else []
    return tuple(line.removeprefix("- ") for line in lines if line.startswith("- "))
