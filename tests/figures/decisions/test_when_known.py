"""When a change could be told: the known numbers of quarters, without a goal and with one."""

from collections.abc import Callable

import pytest

from portal.figures.decisions.when_known import known_by, quarters_needed, quarters_needed_of_rate

SIZES = (9, 15, 24, 60, 180)
Needed = tuple[int | None, int | None]  # k quarters against the k before; against a goal fixed beforehand


def half(share: float) -> float:
    return share / 2


def more_by_half(share: float) -> float:
    return share * 1.5


def ten_points(share: float) -> float:
    return share + 0.1


def twenty_points(share: float) -> float:
    return share + 0.2


NEVER: Needed = (None, None)
KNOWN: list[tuple[Callable[[float], float], float, tuple[Needed, ...]]] = [
    (half, 0.01, (NEVER, NEVER, NEVER, (77, 43), (26, 15))),
    (half, 0.05, ((None, 54), (60, 31), (38, 18), (15, 8), (5, 3))),
    (half, 0.12, ((40, 20), (24, 12), (15, 8), (6, 3), (2, 1))),
    (half, 0.5, ((7, 4), (4, 2), (3, 2), (1, 1), (1, 1))),
    (more_by_half, 0.01, (NEVER, NEVER, NEVER, (None, 64), (43, 22))),
    (more_by_half, 0.05, ((None, 80), (None, 48), (62, 30), (25, 12), (9, 4))),
    (more_by_half, 0.12, ((62, 31), (37, 19), (24, 12), (10, 5), (4, 2))),
    (more_by_half, 0.5, ((7, 4), (4, 2), (3, 2), (1, 1), (1, 1))),
    (ten_points, 0.01, ((9, 5), (6, 2), (4, 2), (2, 1), (1, 1))),
    (ten_points, 0.05, ((16, 8), (10, 4), (6, 3), (3, 1), (1, 1))),
    (ten_points, 0.12, ((25, 12), (15, 7), (10, 5), (4, 2), (2, 1))),
    (ten_points, 0.5, ((44, 21), (27, 14), (17, 9), (7, 4), (3, 2))),
    (twenty_points, 0.01, ((4, 2), (3, 1), (2, 1), (1, 1), (1, 1))),
    (twenty_points, 0.05, ((6, 3), (4, 2), (2, 1), (1, 1), (1, 1))),
    (twenty_points, 0.12, ((8, 3), (5, 3), (3, 2), (2, 1), (1, 1))),
    (twenty_points, 0.5, ((11, 6), (7, 4), (4, 2), (2, 1), (1, 1))),
]
ALMOST_CERTAIN = 0.99


@pytest.mark.parametrize(("change", "before", "needed"), KNOWN,
                         ids=[f"{change.__name__} from {before}" for change, before, _ in KNOWN])
def test_a_share(change: Callable[[float], float], before: float, needed: tuple[Needed, ...]) -> None:
    assert tuple(tuple(quarters_needed(size, before, change(before), fixed) for fixed in (False, True))
                 for size in SIZES) == needed


# The table says "over 20 years" for 24 a quarter times 1.1 without a goal; at 60 it says 28 quarters, which
# are as many calls as 70 quarters of 24.
@pytest.mark.parametrize(("factor", "needed"), [
    (0.5, ((6, 3), (2, 2), (1, 1), (1, 1))),
    (1.5, ((9, 5), (4, 2), (2, 1), (1, 1))),
    (1.25, ((32, 16), (12, 6), (5, 3), (1, 1))),
    (1.1, (NEVER, (69, 35), (28, 14), (5, 3))),
])
def test_a_rate(factor: float, needed: tuple[Needed, ...]) -> None:
    assert tuple(tuple(quarters_needed_of_rate(expected, factor, fixed) for fixed in (False, True))
                 for expected in (9, 24, 60, 330)) == needed


@pytest.mark.parametrize(("size", "before", "after", "needed"), [
    (24, 0.12, 0.06, (22, 12)), (24, 0.5, 0.7, (6, 3)), (15, 0.5, 0.25, (6, 4)), (60, 0.05, 0.025, (23, 12))])
def test_a_share_at_99_percent(size: int, before: float, after: float, needed: Needed) -> None:
    assert tuple(quarters_needed(size, before, after, fixed, ALMOST_CERTAIN) for fixed in (False, True)) == needed


def test_a_rate_at_99_percent() -> None:
    assert [quarters_needed_of_rate(330, 1.1, fixed, ALMOST_CERTAIN) for fixed in (False, True)] == [8, 4]


@pytest.mark.parametrize(("size", "before", "after", "how"), [
    (24, 0.5, 0.25, "years"), (24, 0.05, 0.25, "years"), (60, 0.5, 0.7, "years"), (60, 0.05, 0.15, "years"),
    (24, 0.12, 0.06, "goal"), (24, 0.5, 0.7, "goal"), (24, 0.01, 0.005, "never")])
def test_what_can_tell_a_change(size: int, before: float, after: float, how: str) -> None:
    assert known_by(quarters_needed(size, before, after, False, ALMOST_CERTAIN),
                   quarters_needed(size, before, after, True)) == how


@pytest.mark.parametrize("wrong", [
    lambda: quarters_needed(24, 0.1, 0.1, False), lambda: quarters_needed(24, 0.9, 1.1, False),
    lambda: quarters_needed(0, 0.1, 0.2, True), lambda: quarters_needed_of_rate(0, 1.1, True),
    lambda: quarters_needed_of_rate(24, 1, True)])
def test_no_change_and_no_responses_are_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match="power needs"):
        wrong()  # type: ignore[operator]
