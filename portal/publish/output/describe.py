"""A release's tables in order, and its two descriptions: datapackage.json and protection.json."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from portal.contract.contract import (
    DIMENSIONS,
    FOREIGN_KEYS,
    MEASURES,
    PRIMARY_KEYS,
    SCHEMA,
    THRESHOLDS,
    Dimension,
)
from portal.publish.output.ledger import Book, CellRow, Coverage, TableState
from portal.publish.protection.attack import Outcome
from portal.release.periods import Period

TableRows = dict[str, list[tuple[Any, ...]]]
MADE_UP = "Made-up numbers, to show how the portal will look. They tell nothing about any real call or person."
NO_LICENSE = "The City has not yet named a license for these data"
TRIED = (
    "A program that knows all releases, the exact totals, the rules and its own code looks for the smallest and the "
    "largest possible value of every hidden number, with a world of whole numbers as witness of each. attacked: hidden "
    "numbers, by quarter and by run. pinned: it gets the number. narrowed: the two values are under ten apart although "
    "the public totals leave more room, or the number must be nearly all of its quarters. unaudited: no witness. "
    "told: somebody who knows of one call could be sure that the team came to it. "
    "holes: numbers whose range leaves values out. "
    "Nothing is published with a pinned, narrowed, told or unaudited number."
)
GRAINS = ("month", "quarter", "run", "year", "pilot")
ORDER = {name: index for index, name in enumerate(MEASURES)}
TITLES = {
    "meta": "What the release says of itself",
    "releases": "This release and those before it",
    "periods": "The periods, with their first and last day",
    "categories": "Each group, and the base categories it covers",
    "labels": "The names of the groups, in words",
    "measures": "The dictionary: each measure with its definition, unit and source",
    "states": "What became of each table in each period: published, or why not",
    "coverage": "How many days of each month and quarter hold no records",
    "sums": "What each longer period sums: the periods of that table that are shown, with their first and last day",
    "records": "Of each release alone: records entered late, corrected since, or left out",
    "remarks": "What the City accepted when it published each release, by kind",
    "errata": "What was found to be wrong in a table after it was published",
    "costs": "What the City says that a quarter cost, what it covers, and its source; the last line of a quarter holds",
    "attack": "What was tried to find a person in this release, and what came of it",
    "breaks": "Days from which something is counted in another way",
    "cells": "The numbers",
}


def base_order(dimension: Dimension) -> dict[str, int]:
    """The order of blocks: by the place of their first base category on the finest rung."""
    rung = dimension.ladder[0] if dimension.ladder else dimension.base
    base = [category for block in rung for category in dimension.covers[block]]
    return {block: min(base.index(category) for category in covers) for block, covers in dimension.covers.items()}


def by_time(period: Period) -> tuple[Any, ...]:
    """The order of periods: by their first day, the shorter first."""
    return period.start, GRAINS.index(period.grain), period.end, period.period_id


def _cell_order(book: Book, cell: CellRow) -> tuple[Any, ...]:
    measure = MEASURES[cell.table_id]
    blocks = base_order(DIMENSIONS[measure.dimension]) if measure.dimension else {}
    return (ORDER[cell.table_id], *by_time(book.periods[cell.period_id]), list(measure.values).index(cell.measure_id),
            blocks.get(cell.category_1, -1))


def rows_of(book: Book, meta: dict[str, str], sources: dict[str, str]) -> TableRows:
    """The rows of all tables of the schema, each table in a fixed order that does not depend on the extract's order."""
    periods = sorted(book.periods.values(), key=by_time)
    cells = [cell for cells in book.cells.values() for cell in cells]
    dimensions = DIMENSIONS.values()
    return {
        "meta": list(meta.items()),
        "releases": [tuple(release) for release in book.releases],
        "periods": [tuple(period) for period in periods],
        "sums": list(_sums(book, periods)),
        **{name: list(rows) for name, rows in book.statements.items()},
        "categories": [
            (dimension.id, block, ";".join(covers))
            for dimension in dimensions
            for block, covers in dimension.covers.items()
        ],
        "labels": [
            row
            for dimension in dimensions
            for row in (
                (dimension.id, "", dimension.label),
                *((dimension.id, *pair) for pair in dimension.labels.items()),
            )
        ],
        "measures": list(_measures(sources)),
        "states": [
            tuple(state)
            for state in sorted(
                book.states.values(),
                key=lambda state: (ORDER[state.table_id], *by_time(book.periods[state.period_id])),
            )
        ],
        "coverage": [tuple(book.coverage[period.period_id]) for period in periods if period.period_id in book.coverage],
        "attack": [],  # added after the attack on these rows
        "breaks": [],  # added from the mapping; they do not change what is counted
        "cells": [tuple(cell) for cell in sorted(cells, key=lambda cell: _cell_order(book, cell))],
    }


def _sums(book: Book, periods: Sequence[Period]) -> Iterable[tuple[str, ...]]:
    """For each table's years and pilot so far, the quarters or runs that they sum. "Since the start" is the pilot so
    far, from the first day of the first part to the last day of the last one.
    """
    published = {key for key, state in book.states.items() if state.status == "published" and key in book.cells}
    for table in MEASURES:
        for period in (
            period for period in periods if period.grain in ("year", "pilot") and (table, period.period_id) in published
        ):
            for part in periods:
                inside = period.start <= part.start and part.end <= period.end
                if inside and part.grain in ("quarter", "run") and (table, part.period_id) in published:
                    yield table, period.period_id, part.period_id, part.start, part.end


def _measures(sources: dict[str, str]) -> Iterable[tuple[str, ...]]:
    for measure in MEASURES.values():
        source = "; ".join(dict.fromkeys(sources[need] for need in measure.needs if sources.get(need)))
        for value, label in (measure.values or {"": ""}).items():
            yield (
                measure.id,
                value,
                measure.kind,
                measure.question,
                label,
                measure.unit,
                measure.dimension,
                measure.definition,
                measure.numerator,
                measure.denominator,
                measure.limits,
                source,
            )


def data_package(meta: dict[str, str], files: dict[str, bytes], terms: tuple[str, str]) -> dict[str, Any]:
    """The descriptor of Data Package v2 for the CSV files (`files`: table -> content), https://datapackage.org. Beside
    them `terms`: the license's title and URL, both empty where the City has named none.
    """
    title, url = terms
    state: dict[str, Any] = {"made_up": MADE_UP} if meta["state"] == "illustrative" else {}
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"somerville-co-response-{meta['release_id'].lower()}",
        "title": f"{meta['title']}: {meta['release_id']}" + (" (made-up numbers)" if state else ""),
        "description": f"{state.get('made_up', '')} Counts of the co-response pilot, "
        f"{meta['period_start']} to {meta['period_end']}. "
        "A number is exact or not shown; NOTES.md and protection.json say why.".strip(),
        "version": meta["release_id"],
        "release": meta["release_id"],
        "state": meta["state"],
        "temporal": f"{meta['period_start']}/{meta['period_end']}",
        **state,
        "licenses": [{"title": title, "path": url} if url
                     else {"name": "notspecified", "title": NO_LICENSE}],
        "resources": [_resource(name, files[name]) for name in SCHEMA],
    }


def _resource(name: str, content: bytes) -> dict[str, Any]:
    kinds = {"TEXT": "string", "INTEGER": "integer", "REAL": "number", "DATE": "date"}
    keys = [{"fields": list(columns), "reference": {"resource": other, "fields": list(other_columns)}}
            for table, columns, other, other_columns in FOREIGN_KEYS if table == name]
    return {
        "name": name,
        "type": "table",
        "title": TITLES[name],
        "path": f"csv/{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": "sha256:" + hashlib.sha256(content).hexdigest(),
        "schema": {
            "fields": [{"name": column, "type": kinds[kind]} for column, kind in SCHEMA[name].items()],
            "missingValues": [""],
            "primaryKey": list(PRIMARY_KEYS[name]),
            **({"foreignKeys": keys} if keys else {}),
        },
    }


def _blocks(book: Book, state: TableState) -> list[str]:
    order = base_order(DIMENSIONS[MEASURES[state.table_id].dimension]) if MEASURES[state.table_id].dimension else {}
    blocks = {
        cell.category_1
        for cell in book.cells.get((state.table_id, state.period_id), ())
        if cell.status == "published" and cell.category_1
    }
    return sorted(blocks, key=order.__getitem__)


def protection(book: Book, meta: dict[str, str], outcome: Outcome, *, persons: bool) -> dict[str, Any]:
    """The content of protection.json: the rules with their reasons; how finely each table is shown in each run, and
    which are not shown; and the outcome of the attack. `persons`: whether the source keeps a person key.
    """
    runs = [
        state
        for state in sorted(
            book.states.values(), key=lambda state: (ORDER[state.table_id], *by_time(book.periods[state.period_id]))
        )
        if book.periods[state.period_id].grain == "run" and MEASURES[state.table_id].kind in ("conduct", "people")
    ]
    return {
        "release": meta["release_id"],
        "state": meta["state"],
        "rules": {
            threshold.id: {"value": threshold.value, "reason": threshold.reason, "source": threshold.source}
            for threshold in THRESHOLDS.values()
        },
        "people": "Different people are counted by the person key."
        if persons
        else "The source keeps no person key: each response counts as a person of its own, "
        "so the rules on people are not checked.",
        "people_in_calls": "Tables over all crisis calls count incidents: "
        "nobody has a key of the person in a call the team did not answer.",
        "shown": [
            {"table": run.table_id, "period": run.period_id,
             **_rung(run, _blocks(book, run), book.not_collected(run.table_id, run.period_id))}
            for run in runs
            if run.status == "published"
        ],
        "not_shown": [
            {"table": run.table_id, "period": run.period_id, "reason": run.reason}
            for run in runs
            if run.status == "suppressed"
        ],
        "attack": {"said": TRIED} | dict(attack_rows(outcome)),
    }


def _rung(state: TableState, blocks: list[str], not_collected: frozenset[str]) -> dict[str, Any]:
    """How finely a table is divided: its groups, their rung of the ladder (1 is the finest), and the categories that
    the source does not collect.
    """
    dimension = DIMENSIONS.get(MEASURES[state.table_id].dimension)
    ladder = dimension.ladder if dimension else ()
    at = [number for number, rung in enumerate(ladder, 1)
          if dimension and set(dimension.collected(rung, not_collected)) == set(blocks)]
    empty = {"not_collected": sorted(not_collected)} if not_collected else {}
    return {"groups": blocks} | ({"rung": at[0], "rungs": len(ladder)} if at else {}) | empty


def attack_rows(outcome: Outcome) -> list[tuple[str, int]]:
    """The rows of the table `attack`: how many hidden numbers were attacked, and how many have each verdict."""
    return [
        ("attacked", len(outcome.cells)),
        ("pinned", outcome.count("pinned")),
        ("narrowed", outcome.count("narrowed", "nearly_all")),
        ("told", outcome.count("told")),
        ("unaudited", outcome.count("unaudited")),
        ("holes", sum(cell.holes for cell in outcome.cells)),
        ("witnesses", sum(cell.witnesses for cell in outcome.cells)),
    ]


def without_records(coverage: Coverage) -> str:
    """A sentence on a month or quarter with days that have no record."""
    if coverage.days == coverage.days_without_records:
        return f"{coverage.period_id} holds no records at all: it is not a 0, it is not collected."
    days = "day holds" if coverage.days_without_records == 1 else f"of {coverage.days} days hold"
    return f"{coverage.period_id} is partial: {coverage.days_without_records} {days} no records."
