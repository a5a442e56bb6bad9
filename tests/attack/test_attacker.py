"""An attacker that cracks nothing shows nothing: naive rules, and each link that is known to crack, are cracked."""

import numpy as np
import pytest

from portal.publish.protection.attack import Outcome, attack
from portal.publish.protection.attack_world import SumBounds, Target
from tests.attack.naive import DIMENSION, Publisher, counts, quarters_and_years

SHARES = (.36, .24, .12, .10, .08, .08, .02)


def verdict_share(outcome: Outcome, *verdicts: str) -> float:
    """Of the numbers that were to be hidden, how many came out so."""
    assert not outcome.stopped
    assert outcome.targets
    return sum(cell.verdict in verdicts for cell in outcome.cells) / outcome.targets


@pytest.mark.parametrize(("rate", "threshold", "least"), [(3, 5, .08), (20, 5, .5), (60, 5, .8), (60, 11, .4)])
def test_hiding_small_numbers_is_cracked(rate: float, threshold: int, least: float) -> None:
    pinned = []
    for seed in range(3):
        publisher = Publisher(counts(rate, seed, SHARES))
        publisher.publish_hiding_small(threshold, quarters_and_years(12))
        pinned.append(verdict_share(attack(publisher.world), "pinned"))
    assert np.mean(pinned) >= least


def test_rounding_to_five_is_narrowed() -> None:
    publisher = Publisher(counts(20, 1, SHARES))
    for quarter in range(12):
        for category in range(7):
            value = publisher.number([quarter], [category])
            publisher.publish_range([quarter], [category], *((value, value) if value == 0 else (1, 7) if value < 8 else
                                                             (5 * round(value / 5) - 2, 5 * round(value / 5) + 2)))
            publisher.add_target([quarter], [category])
    assert verdict_share(attack(publisher.world), "pinned", "narrowed") > .5


def windows(publisher: Publisher, length: int, blocks: list[list[int]], step: int) -> None:
    """Every window of so many quarters in which all blocks are large enough."""
    for start in range(0, 13 - length, step):
        span = range(start, start + length)
        if all(publisher.number(span, block) >= 11 for block in blocks):
            for block in blocks:
                publisher.publish(span, block)


def test_rolling_windows_are_cracked_where_runs_are_not() -> None:
    blocks, found = [[0, 1], [2, 3, 4, 5, 6]], {}
    for step in (1, 4):
        cracked = 0
        for seed in range(4):
            publisher = Publisher(counts(5, seed, SHARES))
            windows(publisher, 4, blocks, step)
            for quarter in range(12):
                for block in blocks:
                    publisher.add_target([quarter], block)
            outcome = attack(publisher.world)
            assert not outcome.stopped
            cracked += len(outcome.cracked)
        found[step] = cracked
    assert found[1] > 0
    assert found[4] == 0


def test_calendar_years_beside_runs_are_cracked() -> None:
    table = np.array([[9, 7], [12, 9], [11, 8], [8, 9], [13, 6], [10, 8], [9, 9], [12, 7]])
    publisher = Publisher(table)
    for run in ([0, 1, 2], [3, 4, 5], [0, 1, 2, 3]):  # the last is the year
        for category in (0, 1):
            publisher.publish(run, [category])
    publisher.add_target([3], [0])
    assert [cell.verdict for cell in attack(publisher.world).cells] == ["pinned"]


def test_a_to_date_table_with_blocks_of_its_own_is_cracked() -> None:
    table = np.array([[20, 12, 14], [22, 13, 4]])
    publisher = Publisher(table)
    publisher.publish([0], [0])  # the first run: category 0, and 1 with 2
    publisher.publish([0], [1, 2])
    publisher.publish([0, 1], [0, 1])  # to date: 0 with 1, and 2
    publisher.publish([0, 1], [2])
    publisher.add_target([0], [2])
    assert attack(publisher.world).cells[0].verdict == "safe"
    publisher.publish([1], [1])  # and the second run, with other blocks again
    publisher.publish([1], [0, 2])
    publisher.add_target([0], [1])
    publisher.add_target([0], [0])
    publisher.publish([1], [0])
    assert verdict_share(attack(publisher.world), "pinned") > .5


def test_a_second_table_on_an_attribute_is_cracked() -> None:
    """Involuntary (category 2), yes or no, beside an outcome table in which it is merged."""
    publisher = Publisher(np.array([[20, 10, 12, 8]]))
    publisher.publish([0], [0])
    publisher.publish([0], [1, 2])
    publisher.publish([0], [3, 0])
    publisher.add_target([0], [1])
    assert attack(publisher.world).cells[0].verdict == "safe"
    publisher.publish([0], [2])
    assert attack(publisher.world).cells[0].verdict == "pinned"


def test_custody_inside_the_outcome_is_cracked_by_the_exact_arrests() -> None:
    publisher = Publisher(np.array([[30, 9, 3, 0]]))  # category 2 is custody, merged with 1
    publisher.publish([0], [0, 3])
    publisher.publish([0], [1, 2])
    publisher.add_target([0], [1])
    assert attack(publisher.world).cells[0].verdict == "safe"
    publisher.publish([0], [2])  # arrests, as conduct
    assert attack(publisher.world).cells[0].verdict == "pinned"


Blocks = list[tuple[list[int], list[int]]]  # rows, columns


def two_way(table: np.ndarray, margins: Blocks, blocks: Blocks) -> Outcome:
    """Attack a table of two attributes over one long run: its blocks, and blocks of its margins."""
    rows, columns = table.shape
    publisher = Publisher(table.reshape(1, -1))

    def publish(inside: list[int], across: list[int]) -> None:
        publisher.publish([0], [row * columns + column for row in inside for column in across])
    for inside, across in margins + blocks:
        publish(inside, across)
    for row in range(rows):
        for column in range(columns):
            publisher.add_target([0], [row * columns + column])
    return attack(publisher.world)


def test_a_two_way_table_with_free_margins_is_cracked_and_with_coarse_ones_is_not() -> None:
    table, every = np.array([[15, 14, 1], [13, 16, 11], [12, 3, 17]]), [0, 1, 2]
    coarse: Blocks = [([0], [0, 1, 2]), ([1, 2], [0, 1, 2])]
    blocks = [([0], [0, 1]), ([1, 2], [0, 1]), ([1, 2], [2])]
    free = [([row], every) for row in every] + [(every, [column]) for column in every]
    assert verdict_share(two_way(table, free, blocks), "pinned") > 0
    allowed = [([1, 2], [0, 1]), ([1, 2], [2]), ([0], every)]
    assert verdict_share(two_way(table, coarse, allowed), "pinned", "narrowed") == 0


def test_two_releases_subtracted_give_the_late_record_away() -> None:
    """A restated quarter: the difference is the one response that came late, with its category."""
    publisher = Publisher(np.array([[14, 12, 13], [0, 1, 0]]))  # the second row is what was added
    publisher.publish([0], [0])
    publisher.publish([0], [1])
    for category in (0, 1):
        publisher.publish([0, 1], [category])
        publisher.add_target([1], [category])
    assert verdict_share(attack(publisher.world), "pinned") == 1


def test_a_smaller_denominator_is_cracked() -> None:
    """Offered (1, 2, 3), accepted (2, 3), kept (3): each exact as the denominator of the next."""
    publisher = Publisher(np.array([[13, 4, 12, 13]]))
    for inside in ([1, 2, 3], [2, 3], [3]):
        publisher.publish([0], inside)
    publisher.add_target([0], [1])
    publisher.add_target([0], [2])
    assert attack(publisher.world).cells[0].verdict == "pinned"


def test_a_percentage_of_a_hidden_denominator_narrows_it() -> None:
    publisher = Publisher(np.array([[31, 4, 9]]))
    publisher.publish([0], [0])
    publisher.add_target([0], [1])
    assert attack(publisher.world).cells[0].verdict == "safe"
    low, high = publisher.terms([0], [1]), publisher.terms([0], [2])  # 30.8 % of those not in the first group
    facts = publisher.world.facts
    facts.append(SumBounds({**dict.fromkeys(low, 10_000 - 3_075), **dict.fromkeys(high, -3_075)}, 0, 10**6))
    facts.append(SumBounds({**dict.fromkeys(low, 10_000 - 3_085), **dict.fromkeys(high, -3_085)}, -10**6, 0))
    assert attack(publisher.world).cells[0].verdict == "pinned"


def test_that_all_are_in_one_group_is_found() -> None:
    publisher = Publisher(np.array([[118, 4, 3]]))
    publisher.publish_range([0], [0], 113, 124)  # eleven values are left, and each says the same of nearly everybody
    publisher.add_target([0], [0])
    assert attack(publisher.world).cells[0].verdict == "nearly_all"


def test_a_quarter_without_any_response_is_no_finding() -> None:
    publisher = Publisher(np.array([[20, 21], [0, 0]]))
    publisher.publish([0, 1], [0])
    publisher.add_target([1], [0])
    cell = attack(publisher.world).cells[0]
    assert (cell.low, cell.high, cell.verdict) == (0, 0, "safe"), "the public total says so by itself"


def test_contradictions_and_time_limits_stop_it() -> None:
    publisher = Publisher(np.array([[20, 21]]))
    publisher.add_target([0], [0])
    publisher.publish_range([0], [0], 42, 50)
    outcome = attack(publisher.world)
    assert not outcome.safe
    assert "Infeasible" in outcome.stopped
    unlimited = Publisher(np.array([[20, 21]]))
    unlimited.add_target([0], [0])
    late = attack(unlimited.world, limit=0)
    assert not late.safe
    assert "longer than 0 seconds" in late.stopped
    assert late.count("unaudited") == 1


def test_contradictory_publications_stop_the_attack() -> None:
    publisher = Publisher(np.array([[20, 21]]))
    publisher.world.contradictions.append(("response.met", "2026-Q2"))
    assert "two ways" in attack(publisher.world).stopped


def test_a_target_nobody_can_place_is_not_skipped() -> None:
    publisher = Publisher(np.array([[20, 21]]))
    publisher.world.targets.append(Target("people", DIMENSION, ("Q0",), ("nothing",), 41))
    with pytest.raises(KeyError):
        attack(publisher.world)
