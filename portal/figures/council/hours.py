"""What would more hours do? For one more weekly shift in each part of the week two estimates, and the span between."""

from dataclasses import dataclass
from datetime import date
from math import ceil, floor

from portal.contract.contract import DIMENSIONS
from portal.figures.council.explained import explained
from portal.figures.council.service import Service, last_year
from portal.figures.council.since_first_year import gaps_in_it
from portal.figures.council.times import DIMENSION, HourBlock, hours_of, in_order
from portal.figures.decisions.more_hours import WEEKS_A_QUARTER, MoreHours, Year, like_today, more_hours
from portal.figures.figure import Cell, Figure, Gap, RichText, Table
from portal.figures.spans import main
from portal.figures.view import RecordedPeriod, TextParts, View, label, say, sentences, text
from portal.language import day, n, number, t
from portal.release import queries
from portal.release.queries import Answer

FIGURE = "service.more_hours"
SHIFT, LONG_SHIFT = 4.0, 8.0  # hours: the long one only where a part of the week holds it in one piece
LEAST_CALLS, LEAST_FREE = 20, 40  # in a year: with fewer there is no estimate
MOST_UNCHECKED, MOST_LOST = 0.2, 0.4  # shares: with more there is no estimate
QUARTERS = 4
BY_DAY = {f"{part}_{hour}" for part in ("weekday", "weekend") for hour in (8, 12, 16)}  # from 8 am to 8 pm
IN_ONE_PIECE = {"weekday_day", "weekend_day"}  # of twelve hours


@dataclass(frozen=True)
class Estimates:
    """Calls a quarter that one more weekly shift would answer: if only the calls of today came (`today`), and if
    officers asked for the team as they do now (`asked_for`); or why there is no estimate.
    """

    block: HourBlock
    hours: float  # of the shift
    today: MoreHours | None = None
    asked_for: MoreHours | None = None
    refused: str = ""


@dataclass(frozen=True)
class Basis:
    """The input of the estimates: the last year, its counts with the hours that one call takes, its parts of the week,
    and the statements.
    """

    service: Service
    year: Year
    blocks: list[HourBlock]
    answers: tuple[Answer, ...]


def _hours_a_call(view: View) -> tuple[float, tuple[Answer, ...]] | None:
    """The hours one call takes: the median time to the scene and on it; None where one of them is not shown."""
    spans = {measure: main(view, measure) for measure in ("response.time_to_scene", "response.time_on_scene")}
    answers = tuple(queries.values(view.release, measure, span.id if span else "", category="")
                    for measure, span in spans.items())
    medians = [next((row[2] for row in answer.rows if row[0] == "median_minutes"), None) for answer in answers]
    minutes = [median for median in medians if median is not None]
    return (sum(minutes) / 60, answers) if len(minutes) == len(medians) else None


def days(period: RecordedPeriod) -> int:
    """How many days a period has."""
    return (date.fromisoformat(period.end) - date.fromisoformat(period.start)).days + 1


def common_blocks(counts: list[dict[str, float]]) -> dict[str, float]:
    """The finest parts of the week that all periods show, with their calls in all of them. The smaller parts of a
    period that shows more are added up: the ladder is nested. `counts`: a period's calls by block.
    """
    covers = {name: frozenset(DIMENSIONS[DIMENSION].covers[name]) for calls in counts for name in calls}
    common: dict[str, float] = {}
    for name, bands in covers.items():
        inside = [[part for part in calls if covers[part] <= bands] for calls in counts]
        if all(frozenset().union(*(covers[part] for part in parts)) == bands for parts in inside):
            common[name] = sum(calls[part] for calls, parts in zip(counts, inside, strict=True) for part in parts)
    return {name: calls for name, calls in common.items() if not any(covers[other] < covers[name] for other in common)}


def _blocks(view: View, service: Service) -> tuple[list[HourBlock], tuple[Answer, ...]]:
    """The parts of the week of the year, with their calls and hours; none where a part of the year shows none."""
    run_ids = [row["period_id"] for row in view.states("demand.by_time") if row["status"] == "published"
             and row["grain"] == "run" and service.first <= (row["start"] or "") and (row["end"] or "") <= service.last]
    runs = [view.periods[id_] for id_ in run_ids]
    if sum(days(run) for run in runs) != days(view.spanning(service.first, service.last)):
        return [], ()
    answers = tuple(queries.breakdown(view.release, "demand.by_time", run.id, "calls") for run in runs)
    calls = common_blocks([{str(row[0]): row[1] for row in answer.rows} for answer in answers])
    zone = view.meta["time_zone"]
    return in_order([HourBlock(name, count, sum(hours_of(name, run, zone) for run in runs))
                     for name, count in calls.items()]), answers


def basis(view: View) -> Basis | str:
    """The input of the estimates, or in a sentence why there is none."""
    service = last_year(view)
    if service is None:
        return t("This takes four quarters that are shown.")
    counts = service.counts
    calls, eligible, on_duty, answered = (counts[name] for name in ("calls", "eligible", "on_duty", "answered"))
    if calls is None or eligible is None or on_duty is None or answered is None or counts["hours"] is None:
        return t("The records do not hold all that this takes.")
    if view.spanning(service.first, service.last).partial:
        return gaps_in_it()
    for name in ("demand.received", "response.on_duty"):
        for break_day, _ in view.broken(name):
            if service.first < break_day <= service.last:
                return t("Since {day} it is counted in another way: this takes four quarters that are counted alike.",
                         day=day(break_day))
    if (counts["unchecked"] or 0) > MOST_UNCHECKED * calls:
        return t("More than a fifth of the calls were never checked against the rule.")
    free = on_duty - (counts["on_another_call"] or 0)
    if free < LEAST_FREE:
        return t("In a year fewer than {n} calls came while the team was on duty and free.", n=number(LEAST_FREE))
    busy = _hours_a_call(view)
    if busy is None:
        return t("How long a call takes is not shown.")
    blocks, answers = _blocks(view, service)
    if not blocks:
        return t("The time of calls is not shown in all four quarters.")
    return Basis(service, Year(calls, eligible, free, answered, busy[0]), blocks, (service.answer, *answers, *busy[1]))


def estimates(basis: Basis, block: HourBlock, shift: float) -> Estimates:
    """Both estimates for one more weekly shift of so many hours in a part of the week, or why there are none."""
    if block.calls < LEAST_CALLS or not block.hours:
        return Estimates(block, shift, refused=t("Fewer than {n} calls a year.", n=number(LEAST_CALLS)))
    if not set(DIMENSIONS[DIMENSION].covers[block.id]) <= BY_DAY:  # a night can't be estimated from a day
        return Estimates(block, shift, refused=t("Nobody knows how often officers would ask for the team at night."))
    if WEEKS_A_QUARTER * shift * QUARTERS > (basis.service.counts["hours"] or 0):
        return Estimates(block, shift, refused=t("That is more than the team is on duty now."))
    today = more_hours(round(block.calls), block.hours, basis.year, shift)
    if today.lost > MOST_LOST:
        return Estimates(block, shift, refused=t("One team would be on another call too often."))
    counts = basis.service.counts
    return Estimates(block, shift, today, like_today(round(counts["answered"] or 0), counts["hours"] or 0, shift))


def all_estimates(basis: Basis) -> list[Estimates]:
    """A shift of four hours in each part of the week, and one of eight where the part holds it in one piece."""
    return [estimates(basis, block, shift) for block in basis.blocks
            for shift in ((SHIFT, LONG_SHIFT) if block.id in IN_ONE_PIECE else (SHIFT,))]


def span_of(shift: Estimates) -> tuple[int, int]:
    """What any one quarter may show by either estimate, rounded outward to whole calls."""
    both = [estimate for estimate in (shift.today, shift.asked_for) if estimate]
    return floor(min(estimate.quarter_low for estimate in both)), ceil(max(estimate.quarter_high for estimate in both))


def _described(shift: Estimates) -> TextParts:
    """The two estimates in sentences: never one number alone."""
    if shift.today is None or shift.asked_for is None:
        return say("{what}: nothing is said. {why}", what=label(DIMENSION, shift.block.id), why=shift.refused)
    low, high = span_of(shift)
    today, come = round(shift.today.mean), round(shift.today.incoming)
    return (" ".join((
        n("If only the calls that come today came, one more weekly shift of {hours} hours ({what}) would answer about"
          " {n} call a quarter.",
          "If only the calls that come today came, one more weekly shift of {hours} hours ({what}) would answer about"
          " {n} calls a quarter.", today, n=number(today), hours=number(shift.hours),
          what=label(DIMENSION, shift.block.id)),
        t("If officers asked for the team as they do now, about {asked}. Any one quarter may show {low} to {high}.",
          asked=number(round(shift.asked_for.mean)), low=number(low), high=number(high)),
        n("At most {n} call that meets the rule comes in those hours now.",
          "At most {n} calls that meet the rule come in those hours now.", come, n=number(come)))),)


def _row(shift: Estimates) -> tuple[Cell, ...]:
    """The table's row of a shift."""
    name, hours = Cell(label(DIMENSION, shift.block.id)), Cell(number(shift.hours))
    if shift.today is None or shift.asked_for is None:
        return name, hours, Cell(t("nothing is said")), Cell(t("nothing is said")), Cell(shift.refused)
    low, high = span_of(shift)
    return (name, hours, Cell(number(round(shift.today.mean))), Cell(number(round(shift.asked_for.mean))),
            Cell(t("{low} to {high}", low=number(low), high=number(high))))


def assumed() -> str:
    """What both estimates assume."""
    return t("It is assumed that calls go on as in the last year, that the new hours are like the others of that time"
             " of day and are not covered yet, that nobody is taken from present shifts, and that one team takes one"
             " call at a time.")


def method() -> str:
    """How both estimates are computed."""
    return t("First estimate: the calls of that part of the week in an hour, times the share that met the rule, times"
             " the share the team went to when on duty and free; of these, those that find one team free, by a renewal"
             " process whose steady state is Erlang's loss formula (Kleinrock, 1975). Its interval joins mid-p Poisson"
             " and Wilson intervals by MOVER (Zou and Donner, 2008). Second estimate: the responses of an hour on duty."
             " What one quarter may show adds the chance of a count. Medians stand in for the time of a call.")


def _headline(shift: Estimates) -> RichText:
    """The span of what one more shift may answer: never one number."""
    if shift.today is None:
        return text(t("Nothing can be said of more hours"))
    low, high = span_of(shift)
    return text(t("One more weekly shift may answer {low} to {high} calls a quarter", low=number(low),
                  high=number(high)))


def hours(view: View) -> Figure:
    """Two estimates for one more weekly shift in each part of the week, what they assume, and where there are none."""
    year = basis(view)
    question, words = t("What would more hours do?"), view.quarter.words if view.quarter else t("no period")
    texts = (t("What one more weekly shift would answer in a quarter: two estimates, and the span between them."),
             t("Hours are what a council decides on."),
             t("It is no forecast: two estimates that differ say how much nobody knows. It says nothing of money."))
    if isinstance(year, str):
        return Figure(FIGURE, question, sentences(say("Nothing is said of it."), (year,)), None,
                      (Gap("privacy", question, year, t("What this takes being shown.")),), (), view.line(words),
                      explained(view, *texts, method(), queries.states(view.release, "demand.by_time")),
                      headline=text(year.rstrip(".।")))
    shifts = all_estimates(year)
    busiest = max(shifts, key=lambda shift: (shift.today is not None, shift.block.rate))
    answer = sentences(_described(busiest), (assumed(),))
    headers = (t(DIMENSIONS[DIMENSION].label), t("Hours of the shift"), t("If only the calls of today came"),
               t("If asked for as today"), t("Any one quarter may show"))
    table = Table(t("Calls that one more weekly shift would answer in a quarter"), headers, tuple(map(_row, shifts)))
    return Figure(FIGURE, question, answer, table, (), (), view.line(year.service.words),
                  explained(view, *texts, method(), *year.answers), headline=_headline(busiest), sub=answer)
