"""Replays histories in which records are corrected in every way, quarter after quarter: `make histories`.

A made-up log is published quarter by quarter. Between two releases so many of its records a month are corrected; then
the next release must come out, all earlier ones keep their bytes, no hidden number can be worked out, no call counts
twice, and what the release says of late and changed records is right.
"""

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from portal.contract.contract import DIMENSIONS
from portal.errors import ReleaseRefused
from portal.release import queries
from portal.release.store import Release
from tests.publish import made

Row = dict[str, Any]


@dataclass
class ReplayLog:
    """A log whose records change. `changed`: keys of calls that are not what they were when last published."""

    rows: dict[str, Row]
    chance: random.Random
    entered: date = made.FIRST
    changed: set[str] = field(default_factory=set)
    late: set[str] = field(default_factory=set)
    ever: set[str] = field(default_factory=set)

    def some(self, until: date, *, team: bool) -> Row:
        """A call received up to a day."""
        found = [row for row in self.rows.values() if row["received"].date() <= until
                 and (row["answered_by"] == "team") == team]
        return self.chance.choice(found)


def an_attribute(log: ReplayLog, until: date) -> str:
    row = log.some(until, team=True)
    name = log.chance.choice(["outcome", "age_band", "gender", "race_ethnicity", "language", "housing"])
    row[name] = log.chance.choice(DIMENSIONS[name].base)
    return str(row["call_id"])


def an_arrest(log: ReplayLog, until: date) -> str:
    row = log.some(until, team=True)
    row["arrest"] = not row["arrest"]
    return str(row["call_id"])


def a_referral(log: ReplayLog, until: date) -> str:
    row = log.some(until, team=True)
    row["referral_offered"] = row["referral_accepted"] = row["appointment_kept"] = log.chance.random() < .5
    return str(row["call_id"])


def a_deletion(log: ReplayLog, until: date) -> str:
    row = log.some(until, team=log.chance.random() < .3)
    del log.rows[row["call_id"]]
    return str(row["call_id"])


def a_response_that_was_none(log: ReplayLog, until: date) -> str:
    row = log.some(until, team=True)
    row |= {"answered_by": "police", "person_key": ""}
    return str(row["call_id"])


def a_call_that_was_a_response(log: ReplayLog, until: date) -> str:
    row = log.some(until, team=False)
    filled = made.row(0, row["received"].date(), log.chance, team=True)
    row |= {name: value for name, value in filled.items() if name not in ("call_id", "received", "recorded_on")}
    return str(row["call_id"])


def a_call_type(log: ReplayLog, until: date) -> str:
    row = log.some(until, team=log.chance.random() < .5)
    row["call_type"] = log.chance.choice(DIMENSIONS["call_type"].base)
    return str(row["call_id"])


def a_person(log: ReplayLog, until: date) -> str:
    row = log.some(until, team=True)
    row["person_key"] = f"P{log.chance.randrange(10_000)}"
    return str(row["call_id"])


def a_day_of_entry(log: ReplayLog, until: date) -> str:
    row = log.some(until, team=log.chance.random() < .5)
    row["recorded_on"] = pd.Timestamp(log.entered)
    return str(row["call_id"])


def a_late_row(log: ReplayLog, until: date) -> str:
    day = made.FIRST + timedelta(log.chance.randrange((until - made.FIRST).days))
    key = f"L{len(log.ever)}"
    row = made.row(0, day, log.chance, team=log.chance.random() < .3)
    log.rows[key] = row | {"call_id": key, "recorded_on": pd.Timestamp(log.entered)}
    log.late.add(key)
    return key


KINDS: dict[str, Callable[[ReplayLog, date], str]] = {
    "an attribute": an_attribute, "an arrest": an_arrest, "a referral": a_referral, "a deletion": a_deletion,
    "no response": a_response_that_was_none, "a response": a_call_that_was_a_response, "a call type": a_call_type,
    "a person": a_person, "a day of entry": a_day_of_entry, "a late row": a_late_row}


def correct(log: ReplayLog, until: date, count: int) -> Counter[str]:
    """So many corrections of calls received up to a day; now and then a category is mapped to another one."""
    kinds: Counter[str] = Counter()
    for _ in range(count):
        answered = any(row["answered_by"] == "team" and row["received"].date() <= until for row in log.rows.values())
        kind = log.chance.choice(list(KINDS) if answered else ["a response", "a late row"])
        kinds[kind] += 1
        key = KINDS[kind](log, until)
        log.changed.add(key)
        log.ever |= set(log.rows)
        if log.chance.random() < .2 and key in log.rows and kind != "a late row":  # some systems enter it anew
            log.rows[key]["recorded_on"] = pd.Timestamp(log.entered)
    if log.chance.random() < .1:
        for row in log.rows.values():
            if row["outcome"] == "declined":
                row["outcome"] = "no_contact"
                log.changed.add(row["call_id"])
        kinds["the mapping"] += 1
    return kinds


def log_of(seed: int, responses: int, quarters: int) -> ReplayLog:
    chance = random.Random(seed)
    counts = [max(0, round(chance.gauss(responses, responses / 4))) for _ in range(quarters)]
    rows = {row["call_id"]: row for row in made.rows(counts, others=90, seed=seed)}
    return ReplayLog(rows, chance, ever=set(rows))


@dataclass
class Replayed:
    """What came of a history: releases, refusals in words, tables not shown by reason, corrections by kind, faults."""

    releases: int = 0
    refused: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)


def replay(seed: int, a_month: int, folder: Path, *, responses: int = 24, quarters: int = 8) -> Replayed:
    """Publish a history of so many quarters with so many corrections a month."""
    log, found = log_of(seed, responses, quarters), Replayed()
    published: dict[str, dict[str, bytes]] = {}
    previous: date | None = None
    for end in made.quarter_ends(quarters):
        log.entered = end + timedelta(30)
        if previous:
            found.kinds += correct(log, previous, 3 * a_month)
        try:
            result = made.publish(made.extract(list(log.rows.values())), end, folder, state="illustrative")
        except ReleaseRefused as refused:
            found.refused.append(refused.what)
            return found
        assert result.folder
        found.releases += 1
        found.faults += [f"{name} changed" for name, files in published.items()
                         if made.contents(folder / name) != files]
        published[result.release_id] = made.contents(result.folder)
        found.faults += faults(log, Release(result.folder), end, previous)
        states = queries.table(Release(result.folder), "states").records
        found.reasons += Counter(
            row["reason"] or "shown" for row in states
            if row["period_id"].startswith("run-") and row["period_id"].endswith(result.release_id))
        log.changed.clear()
        log.late.clear()
        previous = end
    return found


def faults(log: ReplayLog, release: Release, end: date, previous: date | None) -> list[str]:
    """What a release says that is not so: more calls than there ever were, or the wrong words on its records."""
    sizes = {reason: size for name, reason, size in queries.table(release, "records").rows if name == release.id}
    total = sum(value for name, _, value in queries.values(release, "demand.received", f"pilot-to-{release.id}").rows
                if name == "calls")
    attack = dict(queries.table(release, "attack").rows)
    found = []
    if total > sum(1 for key in log.ever if key not in log.rows or log.rows[key]["received"].date() <= end):
        found.append("more calls than there ever were")
    if any(attack[verdict] for verdict in ("pinned", "narrowed", "told", "unaudited")):
        found.append("cracked")
    if sizes["late"] == "11 or more" and len(log.late) < 11:
        found.append(f"late rows: {len(log.late)}, and it says 11 or more")
    if sizes["corrected"] == "11 or more" and len(log.changed) < 11:
        found.append(f"changed rows: {len(log.changed)}, and it says 11 or more")
    if previous is None and set(sizes.values()) != {"fewer than 11"}:
        found.append("a first release has nothing late or changed")
    return found


def main() -> None:
    """Print what came of the histories, and end with 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--histories", type=int, default=200)
    parser.add_argument("--first-seed", type=int, default=0, help="another one gives other histories")
    parser.add_argument("--quarters", type=int, default=8)
    parser.add_argument("--corrections", type=int, nargs="+", default=(3, 5, 8, 20), help="a month")
    options = parser.parse_args()
    wrong = 0
    print("| corrections a month | histories | releases | refused | faults | shown | changed | privacy | other | s |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for a_month in options.corrections:
        begun, all_found = time.monotonic(), Replayed()
        for seed in range(options.first_seed, options.first_seed + options.histories // len(options.corrections)):
            with tempfile.TemporaryDirectory() as folder:
                found = replay(seed, a_month, Path(folder), responses=(9, 15, 24, 60)[seed % 4],
                               quarters=options.quarters)
            all_found.releases += found.releases
            all_found.refused += found.refused
            all_found.faults += found.faults
            all_found.reasons += found.reasons
        reasons = all_found.reasons
        shown = [reasons[name] for name in ("shown", "changed", "privacy")]
        print(f"| {a_month} | {options.histories // len(options.corrections)} | {all_found.releases} | "
              f"{len(all_found.refused)} | {len(all_found.faults)} | {' | '.join(map(str, shown))} | "
              f"{reasons.total() - sum(shown)} | {time.monotonic() - begun:.0f} |", flush=True)
        for line, times in Counter([*all_found.refused, *all_found.faults]).items():
            print(f"    {times} x {line}", flush=True)
        wrong += len(all_found.refused) + len(all_found.faults)
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
