"""No wrong number leaves in silence: a short set of what `make extracts` tries."""

import pytest

from tests.extracts.catalogue import ALL
from tests.extracts.kind import KINDS
from tests.extracts.runs import Task, run

# One or two of each group; `make extracts` runs them all, on more extracts.
SHORT = (
    "hour_of_24_with_pm", "half_of_the_day_lost", "all_in_utc", "team_in_utc", "a_day_of_2062",
    "midnight_from_a_day_on", "person_null", "person_scientific", "person_without_zeros", "renamed_into_the_rest",
    "unknown_code", "blank_from_a_day_on", "no_filled_in", "cut_at_1000_in_no_order", "two_months_missing",
    "a_month_twice_with_new_keys", "some_rows_twice", "a_key_for_each_unit", "team_s_columns_a_row_too_low",
    "quotes_that_swallow_rows", "title_rows", "hidden_rows", "files_swapped", "roster_of_another_year",
    "further_columns", "in_no_order",
)


def test_there_are_many_kinds_of_damage_in_every_group() -> None:
    damage = [kind for kind in ALL if not kind.harmless and not kind.untellable]
    assert len(damage) >= 150
    assert {"times", "zones", "keys", "codes", "rows", "joins", "files", "roster"} == {kind.group for kind in damage}


@pytest.mark.parametrize("name", SHORT)
def test_damage_is_undone_refused_or_reported(name: str) -> None:
    done = run(Task(name, "pilot", 2))
    assert done
    allowed = {"equal"} if KINDS[name].harmless else {"equal", "refused", "remarked"}
    assert done.result in allowed, done.said
    assert done.left_out in (None, *allowed), "what the refusal offers leads to wrong numbers in silence"


@pytest.mark.parametrize("name", ["yes_and_no_shifted", "inverted_always"])
def test_what_nobody_can_tell_is_visible_on_the_review_page(name: str) -> None:
    done = run(Task(name, "busy", 1))
    assert done and KINDS[name].untellable
    assert done.visible and done.result != "crash"
