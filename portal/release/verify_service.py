"""Verifies the service's own tables: which quarters they publish together, and that their numbers agree."""

from collections.abc import Iterator
from itertools import pairwise

from portal.contract.contract import SERVICE, Measure, threshold
from portal.release.book import PublicBook, equal, summed, within
from portal.release.periods import Period, Quarter, open_of, pilot_of, run_of, year_of

ON_DUTY = ("on_another_call", "not_sent", "other")
ELIGIBLE, COULD, REASONS = "demand.eligible", "response.on_duty", "response.unmet_reason"


def service_numbers(book: PublicBook, measure: Measure) -> Iterator[str]:
    """What in a service table contradicts the public totals or the other service tables, a sentence each."""
    closed = _closed(book, measure.id)
    published = [period for period in closed if book.states[measure.id, period.period_id]["status"] == "published"]
    yield from (f"{measure.id} in {period.period_id} is no quarter, and no quarters together."
                for period in closed if not _is_service_period(book, period))
    if _overlap(book):
        yield f"{measure.id} has periods that overlap those of another table of the service."
    yield from (f"{measure.id} in {period.period_id} tells of too few calls." for period in published
                if not _enough(book, period))
    yield from (f"{measure.id} in {period.period_id} does not fit the number of crisis calls, answered or not."
                for period in published if not _fits(book, measure.id, period))
    if not _waits(book, measure.id, closed):
        yield f"{measure.id} does not say just which quarters wait, and for what."
    yield from _longer_periods(book, measure, published, len(closed))


def _closed(book: PublicBook, table: str) -> list[Period]:
    """The quarters and runs that a table has closed, oldest first."""
    periods = [book.periods[period] for (table_id, period), state in book.states.items()
               if table_id == table and state["reason"] not in ("no_records", "ended") and state["status"] != "not_due"
               and book.periods[period].grain in ("quarter", "run")]
    return sorted(periods, key=lambda period: period.start)


def _is_service_period(book: PublicBook, period: Period) -> bool:
    inside = within(book, period)
    return bool(inside) and period == (inside[0].period if len(inside) == 1 else run_of(inside))


def _overlap(book: PublicBook) -> bool:
    periods = sorted({period for measure in SERVICE for period in _closed(book, measure.id)},
                     key=lambda period: (period.start, period.end))
    return any(after.start <= before.end for before, after in pairwise(periods))


def _answered(book: PublicBook, quarters: tuple[Quarter, ...]) -> int:
    return sum(book.total("responses", quarter) or 0 for quarter in quarters)


def _unanswered(book: PublicBook, period: Period) -> float | None:
    """How many calls the team could have taken and did not; None where the release does not publish that."""
    could = book.values((COULD, period.period_id))
    if ("eligible_on_duty", "") in could:
        return could["eligible_on_duty", ""] - could["responses", ""]
    eligible = book.values((ELIGIBLE, period.period_id)).get(("calls", "eligible"))
    return None if eligible is None else eligible - _answered(book, within(book, period))


def _enough(book: PublicBook, period: Period) -> bool:
    """Whether a period has the calls, answered and not, that a period of a service table needs."""
    answered, unanswered = _answered(book, within(book, period)), _unanswered(book, period)
    if not answered:
        return period.grain == "quarter"
    return answered >= threshold("service_answered") and (
        unanswered is None or unanswered >= threshold("service_unanswered"))


def _fits(book: PublicBook, table: str, period: Period) -> bool:
    """Whether every call is in one group, and answered and unanswered calls add up to all that the team could take."""
    values = {category or value: number for (value, category), number in book.values((table, period.period_id)).items()}
    inside = within(book, period)
    calls, answered = sum(book.total("calls", quarter) or 0 for quarter in inside), _answered(book, inside)
    reasons = {category: number for (_, category), number in book.values((REASONS, period.period_id)).items()}
    if table == ELIGIBLE:
        return sum(values.values()) == calls and (
            not reasons or values["eligible"] == answered + sum(reasons.values()))
    if table == COULD:
        on_duty = sum(reasons.get(reason, 0) for reason in ON_DUTY)
        could = values.get("eligible_on_duty", answered)
        return values["responses"] == answered <= could <= calls and (not reasons or could == answered + on_duty)
    return table == "hours.staffed" or max(values.values()) <= calls


def _waits(book: PublicBook, table: str, closed: list[Period]) -> bool:
    """Whether the quarters after the last closed period wait, for the reason that follows from their public total."""
    if len(book.meta.get("pilot_ended", "")) > 0 and book.meta["pilot_ended"] <= book.meta["period_end"]:
        return not any(table_id == table and state["status"] == "not_due"
                       for (table_id, _), state in book.states.items())
    open_states = [(period, state) for (table_id, period), state in book.states.items()
                   if table_id == table and state["status"] == "not_due"]
    pilot = book.states.get((table, pilot_of(book.quarters).period_id))
    if not open_states and (pilot["status"] == "not_collected" if pilot else not closed):
        return True  # a table that is not collected, or was not so far, waits for nothing
    last = max((period.end for period in closed), default="")
    waiting = [quarter for quarter in book.quarters if quarter.start.isoformat() > last and _has_records(book, quarter)]
    if not waiting:
        return not open_states
    answered = _answered(book, tuple(waiting))
    need = threshold("service_answered"), threshold("service_unanswered")
    expected = (open_of(waiting).period_id, *(("service_open", answered, need[0]) if answered < need[0]
                                              else ("service_rest", None, need[1])))
    return [(period, state["reason"], state["have"], state["need"]) for period, state in open_states] == [expected]


def _has_records(book: PublicBook, quarter: Quarter) -> bool:
    row = book.coverage.get(quarter.id)
    return row is not None and row[1] != row[2]


def _longer_periods(book: PublicBook, measure: Measure, published: list[Period], closed: int) -> Iterator[str]:
    """Years and the pilot so far are the sums of all published periods in them."""
    pilot = pilot_of(book.quarters)
    years = {year_of([quarter]).period_id: [period for period in published if period.start[:4] == period.end[:4] ==
                                        str(quarter.year)] for quarter in book.quarters}
    complete = {year: inside for year, inside in years.items()
                if sum(len(within(book, period)) for period in inside) == 4}
    for period_id, inside in (complete | ({pilot.period_id: published} if published else {})).items():
        key, state = (measure.id, period_id), book.states.get((measure.id, period_id))
        if state is not None and state["status"] == "not_collected":
            continue
        not_collected = {cell["measure_id"] for cell in book.cells.get(key, ()) if cell["status"] == "not_collected"}
        sums = {name: number for name, number in summed(
            book.values((measure.id, period.period_id)) for period in inside).items() if name[0] not in not_collected}
        counts = (len(inside), closed if period_id == pilot.period_id else len(inside))
        if state is None or (state["have"], state["need"]) != counts or not equal(book.values(key), sums):
            yield f"{measure.id} in {period_id} is not the sum of its published periods."
    yield from (f"{measure.id} in {year} is shown, and not all of its quarters are." for year in years.keys() - complete
                if (measure.id, year) in book.states)
