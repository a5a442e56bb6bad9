"""Arrests where one was possible: known intervals, and what none can mean."""

import pytest

from portal.figures.decisions.arrests import most_if_none, not_arrested


def test_ten_of_fourteen_is_not_a_number_to_judge_by() -> None:
    found = not_arrested(arrests=4, possible_without=10)
    assert found is not None
    assert [round(100 * character) for character in (found.value, found.low, found.high)] == [71, 45, 88]
    assert not_arrested(0, 0) is None


def test_none_in_86_can_still_be_three_in_a_hundred() -> None:
    assert round(100 * most_if_none(86), 1) == 3.4
    assert most_if_none(1) == pytest.approx(0.95)
    with pytest.raises(ValueError, match="none of nothing"):
        most_if_none(0)
