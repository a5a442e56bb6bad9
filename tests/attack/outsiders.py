"""An attacker who has what outsiders have: of each call that the City's open data shows its day, eight-hour shift and
type, the team's weekly shifts, the public totals, and some responses that the attacker knows of.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from portal.publish.ingest.extract import Extract
from portal.publish.protection.attack_world import SumBounds, Target, World

ANSWERED, WITHHELD = "answered", "withheld"
SENSITIVE = ("mental_health", "substance_use")  # the open data leaves calls of these types out
TOUR = 8  # hours


@dataclass(frozen=True)
class OutsiderKind:
    """Calls that an outsider can't tell apart: how many there are, how many were known to be answered."""

    month: str
    name: str
    size: int
    known: int


def visible_calls(extract: Extract, known: Sequence[int]) -> pd.DataFrame:
    """Of each call what an outsider sees: month, shift on a day with the team or not, type or withheld. `known`: rows
    whose answer the outsider knows.
    """
    calls, roster = extract.calls, extract.roster
    if roster is None:
        raise ValueError("The outsider knows the shifts: give a roster.")
    tours = {(time.date(), time.hour // TOUR) for start, end in zip(roster["shift_start"], roster["shift_end"],
                                                                  strict=True)
             for time in pd.date_range(start, end, freq="h", inclusive="left")}
    on_duty = [(time.date(), time.hour // TOUR) in tours for time in calls["received"]]
    types = calls["call_type"].astype(str)
    return pd.DataFrame({
        "month": calls["received_on"].dt.strftime("%Y-%m"), "team": calls["answered_by"].eq("team"),
        "on_duty": on_duty, "kind": types.mask(types.isin(SENSITIVE), WITHHELD),
        "known": [at in set(known) for at in range(len(calls))]})


def world_of(calls: pd.DataFrame, unanswered: Sequence[tuple[Sequence[str], int]]) -> tuple[World, list[OutsiderKind]]:
    """What that outsider knows: of each kind, from 0 to all were answered, in all as many as the month says; and of
    `unanswered` calls of some months together, that they were not. Outside of the team's shifts none was.
    """
    world, kinds = World(), list[OutsiderKind]()
    world.totals["responses"] = {str(month): int(rows["team"].sum()) for month, rows in calls.groupby("month")}
    possible = calls[calls["on_duty"] | calls["kind"].eq(WITHHELD)]
    for (month, name), rows in possible.groupby(["month", "kind"]):
        kinds.append(OutsiderKind(str(month), str(name), len(rows), int((rows["known"] & rows["team"]).sum())))
        at = world.unknown((ANSWERED, "", kinds[-1].month, kinds[-1].name), kinds[-1].size)
        world.facts.append(SumBounds({at: 1}, kinds[-1].known, kinds[-1].size))
        world.targets.append(Target(ANSWERED, "", (kinds[-1].month,), (kinds[-1].name,), kinds[-1].size))
    for month, answered in world.totals["responses"].items():
        terms = _of(world, kinds, [month])
        # a few were answered outside of the shifts, or where a call was extended: the outsider allows for none of them
        world.facts.append(
            SumBounds(terms, min(answered, sum(kind.size for kind in kinds if kind.month == month)), answered)
        )
    for months, number in unanswered:
        room = sum(kind.size for kind in kinds if kind.month in months) - number
        world.facts.append(SumBounds(_of(world, kinds, months), 0, room))
    return world, kinds


def _of(world: World, kinds: Sequence[OutsiderKind], months: Sequence[str]) -> dict[int, int]:
    return {world.unknowns[ANSWERED, "", kind.month, kind.name]: 1 for kind in kinds if kind.month in months}
