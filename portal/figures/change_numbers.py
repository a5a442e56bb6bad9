"""What the comparisons over time are made from: the counts of each period, with what they are out of."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from portal.contract.contract import DIMENSIONS, MEASURES
from portal.figures.charts.change import Points
from portal.figures.figure import Text
from portal.figures.statistics import FEWEST_POINTS, p_chart, xmr
from portal.figures.view import Period, View, cell, say_count
from portal.language import number, short_month, t
from portal.release import queries
from portal.release.queries import Answer

CONNECTED = {"accepted_only", "kept"}  # of care.referral: the person accepted
Row = tuple[float, ...]
Way = Callable[[Period, Row], "Counted | None"]


@dataclass(frozen=True)
class Counted:
    """One period: what was counted, out of what (calls, hours or days), and how the two are said."""

    period: Period
    count: float
    out_of: float
    said: Text

    @property
    def words(self) -> str:
        """Such as July to September 2027."""
        return self.period.words


@dataclass(frozen=True)
class Numbers:
    """The periods that have their numbers, by id in order of time, and the statements that gave them."""

    found: dict[str, Counted]
    answers: tuple[Answer, ...]


Source = Callable[[View], Numbers]
Drawn = tuple[Points, tuple[Answer, ...]]  # a series with its limits, and the statements that gave it


def _made(view: View, rows: dict[str, Row], way: Way, *answers: Answer) -> Numbers:
    found = {period: made for period, row in rows.items() if (made := way(view.periods[period], row))}
    return Numbers(found, answers)


def together(*answers: Answer) -> dict[str, Row]:
    """The rows of several series side by side, of the periods in which none of the numbers is missing."""
    found = [{row[0]: row[1:] for row in one.rows} for one in answers]
    rows = {period: sum((one.get(period, (None,)) for one in found), ()) for period in found[0]}
    return {period: row for period, row in rows.items() if None not in row}


def days(one: Period) -> int:
    """How many days a period has."""
    return (date.fromisoformat(one.end) - date.fromisoformat(one.start)).days + 1


def received(view: View) -> Numbers:
    """Crisis calls of each quarter, by its days."""
    def way(one: Period, row: Row) -> Counted:
        said = say_count("{n} crisis call, {rate} a day", "{n} crisis calls, {rate} a day", row[0],
                         rate=number(row[0] / days(one), 1))
        return Counted(one, row[0], days(one), Text(said))
    asked = queries.series(view.release, "demand.received", "quarter", ["calls"])
    return _made(view, together(asked), way, asked, queries.periods(view.release, "quarter"))


def answered(view: View) -> Numbers:
    """Calls answered of those the team could take, by quarter."""
    def way(one: Period, row: Row) -> Counted | None:
        said = say_count("{top} of {n} call it could take, {percent}%", "{top} of {n} calls it could take, {percent}%",
                         row[1], top=cell(row[0]), percent=number(round(100 * row[0] / (row[1] or 1))))
        return Counted(one, row[0], row[1], Text(said)) if row[1] else None
    asked = queries.series(view.release, "response.met", "quarter", ["answered_on_duty", "eligible_on_duty"])
    return _made(view, together(asked), way, asked)


def per_hour(view: View) -> Numbers:
    """Calls answered, by hours on duty, by quarter."""
    def way(one: Period, row: Row) -> Counted | None:
        hours = Text(say_count("{n} hour on duty", "{n} hours on duty", row[1], 1))
        said = say_count("{n} call answered in {hours}", "{n} calls answered in {hours}", row[0], hours=hours)
        return Counted(one, row[0], row[1], Text(said)) if row[1] else None
    asked = (queries.series(view.release, "response.met", "quarter", ["responses"]),
             queries.series(view.release, "hours.staffed", "quarter", ["covered_hours"]))
    return _made(view, together(*asked), way, *asked)


def of_responses(one: Period, row: Row) -> Counted | None:
    """A count out of the responses of a run."""
    said = say_count("{top} of {n} response", "{top} of {n} responses", row[1], top=cell(row[0]))
    return Counted(one, row[0], row[1], Text(said)) if row[1] else None


def conduct(measure: str) -> Source:
    """What officials did, out of all responses, by run."""
    def source(view: View) -> Numbers:
        asked = queries.series(view.release, measure, "run", [next(iter(MEASURES[measure].values)), "responses"])
        return _made(view, together(asked), of_responses, asked)
    return source


def connected(view: View) -> Numbers:
    """Responses after which the person accepted a referral, of all, by run: where the groups shown tell it."""
    covers = DIMENSIONS["referral"].covers
    asked: list[Answer] = []
    rows: dict[str, Row] = {}
    for run in view.of("run"):
        shown = [str(row[0]) for row in queries.breakdown(view.release, "care.referral", run.id, "responses").rows]
        inside = [one for one in shown if set(covers.get(one, ("",))) <= CONNECTED]
        if {base for one in inside for base in covers[one]} == CONNECTED:
            asked.append(queries.part_of(view.release, "care.referral", run.id, "responses", inside, shown))
            rows[run.id] = asked[-1].rows[0][:2]
    return _made(view, rows, of_responses, *asked)


def by_run(measure: str, source: Source, name: Callable[[], str]) -> Callable[[View], Drawn | None]:
    """The share in each run, with the limits of a p chart, where there are runs enough."""
    def drawn(view: View) -> Drawn | None:
        numbers = source(view)
        rows = _until(view, measure, {period: (one.count, one.out_of) for period, one in numbers.found.items()})
        if not rows:
            return None
        tops, bottoms = zip(*rows.values(), strict=True)
        values = tuple(top / bottom for top, bottom in rows.values())
        words = tuple(view.periods[one].words for one in rows)
        return Points(words, words, values, p_chart(tops, bottoms), name(), percent=True, runs=True), numbers.answers
    return drawn


def _until(view: View, measure: str, rows: dict[str, Row]) -> dict[str, Row]:
    """The months or runs up to the end of the chosen quarter, since they are counted as they are now: where that is
    enough for limits.
    """
    end = view.quarter.end if view.quarter else ""
    since = max((on for on, _ in view.broken(measure) if on <= end), default="")
    kept = {period: row for period, row in rows.items()
            if since <= view.periods[period].start and view.periods[period].end <= end}
    return kept if len(kept) >= FEWEST_POINTS else {}


def _months(view: View, rows: dict[str, Row]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The months in words, and in as few letters as they are written below a line."""
    asked = [view.periods[one] for one in rows]
    return tuple(one.words for one in asked), tuple(short_month(date.fromisoformat(one.start)) for one in asked)


def received_by_month(view: View) -> Drawn | None:
    """Crisis calls of each month, with the limits of a chart of individual values (XmR)."""
    asked = queries.series(view.release, "demand.received", "month", ["calls"])
    rows = _until(view, "demand.received", together(asked))
    if not rows:
        return None
    values = tuple(row[0] for row in rows.values())
    return Points(*_months(view, rows), values, xmr(values), t("Crisis calls in a month"),
                  False), (asked,)


def answered_by_month(view: View) -> Drawn | None:
    """The share of the calls it could take that the team answered, by month, with the limits of a p chart."""
    asked = queries.series(view.release, "response.met", "month", ["answered_on_duty", "eligible_on_duty"])
    rows = _until(view, "response.met", {period: row for period, row in together(asked).items() if row[1]})
    if not rows:
        return None
    tops, bottoms = zip(*rows.values(), strict=True)
    values = tuple(top / bottom for top, bottom in zip(tops, bottoms, strict=True))
    return Points(*_months(view, rows), values, p_chart(tops, bottoms),
                  t("Answered, of the calls it could take in a month"), True), (asked,)


def per_hour_by_month(view: View) -> Drawn | None:
    """Calls answered for every 100 hours on duty, by month, with the limits of a chart of individual values (XmR)."""
    asked = (queries.series(view.release, "response.met", "month", ["responses"]),
             queries.series(view.release, "hours.staffed", "month", ["covered_hours"]))
    rows = _until(view, "response.met", {period: row for period, row in together(*asked).items() if row[1]})
    if not rows:
        return None
    values = tuple(100 * calls / hours for calls, hours in rows.values())
    return Points(*_months(view, rows), values, xmr(values),
                  t("Answered calls for every 100 hours on duty, by month"), False), asked
