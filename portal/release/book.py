"""The rows of a release, indexed by table and period, for the attacker and for verification."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from math import isclose
from typing import Any

from portal.contract.contract import SCHEMA
from portal.release.periods import Period, Quarter, quarters_of

RowRecord = dict[str, Any]
Key = tuple[str, str]
TOTALS = {"calls": ("demand.received", "calls"), "responses": ("response.met", "responses")}


class PublicBook:
    """The rows of a release, indexed by table and period."""

    def __init__(self, rows: dict[str, Any]) -> None:
        self.meta: dict[str, str] = dict(rows["meta"])
        self.periods = {row[0]: Period(*row) for row in rows["periods"]}
        self.states: dict[Key, RowRecord] = {
            row[:2]: dict(zip(SCHEMA["states"], row, strict=True)) for row in rows["states"]}
        self.coverage = {row[0]: row for row in rows["coverage"]}
        self.releases = tuple(rows["releases"])
        self.sums: dict[Key, list[str]] = {}
        for row in rows["sums"]:
            self.sums.setdefault(row[:2], []).append(row[2])
        self.cells: dict[Key, list[RowRecord]] = {}
        for row in rows["cells"]:
            self.cells.setdefault(row[:2], []).append(dict(zip(SCHEMA["cells"], row, strict=True)))
        self.repeated = {name: [key for key, times in Counter(row[:width] for row in rows[name]).items() if times > 1]
                         for name, width in (("cells", 7), ("states", 2), ("periods", 1), ("coverage", 1), ("meta", 1))}

    @cached_property
    def lasting(self) -> dict[Key, set[tuple[Any, ...]]]:
        """The cells that later releases must repeat unchanged."""
        return {key: {tuple(cell.values()) for cell in cells} for key, cells in self.cells.items()
                if self.periods[key[1]].lasts}

    @cached_property
    def lasting_states(self) -> dict[Key, RowRecord]:
        """The states that later releases must repeat unchanged."""
        return {key: state for key, state in self.states.items() if self.periods[key[1]].lasts}

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """All quarters the release covers."""
        return quarters_of(date.fromisoformat(self.meta["period_start"]), date.fromisoformat(self.meta["period_end"]))

    def values(self, key: Key) -> dict[tuple[str, str], float]:
        """The published numbers of a table and period, by measure and category."""
        return {(cell["measure_id"], cell["category_1"]): cell["value"] for cell in self.cells.get(key, ())
                if cell["status"] == "published"}

    def not_collected(self, key: Key) -> frozenset[str]:
        """The base categories that the source could not record in a table and period, as the release says."""
        return frozenset(cell["category_1"] for cell in self.cells.get(key, ())
                         if cell["status"] == "not_collected" and cell["category_1"])

    def published(self, table_id: str, *grains: str) -> list[Period]:
        """The periods of these grains in which a table is published, oldest first."""
        periods = [self.periods[period] for (table, period), state in self.states.items()
                   if table == table_id and state["status"] == "published" and self.periods[period].grain in grains]
        return sorted(periods, key=lambda period: period.start)

    def total(self, over: str, quarter: Quarter) -> int | None:
        """A quarter's public total of calls or responses."""
        table_id, value = TOTALS[over]
        number = self.values((table_id, quarter.id)).get((value, ""))
        return None if number is None else int(number)


def within(book: PublicBook, period: Period) -> tuple[Quarter, ...]:
    """The quarters of a release that lie in a period."""
    return tuple(quarter for quarter in book.quarters
                 if period.start <= quarter.start.isoformat() and quarter.end.isoformat() <= period.end)


def equal(first: Mapping[Any, float], second: Mapping[Any, float]) -> bool:
    """Whether two sets of numbers are equal; hours to a hundredth."""
    return first.keys() == second.keys() and all(isclose(first[key], second[key], abs_tol=0.005) for key in first)


def summed(parts: Iterable[dict[tuple[str, str], float]]) -> dict[tuple[str, str], float]:
    """The sums of several periods' numbers, by measure and category."""
    sums: dict[tuple[str, str], float] = {}
    for part in parts:
        for key, value in part.items():
            sums[key] = sums.get(key, 0.0) + value
    return sums
