"""How far an unknown number can be told: its smallest and largest value in all whole-number worlds that agree with
every fact, each end with such a world as its witness.

Facts that share no unknown say nothing about each other, so a world falls into parts that are solved alone, by linear
programs. A choice ("not all blocks are large enough") makes one for each of its options. Only where no best corner is a
whole-number world a whole-number program is solved. HiGHS solves both.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from time import monotonic
from typing import overload

import highspy
import numpy as np
from highspy._core import _Highs as Highs  # the class around it prints a banner

from portal.publish.protection.attack_world import Choice, Fact, Terms, World

# HiGHS wants the same number of threads for every model of a process. The whole-number programs are so small that its
# searches for a first good solution cost more than they save: without them one takes 2 ms, with them 11.
OPTIONS: dict[str, bool | float | str] = {
    "output_flag": False, "threads": 1, "mip_rel_gap": 0.0, "mip_abs_gap": 0.0, "presolve": "off",
    "mip_heuristic_effort": 0.0, "mip_detect_symmetry": False, "mip_heuristic_run_feasibility_jump": False,
    "mip_heuristic_run_zi_round": False, "mip_heuristic_run_rins": False, "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
}
LARGEST, SMALLEST = 1, -1
MOST_BRANCHES = 16  # ways to choose that are tried one by one: each takes a fifth of a millisecond
Numbers = Mapping[int, int]  # unknown -> its number in one world


class NotSolved(Exception):
    """An end of a range was not found: a program has no solution, or no time was left. The publication stops."""


@dataclass(frozen=True)
class End:
    """One end of a range, and a world in which the number is just that; no world where none of whole numbers is."""

    value: int
    witness: Numbers | None


@dataclass
class Clock:
    """How long the whole attack may take, in seconds."""

    limit: float

    def __post_init__(self) -> None:
        self.start = monotonic()

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return monotonic() - self.start

    def left(self) -> float:
        """What is left. Raises NotSolved when nothing is."""
        left = self.limit - self.seconds
        if left <= 0:
            raise NotSolved(f"it took longer than {self.limit:g} seconds")
        return left


@dataclass(frozen=True)
class Part:
    """Unknowns that facts tie to each other, with these facts."""

    unknowns: tuple[int, ...]
    upper: Mapping[int, int]
    facts: tuple[Fact, ...]
    choices: tuple[Choice, ...]
    clock: Clock

    @cached_property
    def place(self) -> dict[int, int]:
        """The column of each unknown."""
        return {unknown: at for at, unknown in enumerate(self.unknowns)}

    @cached_property
    def relaxed(self) -> Highs:
        """The linear program: whole or not."""
        return _model(self, whole=False)

    @cached_property
    def whole(self) -> Highs:
        """The whole-number program, with a yes or no for each option of a choice."""
        return _model(self, whole=True)

    def believable(self) -> "Part":
        """This part without the choices that no world agrees with: those tables are not shown for another reason (too
        few people, or the gate left them out), and say nothing of their blocks.
        """
        if not self.choices or self._possible(self.choices):
            return self
        alone = [choice for choice in self.choices if self._possible((choice,))]
        kept = tuple(alone) if self._possible(tuple(alone)) else ()
        return Part(self.unknowns, self.upper, self.facts, kept, self.clock)

    def _possible(self, choices: tuple[Choice, ...]) -> bool:
        model = Part(self.unknowns, self.upper, self.facts, choices, self.clock).whole
        model.setOptionValue("time_limit", self.clock.left())
        model.run()
        return bool(model.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    @cached_property
    def branches(self) -> tuple[Highs, ...]:
        """A linear program for each way to choose one option of every choice; none where there are too many ways."""
        if not self.choices or math.prod(len(choice.options) for choice in self.choices) > MOST_BRANCHES:
            return ()
        return tuple(_model(replace(self, facts=(*self.facts, *options), choices=()), whole=False)
                     for options in product(*(choice.options for choice in self.choices)))

    def end(self, terms: Terms, sign: int) -> End:
        """The largest (sign 1) or smallest (-1) value of a sum, and a world that has it. Raises NotSolved.

        Linear programs first: the one without the choices, then one for each way to choose. No world lies beyond their
        end; where a solution of theirs at that end is a world itself, the far slower whole-number program isn't needed.
        """
        solved = self._solve(self.relaxed, terms, sign)
        if solved.witness is None and self.branches:
            ends = [end for model in self.branches if (end := self._solve(model, terms, sign, or_none=True))]
            solved = max(ends, key=lambda end: (sign * end.value, end.witness is not None), default=solved)
        return solved if solved.witness is not None else self._solve(self.whole, terms, sign)

    @overload
    def _solve(self, model: Highs, terms: Terms, sign: int) -> End: ...

    @overload
    def _solve(self, model: Highs, terms: Terms, sign: int, *, or_none: bool) -> End | None: ...

    def _solve(self, model: Highs, terms: Terms, sign: int, *, or_none: bool = False) -> End | None:
        """Solve one program. Raises NotSolved where it has no solution, or gives None with `or_none`."""
        columns = model.getNumCol()
        costs = np.zeros(columns)
        for unknown, often in terms.items():
            costs[self.place[unknown]] = often
        model.changeColsCost(columns, np.arange(columns, dtype=np.int32), costs)
        model.changeObjectiveSense(highspy.ObjSense.kMaximize if sign > 0 else highspy.ObjSense.kMinimize)
        model.setOptionValue("time_limit", self.clock.left())
        model.run()
        status = model.getModelStatus()
        if or_none and status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise NotSolved(f"the solver ended with {model.modelStatusToString(status)!r}")
        found = model.getInfo().objective_function_value
        value = math.ceil(found - 1e-6) if sign < 0 else math.floor(found + 1e-6)
        numbers = dict(zip(self.unknowns, (round(one) for one in model.getSolution().col_value), strict=False))
        agrees = sum(numbers[one] * often for one, often in terms.items()) == value and self.agrees(numbers)
        return End(value, numbers if agrees else None)

    def agrees(self, numbers: Numbers) -> bool:
        """Whether whole numbers agree with all that is known, reckoned without the solver."""
        def holds(fact: Fact) -> bool:
            return fact.low <= sum(numbers[one] * often for one, often in fact.terms.items()) <= fact.high
        return (all(0 <= numbers[unknown] <= self.upper[unknown] for unknown in self.unknowns)
                and all(holds(fact) for fact in self.facts)
                and all(any(holds(fact) for fact in choice.options) for choice in self.choices))


def parts(world: World, limit: Clock) -> tuple[list[Part], list[int]]:
    """The parts a world falls into, and for each unknown the number of its part."""
    root = list(range(len(world.upper)))

    def find(one: int) -> int:
        while root[one] != one:
            root[one] = root[root[one]]
            one = root[one]
        return one

    def tie(unknowns: Iterable[int]) -> None:
        first, *others = map(find, unknowns)
        for other in others:
            root[find(other)] = find(first)

    tied = [*world.facts, *(Fact({term: 1 for option in choice.options for term in option.terms}, 0, 0)
                            for choice in world.choices)]
    for fact in tied:
        if fact.terms:
            tie(fact.terms)
    members: dict[int, list[int]] = {}
    for one in range(len(root)):
        members.setdefault(find(one), []).append(one)
    number = {first: at for at, first in enumerate(members)}
    facts: list[list[Fact]] = [[] for _ in members]
    choices: list[list[Choice]] = [[] for _ in members]
    for fact in world.facts:
        if fact.terms:
            facts[number[find(next(iter(fact.terms)))]].append(fact)
    for choice in world.choices:
        choices[number[find(next(iter(choice.options[0].terms)))]].append(choice)
    found = [Part(tuple(ones), {one: world.upper[one] for one in ones}, tuple(facts[at]), tuple(choices[at]),
                  limit).believable() for at, ones in enumerate(members.values())]
    return found, [number[find(one)] for one in range(len(root))]


def _model(part: Part, *, whole: bool) -> Highs:
    model = Highs()
    for option, value in OPTIONS.items():
        model.setOptionValue(option, value)
    for unknown in part.unknowns:
        model.addVar(0, part.upper[unknown])
    for fact in part.facts:
        _row(model, part, fact.terms, fact.low, fact.high)
    if whole:
        for at in range(len(part.unknowns)):
            model.changeColIntegrality(at, highspy.HighsVarType.kInteger)
        for choice in part.choices:
            _choice(model, part, choice)
    return model


def _row(model: Highs, part: Part, terms: Terms, low: float, high: float,
         extra: Sequence[tuple[int, float]] = ()) -> None:
    columns = [*(part.place[term] for term in terms), *(column for column, _ in extra)]
    weights = [*map(float, terms.values()), *(weight for _, weight in extra)]
    model.addRow(low, high, len(columns), np.array(columns, dtype=np.int32), np.array(weights))


def _choice(model: Highs, part: Part, choice: Choice) -> None:
    """One yes or no an option, at least one of them yes; a no takes the option's fact away."""
    answers = []
    for option in choice.options:
        yes = model.getNumCol()
        model.addVar(0, 1)
        model.changeColIntegrality(yes, highspy.HighsVarType.kInteger)
        answers.append(yes)
        most = sum(part.upper[term] for term in option.terms)
        if option.high < most:
            _row(model, part, option.terms, -highspy.kHighsInf, most, [(yes, float(most - option.high))])
        if option.low > 0:
            _row(model, part, option.terms, 0, highspy.kHighsInf, [(yes, -float(option.low))])
    model.addRow(1, highspy.kHighsInf, len(answers), np.array(answers, dtype=np.int32), np.ones(len(answers)))
