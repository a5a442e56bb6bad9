"""Which known words a mistyped one may stand for."""

import pytest

from portal.search.spelling import Spelling

KNOWN = Spelling(["police", "people", "person", "arrest", "interpreter", "help", "yes", "911"])


@pytest.mark.parametrize(("typed", "found"), [
    ("polic", {"police": 1}), ("pollice", {"police": 1}), ("poluce", {"police": 1}), ("ploice", {"police": 1}),
    ("interprter", {"interpreter": 1}), ("intrprter", {"interpreter": 2}),
])
def test_a_letter_left_out_added_replaced_or_swapped_is_one_error(typed: str, found: dict[str, int]) -> None:
    assert KNOWN.nearest(typed) == found


@pytest.mark.parametrize("typed", ["plce", "qolice", "hel", "9111", "p0lice", "weather", ""])
def test_a_short_word_has_one_error_at_most_and_begins_as_the_known_one(typed: str) -> None:
    assert KNOWN.nearest(typed) == {}


def test_of_several_the_nearest_are_given() -> None:
    assert Spelling(["arrest", "arrests", "arrested"]).nearest("arrestt") == {"arrest": 1, "arrests": 1}
