"""The disclosure rules, at the edge of each threshold."""

from itertools import pairwise, product
from math import sqrt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.contract.contract import DIMENSIONS, Dimension
from portal.publish.protection.protect import (
    all_times_shown,
    block_fits,
    conduct_shown,
    divide_times,
    enough_people,
    protect_people,
    quantile_shown,
    rungs_tried,
)

PEOPLE = [dimension for dimension in DIMENSIONS.values() if dimension.ladder]
HALVES = Dimension(
    "halves", "Halves", {"a": "A", "b": "B"}, {"a": 0.5, "b": 0.5}, {"a": ("a",), "b": ("b",)}, (("a", "b"),)
)


def different(count: int) -> pd.Series:
    return pd.Series([f"P{at}" for at in range(count)], dtype=object)


def is_shown(a: int, b: int) -> bool:
    categories = pd.Series(["a"] * a + ["b"] * b)
    return protect_people(HALVES, categories, different(a + b), a + b).counts is not None


def test_a_block_of_11_is_shown_and_one_of_10_hides_the_table() -> None:
    assert is_shown(11, 30)
    assert not is_shown(10, 31)
    assert not is_shown(31, 10)


def test_a_block_of_90_percent_hides_the_table() -> None:
    assert is_shown(178, 22)  # 89 %
    assert not is_shown(180, 20)  # 90 %


def test_11_responses_to_10_people_are_too_few_people() -> None:
    assert enough_people(different(11))
    assert not enough_people(different(10))
    assert not enough_people(pd.Series([*different(10), "P0"]))


def test_no_person_may_be_more_than_half_of_a_block() -> None:
    assert enough_people(pd.Series([*different(11), *["P0"] * 9]))  # 10 of 20
    assert not enough_people(pd.Series([*different(11), *["P0"] * 10]))  # 11 of 21


def test_responses_without_a_key_may_all_be_one_person() -> None:
    assert not enough_people(pd.Series([*different(9), "", "", ""]))
    assert enough_people(pd.Series([*different(10), "", "", ""]))


def test_a_rung_fits_by_the_planned_share_of_the_public_size_alone() -> None:
    for total in range(1, 400):
        for share in (.1, .35, .45):
            assert block_fits(total, share) == (total * share - 1.3 * sqrt(total * share * (1 - share)) >= 11)


@pytest.mark.parametrize("dimension", PEOPLE, ids=lambda which: which.id)
def test_a_larger_table_is_never_first_tried_on_a_coarser_rung(dimension: Dimension) -> None:
    rungs = [rungs_tried(dimension, total)[0] for total in range(5_000)]
    assert rungs == sorted(rungs, reverse=True)
    assert rungs[-1] == 0


@pytest.mark.parametrize("dimension", PEOPLE, ids=lambda which: which.id)
def test_rungs_are_nested_so_that_what_fails_on_one_fails_on_all_finer_ones(dimension: Dimension) -> None:
    for finer, coarser in pairwise(dimension.ladder):
        for block in finer:
            assert sum(set(dimension.covers[block]) <= set(dimension.covers[wide]) for wide in coarser) == 1


THIRDS = Dimension("thirds", "Thirds", dict.fromkeys("abc", ""), dict.fromkeys("abc", 1 / 3),
                   {"a": ("a",), "b": ("b",), "c": ("c",), "b_or_c": ("b", "c")}, (("a", "b", "c"), ("a", "b_or_c")))


@pytest.mark.parametrize("total", [48])
def test_who_tries_all_tables_learns_no_more_from_a_coarser_one_than_its_sums(total: int) -> None:
    """Every table of this size is published, and sorted by what is public of it. Whoever knows the rules can do so."""
    alike: dict[tuple[int, tuple[int, ...]], list[tuple[int, int, int]]] = {}
    for a, b in product(range(total + 1), repeat=2):
        if (c := total - a - b) >= 0:
            blocks = protect_people(THIRDS, pd.Series(["a"] * a + ["b"] * b + ["c"] * c), different(total), total)
            alike.setdefault((blocks.rung, tuple((blocks.counts or {}).values())), []).append((a, b, c))
    assert {len(shown) for _, shown in alike} == {0, 2, 3}
    for (_, shown), tables in alike.items():
        values = [{table[at] for table in tables} for at in range(3)]
        if len(shown) == 2:
            assert [(min(found), max(found)) for found in values] == [(shown[0], shown[0]), *[(0, shown[1])] * 2]
        elif not shown:
            assert [(min(found), max(found)) for found in values] == [(0, total)] * 3


def test_no_rung_groups_what_is_not_recorded_alone() -> None:
    gender = DIMENSIONS["gender"]
    assert [len(gender.ladder[rungs_tried(gender, 5_000, empty)[0]]) for empty in ((), ("another",))] == [3, 2]


def test_conduct_is_shown_with_its_zero_when_11_are_known_to_be_without() -> None:
    assert conduct_shown(0, 0, 11)
    assert not conduct_shown(0, 0, 10)
    assert conduct_shown(29, 0, 40)
    assert not conduct_shown(29, 1, 40)
    assert not conduct_shown(30, 0, 40)


def test_a_median_needs_22_times_and_a_90th_percentile_110() -> None:
    assert [quantile_shown(count, 50) for count in (21, 22)] == [False, True]
    assert [quantile_shown(count, 90) for count in (109, 110)] == [False, True]
    assert not quantile_shown(1_000, 90, divided=True), "of groups the slowest tenth is never shown"
    assert quantile_shown(22, 50, divided=True)
    assert [all_times_shown(different(count)) for count in (21, 22)] == [False, True]
    assert not all_times_shown(pd.Series([*different(10), *["P0", "P1"] * 8]))


def test_times_are_divided_only_if_each_block_has_a_median() -> None:
    def divided(a: int, b: int) -> bool:
        return divide_times(HALVES, pd.Series(["a"] * a + ["b"] * b), different(a + b)).counts is not None
    assert divided(22, 22)
    assert not divided(60, 21)


@given(
    dimension=st.sampled_from(PEOPLE),
    total=st.integers(0, 400),
    seed=st.randoms(use_true_random=False),
    pool=st.integers(1, 300),
)
def test_what_is_shown_adds_up_and_keeps_every_rule_or_nothing_is_shown(
    dimension: Dimension, total: int, seed: object, pool: int
) -> None:
    base = list(dimension.shares)
    weights = [seed.random() ** 2 for _ in base]  # type: ignore[attr-defined]
    categories = pd.Series(seed.choices(base, weights, k=total), dtype=object)  # type: ignore[attr-defined]
    persons = pd.Series([f"P{seed.randrange(pool)}" for _ in range(total)], dtype=object)  # type: ignore[attr-defined]
    blocks = protect_people(dimension, categories, persons, total)
    tried = rungs_tried(dimension, total)
    assert blocks.rung in (tried if blocks.counts else tried[-1:])
    if blocks.counts is not None:
        assert tuple(blocks.counts) == dimension.ladder[blocks.rung]
        assert sum(blocks.counts.values()) == total
        assert min(blocks.counts.values()) >= 11
        assert max(blocks.counts.values()) < .9 * total
        for block in blocks.counts:
            inside = persons[categories.isin(dimension.covers[block])]
            assert len(inside) == blocks.counts[block]
            assert inside.nunique() >= 11
