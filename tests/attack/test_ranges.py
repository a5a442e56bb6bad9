"""The ranges themselves: solver, closed form and brute force say the same, and each end has its witness."""

from itertools import chain, combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.contract.contract import DIMENSIONS
from portal.publish.protection.attack_bounds import LARGEST, SMALLEST, Deadline, components
from portal.publish.protection.attack_closed import possible_ranges
from portal.publish.protection.attack_world import Choice, Shape, SumBounds, Target, World, rule_failure

BASE = DIMENSIONS["housing"].base
BLOCKS = ((BASE[0],), BASE[1:])


def world(quarters: list[list[int]], hidden: bool, least: int, *, coarser: bool = False) -> World:
    """A run of quarters by the three categories of housing: its two blocks published, or one of them too small.
    `coarser`: whether the second block is shown because one of its two categories was too small.
    """
    result = World()
    names = [f"Q{at}" for at in range(len(quarters))]
    totals = [sum(quarter) for quarter in quarters]
    result.totals["responses"] = dict(zip(names, totals, strict=True))
    for name, total in zip(names, totals, strict=True):
        for category in BASE:
            result.unknown(("responses", "housing", name, category), total)
        result.facts.append(_fact(result, [name], BASE, total, total))
    sums = [sum(row[BASE.index(category)] for row in quarters for category in block) for block in BLOCKS]
    total = sum(totals)
    if hidden:
        most = -(-9 * total // 10)
        terms = [result.sum_of("responses", "housing", names, block) for block in BLOCKS]
        result.choices.append(rule_failure(terms, least, most, total, ("equity.housing", "run")))
        result.shapes["responses", "housing"] = [Shape(tuple(names), {}, BLOCKS, least, most, total)]
    else:
        for block, value in zip(BLOCKS, sums, strict=True):
            result.facts.append(_fact(result, names, block, value, value))
        failed = tuple((category,) for category in BLOCKS[1]) if coarser else ()
        if coarser:
            result.choices.append(Choice(tuple(_fact(result, names, block, 0, least - 1) for block in failed)))
        result.shapes["responses", "housing"] = [
            Shape(tuple(names), dict(zip(BLOCKS, sums, strict=True)), failed, least)]
    return result


def _fact(attacked: World, quarters: list[str], categories: tuple[str, ...], low: int, high: int) -> SumBounds:
    return SumBounds(attacked.sum_of("responses", "housing", quarters, categories), low, high)


def holds(attacked: World, numbers: tuple[int, ...]) -> bool:
    """Whether a world agrees, tried by hand."""
    def fits(fact: SumBounds) -> bool:
        return fact.low <= sum(numbers[unknown] * weight for unknown, weight in fact.terms.items()) <= fact.high
    return all(map(fits, attacked.facts)) and all(any(map(fits, choice.options)) for choice in attacked.choices)


counts = st.lists(st.lists(st.integers(0, 3), min_size=3, max_size=3), min_size=1, max_size=2)


@settings(deadline=None, max_examples=40)
@given(counts, st.sampled_from(["shown", "coarser", "hidden"]), st.integers(1, 4))
def test_solver_closed_form_and_brute_force_agree(quarters: list[list[int]], table: str, least: int) -> None:
    attacked = world(quarters, table == "hidden", least, coarser=table == "coarser")
    worlds = [world_ for world_ in product(*(range(most + 1) for most in attacked.upper)) if holds(attacked, world_)]
    found, of = components(attacked, Deadline(60))
    for names in (("Q0",), tuple(attacked.totals["responses"])):
        for categories in ((BASE[0],), (BASE[2],), BASE[1:]):
            target = Target("responses", "housing", names, categories, 99)
            terms = attacked.sum_of("responses", "housing", names, categories)
            values = sorted({sum(world_[at] for at in terms) for world_ in worlds})
            ends = []
            for sign in (SMALLEST, LARGEST):
                inside = [{at: 1 for at in terms if of[at] == part} for part in {of[at] for at in terms}]
                solved = [found[of[next(iter(group))]].end(group, sign) for group in inside]
                assert all(end.witness is not None for end in solved)
                ends.append(sum(end.value for end in solved))
            assert ends == [values[0], values[-1]]
            ranges = possible_ranges(attacked, target)
            assert ranges is not None
            assert [value for low, high in ranges for value in range(low, high + 1)] == values, "holes as well"


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(st.integers(0, 60), min_size=3, max_size=3), min_size=1, max_size=3))
def test_that_a_finer_rung_failed_moves_no_end_of_a_range(quarters: list[list[int]]) -> None:
    plain, coarser = (world(quarters, False, 11, coarser=failed) for failed in (False, True))
    for spans in chain.from_iterable(combinations(plain.totals["responses"], size) for size in range(1, 4)):
        for categories in (*((category,) for category in BASE), *combinations(BASE, 2)):
            target = Target("responses", "housing", spans, categories, 99)
            before, after = possible_ranges(plain, target), possible_ranges(coarser, target)
            assert before and after
            assert (before[0][0], before[-1][1]) == (after[0][0], after[-1][1])


def test_a_table_not_shown_that_cannot_have_been_too_small_reveals_nothing() -> None:
    """It failed for its people, or the gate left it out: the choice is not believed, and nothing stops."""
    attacked = world([[3, 3, 3]], hidden=False, least=2)
    terms = [attacked.sum_of("responses", "housing", ["Q0"], block) for block in BLOCKS]
    attacked.choices.append(rule_failure(terms, 2, 9, 9, ("equity.housing", "run")))
    assert all(part.choices == () for part in components(attacked, Deadline(60))[0])
    assert isinstance(attacked.choices[0], Choice)
