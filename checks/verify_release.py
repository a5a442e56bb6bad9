#!/usr/bin/env python3
"""Checks published releases with nothing but Python and the published files.

    python3 verify_release.py FOLDER             a release, or all in a folder with the chain from each to the next
    python3 verify_release.py https://ADDRESS    the same for a site: it downloads all releases that are offered there

It shares no code with the portal. It prints "ok" with each head hash, or what is wrong, a line each (exit code 1):

  hashes     every file is the one that SHA256SUMS lists, and no file is missing or more
  chain      each release names the SHA256SUMS of the one before it (meta: previous, previous_sums), and one is the last
  sums       every total is the sum of the parts that the table `sums` names for it
  months     every quarter of crisis calls is the sum of its three months
  eleven     every group of people that a run shows has 11 or more, and no run shows one group alone
  statuses   a number stands just where the status is "published"; a table's state agrees with its collected cells

It cannot tell whether the numbers follow from the City's records: for that an auditor needs the records.
"""

import csv
import hashlib
import re
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from urllib.request import urlopen

SUMS = "SHA256SUMS"
LEAST = 11  # the smallest group of people that is shown
COUNTS = ("calls", "responses")  # measures that count; medians and hours are no groups
UNREADABLE = (OSError, KeyError, ValueError, csv.Error)  # what a file or a table that is damaged can raise
Row = dict[str, str]


def sha256(path: Path) -> str:
    """The sha256 of a file, as 64 hexadecimal digits; nothing where it is missing."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def table(release: Path, name: str) -> list[Row]:
    """The rows of one of the release's tables. Raises OSError where the file is missing."""
    with (release / "csv" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def wrong_hashes(release: Path) -> list[str]:
    """Files that are not what SHA256SUMS lists, files that are missing, and files that it does not list."""
    text = (release / SUMS).read_text("latin-1") if (release / SUMS).is_file() else ""
    listed = {line[66 * (line[64:66] == "  "):]: line[:64] for line in text.split("\n")[:-1]}  # hash, two spaces, name
    files = {path.relative_to(release).as_posix() for path in release.rglob("*") if path.is_file()}
    found = [f"{name} is not listed in {SUMS}" for name in sorted(files - listed.keys() - {SUMS})]
    found += [f"{name} is missing" for name in (SUMS, *listed) if name not in files]
    return found + [f"{name} is not the file that {SUMS} lists" for name, digest in listed.items()
                    if name in files and sha256(release / name) != digest]


def wrong_statuses(cells: list[Row], states: list[Row]) -> list[str]:
    """Cells with a number that is not published, or published without one, and states that contradict their cells."""
    found = [f"{cell['table_id']} in {cell['period_id']}: a cell is {cell['status']}, its value is {cell['value']!r}"
             for cell in cells if bool(cell["value"]) != (cell["status"] == "published")]
    seen = defaultdict(set)
    for cell in cells:
        seen[cell["table_id"], cell["period_id"]] |= {cell["status"]} - {"not_collected" if cell["category_1"] else ""}
    for state in states:
        status, kinds = state["status"], seen[state["table_id"], state["period_id"]]
        agrees = "published" in kinds if status == "published" else kinds == {status}
        if kinds and not agrees:
            found.append(f"{state['table_id']} in {state['period_id']} is {status}, and its cells are not")
    return list(dict.fromkeys(found))


def numbers(cells: list[Row]) -> dict[tuple[str, str], dict[tuple[str, str], float]]:
    """Table and period -> measure and category -> the published number."""
    found: dict[tuple[str, str], dict[tuple[str, str], float]] = defaultdict(dict)
    for cell in cells:
        if cell["status"] == "published" and cell["value"]:
            found[cell["table_id"], cell["period_id"]][cell["measure_id"], cell["category_1"]] = float(cell["value"])
    return found


def wrong_sums(cells: list[Row], sums: list[Row], categories: list[Row]) -> list[str]:
    """Totals that are not the sum of their parts. A finer group counts in the group of the total that holds it."""
    shown, parts, found = numbers(cells), defaultdict(list), []
    holds = {row["category"]: set(row["covers"].split(";")) for row in categories}  # a group holds several
    for row in sums:
        parts[row["table_id"], row["period_id"]].append(row["part_id"])
    for (name, period), ids in parts.items():
        total, added = shown.get((name, period), {}), defaultdict(float)
        for part in ids:
            for (measure, category), value in shown.get((name, part), {}).items():
                inside = holds.get(category, {category})
                wide = [other for kind, other in total if kind == measure and inside <= holds.get(other, {other})]
                added[measure, wide[0] if wide else category] += value
        found += [f"{name} in {period}: {' '.join(filter(None, key))} is {value:g}, and its parts add up to "
                  f"{added[key]:g}" for key, value in total.items() if abs(value - added[key]) > 1e-6]
    return found


def wrong_months(cells: list[Row], periods: list[Row]) -> list[str]:
    """Quarters of crisis calls that are not the sum of their months."""
    shown, found = numbers(cells), []
    calls = {period: values[key] for (name, period), values in shown.items() if name == "demand.received"
             for key in values if key == ("calls", "")}
    for quarter in (row for row in periods if row["grain"] == "quarter" and row["period_id"] in calls):
        months = [row["period_id"] for row in periods if row["grain"] == "month"
                  and quarter["start"] <= row["start"] and row["end"] <= quarter["end"]]
        total = sum(calls.get(month, 0.0) for month in months)
        if total != calls[quarter["period_id"]]:
            found.append(f"demand.received in {quarter['period_id']} is {calls[quarter['period_id']]:g}, and its months"
                         f" add up to {total:g}")
    return found


def too_small(cells: list[Row], measures: list[Row], periods: list[Row]) -> list[str]:
    """Groups of people in a run with fewer than 11, and runs that show a single group."""
    people = {row["table_id"] for row in measures if row["kind"] == "people"}
    runs = {row["period_id"] for row in periods if row["grain"] == "run"}
    found = []
    for (name, period), values in numbers(cells).items():
        groups = {category: value for (measure, category), value in values.items() if category and measure in COUNTS}
        if name not in people or period not in runs or not groups:
            continue
        found += [f"{name} in {period}: the group {category} has {value:g}, fewer than {LEAST}"
                  for category, value in groups.items() if value < LEAST]
        found += [f"{name} in {period} shows one group alone"] if len(groups) == 1 else []
    return found


def check(release: Path) -> list[str]:
    """Everything that is wrong with one release's own files; an empty list means that nothing was found."""
    found = wrong_hashes(release)
    try:
        cells, periods = table(release, "cells"), table(release, "periods")
        found += wrong_statuses(cells, table(release, "states"))
        found += wrong_sums(cells, table(release, "sums"), table(release, "categories"))
        found += wrong_months(cells, periods) + too_small(cells, table(release, "measures"), periods)
    except UNREADABLE as error:
        found.append(f"its tables can't be read ({type(error).__name__}: {error})")
    return [f"{release.name}: {sentence}" for sentence in found]


def meta(release: Path) -> Row:
    """What a release says of itself, by key; nothing where that can't be read, which `check` reports."""
    try:
        return {row["key"]: row["value"] for row in table(release, "meta")}
    except UNREADABLE:
        return {}


def broken_links(releases: list[Path], alone: bool) -> list[str]:
    """Releases that do not name the SHA256SUMS of the one before them, and a second newest one. `alone`: no other."""
    found, meta_of = [], {release.name: meta(release) for release in releases}
    for name, before in [(name, rows.get("previous", "")) for name, rows in meta_of.items()]:
        if before and before not in meta_of and not alone:
            found.append(f"{name}: the release before it, {before}, is not here")
        elif before in meta_of and sha256(releases[0].parent / before / SUMS) != meta_of[name].get("previous_sums"):
            found.append(f"{name}: {before} is not the release that it was published after")
    ends = [name for name in meta_of if name not in [rows.get("previous") for rows in meta_of.values()]]
    return found + ([f"{' and '.join(ends)} each end a chain of releases: there can be only one"] if ends[1:] else [])


def download(site: str, folder: Path) -> None:
    """Save in a folder every release that a site offers. Raises one of UNREADABLE where that fails."""
    def fetch(path: str) -> bytes:
        with urlopen(f"{site.rstrip('/')}/{path}", timeout=60) as answer:  # noqa: S310  # the URL is the one that was typed
            return bytes(answer.read())
    for row in csv.DictReader(fetch("api/v1/releases.csv").decode("utf-8-sig").splitlines()):
        sums = fetch(f"download/{row['release_id']}/{SUMS}").decode("utf-8")
        for file in (SUMS, *(line.partition("  ")[2] for line in sums.splitlines())):
            name = f"{row['release_id']}/{file}"
            if not re.fullmatch(r"\w[\w.-]*(/\w[\w.-]*)+", name):
                raise ValueError(f"{name!r} is no name of a file of a release")
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(fetch(f"download/{name}"))


def main(place: str, downloads: str) -> int:
    """Check a release, a folder of releases or a site's; print what was found; the exit code."""
    folder = Path(downloads if "://" in place else place)
    try:
        if "://" in place:
            download(place, folder)
    except UNREADABLE as error:
        print(f"The releases of {place} can't be downloaded: {error}")
        return 1
    releases = [path.parent for path in list(folder.glob("csv")) or folder.glob("*/csv")]
    releases.sort(key=lambda release: (meta(release).get("period_end") or "", release.name))
    found = [sentence for release in releases for sentence in check(release)]
    found += broken_links(releases, releases == [folder]) if releases else [f"There is no release in {place}."]
    heads = [f"{release.name} {sha256(release / SUMS)}" for release in releases]
    print("\n".join(found or ["ok. The head hash of each release, the last for all of them:", *heads]))
    return 1 if found else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        print(__doc__)
        sys.exit(2)
    with tempfile.TemporaryDirectory() as empty:
        sys.exit(main(sys.argv[1], empty))
