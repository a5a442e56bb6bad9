"""Errata: corrections of a table whose published numbers turn out to be wrong, such as by a fault of the mapping.

Earlier releases keep their bytes. The service's own tables are counted again, and the new numbers replace the old ones.
Numbers on people and on what happened to them are withdrawn: no longer shown, and never restated, since two versions
of a group's number reveal something about the records by which they differ.
"""

from collections.abc import Iterable

from portal.contract.contract import MEASURES, threshold
from portal.errors import ReleaseRefused
from portal.publish.output.ledger import Book, TableState

Erratum = tuple[str, str, str]  # table, kind (contract: ERRATUM_KINDS), the analyst's words
ADDED_UP_TO = ("demand.received", "response.met", "outcome.arrest")  # every other table adds up to these
TOGETHER = ("demand.eligible", "response.on_duty", "response.unmet_reason")  # each follows from the others


def errata_of(table: str, because: str) -> list[Erratum]:
    """The errata for a table found to be wrong: its own, and those of the tables that divide the same answers.

    Raises ReleaseRefused for a table that can't be replaced, or without a reason.
    """
    if table not in MEASURES or MEASURES[table].kind not in ("activity", "people", "conduct"):
        known = ", ".join(name for name, measure in MEASURES.items()
                          if measure.kind in ("activity", "people", "conduct") and name not in ADDED_UP_TO)
        raise ReleaseRefused(f"{table!r} is no table that can be superseded.", f"Take one of: {known}.")
    if table in ADDED_UP_TO:
        raise ReleaseRefused(f"{table} can't be superseded: other published tables add up to it.",
                             "Say what was wrong with --note; the numbers stay.")
    if not because.strip():
        raise ReleaseRefused(f"{table} can't be superseded without a reason.",
                             "Say in --because what was wrong and since when, in words that may be read by anybody.")
    kind = "superseded" if MEASURES[table].kind == "activity" else "withdrawn"
    return [(name, kind, because.strip()) for name in _affected(table)]


def _affected(table: str) -> list[str]:
    """A table and all tables that divide the same answers."""
    if table in TOGETHER:
        return list(TOGETHER)
    measure = MEASURES[table]
    same = [table]
    if measure.kind == "people" and measure.dimension and measure.unit != "minutes":
        same = [name for name, other in MEASURES.items() if (other.kind, other.dimension, other.unit) == (
            measure.kind, measure.dimension, measure.unit)]
    return same


def apply_errata(book: Book, errata: Iterable[Erratum]) -> None:
    """Prepare a book, which holds what was published before: superseded tables take new numbers, withdrawn ones lose
    theirs.
    """
    for table, kind, _ in errata:
        if kind == "superseded":
            book.superseded.add(table)
        else:
            for name in (table, *(other.id for other in MEASURES.values() if other.source_measure == table)):
                _withdraw(book, name)


def _withdraw(book: Book, table: str) -> None:
    for key in [key for key in book.states if key[0] == table]:
        if book.periods[key[1]].grain == "year":  # a sum of numbers that are no longer shown
            del book.states[key]
            book.cells.pop(key, None)
        elif book.states[key].status == "published" or book.states[key].reason == "merged":
            book.states[key] = TableState(*key, "suppressed", "withdrawn")
            if key in book.cells:
                book.cells[key] = tuple(dict.fromkeys(
                    cell._replace(value=None, status="suppressed", dimension_1="", category_1="")
                    for cell in book.cells[key]))


def check_superseded(book: Book) -> None:
    """Raise ReleaseRefused where a number that replaces another would count too few unanswered calls."""
    if not book.superseded & set(TOGETHER):
        return
    for (table, period), state in book.states.items():
        if table != "response.on_duty" or state.status != "published":
            continue
        could, answered = (book.value(table, period, value) for value in ("eligible_on_duty", "responses"))
        if could is not None and answered and could - answered < threshold("service_unanswered"):
            raise ReleaseRefused(f"The corrected numbers of {', '.join(TOGETHER)} can't be shown: in {period} nearly "
                                 "every call that the team could have taken would be known to be answered.",
                                 "Say what was wrong with --note; the numbers stay.")
