"""Made-up pilots for the attacker: so many responses a month, attributes drawn by their planned shares or by others."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from portal.contract.contract import DIMENSIONS, MEASURES, META_KEYS, SCHEMA
from portal.publish.ingest.columns import COLUMNS, NOT_RECORDED
from portal.publish.ingest.extract import Extract, Report
from portal.publish.output.describe import rows_of
from portal.publish.output.ledger import Book, ReleaseRow
from portal.publish.protection.gate import GateResult, pass_gate
from portal.publish.publish import Published, assemble_book, publish_extract
from portal.publish.request import PublicationRequest
from portal.publish.tables.tabulate import Tallies, tally
from portal.release import queries
from portal.release.book import PublicBook
from portal.release.periods import quarter_of
from portal.release.store import Release

ZONE = "America/New_York"
FIRST = date(2026, 4, 1)
OTHER_CALLS = 100  # a month, that the team does not answer
AGAIN, ARREST, NO_TIME = .25, .02, .03
OUTSIDE_THE_RULE, MET_THE_RULE, MISSED = .05, .7, .4  # of answered calls; of others; missed on duty, for each answered
Shares = Mapping[str, Mapping[str, float]]  # dimension -> category -> share, where it is not the planned one
# Real shares far from the planned ones: what was to be 55 % is 65 %, what was to be 78 % is 88 %.
DRIFTED: Shares = {
    "outcome": {"resolved_on_scene": .50, "voluntary_care": .18, "involuntary": .07, "hospital_other": .05,
                "declined": .10, "no_contact": .08, NOT_RECORDED: .02},
    "gender": {"woman": .36, "man": .56, "another": .03, NOT_RECORDED: .05},
    "age_band": {"under_18": .12, "18_24": .16, "25_44": .42, "45_64": .18, "65_over": .09, NOT_RECORDED: .03},
    "housing": {"housed": .76, "not_housed": .14, NOT_RECORDED: .10},
    "language": {"english": .86, "spanish": .06, "portuguese": .03, "haitian_creole": .02, "nepali": .01,
                 "another": .01, NOT_RECORDED: .01},
    "follow_up": {"not_agreed": .48, "not_reached": .20, "reached": .30, NOT_RECORDED: .02},
}


def months_of(first: date, months: int) -> list[date]:
    """The first day of each month."""
    return [date(first.year + (first.month - 1 + at) // 12, (first.month - 1 + at) % 12 + 1, 1) for at in range(months)]


def days_of(chance: np.random.Generator, first: date, months: int, mean: float) -> list[date]:
    """The days of calls: so many a month on average, in order."""
    found = []
    for start in months_of(first, months):
        length = (months_of(start, 2)[1] - start).days
        found += [start + timedelta(int(at)) for at in chance.integers(0, length, chance.poisson(mean))]
    return sorted(found)


def draw_categories(chance: np.random.Generator, dimension: str, count: int, shares: Shares) -> np.ndarray:
    """Draw `count` categories of a dimension, by its planned shares or those given in `shares`."""
    weight_of = {**DIMENSIONS[dimension].shares} | dict(shares.get(dimension, {}))
    names = list(weight_of)
    weights = np.array([weight_of[name] for name in names])
    return chance.choice(np.array(names, dtype=object), count, p=weights / weights.sum())


def history(rate: float, seed: int, months: int = 36, *, shares: Shares | None = None, first: date = FIRST,
            other_calls: int = OTHER_CALLS, **overrides: Any) -> Extract:
    """An extract of so many months with `rate` responses a month. `overrides`: columns of the responses set by hand."""
    chance, shares = np.random.default_rng([seed, round(rate * 10), months]), shares or {}
    days, other_days = days_of(chance, first, months, rate), days_of(chance, first, months, other_calls)
    answered = pd.DataFrame(_responses(chance, days, shares) | overrides)
    calls = pd.concat([answered, pd.DataFrame(_calls(chance, other_days, "police"))], ignore_index=True)
    calls = _screened(calls, np.random.default_rng([seed, round(rate * 10), months, 1]), rate / other_calls)
    calls["call_id"] = [f"C{at}" for at in range(len(calls))]
    calls["received_on"] = calls["received"].dt.tz_localize(None).dt.normalize()
    for column in COLUMNS:
        if column.kind == "yes_no":
            calls[column.name] = calls[column.name].astype("boolean") if column.name in calls else pd.NA
        elif column.kind == "category":
            calls[column.name] = calls[column.name].fillna(NOT_RECORDED) if column.name in calls else NOT_RECORDED
        elif column.kind == "text":
            calls[column.name] = calls[column.name].fillna("")
    return extract_of(calls, first, months_of(first, months + 1)[-1] - timedelta(days=1))


def _screened(calls: pd.DataFrame, chance: np.random.Generator, ratio: float) -> pd.DataFrame:
    """The calls with whether each met the rule, and whether the team was on duty: draws of their own, so that no other
    draw changes. `ratio`: answered calls for each other one.
    """
    team, drawn = calls["answered_by"].eq("team").to_numpy(), chance.random((2, len(calls)))
    met = np.where(team, drawn[0] >= OUTSIDE_THE_RULE, drawn[0] < MET_THE_RULE)
    on_duty = team | (drawn[1] < MISSED * ratio / MET_THE_RULE)
    reasons = np.where(team | ~on_duty, NOT_RECORDED, "not_sent")
    return calls.assign(eligibility=np.where(met, "eligible", "not_eligible"), staffed=on_duty, unmet_reason=reasons)


def extract_of(calls: pd.DataFrame, first: date, last: date, without: tuple[str, ...] = ("recorded_on",)) -> Extract:
    """Calls as an extract."""
    collected = frozenset(column.name for column in COLUMNS if column.name in calls) - set(without)
    report = Report(len(calls), len(calls), 0, 0, len(calls), None, first, last)
    return Extract(calls, None, collected, first, last, frozenset(), ZONE, dict.fromkeys(collected, "Made up"), report)


def _calls(chance: np.random.Generator, days: list[date], by: str) -> dict[str, Any]:
    count = len(days)
    received = pd.to_datetime(pd.Series([pd.Timestamp(day) for day in days], dtype="datetime64[us]"))
    received = (received + pd.to_timedelta(chance.integers(8 * 60, 20 * 60, count), unit="min")).dt.tz_localize(ZONE)
    return {"received": received, "call_type": draw_categories(chance, "call_type", count, {}),
            "origin": draw_categories(chance, "origin", count, {}), "answered_by": by, "eligibility": "eligible"}


def _responses(chance: np.random.Generator, days: list[date], shares: Shares) -> dict[str, Any]:
    columns = _calls(chance, days, "team")
    count, received = len(days), columns["received"]
    to_scene = pd.Series(pd.to_timedelta(chance.integers(5, 40, count), unit="min"))
    arrived = (received + to_scene).mask(pd.Series(chance.random(count) < NO_TIME))
    first = draw_categories(chance, "first_on_scene", count, shares)
    apart = pd.Series(np.select([first == "team_first", first == "officer_first"], [4, -4], 0))
    referral = draw_categories(chance, "referral", count, shares)
    follow_up = draw_categories(chance, "follow_up", count, shares)
    arrest = chance.random(count) < ARREST
    persons: list[int] = []
    for at in range(count):
        again = persons and chance.random() < AGAIN
        persons.append(persons[int(chance.integers(len(persons)))] if again else at)
    columns |= {
        "arrived": arrived,
        "cleared": arrived + pd.Series(pd.to_timedelta(chance.integers(10, 120, count), unit="min")),
        "officer_arrived": (arrived + pd.to_timedelta(apart, unit="min")).mask(first == NOT_RECORDED),
        "outcome": draw_categories(chance, "outcome", count, shares), "arrest": arrest,
        "force": chance.random(count) < .01, "staffed": True, "person_key": [f"P{person}" for person in persons],
        **{f"injury_{who}": chance.random(count) < .01 for who in DIMENSIONS["hurt"].base},
        **{name: draw_categories(chance, name, count, shares)
           for name in ("age_band", "race_ethnicity", "gender", "language", "housing")},
        "referral_offered": _yes_no(referral, yes=("not_accepted", "accepted_only", "kept")),
        "referral_accepted": _yes_no(referral, yes=("accepted_only", "kept")),
        "appointment_kept": _yes_no(referral, yes=("kept",)),
        "follow_up_agreed": _yes_no(follow_up, yes=("not_reached", "reached")),
        "follow_up_reached": _yes_no(follow_up, yes=("reached",)),
    }
    return columns


def _yes_no(steps: np.ndarray, yes: tuple[str, ...]) -> list[object]:
    return [pd.NA if step == NOT_RECORDED else step in yes for step in steps]


def ends_of(extract: Extract, every: int = 1) -> list[date]:
    """The last days of its quarters, each `every`-th of them, the last always."""
    ends, quarter = [], quarter_of(extract.first_day)
    while quarter.end <= extract.last_day:
        ends.append(quarter.end)
        quarter = quarter.next
    return [end for at, end in enumerate(ends, 1) if at % every == 0 or end == ends[-1]]


def release(extract: Extract, end: date, releases: Path) -> Published:
    """Publish an extract up to a quarter's end."""
    on = end + timedelta(45)
    request = PublicationRequest(quarter_of(end).id, "illustrative", end, on, on)
    return publish_extract(extract, "Made up", request, releases)


def public(folder: Path) -> PublicBook:
    """A release as anybody can read it."""
    return PublicBook({name: queries.table(Release(folder), name).rows for name in SCHEMA})


def publish_history(extract: Extract, releases: Path, every: int = 4) -> list[PublicBook]:
    """The releases of a history as anybody can read them: one every so many quarters, oldest first."""
    publications = [release(extract, end, releases) for end in ends_of(extract, every)]
    return [public(publication.folder) for publication in publications if publication.folder]


def gated_release(extract: Extract, every: int = 4) -> tuple[PublicBook, GateResult]:
    """The last release of a history as the gate lets it pass, attacked together with earlier ones (one every so many
    quarters); nothing is written.
    """
    first, ends = quarter_of(extract.first_day).start, ends_of(extract, every)
    rows: list[PublicBook] = []
    for end in ends:
        on = (end + timedelta(45)).isoformat()
        row = ReleaseRow(quarter_of(end).id, "illustrative", first.isoformat(), end.isoformat(), on, on, on)
        meta = dict.fromkeys(META_KEYS, "") | row._asdict()
        tallies = tally(extract, [(end, date.fromisoformat(on))])

        def fill(left_out: frozenset[tuple[str, str]], tallies: Tallies = tallies, row: ReleaseRow = row) -> Book:
            return assemble_book(Book(), extract, tallies, row, left_out)

        def as_public(book: Book, meta: dict[str, str] = meta) -> PublicBook:
            return PublicBook(rows_of(book, meta, {}))
        if end == ends[-1]:
            result = pass_gate(fill, as_public, rows)
            return as_public(result.book), result
        rows.append(as_public(fill(frozenset())))
    raise AssertionError("there is no quarter")


def numbers(book: PublicBook, through: str = "9999") -> tuple[int, int, int]:
    """Of the tables on people over responses, in the runs that end by a day: exact numbers of groups, (table, run)
    pairs shown, and pairs in all.
    """
    tables = {
        measure.id
        for measure in MEASURES.values()
        if measure.kind == "people" and measure.over != "calls" and measure.dimension and measure.unit != "minutes"
    }
    runs = {key: state for key, state in book.states.items() if key[0] in tables and book.periods[key[1]].lasts
            and book.periods[key[1]].grain == "run" and book.periods[key[1]].end <= through}
    shown = [key for key, state in runs.items() if state["status"] == "published"]
    return sum(bool(category) for key in shown for _, category in book.values(key)), len(shown), len(runs)
