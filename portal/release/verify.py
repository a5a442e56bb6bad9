"""Verifies a release folder: hashes, contract, CSV against SQLite, every derived number, and that what earlier releases
published is unchanged.

It reads the folder alone, and shares no code with the writer but the contract, so that it is an independent check.
"""

import csv
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from portal.clock import is_zone
from portal.contract.contract import (
    BREAKS,
    ERRATUM_KINDS,
    MEASURES,
    META_KEYS,
    RECORD_REASONS,
    RECORD_SIZES,
    SCHEMA,
    STATES,
    VERSION,
)
from portal.errors import ReleaseBroken
from portal.release import queries
from portal.release.book import PublicBook
from portal.release.store import DATABASE, SUMS, Release
from portal.release.verify_numbers import differing_numbers

FILES = frozenset(
    {DATABASE, "datapackage.json", "protection.json", "NOTES.md", *(f"csv/{name}.csv" for name in SCHEMA)}
)


def verify(folder: Path, beside: Path | None = None) -> list[str]:
    """The findings for a release folder, a sentence each; an empty list if nothing is wrong.

    Earlier releases that lie beside it, or in the folder `beside`, are compared with it; one in `beside` that is itself
    damaged is skipped. Raises nothing: a folder that can't be read is a finding.
    """
    findings = list(_files(folder))
    release = Release(folder)
    try:
        rows = {name: queries.table(release, name).rows for name in SCHEMA}
        findings += _contract(release, rows)
        findings += differing_numbers(PublicBook(rows))
        findings += _ledger(beside or folder.parent, rows, skip_damaged=beside is not None)
    except ReleaseBroken as error:
        findings.append(error.what)
    except (KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
        findings.append(f"{DATABASE} holds something that a release can't hold ({type(error).__name__}: {error}).")
    else:
        findings += _csv(folder, rows)
        findings += _descriptions(folder, rows)
    return list(dict.fromkeys(findings))


def _files(folder: Path) -> Iterator[str]:
    """Each file is listed with its hash, and there is no other file."""
    if not folder.is_dir():
        yield f"There is no folder {folder.name}."
        return
    present = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if not path.is_dir()}
    listed = dict[str, str]()
    try:
        text = (folder / SUMS).read_bytes().decode("utf-8")
        listed = {name: digest for digest, name in (line.split("  ", 1) for line in text.split("\n")[:-1])}
        if text != "".join(f"{listed[name]}  {name}\n" for name in sorted(listed)):
            yield f"{SUMS} is not a sorted list of a hash, two spaces and a name a line."
    except (OSError, ValueError):
        yield f"{SUMS} can't be read."
    for name in sorted(present.keys() - listed.keys() - {SUMS}):
        yield f"{name} is not listed in {SUMS}."
    for name in sorted((listed.keys() | FILES) - present.keys()):
        yield f"{name} is missing."
    for name in sorted(FILES - listed.keys()):
        yield f"{SUMS} does not list {name}."
    for name in sorted(listed.keys() & present.keys()):
        if _sha256(present[name]) != listed[name]:
            yield f"{name} is not the file that {SUMS} lists: its hash differs."


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return "unreadable"


def _contract(release: Release, rows: dict[str, Any]) -> Iterator[str]:
    """The schema, and the words a release may use."""
    schema = {(kind, name): sql for kind, name, sql in queries.schema(release).rows}
    if schema != {("table", name): queries.creation(name) for name in SCHEMA}:
        yield f"{DATABASE} does not hold the tables of the contract, or more than these."
    meta = dict(rows["meta"])
    if tuple(key for key, _ in rows["meta"]) != META_KEYS:
        yield f"meta does not hold just {', '.join(META_KEYS)}."
        return
    if meta["contract_version"] != str(VERSION):
        yield f"It was made by version {meta['contract_version']} of the contract; this portal knows version {VERSION}."
    if meta["state"] not in STATES:
        yield f"Its state is {meta['state']!r}, not one of {', '.join(STATES)}."
    if not is_zone(meta["time_zone"]):
        yield f"Its time zone is {meta['time_zone']!r}, which is not known here."
    if meta["release_id"] != release.id and not release.id.startswith("."):
        yield f"It calls itself {meta['release_id']}, and lies in a folder named {release.id}."
    last = dict(zip(SCHEMA["releases"], rows["releases"][-1], strict=True))
    if any(meta[key] != value for key, value in last.items()):
        yield "meta and the last row of releases do not agree."
    before = rows["releases"][-2][0] if len(rows["releases"]) > 1 else ""
    if meta["previous"] != before or bool(meta["previous_sums"]) != bool(before):
        yield "meta's previous release is not the last but one of releases."
    listed = [row[0] for row in rows["releases"]]
    expected = [(release_id, reason) for release_id in listed for reason in RECORD_REASONS]
    if [row[:2] for row in rows["records"]] != expected or any(row[2] not in RECORD_SIZES for row in rows["records"]):
        yield "records does not say of each release what became of its records."
    if any(row[0] not in listed for name in ("remarks", "errata") for row in rows[name]) or any(
            row[1] not in MEASURES or row[2] not in ERRATUM_KINDS for row in rows["errata"]):
        yield "remarks or errata speak of a release, a table or a kind that is not known."
    yield from _costs(rows)
    measures = {(measure.id, value) for measure in MEASURES.values() for value in measure.values or ("",)}
    attack = dict(rows["attack"])
    cracked = [attack.get(name) for name in ("pinned", "narrowed", "told", "unaudited")]
    if attack.get("attacked", -1) < 0 or any(count != 0 for count in cracked):
        yield "attack does not say that every hidden number withstood the attacker."
    if any(kind not in BREAKS or not meta["period_start"] <= day <= meta["period_end"] for day, kind in rows["breaks"]):
        yield "breaks names a day outside the release, or a kind that the contract does not have."
    if {row[:2] for row in rows["measures"]} != measures:
        yield "measures does not list just the contract's measures."
    if {row[:2] for row in rows["categories"]} != {row[:2] for row in rows["labels"] if row[1]}:
        yield "categories and labels do not name the same categories."


def _costs(rows: dict[str, Any]) -> Iterator[str]:
    """Costs name a release that covers their quarter, an amount, what it covers, and a source."""
    ends = {row[0]: row[3] for row in rows["periods"] if row[1] == "quarter"}
    covered = {row[0]: row[3] for row in rows["releases"]}
    if any(release not in covered or ends.get(period, "9") > covered[release] or amount < 0 or not (covers and source)
           for release, period, amount, covers, source in rows["costs"]):
        yield "costs speaks of a release or quarter that is not there, or lacks an amount, what it covers or a source."


def _csv(folder: Path, rows: dict[str, Any]) -> Iterator[str]:
    """Each CSV file holds the same rows as SQLite, in the same order."""
    for name, columns in SCHEMA.items():
        try:
            with (folder / "csv" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
                lines = list(csv.reader(file))
        except (OSError, ValueError, csv.Error):
            yield f"csv/{name}.csv can't be read."
            continue
        if not lines or lines[0] != list(columns):
            yield f"csv/{name}.csv does not begin with the names of its columns."
        elif lines[1:] != [[as_text(value) for value in row] for row in rows[name]]:
            yield f"csv/{name}.csv does not hold the same rows as {DATABASE}."


def as_text(value: object) -> str:
    """A value as in CSV: "" for None, whole numbers without a decimal point, others as the shortest exact decimal."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _descriptions(folder: Path, rows: dict[str, Any]) -> Iterator[str]:
    """The two JSON files can be read and speak of this release."""
    name = dict(rows["meta"]).get("release_id")
    for file, key in (("datapackage.json", "release"), ("protection.json", "release")):
        try:
            content = json.loads((folder / file).read_text("utf-8"))
        except (OSError, ValueError):
            yield f"{file} can't be read."
            continue
        if not isinstance(content, dict) or content.get(key) != name:
            yield f"{file} does not speak of this release."


def _ledger(releases: Path, rows: dict[str, Any], *, skip_damaged: bool) -> Iterator[str]:
    """What earlier releases of the same history published for good is unchanged in this one."""
    newest = PublicBook(rows)
    for listed in rows["releases"][:-1]:
        earlier = Release(releases / listed[0])
        if listed is rows["releases"][-2] and earlier.folder.is_dir() and (
                _sha256(earlier.folder / SUMS) != dict(rows["meta"])["previous_sums"]):
            yield f"It goes on from another release {earlier.id} than the one beside it: the hash of {SUMS} differs."
        if not earlier.folder.is_dir() or (skip_damaged and any(_files(earlier.folder))):
            continue
        try:
            book = PublicBook({name: queries.table(earlier, name).rows for name in SCHEMA})
        except ReleaseBroken as error:
            yield error.what
            continue
        known = queries.table(earlier, "errata").rows
        wrong = {row[1] for row in rows["errata"] if row not in known}  # tables that got an erratum since
        corrected = wrong | {measure.id for measure in MEASURES.values() if measure.source_measure in wrong}
        changed = {f"{table} in {period}" for table, period in book.lasting.keys() | book.lasting_states.keys()
                   if table not in corrected and (
                       book.lasting.get((table, period)) != newest.lasting.get((table, period))
                       or book.lasting_states.get((table, period)) != newest.lasting_states.get((table, period)))}
        changed |= {
            f"coverage of {period}" for period, row in book.coverage.items() if newest.coverage.get(period) != row
        }
        changed |= {f"{name} of {row[0]}" for name in ("records", "remarks", "errata", "costs")
                    for row in queries.table(earlier, name).rows if row not in rows[name]}
        if newest.releases[:len(book.releases)] != book.releases:
            yield f"releases does not go on from the list of the earlier release {earlier.id}."
        for part in sorted(changed):
            yield f"{part} is not what the earlier release {earlier.id} published: a period is published once."
