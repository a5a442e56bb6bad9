"""The range of a hidden number: its smallest and largest value in all worlds that agree with every public fact.

A *world* gives every unknown a whole number. For example, of two quarters with 8 and 5 responses in the categories a
and b, the release shows that a was 11 in both quarters together. The unknowns are a1, b1, a2, b2, and the facts

    a1 + b1 = 8        a2 + b2 = 5        a1 + a2 = 11

So a1 is at least 6 (a2 is at most 5), with the world 6, 2, 5, 0 as its *witness*, and at most 8, with the world
8, 0, 3, 2: the attacker knows a1 to within two.

Facts that share no unknown say nothing about each other, so the unknowns fall into *components*, solved one by one.
Each end of a range is first looked for by linear programs, in which numbers need not be whole; with choices ("not every
block is large enough"), by one for each way to choose. If the solution found is a world, it is the end and its witness;
only if it is not, a slower whole-number program is solved. HiGHS solves both.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from time import monotonic
from typing import overload

import highspy
import numpy as np
from highspy._core import _Highs as Highs  # the class around it prints a banner

from portal.publish.protection.attack_world import Choice, SumBounds, Terms, World

# HiGHS wants the same number of threads for every model of a process. The whole-number programs are so small that its
# heuristics cost more than they save: a program takes 2 ms without them, and 11 ms with them.
OPTIONS: dict[str, bool | float | str] = {
    "output_flag": False, "threads": 1, "mip_rel_gap": 0.0, "mip_abs_gap": 0.0, "presolve": "off",
    "mip_heuristic_effort": 0.0, "mip_detect_symmetry": False, "mip_heuristic_run_feasibility_jump": False,
    "mip_heuristic_run_zi_round": False, "mip_heuristic_run_rins": False, "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
}
LARGEST, SMALLEST = 1, -1
MOST_BRANCHES = 16  # ways to choose that are tried one by one: each takes 0.2 ms
Numbers = Mapping[int, int]  # unknown -> its number in one world


class NotSolved(Exception):
    """An end of a range was not found: a program has no solution, or time ran out. The publication stops."""


@dataclass(frozen=True)
class End:
    """One end of a range. `witness`: a world in which the number has that value; None where none was found."""

    value: int
    witness: Numbers | None


@dataclass
class Deadline:
    """How long the whole attack may take, in seconds."""

    limit: float

    def __post_init__(self) -> None:
        self.start = monotonic()

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return monotonic() - self.start

    def remaining(self) -> float:
        """The seconds that remain. Raises NotSolved when none do."""
        remaining = self.limit - self.seconds
        if remaining <= 0:
            raise NotSolved(f"it took longer than {self.limit:g} seconds")
        return remaining


@dataclass(frozen=True)
class Component:
    """Unknowns that are connected by facts or choices, and these. `upper`: the largest value of each unknown."""

    unknowns: tuple[int, ...]
    upper: Mapping[int, int]
    facts: tuple[SumBounds, ...]
    choices: tuple[Choice, ...]
    deadline: Deadline

    @cached_property
    def column(self) -> dict[int, int]:
        """The column of each unknown in a program."""
        return {unknown: column for column, unknown in enumerate(self.unknowns)}

    @cached_property
    def linear_program(self) -> Highs:
        """The program of the facts alone, in which numbers need not be whole."""
        return _program(self, integers=False)

    @cached_property
    def integer_program(self) -> Highs:
        """The program of facts and choices in whole numbers."""
        return _program(self, integers=True)

    @cached_property
    def branches(self) -> tuple[Highs, ...]:
        """A linear program for each way to choose one option of every choice; none where there are too many ways."""
        if not self.choices or math.prod(len(choice.options) for choice in self.choices) > MOST_BRANCHES:
            return ()
        return tuple(_program(replace(self, facts=(*self.facts, *options), choices=()), integers=False)
                     for options in product(*(choice.options for choice in self.choices)))

    def without_impossible_choices(self) -> "Component":
        """This component without the choices that no world agrees with: those tables are hidden for another reason (too
        few people, or the gate left them out), which says nothing about their blocks.
        """
        if not self.choices or self._is_possible(self.choices):
            return self
        possible = tuple(choice for choice in self.choices if self._is_possible((choice,)))
        return replace(self, choices=possible if self._is_possible(possible) else ())

    def _is_possible(self, choices: tuple[Choice, ...]) -> bool:
        program = replace(self, choices=choices).integer_program
        program.setOptionValue("time_limit", self.deadline.remaining())
        program.run()
        return bool(program.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    def end(self, terms: Terms, sign: int) -> End:
        """The largest (sign 1) or smallest (-1) value of a sum, and a world that has it. Raises NotSolved.

        A linear program allows more than whole numbers do, so no world lies beyond the end that it finds.
        """
        end = self._solve(self.linear_program, terms, sign)
        if end.witness is None and self.branches:
            ends = [found for branch in self.branches if (found := self._solve(branch, terms, sign, or_none=True))]
            end = max(ends, key=lambda found: (sign * found.value, found.witness is not None), default=end)
        return end if end.witness is not None else self._solve(self.integer_program, terms, sign)

    @overload
    def _solve(self, program: Highs, terms: Terms, sign: int) -> End: ...

    @overload
    def _solve(self, program: Highs, terms: Terms, sign: int, *, or_none: bool) -> End | None: ...

    def _solve(self, program: Highs, terms: Terms, sign: int, *, or_none: bool = False) -> End | None:
        """Solve one program. Raises NotSolved where it has no solution, or returns None with `or_none`."""
        columns = program.getNumCol()
        costs = np.zeros(columns)
        for unknown, times in terms.items():
            costs[self.column[unknown]] = times
        program.changeColsCost(columns, np.arange(columns, dtype=np.int32), costs)
        program.changeObjectiveSense(highspy.ObjSense.kMaximize if sign > 0 else highspy.ObjSense.kMinimize)
        program.setOptionValue("time_limit", self.deadline.remaining())
        program.run()
        status = program.getModelStatus()
        if or_none and status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise NotSolved(f"the solver ended with {program.modelStatusToString(status)!r}")
        optimum = program.getInfo().objective_function_value
        value = math.ceil(optimum - 1e-6) if sign < 0 else math.floor(optimum + 1e-6)
        numbers = dict(zip(self.unknowns, map(round, program.getSolution().col_value), strict=False))
        is_witness = _total(terms, numbers) == value and self.is_world(numbers)
        return End(value, numbers if is_witness else None)

    def is_world(self, numbers: Numbers) -> bool:
        """Whether whole numbers agree with every fact and choice, calculated without the solver."""
        def holds(fact: SumBounds) -> bool:
            return fact.low <= _total(fact.terms, numbers) <= fact.high
        return (all(0 <= numbers[unknown] <= self.upper[unknown] for unknown in self.unknowns)
                and all(holds(fact) for fact in self.facts)
                and all(any(holds(option) for option in choice.options) for choice in self.choices))


def _total(terms: Terms, numbers: Numbers) -> int:
    return sum(numbers[unknown] * times for unknown, times in terms.items())


def components(world: World, deadline: Deadline) -> tuple[list[Component], list[int]]:
    """The components of a world, and for each unknown the index of its component.

    For example, the facts a + b = 8, b + c = 5 and d = 3 make two components, (a, b, c) and (d); the indices are
    0, 0, 0, 1.
    """
    tied = [*(list(fact.terms) for fact in world.facts if fact.terms),
            *([term for option in choice.options for term in option.terms] for choice in world.choices)]
    part_of = _components(len(world.upper), tied)
    count = max(part_of, default=-1) + 1
    members: list[list[int]] = [[] for _ in range(count)]
    facts: list[list[SumBounds]] = [[] for _ in range(count)]
    choices: list[list[Choice]] = [[] for _ in range(count)]
    for unknown, index in enumerate(part_of):
        members[index].append(unknown)
    for fact in world.facts:
        if fact.terms:
            facts[part_of[next(iter(fact.terms))]].append(fact)
    for choice in world.choices:
        choices[part_of[next(iter(choice.options[0].terms))]].append(choice)
    return [Component(tuple(unknowns), {unknown: world.upper[unknown] for unknown in unknowns}, tuple(facts[index]),
                      tuple(choices[index]), deadline).without_impossible_choices()
            for index, unknowns in enumerate(members)], part_of


def _components(size: int, tied: Sequence[Sequence[int]]) -> list[int]:
    """For each of `size` unknowns the index of its connected component, numbered in order of their first unknown.
    `tied`: groups of unknowns that belong together. A union-find (disjoint-set) structure.
    """
    parent = list(range(size))

    def root(unknown: int) -> int:
        while parent[unknown] != unknown:
            parent[unknown] = parent[parent[unknown]]
            unknown = parent[unknown]
        return unknown

    for first, *others in tied:
        for other in others:
            parent[root(other)] = root(first)
    index: dict[int, int] = {}
    return [index.setdefault(root(unknown), len(index)) for unknown in range(size)]


def _program(component: Component, *, integers: bool) -> Highs:
    model = Highs()
    for option, value in OPTIONS.items():
        model.setOptionValue(option, value)
    for unknown in component.unknowns:
        model.addVar(0, component.upper[unknown])
    for fact in component.facts:
        _add_row(model, component, fact.terms, fact.low, fact.high)
    if integers:
        for column in range(len(component.unknowns)):
            model.changeColIntegrality(column, highspy.HighsVarType.kInteger)
        for choice in component.choices:
            _add_choice(model, component, choice)
    return model


def _add_row(model: Highs, component: Component, terms: Terms, low: float, high: float,
             extra: Sequence[tuple[int, float]] = ()) -> None:
    columns = [*(component.column[term] for term in terms), *(column for column, _ in extra)]
    weights = [*map(float, terms.values()), *(weight for _, weight in extra)]
    model.addRow(low, high, len(columns), np.array(columns, dtype=np.int32), np.array(weights))


def _add_choice(model: Highs, component: Component, choice: Choice) -> None:
    """A binary variable for each option, at least one of them 1. An option binds only where its variable is 1: "at most
    10 of up to 60" is the row x + 50·y <= 60, which says x <= 10 if y is 1, and nothing if y is 0.
    """
    variables = []
    for option in choice.options:
        binary = model.getNumCol()
        model.addVar(0, 1)
        model.changeColIntegrality(binary, highspy.HighsVarType.kInteger)
        variables.append(binary)
        most = sum(component.upper[term] for term in option.terms)
        if option.high < most:
            _add_row(model, component, option.terms, -highspy.kHighsInf, most, [(binary, float(most - option.high))])
        if option.low > 0:
            _add_row(model, component, option.terms, 0, highspy.kHighsInf, [(binary, -float(option.low))])
    model.addRow(1, highspy.kHighsInf, len(variables), np.array(variables, dtype=np.int32), np.ones(len(variables)))
