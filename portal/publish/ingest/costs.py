"""Reads the City's file of costs: a line a quarter, with the amount, what it covers, and where it is from.

Nothing in it is about a person, and nothing is worked out from it.
"""

import csv
from pathlib import Path
from typing import NamedTuple

from portal.errors import ReleaseRefused
from portal.release.periods import Quarter

COLUMNS = ("quarter", "amount", "covers", "source")
MOST = 1e12  # dollars: above it, a thousands separator was read wrongly


class Cost(NamedTuple):
    """What a quarter cost: its period, such as 2027-Q3, the amount in dollars, what it covers, and its source."""

    period_id: str
    amount: float
    covers: str
    source: str


def read_costs(path: Path) -> tuple[Cost, ...]:
    """The costs of a CSV file with the columns quarter, amount, covers and source, in its order.

    Raises ReleaseRefused, with the line, for anything that can't be read as that.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.DictReader(file))
    except (OSError, ValueError, csv.Error):
        raise _refused(path, "it can't be read as CSV in UTF-8", "Look at its name, or export it again.") from None
    if not lines or any(set(line) != set(COLUMNS) for line in lines):
        raise _refused(path, "it has no lines, or other columns", f"It needs just {', '.join(COLUMNS)}.")
    found = tuple(_cost(path, number, line) for number, line in enumerate(lines, 2))
    if len({cost.period_id for cost in found}) < len(found):
        raise _refused(path, "a quarter stands there twice", "Write one line a quarter, with the sum of its amounts.")
    return found


def _cost(path: Path, number: int, line: dict[str, str]) -> Cost:
    texts = {name: (line[name] or "").strip() for name in COLUMNS}
    try:
        year, _, quarter = texts["quarter"].partition("-Q")
        period = Quarter(int(year), int(quarter))
        if texts["quarter"] != period.id or not 1 <= period.number <= 4:
            raise ValueError(texts["quarter"])
    except ValueError:
        raise _refused(path, f"line {number} names no quarter", "Write it like 2027-Q3.") from None
    try:
        amount = round(float(texts["amount"]), 2)
    except ValueError:
        amount = -1.0
    if not 0 <= amount < MOST:
        raise _refused(path, f"the amount in line {number} is none", "Write dollars without signs, such as 41250.00.")
    if not texts["covers"] or not texts["source"]:
        raise _refused(path, f"line {number} does not say what the amount covers, or where it is from",
                       "Write both: an amount alone can't be judged.")
    return Cost(period.id, amount, texts["covers"], texts["source"])


def _refused(path: Path, why: str, next_step: str) -> ReleaseRefused:
    return ReleaseRefused(f"The file of costs {path.name} can't be used: {why}.", next_step)


