"""The attacker: tries to work out hidden numbers from everything public, before a release is published.

It knows all releases of a history, the exact totals, the rules and this code, that categories are exhaustive, and what
it means that a table is not shown. For every hidden number it computes the smallest and the largest value that agree
with all of that (`attack_bounds`). The number is then

- *pinned* when both are the same: the attacker knows it;
- *narrowed* when they are less than ten apart although the public totals leave more room;
- *nearly all* when it must be 90 % of its quarters or more;
- *told* when somebody who knows of one call can be sure that the team came to it;
- *unaudited* when an end has no whole-number world as its witness, or when the closed form gives another range;
- otherwise *safe*.

For example, where the totals leave 0 to 30, and the release leaves 4 to 9, the number is narrowed.
"""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from portal.contract.contract import DIMENSIONS, MEASURES, threshold
from portal.publish.protection import attack_people
from portal.publish.protection.attack_bounds import LARGEST, SMALLEST, Component, Deadline, End, NotSolved, components
from portal.publish.protection.attack_closed import possible_ranges
from portal.publish.protection.attack_service import UNANSWERED, add_service
from portal.publish.protection.attack_times import add_times
from portal.publish.protection.attack_world import Target, World
from portal.release.book import TOTALS, PublicBook

APART = 10  # a block has 11 or more, so that a range of 10 always remains for an attacker to guess in
LIMIT = 120.0  # seconds for one attack; a release of 36 months takes a few
Verdict = Literal["safe", "pinned", "narrowed", "nearly_all", "told", "unaudited"]


@dataclass(frozen=True)
class AttackedNumber:
    """A hidden number, and its range from `low` to `high`. `holes`: whether some values between are impossible.
    `witnesses`: whether each end has a world. `told_by`: if it is not safe, the (table, period) pairs that bear on it.
    """

    target: Target
    low: int
    high: int
    holes: bool
    witnesses: bool
    verdict: Verdict
    told_by: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Outcome:
    """The result of an attack. `stopped`: why it could not be finished; nothing may be published then."""

    cells: tuple[AttackedNumber, ...]
    targets: int
    seconds: float
    stopped: str = ""

    def count(self, *verdicts: Verdict) -> int:
        """How many numbers have one of these verdicts; numbers that were not reached are unaudited."""
        missed = self.targets - len(self.cells) if "unaudited" in verdicts else 0
        return sum(cell.verdict in verdicts for cell in self.cells) + missed

    @property
    def cracked(self) -> tuple[AttackedNumber, ...]:
        """The numbers that are not safe."""
        return tuple(cell for cell in self.cells if cell.verdict != "safe")

    @property
    def safe(self) -> bool:
        """Whether every number was attacked and none was cracked."""
        return not self.stopped and not self.cracked and len(self.cells) == self.targets


def attacker_knowledge(releases: Sequence[PublicBook], *, unions: bool = False) -> World:
    """What an attacker knows from all releases of one history, the newest last, and its targets: each block of a
    ladder, or with `unions` every union of base categories.
    """
    world, newest = World(), _with_withdrawn(releases)
    for over, (table, value) in TOTALS.items():
        world.totals[over] = {}
        for book in releases:
            for quarter in book.quarters:
                total = book.total(over, quarter)
                if total is not None and world.totals[over].setdefault(quarter.id, total) != total:
                    world.contradictions.append((table, f"{quarter.id} ({value})"))
    attack_people.add_arrests(world, newest)
    tables = [measure for measure in MEASURES.values() if measure.kind == "people" and _in_runs(newest, measure.id)]
    counted = [measure for measure in tables if measure.unit != "minutes" and measure.dimension]
    for measure in counted:
        attack_people.add_exhaustive_totals(world, measure.over, DIMENSIONS[measure.dimension])
        attack_people.add_rules(world, newest, measure)
        for book in releases:
            attack_people.add_published_numbers(world, book, measure)
    for over, dimension in dict.fromkeys((measure.over, measure.dimension) for measure in counted):
        attack_people.add_targets(world, newest, over, DIMENSIONS[dimension], unions=unions)
    for measure in (table for table in tables if table.unit == "minutes"):
        add_times(world, newest, measure)
    add_service(world, newest)
    return world


def _with_withdrawn(releases: Sequence[PublicBook]) -> PublicBook:
    """The newest release, with withdrawn numbers as earlier releases published them: those are still in circulation."""
    newest = copy(releases[-1])
    newest.states, newest.cells = dict(newest.states), dict(newest.cells)
    for key, state in releases[-1].states.items():
        before = [book for book in releases if book.states.get(key, {}).get("status") == "published"]
        if state["reason"] == "withdrawn" and before:
            newest.states[key], newest.cells[key] = before[-1].states[key], before[-1].cells.get(key, [])
    return newest


def _in_runs(book: PublicBook, table_id: str) -> bool:
    return any(table == table_id and book.periods[period].grain == "run" for table, period in book.states)


def attack(world: World, limit: float = LIMIT) -> Outcome:
    """Attack every target of a world, within `limit` seconds."""
    deadline, cells = Deadline(limit), list[AttackedNumber]()
    if world.contradictions:
        places = "; ".join(" in ".join(contradiction) for contradiction in world.contradictions)
        return Outcome((), len(world.targets), deadline.seconds, f"two releases tell one number in two ways: {places}")
    try:
        attacker = _Attacker(world, deadline)
    except NotSolved as error:
        return Outcome((), len(world.targets), deadline.seconds, str(error))
    try:
        for target in world.targets:
            cells.append(attacker.cell(target))
    except NotSolved as error:
        tables = sorted({fact.table for component in attacker.parts_of(target) for fact in component.facts})
        reason = f"{error}, at {', '.join(tables)} in {' to '.join(dict.fromkeys(target.quarters))}"
        return Outcome(tuple(cells), len(world.targets), deadline.seconds, reason)
    return Outcome(tuple(cells), len(world.targets), deadline.seconds)


class _Attacker:
    """Solves the components of one world; each end of a range is solved once."""

    def __init__(self, world: World, deadline: Deadline) -> None:
        self._world = world
        self._parts, self._part_of = components(world, deadline)
        self._solved: dict[tuple[frozenset[int], int], End] = {}

    def parts_of(self, target: Target) -> list[Component]:
        """The components that a target has unknowns in."""
        return [self._parts[index] for index in dict.fromkeys(self._part_of[term] for term in self._terms(target))]

    def _terms(self, target: Target) -> list[int]:
        return list(self._world.sum_of(target.population, target.dimension, target.quarters, target.categories))

    def _end(self, unknowns: Iterable[int], sign: int) -> tuple[int, bool]:
        """One end of the range of a sum: the sum of its components' ends, and whether each of these has a witness."""
        by_part: dict[int, list[int]] = {}
        for unknown in unknowns:
            by_part.setdefault(self._part_of[unknown], []).append(unknown)
        ends = []
        for index, inside in by_part.items():
            key = frozenset(inside), sign
            if key not in self._solved:
                self._solved[key] = self._parts[index].end(dict.fromkeys(inside, 1), sign)
            ends.append(self._solved[key])
        return sum(end.value for end in ends), all(end.witness is not None for end in ends)

    def cell(self, target: Target) -> AttackedNumber:
        """Attack one number. Raises NotSolved when the solver finds no end."""
        unknowns = self._terms(target)
        (low, low_witness), (high, high_witness) = self._end(unknowns, SMALLEST), self._end(unknowns, LARGEST)
        witnesses = low_witness and high_witness
        closed_form = possible_ranges(self._world, target)
        agreed = closed_form is None or (closed_form[0][0], closed_form[-1][1]) == (low, high)
        holes = closed_form is not None and any(after[0] > before[1] + 1 for before, after in pairwise(closed_form))
        most = self._world.most(target.population, target.quarters)
        verdict = _verdict(target, low, high, most) if agreed and witnesses else "unaudited"
        told_by = frozenset[tuple[str, str]]() if verdict == "safe" else self._told_by(target)
        return AttackedNumber(target, low, high, holes, witnesses, verdict, told_by)

    def _told_by(self, target: Target) -> frozenset[tuple[str, str]]:
        return frozenset((fact.table, fact.period) for component in self.parts_of(target) for fact in component.facts)


def _verdict(target: Target, low: int, high: int, most: int) -> Verdict:
    if target.population == UNANSWERED:
        return "told" if high == 0 else "safe"
    if low == high and target.alone > 0:
        return "pinned"
    if high - low < min(APART, target.alone):
        return "narrowed"
    if most >= threshold("block_responses") and low * 100 >= threshold("block_share_percent") * most:
        return "nearly_all"
    return "safe"
