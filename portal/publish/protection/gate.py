"""The gate: nothing is published from which the attacker can work out a hidden number."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal.contract.contract import LEFT_OUT_FIRST, MEASURES
from portal.errors import ReleaseRefused
from portal.publish.output.ledger import Book
from portal.publish.protection.attack import LIMIT, Outcome, attack, attacker_knowledge
from portal.release.book import PublicBook

TablePeriod = tuple[str, str]  # table and period
Fill = Callable[[frozenset[TablePeriod]], Book]  # makes the book of the new release without these


@dataclass(frozen=True)
class GateResult:
    """A book that withstood the attack, the tables left out of it for that, and the attack's outcome."""

    book: Book
    left_out: tuple[TablePeriod, ...]
    outcome: Outcome


def pass_gate(fill: Fill, public: Callable[[Book], PublicBook], earlier: Sequence[PublicBook],
              limit: float = LIMIT) -> GateResult:
    """Attack a new release together with those before it. While a hidden number is not safe, leave a new table out, in
    the contract's fixed order (`left_out_first`), and attack again.

    Raises ReleaseRefused when no table remains that could be left out, or when an attack was not finished (no
    solution, or more than `limit` seconds).
    """
    left_out: list[TablePeriod] = []
    while True:
        book = fill(frozenset(left_out))
        outcome = attack(attacker_knowledge([*earlier, public(book)]), limit)
        if outcome.stopped:
            raise ReleaseRefused(
                f"The attack on this release was not brought to its end: {outcome.stopped}.",
                "Nothing was published, since nobody can say that it is safe. If a calmer machine says the same, "
                "please report it with this sentence.",
            )
        if outcome.safe:
            return GateResult(book, tuple(left_out), outcome)
        left_out += _next_left_out(book, outcome)


def _next_left_out(book: Book, outcome: Outcome) -> list[TablePeriod]:
    """The new table to leave out next, in each of its runs that bears on a number that is not safe."""
    telling = {pair for cell in outcome.cracked for pair in cell.told_by}
    new = [pair for pair in book.added if pair in telling and MEASURES[pair[0]].kind == "people"
           and book.periods[pair[1]].grain == "run" and book.states[pair].status == "published"]
    if not new:
        tables = sorted({table for table, _ in telling if MEASURES[table].kind == "people"})
        raise ReleaseRefused(
            f"Hidden numbers of {', '.join(tables)} could be worked out, "
            "and no new table is left that could be left out to prevent it.",
            "Nothing was published. Wait for the next quarter, whose numbers may be enough, or ask for help with this "
            "sentence.",
        )
    first = min((table for table, _ in new), key=LEFT_OUT_FIRST.index)
    return [pair for pair in new if pair[0] == first]
