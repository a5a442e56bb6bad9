"""What lies on an analyst's desk: an extract, its roster and its mapping, in memory, ready to be damaged and written.

The columns `_day` and `_hour` of `calls` say when a call was received by the local clock; they are never written.
"""

import csv
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd

from portal.publish.synthetic.mess import sample_rows
from tests.extracts.dress import Dress

HELPERS = ("_day", "_hour")
FIRST_ROW = 2  # of a spreadsheet, below the header


@dataclass(frozen=True)
class Damage:
    """What was damaged: row numbers as a spreadsheet shows them, columns (the portal's names), days from `first` to
    `last`, or the `file` (or `roster`) as a whole. A message has to name one of these.
    """

    columns: tuple[str, ...] = ()
    rows: frozenset[int] = frozenset()
    first: date | None = None
    last: date | None = None
    file: bool = False
    roster: bool = False


@dataclass
class Desk:
    """An extract with what belongs to it. `alter` changes the written file, and gives its new path."""

    calls: pd.DataFrame
    mapping: dict[str, Any]
    dress: Dress
    published_on: date
    roster: pd.DataFrame | None = None
    name: str = "made-up"
    period_end: date | None = None
    alter: list[Callable[[Path], Path]] = field(default_factory=list)
    alter_roster: list[Callable[[Path], Path]] = field(default_factory=list)
    swapped: bool = False

    def copy(self) -> "Desk":
        """The same, to be damaged."""
        roster = None if self.roster is None else self.roster.copy()
        return Desk(self.calls.copy(), deepcopy(self.mapping), self.dress, self.published_on, roster, self.name,
                    self.period_end)

    # ---- columns ----

    def has(self, column: str) -> bool:
        """Whether the extract collects one of the portal's columns from a column of its own."""
        return column == "call_id" or "from" in self.mapping["columns"].get(column, {})

    def names(self, column: str) -> list[str]:
        """The file's columns that one of the portal's columns is made from."""
        names = self.mapping["incident"]["key"] if column == "call_id" else self.mapping["columns"][column]["from"]
        return [names] if isinstance(names, str) else list(names)

    def at(self, column: str) -> str:
        """The file's column that one of the portal's columns is made from."""
        return self.names(column)[0]

    def texts(self, column: str) -> pd.Series:
        """What a column says in each row."""
        return self.calls[self.at(column)]

    def put(self, column: str, where: pd.Series, values: Any) -> frozenset[int]:
        """Write `values` into the rows `where`; their row numbers."""
        changed = where & (self.texts(column) != values)
        self.calls[self.at(column)] = self.texts(column).mask(where, values)
        return self.numbers(changed)

    def numbers(self, where: pd.Series) -> frozenset[int]:
        """Row numbers, as a spreadsheet shows them."""
        return frozenset(int(at) + FIRST_ROW for at in where.to_numpy().nonzero()[0])

    def clock(self, column: str) -> pd.Series:
        """A column's times by the local clock."""
        return self.dress.read(self.texts(column))

    def shift(self, column: str, where: pd.Series, moved: Callable[[pd.Series], pd.Series]) -> frozenset[int]:
        """Move the times of the rows `where`."""
        times = self.clock(column)
        return self.put(column, where & times.notna(), self.dress.write(moved(times)))

    # ---- rows ----

    def days(self) -> pd.Series:
        """The local day of each call."""
        return self.calls["_day"]

    def everywhere(self) -> pd.Series:
        """All rows."""
        return pd.Series(True, index=self.calls.index)

    def team(self) -> pd.Series:
        """The rows that the team answered."""
        return self.calls[self.at("answered_by")] == "team" if self.has("answered_by") else self.everywhere()

    def filled(self, column: str) -> pd.Series:
        """The rows in which a column is filled."""
        return self.texts(column) != ""

    def keep(self, where: pd.Series) -> None:
        """Leave out all other rows."""
        self.calls = self.calls[where].reset_index(drop=True)

    def some(self, where: pd.Series, share: float, chance: Random) -> pd.Series:
        """So large a share of the rows, at least one."""
        return sample_rows(where, share, chance)

    def since(self, chance: Random) -> tuple[pd.Series, date, date]:
        """The rows from the first day of a month on, that day, and the last day of the file."""
        months = sorted({day.replace(day=1) for day in self.days().dropna()})
        first = months[round(len(months) * (.5 + .15 * chance.random()))] if len(months) > 3 else self._middle()
        return self.days() >= first, first, max(self.days())

    def month(self, chance: Random) -> tuple[pd.Series, date, date]:
        """The rows of a month that lies inside, its first and last day (of a short extract: of four days)."""
        months = sorted({day.replace(day=1) for day in self.days().dropna()})
        if len(months) > 3:
            at = chance.randrange(2, len(months) - 2) if len(months) > 5 else 1
            first, last = months[at], months[at + 1] - timedelta(days=1)
        else:
            first, last = self._middle(), self._middle() + timedelta(days=3)
        return (self.days() >= first) & (self.days() <= last), first, last

    def _middle(self) -> date:
        first, last = min(self.days()), max(self.days())
        return first + (last - first) * 0.55

    # ---- files ----

    def write(self, folder: Path) -> tuple[Path, Path | None]:
        """The extract and the roster as files."""
        path = folder / "calls.csv"
        _csv(path, self.calls.drop(columns=list(HELPERS)))
        for alter in self.alter:
            path = alter(path)
        if self.roster is None:
            return path, None
        roster = folder / "roster.csv"
        _csv(roster, self.roster)
        for alter in self.alter_roster:
            roster = alter(roster)
        return (roster, path) if self.swapped else (path, roster)


def _csv(path: Path, frame: pd.DataFrame) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(list(frame.columns))
        writer.writerows(frame.to_numpy().tolist())


def formats(desk: Desk, columns: Sequence[str], format_: str) -> None:
    """Write a format into the mapping of these columns."""
    for column in columns:
        if column in desk.mapping["columns"]:
            desk.mapping["columns"][column]["format"] = format_
