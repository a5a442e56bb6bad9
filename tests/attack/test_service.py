"""What the service's own numbers reveal about single calls: each naive rule is cracked, the contract's is not."""

import random

import pytest

from portal.contract.contract import threshold
from portal.publish.ingest.extract import Extract, read_extract
from portal.publish.ingest.mapping import read_mapping
from portal.publish.protection.attack import AttackedNumber, attack, attacker_knowledge
from portal.publish.protection.attack_service import add_unanswered
from portal.publish.protection.attack_world import SumBounds, Target, World
from portal.publish.synthetic.illustrate import illustrate
from portal.publish.synthetic.shipped import MAPPING
from portal.publish.tables.runs import service_clock
from portal.publish.tables.tabulate import monthly, tally, unanswered
from portal.release.periods import Quarter, quarters_of
from tests.attack import histories
from tests.attack.naive import Publisher, counts
from tests.attack.outsiders import visible_calls
from tests.attack.outsiders import world_of as outsiders_world

SEEDS = range(4)


def quarters(extract: Extract) -> tuple[Quarter, ...]:
    return quarters_of(extract.first_day, extract.last_day)


def by_month(extract: Extract) -> dict[str, tuple[int, int, int]]:
    """Of each month: calls, calls answered, and calls on duty that met the rule and were not."""
    tallies = tally(extract, [(extract.last_day, extract.last_day)])
    months = [month for quarter in quarters(extract) for month in quarter.months]
    totals = {key: numbers[0][2] for key, numbers in monthly(tallies, months).items()}
    calls = tallies.calls
    unanswered_on_duty = calls["staffed"].astype(bool) & calls["eligibility"].eq("eligible") & ~calls["response"]
    missed = calls.loc[unanswered_on_duty, "month"].value_counts()
    return {
        month.period_id: (
            int(totals["demand.received", month.period_id]),
            int(totals["response.met", month.period_id]),
            int(missed.get(month.period_id, 0)),
        )
        for month in months
    }


def world_of(totals: dict[str, tuple[int, int]]) -> World:
    """An attacker who knows the public totals of some periods."""
    world = World()
    world.totals = {"calls": {period: calls for period, (calls, _) in totals.items()},
                    "responses": {period: answered for period, (_, answered) in totals.items()}}
    return world


def count_told(world: World) -> int:
    return sum(cell.verdict == "told" for cell in attack(world).cracked)


def test_monthly_eligibility_reveals_that_the_team_came_to_a_known_call() -> None:
    """In a month in which all that could be answered were answered, every call on duty was."""
    cracked = 0
    for seed in SEEDS:
        months = by_month(histories.history(3, seed, 24))
        world = world_of({month: row[:2] for month, row in months.items()})
        add_unanswered(world, [((month,), missed) for month, (_, _, missed) in months.items()], [])
        cracked += count_told(world)
        all_answered = [month for month, (_, answered, missed) in months.items() if answered and not missed]
        assert count_told(world) == len(all_answered)
    assert cracked >= 10


@pytest.mark.parametrize("rate", [3, 5, 8])
def test_quarters_put_together_reveal_it_of_no_call(rate: int) -> None:
    book, passed = histories.gated_release(histories.history(rate, 1, 18), every=99)
    assert book.published("response.on_duty", "quarter", "run")
    assert passed.outcome.count("told") == 0
    assert any(cell.target.population == "calls not answered" for cell in passed.outcome.cells)
    for period in book.published("demand.eligible", "quarter", "run"):
        eligible = book.values(("demand.eligible", period.period_id))["calls", "eligible"]
        reasons = sum(book.values(("response.unmet_reason", period.period_id)).values())
        assert eligible - reasons == book.values(("response.on_duty", period.period_id))["responses", ""]


def test_single_quarters_reveal_it_now_and_then() -> None:
    cracked = 0
    for seed in range(40):
        extract = histories.history(3, seed, 12)
        tallies = tally(extract, [(extract.last_day, extract.last_day)])
        missed = unanswered(tallies, quarters(extract)) or {}
        totals = {quarter.id: (tallies.count(quarter, "calls"), tallies.count(quarter, "responses"))
                  for quarter in missed}
        world = world_of(totals)
        add_unanswered(world, [((quarter.id,), number) for quarter, number in missed.items()], [])
        cracked += count_told(world)
        waits = world_of(totals)
        answered = {quarter: totals[quarter.id][1] for quarter in missed}
        closed = service_clock(answered, missed).closed
        add_unanswered(waits, [(tuple(quarter.id for quarter in run), sum(missed[quarter] for quarter in run))
                         for run in closed], [])
        assert not count_told(waits)
    assert cracked


def test_a_wait_says_zero_one_or_two_and_never_which() -> None:
    world = world_of({"2026-Q2": (300, 15), "2026-Q3": (300, 14)})
    add_unanswered(world, [(("2026-Q2", "2026-Q3"), 3)], [("2026-Q2",)])
    assert [(cell.low, cell.high) for cell in attack(world).cells] == [(0, 2), (1, 3)]


def test_answered_less_eligible_singles_out_the_one_call_outside_the_rule() -> None:
    """Responses − (eligible − reasons), each exact by month and each strictly by the rule, is the number of answered
    calls that did not meet it. Where what was answered counts as eligible, the difference is always 0.
    """
    singled = 0
    for seed in SEEDS:
        extract = histories.history(5, seed, 24)
        tallies = tally(extract, [(extract.last_day, extract.last_day)])
        calls, met = tallies.calls, tallies.calls["eligibility"].eq("eligible")
        for month in {call for call in calls["month"] if call}:
            in_month = calls["month"].eq(month)
            eligible, reasons = int((in_month & met).sum()), int((in_month & met & ~calls["response"]).sum())
            responses = int((in_month & calls["response"]).sum())
            world = World()
            world.totals["responses"] = {month: responses}
            variable = world.unknown(("answered outside the rule", "", month, ""), responses)
            difference = responses - (eligible - reasons)
            world.facts.append(SumBounds({variable: 1}, difference, difference))
            world.targets.append(Target("answered outside the rule", "", (month,), ("",), responses))
            outside = int((in_month & calls["response"] & ~met).sum())
            cell, = attack(world).cells
            assert (cell.low, cell.high) == (outside, outside)
            singled += cell.verdict == "pinned" and outside == 1
    assert singled >= 10


@pytest.fixture(scope="module")
def pilot(tmp_path_factory: pytest.TempPathFactory) -> Extract:
    """A made-up extract with its roster: some 6 responses a month."""
    path = tmp_path_factory.mktemp("outsiders") / "extract.csv"
    return read_extract(path, read_mapping(MAPPING), illustrate(path, months=12))


@pytest.mark.parametrize("knows", [0, 3, 10])
def test_what_outsiders_have_reveals_of_no_call_that_the_team_came(knows: int, pilot: Extract) -> None:
    team = [at for at, answered in enumerate(pilot.calls["answered_by"].eq("team")) if answered]
    calls = visible_calls(pilot, random.Random(knows).sample(team, knows))
    tallies = tally(pilot, [(pilot.last_day, pilot.last_day)])
    missed = unanswered(tallies, quarters(pilot)) or {}
    answered = {quarter: tallies.count(quarter, "responses") for quarter in missed}
    runs = service_clock(answered, missed).closed
    published = [([month.period_id for quarter in run for month in quarter.months],
                  sum(missed[quarter] for quarter in run)) for run in runs]
    world, kinds = outsiders_world(calls, published)
    cells = attack(world).cells
    assert len(cells) == len(kinds) > 20
    assert [kind for kind, cell in zip(kinds, cells, strict=True) if cell.low == kind.size > kind.known] == []
    assert any(cell.high > kind.known for kind, cell in zip(kinds, cells, strict=True))


def test_every_union_of_categories_stays_hidden() -> None:
    """Not the groups of the ladders alone: every set of base categories, by quarter and by run."""
    book, _ = histories.gated_release(histories.history(8, 3, 15), every=99)
    world = attacker_knowledge([book], unions=True)
    outcome = attack(world)
    assert outcome.safe
    assert len(outcome.cells) > 3000


def test_a_second_clock_reveals_a_quarter_by_subtraction() -> None:
    """Arrests by runs of two quarters, and force beside them by runs that begin a quarter later: each by itself hides
    every quarter.
    """
    publisher = Publisher(counts(8, 1, (.97, .03), 4))
    for run in ([0, 1], [2, 3]):
        publisher.publish(run, [1])
    publisher.add_target([1], [1])
    assert attack(publisher.world).cells[0].verdict != "pinned"
    for run in ([0], [1, 2], [3]):
        publisher.publish(run, [1])
    assert attack(publisher.world).cells[0].verdict == "pinned"


def left_out_in_the_newest_quarter(*counts: tuple[tuple[str, ...], int, int]) -> AttackedNumber:
    """What the attacker finds of the rows left out in 2026-Q3. `counts`: quarters, least and most of their sum."""
    world, quarters = World(), ("2026-Q2", "2026-Q3")
    world.totals["responses"] = dict.fromkeys(quarters, 1000)
    for quarter in quarters:
        world.unknown(("left out", "", quarter, ""), 1000)
    world.facts += [SumBounds(world.sum_of("left out", "", some, [""]), low, high) for some, low, high in counts]
    world.targets.append(Target("left out", "", ("2026-Q3",), ("",), 1000))
    cell, = attack(world).cells
    return cell


def test_cumulative_counts_of_rows_left_out_reveal_those_of_one_quarter() -> None:
    """Two releases that each say how many rows were left out of all so far: 7, then 8."""
    cell = left_out_in_the_newest_quarter((("2026-Q2",), 7, 7), (("2026-Q2", "2026-Q3"), 8, 8))
    assert (cell.low, cell.high, cell.verdict) == (1, 1, "pinned")


def test_of_each_release_alone_and_in_two_words_ten_values_are_left() -> None:
    few = threshold("block_responses") - 1  # "fewer than 11"
    cell = left_out_in_the_newest_quarter((("2026-Q2",), 0, few), (("2026-Q3",), 0, few))
    assert (cell.low, cell.high, cell.verdict) == (0, 10, "safe")


def test_a_detail_without_its_single_runs_reveals_the_hidden_one() -> None:
    """Four quarters by fine groups, three of them also by coarse ones: the fourth follows, though it is not shown."""
    publisher = Publisher(counts(60, 2, (.3, .3, .3, .1), 4))
    coarse = ([0, 1], [2, 3])
    for quarter in range(3):
        for block in coarse:
            publisher.publish([quarter], block)
    publisher.add_target([3], [0, 1])
    assert attack(publisher.world).safe
    for category in range(4):
        publisher.publish(range(4), [category])
    assert attack(publisher.world).cells[0].verdict == "pinned"
