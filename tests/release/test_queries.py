"""Each question to a release, and the statement that anybody can run on the downloaded file."""

import re
import sqlite3
from collections.abc import Callable

import pytest

from portal.contract.contract import DIMENSIONS, SCHEMA
from portal.release import queries
from portal.release.queries import Answer
from portal.release.store import Release

RUN, PILOT = "run-2026-Q2", "pilot-to-2026-Q4"
ELIGIBILITY = DIMENSIONS["eligibility"].base
QUESTIONS: dict[str, Callable[[Release], Answer]] = {
    **{f"table {name}": (lambda release, name=name: queries.table(release, name)) for name in SCHEMA},  # type: ignore[misc]
    "periods": queries.periods,
    "periods of two grains": lambda release: queries.periods(release, "run", "quarter"),
    "series": lambda release: queries.series(release, "response.on_duty", "quarter", ["responses", "eligible_on_duty"]),
    "series by": lambda release: queries.series_by(release, "demand.eligible", "quarter", "calls", ELIGIBILITY),
    "breakdown": lambda release: queries.breakdown(release, "equity.gender", RUN, "responses"),
    "values": lambda release: queries.values(release, "response.time_to_scene", RUN),
    "values of a category": lambda release: queries.values(release, "response.time_to_scene", RUN, category=""),
    "total": lambda release: queries.total(release, "demand.eligible", PILOT, "calls", ["eligible", "not_eligible"]),
    "share": lambda release: queries.share(
        release, ("response.met", "responses"), ("demand.received", "calls"), "2026-Q3"
    ),
    "states": lambda release: queries.states(release, "equity.gender"),
    "schema": queries.schema,
    "newest": queries.newest,
}


# nothing is counted in another way in this release, nothing was accepted, and nothing found to be wrong
EMPTY = ("table breaks", "table remarks", "table errata", "table costs")


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_statement_gives_the_same_rows_on_the_plain_file(question: str, release: Release) -> None:
    answer = QUESTIONS[question](release)
    assert answer.rows or question in EMPTY
    assert ":" not in re.sub(r"'[^']*'", "", answer.sql)  # nothing is left to be filled in
    database = sqlite3.connect(f"file:{release.folder / 'release.sqlite'}?mode=ro&immutable=1", uri=True)
    cursor = database.execute(answer.sql)
    assert [name for name, *_ in cursor.description] == list(answer.columns)
    assert tuple(cursor.fetchall()) == answer.rows
    database.close()


def test_a_series_is_in_order_of_time_with_a_column_a_measure(release: Release) -> None:
    answer = queries.series(release, "response.on_duty", "quarter", ["responses", "eligible_on_duty"])
    assert answer.columns == ("period_id", "responses", "eligible_on_duty")
    assert answer.column("period_id") == ("2026-Q2", "2026-Q3", "2026-Q4")
    assert answer.column("responses") == (130, 60, 12)
    assert answer.records[2]["responses"] == 12


def test_groups_add_up_to_the_total_and_to_100_percent(release: Release) -> None:
    answer = queries.breakdown(release, "equity.gender", RUN, "responses")
    assert sum(answer.column("value")) == 130
    assert sum(answer.column("percent")) == pytest.approx(100)
    groups = answer.column("category")
    assert queries.total(release, "equity.gender", RUN, "responses", groups).rows == ((130,),)


def test_a_share_has_its_two_numbers(release: Release) -> None:
    (row,) = queries.share(release, ("response.met", "responses"), ("demand.received", "calls"), "2026-Q4").records
    assert row == {"numerator": 12, "denominator": 102, "percent": pytest.approx(100 * 12 / 102)}


def test_what_is_not_there_is_no_zero(release: Release) -> None:
    (row,) = queries.share(release, ("response.met", "responses"), ("demand.received", "calls"), "2031").records
    assert set(row.values()) == {None}
    assert queries.breakdown(release, "equity.housing", RUN, "responses").rows == ()
    assert queries.total(release, "equity.housing", RUN, "responses", ["housed"]).rows == ((None,),)


def test_states_say_what_became_of_a_table_in_each_period(release: Release) -> None:
    statuses = {
        row["period_id"]: (row["status"], row["reason"]) for row in queries.states(release, "equity.gender").records
    }
    assert statuses == {
        RUN: ("published", ""),
        "run-2026-Q3": ("published", ""),
        PILOT: ("published", ""),
        "open-2026-Q4": ("not_due", "run_open"),
    }
    (missing,) = queries.states(release, "equity.housing").records
    assert (missing["period_id"], missing["status"]) == (PILOT, "not_collected")


def test_a_name_with_a_quote_in_it_is_a_name_and_no_statement(release: Release) -> None:
    answer = queries.states(release, "x' OR '1'='1")
    assert answer.rows == ()
    database = sqlite3.connect(f"file:{release.folder / 'release.sqlite'}?mode=ro&immutable=1", uri=True)
    assert database.execute(answer.sql).fetchall() == []
    database.close()


def test_an_unknown_table_is_a_fault_of_the_caller(release: Release) -> None:
    with pytest.raises(KeyError):
        queries.table(release, "none")
    with pytest.raises(KeyError):
        queries.creation("none")
