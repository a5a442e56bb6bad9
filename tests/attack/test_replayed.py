"""Cracks replayed on the pipeline's own output: a made-up extract is published and attacked; then one rule is taken
away, or one number added that must not be there, and the attacker finds it.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from portal.contract.contract import DIMENSIONS, MEASURES, Dimension
from portal.publish.ingest.extract import Extract
from portal.publish.protection import gate, protect
from portal.publish.protection.attack import Outcome, attack, attacker_knowledge
from portal.publish.protection.attack_world import SumBounds, World, quarters_in
from portal.publish.protection.gate import GateResult
from portal.release.book import PublicBook
from portal.release.verify_numbers import differing_numbers
from tests.attack import histories
from tests.attack.orders import by_order
from tests.attack.records import true_records

EIGHT = histories.history(8, 0, 24)
PEOPLE = [
    measure
    for measure in MEASURES.values()
    if measure.kind == "people" and measure.dimension and measure.unit != "minutes"
]


@pytest.fixture(scope="module")
def eight() -> tuple[PublicBook, GateResult]:
    return histories.gated_release(EIGHT, every=99)


def spans(book: PublicBook, world: World, table: str) -> list[tuple[str, tuple[str, ...]]]:
    """The runs in which a table is shown, each with its quarters."""
    return [(run.period_id, quarters_in(book, MEASURES[table], run.period_id, world.totals["responses"]))
            for run in book.published(table, "run")]


def ranges_of(outcome: Outcome) -> list[tuple[int, int]]:
    assert not outcome.stopped, outcome.stopped
    return [(cell.low, cell.high) for cell in outcome.cells]


# ---- rates and smaller denominators ----------------------------------------------------------------------------------

def test_shares_of_published_numbers_add_nothing(eight: tuple[PublicBook, GateResult]) -> None:
    """Every share that both its numbers allow, rounded to a whole percent, as a fact of the joint attack."""
    world, shares_added = attacker_knowledge([eight[0]]), 0
    for measure in PEOPLE:
        if measure.over == "calls":
            continue
        for period, quarters in spans(eight[0], world, measure.id):
            values = eight[0].values((measure.id, period))
            for (_, block), value in values.items():
                percent = round(100 * value / sum(values.values()))
                inside, dimension = set(DIMENSIONS[measure.dimension].covers[block]), DIMENSIONS[measure.dimension]
                for edge, low, high in ((2 * percent - 1, 0, 10**6), (2 * percent + 1, -10**6, 0)):
                    world.facts.append(SumBounds({
                        at: (200 if category in inside else 0) - edge for category in dimension.base
                        for at in world.sum_of(measure.over, dimension.id, quarters, [category])}, low, high))
                shares_added += 1
    assert shares_added > 50
    assert ranges_of(attack(world)) == ranges_of(attack(attacker_knowledge([eight[0]])))


def test_a_share_of_a_hidden_denominator_narrows_it(eight: tuple[PublicBook, GateResult]) -> None:
    """"Of those offered, so many percent accepted", where the release says only how many accepted."""
    world = attacker_knowledge([eight[0]])
    period, quarters = spans(eight[0], world, "care.referral")[0]
    accepted = eight[0].values(("care.referral", period))["responses", "accepted"]
    offered = true_records(EIGHT, quarters)["referral"].isin(["not_accepted", "accepted_only", "kept"]).sum()
    percent = round(100 * accepted / offered)
    terms = world.sum_of("responses", "referral", quarters, ["not_accepted", "accepted_only", "kept"])
    world.facts.append(SumBounds(terms, -int(-100 * accepted // (percent + .5)), int(100 * accepted // (percent - .5))))
    assert any(cell.target.categories == ("not_accepted",) for cell in attack(world).cracked)


DENOMINATORS = {
    "offered": ("responses", "referral", ("not_accepted", "accepted_only", "kept")),
    "kept, of those who accepted": ("responses", "referral", ("kept",)),
    "follow-up agreed": ("responses", "follow_up", ("not_reached", "reached")),
    "contacts": ("responses_without_arrest", "outcome",
                 ("resolved_on_scene", "voluntary_care", "involuntary", "hospital_other", "declined")),
}


@pytest.mark.parametrize("name", DENOMINATORS)
def test_a_smaller_denominator_would_crack_other_numbers(name: str, eight: tuple[PublicBook, GateResult]) -> None:
    population, dimension, categories = DENOMINATORS[name]
    world = attacker_knowledge([eight[0]])
    table = next(person.id for person in PEOPLE if person.dimension == dimension)
    _, quarters = spans(eight[0], world, table)[0]
    number = int(true_records(EIGHT, quarters, population)[dimension].isin(categories).sum())
    world.facts.append(SumBounds(world.sum_of(population, dimension, quarters, categories), number, number))
    other_numbers = [cell for cell in attack(world).cracked if cell.target.categories != tuple(sorted(categories))]
    assert other_numbers


def test_the_release_holds_no_smaller_denominator(eight: tuple[PublicBook, GateResult]) -> None:
    """Each table on people divides one whole public total, each base category once; nothing else is counted."""
    assert {person.over for person in PEOPLE} <= {"calls", "responses", "responses_without_arrest"}
    possible = [measure for measure in MEASURES.values() if "arrest_possible" in measure.needs]
    assert [(measure.id, measure.over, measure.runs_together) for measure in possible] == [
        ("outcome.arrest_possible", "responses_without_arrest", 3)]
    world, checked = attacker_knowledge([eight[0]]), 0
    for measure in PEOPLE:
        for period, quarters in spans(eight[0], world, measure.id):
            values = eight[0].values((measure.id, period))
            covered = [cover for _, block in values for cover in DIMENSIONS[measure.dimension].covers[block]]
            assert sorted(covered) == sorted(DIMENSIONS[measure.dimension].base)
            over = "calls" if measure.over == "calls" else "responses"
            total = sum(world.totals[over][quarter] for quarter in quarters)
            if measure.over == "responses_without_arrest":
                total -= sum(arrests for run, arrests in world.arrests if set(run) <= set(quarters))
            assert sum(values.values()) == total
            checked += 1
    assert checked > 20


# ---- times -----------------------------------------------------------------------------------------------------------

def test_a_median_of_even_n_is_a_time_that_was_observed_and_halfway_would_pin(
        eight: tuple[PublicBook, GateResult]) -> None:
    """12.5 says that just half were at most 12; the lower of the two, 12, says at least half."""
    book, table, tried = eight[0], "response.time_on_scene", 0
    for period, quarters in spans(book, attacker_knowledge([book]), table):
        minutes = sorted(true_records(EIGHT, quarters)["on_scene"].dropna())
        half, median = len(minutes) // 2, book.values((table, period))["median_minutes", ""]
        assert median == minutes[(len(minutes) + 1) // 2 - 1]
        if len(minutes) % 2 or minutes[half - 1] == minutes[half]:
            continue
        world, tried = attacker_knowledge([book]), tried + 1
        assert not attack(world).cracked
        world.facts.append(SumBounds(world.sum_of(f"times of {table}", "", quarters, ["all 0", "all 1"]), half, half))
        cracked = {(cell.target.quarters, cell.target.categories): cell for cell in attack(world).cracked}
        assert cracked[quarters, ("all 2",)].low == cracked[quarters, ("all 2",)].high == half
    assert tried


def test_slowest_tenths_of_groups_are_cracked_without_the_rule_and_safe_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    extract, table = histories.history(60, 2, 9), "response.time_to_scene"
    book, passed = histories.gated_release(extract, every=99)
    assert not passed.left_out
    assert book.published(table, "run")
    rule = protect.quantile_shown

    def as_if_undivided(count: int, percent: int, *, divided: bool = False) -> bool:
        return rule(count, percent)
    monkeypatch.setattr(protect, "quantile_shown", as_if_undivided)
    _, loose = histories.gated_release(extract, every=99)
    assert {table_id for table_id, _ in loose.left_out} == {table}, "found by the attacker, and left out by the gate"


# ---- quarters of zero, groups of all ---------------------------------------------------------------------------------

def test_a_quarter_of_zero_in_a_run_reveals_nothing_more() -> None:
    day, calls = EIGHT.calls["received_on"], EIGHT.calls
    idle = (day >= pd.Timestamp(2026, 10, 1)) & (day < pd.Timestamp(2027, 1, 1)) & (calls["answered_by"] == "team")
    book, passed = histories.gated_release(replace(EIGHT, calls=calls[~idle].reset_index(drop=True)), every=99)
    assert attacker_knowledge([book]).totals["responses"]["2026-Q4"] == 0
    assert passed.outcome.safe
    assert not passed.left_out
    inside = [cell for cell in passed.outcome.cells if cell.target.quarters == ("2026-Q4",)
              and cell.target.population == "responses"]
    assert {(cell.low, cell.high) for cell in inside} == {(0, 0)}, "as the public total says by itself"
    assert any(run.start < "2026-10-01" < run.end or run.start == "2026-10-01"
               for run in book.published("equity.gender", "run"))


def with_genders(extract: Extract, *others: str) -> Extract:
    """All responses to women, but each 21st, the one after it, and so on to the others."""
    calls = extract.calls.copy()
    team = calls.index[calls["answered_by"] == "team"]
    calls.loc[team, "gender"] = [(*others, *("woman",) * 21)[at % 21] for at in range(len(team))]
    return replace(extract, calls=calls)


def test_all_in_one_group_is_not_shown_and_hiding_it_reveals_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = histories.history(100, 4, 3)
    nearly = with_genders(drawn, "man", "not_recorded")
    for extract in (with_genders(drawn), nearly):
        book, passed = histories.gated_release(extract)
        assert not book.published("equity.gender", "run")
        assert passed.outcome.safe
        assert not passed.left_out
        women = [cell for cell in passed.outcome.cells if cell.target.categories == ("woman",)]
        assert min(cell.high - cell.low for cell in women) >= 100
    monkeypatch.setattr(protect, "not_nearly_all", lambda *_: True)
    loose, _ = histories.gated_release(nearly)
    assert loose.published("equity.gender", "run")
    assert any("equity.gender" in number for number in differing_numbers(loose)), "no release with it passes `verify`"


# ---- custody inside the outcome --------------------------------------------------------------------------------------

def with_custody(outcome: Dimension) -> Dimension:
    """The outcomes with custody as one more, merged with Section 12 or 35."""
    covers = {category: (category,) for category in (*outcome.base, "custody")} | {
        "not_engaged": outcome.covers["not_engaged"], "care_or_hospital": outcome.covers["care_or_hospital"],
        "held": ("involuntary", "custody"), "stayed": outcome.covers["stayed"],
        "care_or_held": (*outcome.covers["care_or_hold"], "custody")}
    return Dimension("outcome", outcome.label, {cover: cover for cover in covers},
                     outcome.shares | {"resolved_on_scene": .28, "custody": .08}, covers,
                     (("resolved_on_scene", "not_engaged", "care_or_hospital", "held"), ("stayed", "care_or_held")))


def test_custody_inside_the_outcome_is_cracked_by_the_exact_arrests(monkeypatch: pytest.MonkeyPatch) -> None:
    planned = with_custody(DIMENSIONS["outcome"])
    extract = histories.history(20, 1, 12)
    arrested = extract.calls["outcome"].eq("hospital_other") & extract.calls["answered_by"].eq("team")
    calls = extract.calls.assign(arrest=extract.calls["arrest"].mask(arrested, other=True))
    apart, passed = histories.gated_release(replace(extract, calls=calls), every=99)
    assert passed.outcome.safe
    assert apart.published("outcome.kind", "run")
    monkeypatch.setitem(DIMENSIONS, "outcome", planned)
    for table in ("outcome.kind", "outcome.detail"):
        monkeypatch.setitem(MEASURES, table, replace(MEASURES[table], over="responses"))
    inside = calls.assign(outcome=calls["outcome"].mask(calls["arrest"].fillna(value=False), "custody"))
    attacks: list[Outcome] = []

    def attacked(world: World, limit: float) -> Outcome:
        attacks.append(attack(_arrests_are_custody(world), limit))
        return attacks[-1]
    monkeypatch.setattr(gate, "attack", attacked)
    _, cracked = histories.gated_release(replace(extract, calls=inside), every=99)
    assert {table for table, _ in cracked.left_out} & {"outcome.kind", "outcome.detail"}
    assert attacks[0].count("pinned"), "2 of 52 hidden outcomes, and 6 narrowed"


def _arrests_are_custody(world: World) -> World:
    for quarters, arrests in world.arrests:
        world.facts.append(SumBounds(world.sum_of("responses", "outcome", quarters, ["custody"]), arrests, arrests))
    world.targets[:] = [target for target in world.targets if target.categories != ("custody",)]
    return world


# ---- two releases subtracted -----------------------------------------------------------------------------------------

def test_two_releases_subtracted_reveal_nothing_where_a_restated_one_reveals_the_late_record(tmp_path: Path) -> None:
    calls = EIGHT.calls.assign(recorded_on=EIGHT.calls["received_on"])
    late = calls.index[(calls["answered_by"] == "team") & calls["received_on"].dt.month.eq(8)][0]
    calls.loc[late, "recorded_on"] = pd.Timestamp(2026, 12, 1)
    extract = replace(EIGHT, calls=calls, collected=EIGHT.collected | {"recorded_on"})
    ends = (date(2026, 9, 30), date(2027, 3, 31))
    first, second = (histories.release(extract, end, tmp_path / "once").folder for end in ends)
    anew = histories.release(extract, ends[1], tmp_path / "restated").folder
    assert first and second and anew
    before, after, restated = map(histories.public, (first, second, anew))
    assert {key: after.lasting.get(key) for key in before.lasting} == before.lasting
    assert attack(attacker_knowledge([before, after])).safe
    assert "two ways" in attack(attacker_knowledge([before, restated])).stopped, "the publication stops"
    revealed = {}
    for measure in PEOPLE:
        for run in before.published(measure.id, "run"):
            old, new = (book.values((measure.id, run.period_id)) for book in (before, restated))
            more = [block for (value, block), count in new.items() if count == old.get((value, block), 0) + 1]
            if len(more) == 1 and old.keys() == new.keys():
                revealed[measure.dimension] = DIMENSIONS[measure.dimension].covers[more[0]]
    record = true_records(EIGHT, ("2026-Q3",)).loc[late]
    assert len(revealed) >= 5, "so many attributes of one person, by subtraction"
    assert all(record[dimension] in covers for dimension, covers in revealed.items())


# ---- what the gate leaves out, and what there is none of -------------------------------------------------------------

def test_the_fixed_order_keeps_what_residents_asked_first() -> None:
    results = by_order(5, 3, 24)
    fixed = results["the contract's"]
    assert fixed.left_out
    assert fixed.first_asked > results["turned round"].first_asked
    assert fixed.numbers >= max(other.numbers for other in results.values()) - 2


def test_no_table_of_two_attributes(eight: tuple[PublicBook, GateResult]) -> None:
    assert {measure.dimension for measure in MEASURES.values()} <= {"", *DIMENSIONS}, (
        "the contract has one place for it"
    )
    cells = [cell for inside in eight[0].cells.values() for cell in inside]
    assert not [cell for cell in cells if cell["dimension_2"] or cell["category_2"]]
    assert not list(differing_numbers(eight[0]))
    key = "equity.gender", eight[0].published("equity.gender", "run")[0].period_id
    crossed = eight[0].cells[key][0] | {"dimension_2": "age_band", "category_2": "under_45"}
    eight[0].cells[key].append(crossed)
    try:
        assert any("a cell the contract doesn't know" in number for number in differing_numbers(eight[0]))
    finally:
        eight[0].cells[key].pop()
