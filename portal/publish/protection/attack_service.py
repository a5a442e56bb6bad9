"""What the service's own tables reveal about single calls: whether somebody who knows of a call that the team could
have taken can be sure that the team came.

The unknown of each quarter is how many calls that the team could have taken were not answered. If it must be 0, every
call was answered: a neighbor who saw one knows that it was a co-response. For example, 20 calls answered out of 20 that
the team could have taken give everybody away; 20 out of 23 give nobody away.
"""

from collections.abc import Iterable, Sequence

from portal.contract.contract import threshold
from portal.publish.protection.attack_world import SumBounds, Target, World
from portal.release.book import PublicBook
from portal.release.periods import Period

UNANSWERED = "calls not answered"
COULD, ELIGIBLE = "response.on_duty", "demand.eligible"
Number = tuple[tuple[str, ...], int]  # periods of one grain, and a number of all of them together


def add_service(world: World, book: PublicBook) -> None:
    """Add what a release reveals: the number of each closed period; and of quarters that waited although enough calls
    were answered, that their number was 0, 1 or 2.
    """
    numbers = [(_inside(book, period), number) for period in book.published(COULD, "quarter", "run")
               if (number := _unanswered(book, COULD, period)) is not None]
    if not numbers:
        numbers = [(_inside(book, period), number) for period in book.published(ELIGIBLE, "quarter", "run")
                   if (number := _unanswered(book, ELIGIBLE, period)) is not None]
    waited = [quarters[:at] for quarters, _ in numbers for at in range(1, len(quarters))]
    waited += [_inside(book, book.periods[period]) for (table, period), state in book.states.items()
               if table == COULD and state["reason"] == "service_rest"]
    answered = world.totals["responses"]
    add_unanswered(world, numbers, [
        quarters for quarters in waited
        if sum(answered.get(quarter, 0) for quarter in quarters) >= threshold("service_answered")])


def add_unanswered(world: World, numbers: Iterable[Number], few: Iterable[Sequence[str]]) -> None:
    """Add what is known of unanswered calls, and as targets the quarters in which calls were answered. `numbers`: the
    unanswered calls of some quarters together; `few`: quarters that together have too few of them to be shown.
    """
    for quarter, answered in world.totals["responses"].items():
        most = world.totals["calls"].get(quarter, answered) - answered
        world.unknown((UNANSWERED, "", quarter, ""), max(0, most))
        if answered and most > 0:
            world.targets.append(Target(UNANSWERED, "", (quarter,), ("",), most))
    for periods, number in numbers:
        world.facts.append(SumBounds(_sum(world, periods), number, number, COULD, "-".join(periods)))
    for waiting in few:
        world.facts.append(SumBounds(_sum(world, waiting), 0, threshold("service_unanswered") - 1, COULD,
                                     "-".join(waiting)))


def _sum(world: World, periods: Iterable[str]) -> dict[int, int]:
    return dict(world.sum_of(UNANSWERED, "", periods, [""]))


def _inside(book: PublicBook, period: Period) -> tuple[str, ...]:
    return tuple(quarter.id for quarter in book.quarters
                 if period.start <= quarter.start.isoformat() and quarter.end.isoformat() <= period.end
                 and book.total("responses", quarter) is not None)


def _unanswered(book: PublicBook, table: str, period: Period) -> int | None:
    values = book.values((table, period.period_id))
    could = values.get(("eligible_on_duty", ""), values.get(("calls", "eligible")))
    answered = sum(
        book.total("responses", quarter) or 0 for quarter in book.quarters if quarter.id in _inside(book, period)
    )
    return None if could is None else int(could) - answered
