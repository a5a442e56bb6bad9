"""Releases that are wrong though all their hashes are right: each a change, and what verify must say."""

from collections.abc import Callable
from typing import Any

from portal.contract.contract import SCHEMA

Rows = dict[str, list[tuple[Any, ...]]]
Edit = Callable[[Rows], None]
RUN, WAITS, PILOT = "run-2026-Q2", "open-2026-Q4", "pilot-to-2026-Q4"


def cell(table: str, period: str, measure: str, category: str = "", **new: Any) -> Edit:
    """Change one cell's value, status or category."""
    def edit(rows: Rows) -> None:
        columns = list(SCHEMA["cells"])
        places = [
            at for at, row in enumerate(rows["cells"]) if row[:3] == (table, period, measure) and row[4] == category
        ]
        assert len(places) == 1, places
        row = dict(zip(columns, rows["cells"][places[0]], strict=True)) | new
        rows["cells"][places[0]] = tuple(row.values())
    return edit


def more(table: str, period: str, measure: str, category: str = "", by: int = 1) -> Edit:
    """Add to one cell's value."""
    def edit(rows: Rows) -> None:
        (value,) = [row[7] for row in rows["cells"] if row[:3] == (table, period, measure) and row[4] == category]
        cell(table, period, measure, category, value=value + by)(rows)
    return edit


def row(name: str, at: int, **new: Any) -> Edit:
    """Change one row of a table."""
    def edit(rows: Rows) -> None:
        rows[name][at] = tuple((dict(zip(SCHEMA[name], rows[name][at], strict=True)) | new).values())
    return edit


def both(*edits: Edit) -> Edit:
    def edit(rows: Rows) -> None:
        for edit in edits:
            edit(rows)
    return edit


def state(table: str, period: str, **new: Any) -> Edit:
    """Change one state."""
    def edit(rows: Rows) -> None:
        (at,) = [at for at, state in enumerate(rows["states"]) if state[:2] == (table, period)]
        row("states", at, **new)(rows)
    return edit


def drop(name: str, **which: Any) -> Edit:
    """Leave out the rows that are so."""
    def edit(rows: Rows) -> None:
        columns = list(SCHEMA[name])
        remaining = [
            row_ for row_ in rows[name] if any(row_[columns.index(column)] != value for column, value in which.items())
        ]
        assert len(remaining) < len(rows[name])
        rows[name] = remaining
    return edit


def hidden_run(rows: Rows) -> None:
    """Two groups of a closed run, one of them made too small: 10 of 130."""
    values = {row_[4]: row_[7] for row_ in rows["cells"] if row_[:2] == ("equity.gender", RUN)}
    small, *others = values
    cell("equity.gender", RUN, "responses", small, value=10.0)(rows)
    cell("equity.gender", RUN, "responses", others[0], value=values[others[0]] + values[small] - 10)(rows)


def finer_run(rows: Rows) -> None:
    """The blocks of a rung that the public size does not give."""
    cells = [row_ for row_ in rows["cells"] if row_[:2] == ("equity.gender", RUN)]
    total = sum(cell_[7] for cell_ in cells)
    drop("cells", table_id="equity.gender", period_id=RUN)(rows)
    rows["cells"] += [
        (*cells[0][:4], block, "", "", value, "published")
        for block, value in (("woman", 50.0), ("man", 60.0), ("another_or_unknown", total - 110.0))
    ]


EDITS: dict[str, tuple[Edit, str]] = {
    "a month changed": (
        more("demand.received", "2026-10", "calls"),
        "demand.received in 2026-Q4 is not the sum of its months",
    ),
    "a quarter changed": (
        more("demand.received", "2026-Q4", "calls"),
        "demand.received in 2026-Q4 is not the sum of its months",
    ),
    "the pilot changed": (
        more("demand.received", PILOT, "calls"),
        f"demand.received in {PILOT} is not the sum of its quarters",
    ),
    "hours changed": (
        more("hours.staffed", "2026-Q4", "covered_hours"),
        f"hours.staffed in {PILOT} is not the sum of its published periods",
    ),
    "groups that are not all calls": (
        both(more("demand.eligible", "2026-Q4", "calls", "eligible"), more("demand.eligible", PILOT, "calls",
                                                                           "eligible")),
        "demand.eligible in 2026-Q4 does not fit the number of crisis calls",
    ),
    "more answered than were": (
        both(*(more("response.on_duty", period, "responses") for period in ("2026-Q4", PILOT))),
        "response.on_duty in 2026-Q4 does not fit the number of crisis calls",
    ),
    "a quarter in which all were answered": (
        both(*(cell("response.unmet_reason", "2026-Q4", "calls", name, value=0.0)
               for name in ("on_another_call", "not_sent", "other")),
             cell("response.on_duty", "2026-Q4", "eligible_on_duty", value=12.0)),
        "response.on_duty in 2026-Q4 tells of too few calls",
    ),
    "an eligible call that was answered singled out": (
        both(more("demand.eligible", "2026-Q4", "calls", "eligible", by=-1),
             more("demand.eligible", "2026-Q4", "calls", "not_eligible")),
        "demand.eligible in 2026-Q4 does not fit the number of crisis calls",
    ),
    "a wait for another number": (
        both(state("hours.staffed", "2026-Q4", status="not_due", reason="service_open", have=12, need=11),
             cell("hours.staffed", "2026-Q4", "covered_hours", value=None, status="not_due"),
             cell("hours.staffed", "2026-Q4", "scheduled_hours", value=None, status="not_due")),
        "hours.staffed does not say just which quarters wait",
    ),
    "a block changed": (more("equity.gender", RUN, "responses", "woman"), f"equity.gender in {RUN} does not add up"),
    "a block below 11": (hidden_run, f"equity.gender in {RUN} does not add up, or shows more than the rules allow"),
    "another rung": (finer_run, f"equity.gender in {RUN} does not add up, or shows more"),
    "a pilot that is not the runs": (
        more("equity.gender", PILOT, "responses", "woman"),
        "equity.gender for the pilot so far is not the sum",
    ),
    "have and need of the pilot": (
        state("equity.gender", PILOT, have=7),
        "equity.gender for the pilot so far is not the sum",
    ),
    "conduct that is nearly all": (
        cell("outcome.arrest", RUN, "arrests", value=125.0),
        f"outcome.arrest in {RUN} does not add up",
    ),
    "conduct out of another number": (
        more("outcome.arrest", RUN, "responses"),
        f"outcome.arrest in {RUN} does not add up",
    ),
    "a 90th percentile below the median": (
        cell("response.time_to_scene", RUN, "p90_minutes", value=1.0),
        f"response.time_to_scene in {RUN} does not add up",
    ),
    "times of too few": (
        cell("response.time_to_scene", RUN, "responses", value=21.0),
        f"response.time_to_scene in {RUN} does not add up",
    ),
    "a run that has not closed": (
        both(row("periods", -1, period_id=WAITS), state("equity.age", WAITS, status="suppressed", reason="privacy")),
        f"equity.age in {WAITS} is suppressed, and its cells are not",
    ),
    "a derived measure shown": (
        state("outcome.involuntary", PILOT, status="not_due", reason="", have=None, need=None),
        f"outcome.involuntary in {PILOT} does not follow from outcome.kind",
    ),
    "a value that is not published": (
        cell("equity.gender", WAITS, "responses", value=0.0),
        f"equity.gender in {WAITS} has a value that is not published",
    ),
    "published without a value": (
        cell("demand.received", "2026-10", "calls", value=None),
        "demand.received in 2026-10 has a value that is not published",
    ),
    "a status nobody knows": (
        cell("demand.received", "2026-10", "calls", status="fine"),
        "demand.received in 2026-10 has a cell the contract doesn't know",
    ),
    "a state nobody knows": (
        state("demand.received", "2026-10", status="fine"),
        "demand.received in 2026-10 has a state the contract doesn't know",
    ),
    "a category nobody knows": (
        cell("demand.eligible", "2026-Q4", "calls", "eligible", category_1="maybe"),
        "demand.eligible in 2026-Q4 has a category",
    ),
    "a measure nobody knows": (
        cell("demand.received", "2026-10", "calls", measure_id="cars"),
        "demand.received in 2026-10 has a cell the contract",
    ),
    "half a call": (
        more("demand.received", "2026-10", "calls", by=0.5),
        "demand.received in 2026-10 has a value that is no count",
    ),  # type: ignore[arg-type]
    "cells without a state": (
        drop("states", table_id="demand.received", period_id="2026-10"),
        "demand.received in 2026-10 is of no table, period or state",
    ),
    "a state without cells": (
        drop("cells", table_id="demand.received", period_id="2026-10"),
        "demand.received in 2026-10 is published, and its cells are not",
    ),
    "a cell twice": (lambda rows: rows["cells"].append(rows["cells"][0]), "cells holds demand.received"),
    "a period that is missing": (drop("periods", period_id="2026-11"), "2026-11"),
    "a period of other days": (row("periods", 1, end="2026-06-29"), "periods does not hold"),
    "a period of nothing": (
        lambda rows: rows["periods"].append(
            ("run-2026-Q1", "run", "2026-01-01", "2026-03-31")),
        "periods holds run-2026-Q1",
    ),
    "coverage of too many days": (row("coverage", 0, days=31), "coverage does not say how many days of 2026-04"),
    "coverage that does not add up": (
        row("coverage", 0, days_without_records=3),
        "coverage of 2026-Q2 is not the sum of its months",
    ),
    "another version": (row("meta", 0, value="99"), "made by version 99 of the contract"),
    "another state": (row("meta", 2, value="final"), "Its state is 'final'"),
    "a place without clocks": (row("meta", -1, value="Ruritania/Strelsau"), "Its time zone is 'Ruritania/Strelsau'"),
    "a missing key": (drop("meta", key="time_zone"), "meta does not hold just"),
    "another day in the list": (
        row("releases", -1, due_on="2027-03-01"),
        "meta and the last row of releases do not agree",
    ),
    "another release before": (row("meta", 4, value="2026-Q2"), "meta's previous release is not the last but one"),
    "another history before": (
        row("meta", 5, value="0" * 64),
        "It goes on from another release 2026-Q3 than the one beside it",
    ),
    "a total of other runs": (
        lambda rows: rows["sums"].pop(),
        "sums does not name the periods that",
    ),
    "a reason nobody knows": (
        state("equity.gender", WAITS, reason="shy"),
        f"equity.gender in {WAITS} has a state the contract doesn't know",
    ),
    "records counted across releases": (
        lambda rows: rows["records"].pop(0),
        "records does not say of each release",
    ),
    "a size that tells a number": (
        row("records", -1, records="7"),
        "records does not say of each release",
    ),
    "what an earlier release said changed": (
        row("records", 0, records="11 or more"),
        "records of 2026-Q2 is not what the earlier release 2026-Q2 published",
    ),
    "an erratum of no table": (
        lambda rows: rows["errata"].append(("2026-Q4", "equity.shoes", "superseded", "A mapping was wrong.")),
        "remarks or errata speak of a release, a table or a kind",
    ),
    "a measure left out": (
        drop("measures", table_id="equity.age"),
        "measures does not list just the contract's measures",
    ),
    "a group without a name": (
        drop("labels", dimension="gender", category="woman"),
        "categories and labels do not name the same",
    ),
    "a published month changed": (
        both(*(more("quality.missing", period, "missing", "dispatched") for period in ("2026-Q2", PILOT))),
        "quality.missing in 2026-Q2 is not what the earlier release 2026-Q2 published",
    ),
    "a published state changed": (
        state("demand.received", "2026-05", reason="changed"),
        "demand.received in 2026-05 is not what the earlier release",
    ),
    "published coverage changed": (
        both(row("coverage", 0, days_without_records=1), row("coverage", 1, days_without_records=1)),
        "coverage of 2026-04 is not what the earlier release 2026-Q2 published",
    ),
    "the list of releases changed": (
        row("releases", 0, published_on="2026-08-01"),
        "releases does not go on from the list of the earlier release 2026-Q2",
    ),
}
