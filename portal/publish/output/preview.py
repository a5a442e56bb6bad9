"""The plan of a release, for the analyst: table by table, how finely it is shown, which categories are merged by that,
how far an open run is, and how much finer a longer run would be.
"""

from bisect import bisect_left
from dataclasses import dataclass

from portal.contract.contract import DIMENSIONS, MEASURES, Dimension, threshold
from portal.publish.output.ledger import Book, TableState
from portal.publish.protection.protect import rungs_tried
from portal.release.periods import OPEN, PILOT

MOST = 10_000  # responses in a run; beyond it nothing gets finer
WORDS = {
    "privacy": "to protect people",
    "changed": "the records have changed since a total of it was published",
    "parts": "one of its runs is not shown, or has other or coarser groups",
    "merged": "the groups it needs are merged with others",
    "not_collected": "the source does not collect it",
    "no_records": "no records in that time",
    "run_open": "too few so far",
    "run_rest": "one quarter holds nearly all of it so far",
    "runs_together": "waits for another run",
    "withdrawn": "the published numbers were wrong, and are no longer shown",
    "ended": "the pilot ended before there were enough",
    "service_open": "too few answered so far",
    "service_rest": "too few on duty not answered so far",
}


@dataclass(frozen=True)
class PlanLine:
    """One line of the plan: a table in a period, whether it is new in this release, and, as `words`, how finely it is
    shown or why not. `rung`: its rung of the ladder. `lost`: categories that are merged. `longer`: the groups that more
    responses in a run would give.
    """

    table: str
    period: str
    status: str
    words: str
    new: bool
    rung: str = ""
    lost: str = ""
    longer: str = ""


def plan(book: Book) -> tuple[PlanLine, ...]:
    """Table by table, in order of time. Months are left to the quarters."""
    order = list(MEASURES)
    planned = []
    for key in sorted(book.states, key=lambda key: (order.index(key[0]), book.periods[key[1]])):
        state, period = book.states[key], book.periods[key[1]]
        if period.grain != "month":
            new = key in book.added and period.lasts
            finer = _finer(book, state) if period.grain == "run" and MEASURES[key[0]].kind == "people" else {}
            planned.append(PlanLine(*key, state.status, _words(book, key), new, **finer))
    return tuple(planned)


def _words(book: Book, key: tuple[str, str]) -> str:
    state, measure = book.states[key], MEASURES[key[0]]
    if state.status == "not_due" and state.have is not None:
        return f"{WORDS.get(state.reason, state.reason)}: {state.have} of {state.need}"
    if state.status != "published":
        return WORDS.get(state.reason, state.reason)
    blocks = _blocks(book, key)
    if measure.kind != "people" or not blocks:
        return "exact"
    labels = DIMENSIONS[measure.dimension].labels
    return f"{len(blocks)} groups: {'; '.join(labels[block] for block in blocks)}"


def _blocks(book: Book, key: tuple[str, str]) -> list[str]:
    return list(dict.fromkeys(element.category_1 for element in book.cells.get(key, ())
                              if element.category_1 and element.status == "published"))


def _finer(book: Book, state: TableState) -> dict[str, str]:
    """How fine a table on people is in a run: by its groups, or, where it isn't shown, by the first rung to be tried in
    a run of the least size.
    """
    measure = MEASURES[state.table_id]
    if measure.dimension not in DIMENSIONS or not DIMENSIONS[measure.dimension].ladder:
        return {}
    dimension = DIMENSIONS[measure.dimension]
    key = state.table_id, state.period_id
    blocks, empty = set(_blocks(book, key)), book.not_collected(*key)
    at = next((at for at, rung in enumerate(dimension.ladder)
               if set(dimension.collected(rung, empty)) == blocks), None)
    if at is None:
        size = max(threshold("run_responses") * measure.runs_together, state.have or 0)
        at = rungs_tried(dimension, size)[0]
        return {"longer": f"{len(dimension.ladder[at])} groups with a run of {size} responses or more; "
                          f"{_next(dimension, at)}"}
    return {"rung": f"rung {at + 1} of {len(dimension.ladder)}", "lost": _lost(dimension, at),
            "longer": _next(dimension, at)}


def _lost(dimension: Dimension, at: int) -> str:
    merged = [dimension.covers[block] for block in dimension.ladder[at] if len(dimension.covers[block]) > 1]
    return "; ".join(" with ".join(dimension.labels[cover] for cover in covers) for covers in merged)


def _next(dimension: Dimension, at: int) -> str:
    """From how many responses in a run on the next finer rung is tried; planned shares decide, and nobody's record."""
    def rung(size: int) -> int:
        return rungs_tried(dimension, size)[0]

    # what fits a size fits every larger one, so the size can be bisected
    size = bisect_left(range(MOST), True, lo=1, key=lambda size: rung(size) < at)
    if size == MOST:
        return "nothing finer"
    return f"{len(dimension.ladder[rung(size)])} groups with a run of {size} responses or more"


def _age(run: PlanLine) -> str:
    """Whether a period is new, was published before, or is written anew in each release: what waits, and the pilot."""
    if run.period.startswith((OPEN, PILOT)):
        return "so far"
    return "new   " if run.new else "before"


def plan_lines(planned: tuple[PlanLine, ...], *, dry_run: bool) -> list[str]:
    """The plan as the command line prints it; a dry run adds what is merged, and what a longer run would give."""
    printed = []
    for run in planned:
        printed.append(f"{_age(run)}  {run.table:30} {run.period:30} {run.words}")
        open_or_new = run.new or run.status == "not_due"
        if dry_run and open_or_new:
            more = [run.rung, f"not told apart: {run.lost}" if run.lost else "", run.longer]
            if any(more):
                printed.append(" " * 10 + " | ".join(filter(None, more)))
    return printed
