"""The words of a table's file for a number that is not there."""

from portal.exports.sheets import status_words

WAITING = {"status": "not_due", "reason": "run_open", "need": 40}


def test_what_waits_says_how_much_is_in_where_that_may_be_reported() -> None:
    assert status_words(WAITING | {"have": 28}) == "Waits for more: 28 of 40 responses"
    assert "None" not in status_words(WAITING | {"have": None})
