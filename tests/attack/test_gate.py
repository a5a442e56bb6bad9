"""The gate on the real pipeline: nothing is cracked, a planted leak of every kind is caught, and it fails closed."""

import copy
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from portal.contract.contract import LEFT_OUT_FIRST
from portal.errors import ReleaseRefused
from portal.publish.output.ledger import Book
from portal.publish.protection import gate
from portal.publish.protection.attack import attack, attacker_knowledge
from portal.publish.protection.gate import GateResult, pass_gate
from portal.publish.publish import publish_extract
from portal.publish.request import PublicationRequest
from portal.release.book import PublicBook
from tests.attack import histories
from tests.attack.insiders import KNOWS, attack_with_known_responses

EIGHT = histories.history(8, 0, 24)


@pytest.fixture(scope="module")
def eight() -> tuple[PublicBook, GateResult]:
    return histories.gated_release(EIGHT)


@pytest.mark.parametrize(("rate", "months", "drifted"), [(3, 36, False), (8, 24, True), (60, 12, False)])
def test_nothing_of_the_pipeline_is_cracked(rate: float, months: int, drifted: bool) -> None:
    shares = histories.DRIFTED if drifted else None
    book, passed = histories.gated_release(histories.history(rate, 5, months, shares=shares))
    outcome = passed.outcome
    assert outcome.safe
    assert outcome.targets > 200
    assert all(cell.witnesses for cell in outcome.cells)
    assert histories.numbers(book)[0] > 10, "and something is left to see"


@pytest.mark.parametrize("knows", ["all of the person with most"])  # `make attack` tries all KNOWS
def test_who_knows_some_responses_takes_no_more_than_these_off_the_ten(
    knows: str, eight: tuple[PublicBook, GateResult]
) -> None:
    found = attack_with_known_responses(attacker_knowledge([eight[0]]), EIGHT, KNOWS[knows], 1)
    assert found["attacked"] > 400
    assert found["beyond"] == 0


def cells(book: PublicBook, table: str, period: str) -> dict[str, dict[str, object]]:
    return {str(cell["category_1"]): cell for cell in book.cells[table, period]}


def first_run(book: PublicBook, table: str) -> str:
    return book.published(table, "run")[0].period_id


def a_pilot_that_is_not_the_sum_of_its_runs(book: PublicBook) -> None:
    pilot = next(period for table, period in book.cells if table == "equity.gender" and period.startswith("pilot"))
    cell = next(iter(cells(book, "equity.gender", pilot).values()))
    cell["value"] = float(str(cell["value"])) + 1


def a_base_category_of_a_merged_group(book: PublicBook) -> None:
    period = first_run(book, "outcome.kind")
    cell = dict(next(iter(cells(book, "outcome.kind", period).values())))
    book.cells["outcome.kind", period].append(cell | {"category_1": "involuntary", "value": 3.0})


def a_quarter_of_a_people_table(book: PublicBook) -> None:
    run = first_run(book, "equity.gender")
    quarter = run.removeprefix("run-").split("-to-")[0]
    book.periods[quarter] = book.periods[quarter]._replace(grain="quarter")
    book.cells["equity.gender", quarter] = [
        cell | {"period_id": quarter, "value": 6.0}
        for name, cell in cells(book, "equity.gender", run).items() if name == "woman"]


def a_year_of_other_runs(book: PublicBook) -> None:
    """The four quarters of a calendar year, across the runs."""
    run = first_run(book, "equity.age")
    fourth = book.quarters[3]
    book.periods["2026-27"] = book.periods[run]._replace(
        period_id="2026-27", grain="year", start=book.quarters[1].start.isoformat(), end=fourth.end.isoformat())
    book.cells["equity.age", "2026-27"] = [
        cell | {"period_id": "2026-27", "value": 14.0} for cell in list(cells(book, "equity.age", run).values())[:1]]


def a_median_of_few(book: PublicBook) -> None:
    for cell in book.cells["response.time_on_scene", first_run(book, "response.time_on_scene")]:
        if cell["measure_id"] == "responses":
            cell["value"] = 5.0


def a_number_beside_a_table_that_is_not_shown(book: PublicBook) -> None:
    key = "equity.gender", first_run(book, "equity.gender")
    book.states[key] |= {"status": "suppressed", "reason": "privacy"}
    book.cells[key] = book.cells[key][:1]


LEAKS: list[Callable[[PublicBook], None]] = [
    a_pilot_that_is_not_the_sum_of_its_runs, a_base_category_of_a_merged_group, a_quarter_of_a_people_table,
    a_year_of_other_runs, a_median_of_few, a_number_beside_a_table_that_is_not_shown]


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.__name__)
def test_a_planted_leak_stops_the_publication(
        leak: Callable[[PublicBook], None], eight: tuple[PublicBook, GateResult]) -> None:
    safe, book = eight[1].book, copy.deepcopy(eight[0])
    leak(book)
    old = safe.copy()
    old.added.clear()  # as when all of it was published before: nothing new is left to be left out
    with pytest.raises(ReleaseRefused, match=r"not brought to its end|could be worked out"):
        pass_gate(lambda _: old, lambda _: book, [], limit=60)


def test_a_release_that_contradicts_an_earlier_one_is_refused(eight: tuple[PublicBook, GateResult]) -> None:
    earlier = copy.deepcopy(eight[0])
    quarter = earlier.quarters[0].id
    for cell in earlier.cells["response.met", quarter]:
        if cell["measure_id"] == "responses":
            cell["value"] -= 1
    assert "response.met in " in attack(attacker_knowledge([earlier, eight[0]])).stopped


def test_tables_are_left_out_in_the_fixed_order_until_nothing_is_cracked(eight: tuple[PublicBook, GateResult]) -> None:
    """A leak that follows the first groups of three tables goes away only with the tables themselves."""
    safe, leaky = eight[1].book, ("outcome.kind", "equity.gender", "equity.housing")
    attempts: list[frozenset[tuple[str, str]]] = []

    def fill(left_out: frozenset[tuple[str, str]]) -> Book:
        attempts.append(left_out)
        book = safe.copy()
        for key in left_out:
            book.states[key] = book.states[key]._replace(status="suppressed", reason="parts")
            book.cells[key] = ()
        return book

    def public(book: Book) -> PublicBook:
        published = copy.deepcopy(eight[0])
        for key, state in book.states.items():
            if state.reason == "parts" and key[1].startswith("run-"):
                published.states[key] |= {"status": "suppressed", "reason": "parts"}
                published.cells.pop(key, None)
        published.cells = {key: rows for key, rows in published.cells.items() if not (
            key[0] in leaky and not key[1].startswith("run-"))}
        for table in leaky:
            for run in published.published(table, "run"):
                dimension = published.cells[table, run.period_id][0]["dimension_1"]
                first = {"outcome": "involuntary", "gender": "another", "housing": "not_recorded"}[str(dimension)]
                published.cells[table, run.period_id].append(
                    published.cells[table, run.period_id][0] | {"category_1": first, "value": 2.0})
        return published

    passed = pass_gate(fill, public, [])
    tables = list(dict.fromkeys(table for table, _ in passed.left_out))
    assert tables == sorted(tables, key=LEFT_OUT_FIRST.index)
    assert set(leaky) <= set(tables)
    assert len(attempts) == len(tables) + 1, "one more each time, and an attack after each"
    assert passed.outcome.safe


def test_out_of_time_nothing_is_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate.pass_gate, "__defaults__", (0.0,))
    end = histories.ends_of(EIGHT)[1]
    on = end + timedelta(45)
    request = PublicationRequest("2026-Q3", "illustrative", end, on, on)
    with pytest.raises(ReleaseRefused, match="not brought to its end: it took longer than 0 seconds"):
        publish_extract(EIGHT, "Made up", request, tmp_path / "releases")
    assert not (tmp_path / "releases").exists()
