"""The numbers that "Is it changing?" compares: the newest quarters or runs, and those of the first year."""

from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import date

from portal.contract.contract import DIMENSIONS, MEASURES
from portal.figures.decisions.changing import Change, compared_quarters, compared_runs, of_counts, of_shares
from portal.figures.view import SERVICE_GRAINS, RecordedPeriod, View
from portal.language import number, span, t
from portal.language.formats import month as month_of
from portal.release import queries
from portal.release.queries import Answer

FIFTH_ENDS = 15  # months after the base year begins
PeriodPair = tuple[list[RecordedPeriod], list[RecordedPeriod]]
SharesByPeriod = dict[str, tuple[float, float]]  # by period: a count, and what it is out of


@dataclass(frozen=True)
class ComparedRow:
    """One number and what is known of its change; `why` says in a sentence why nothing is compared."""

    name: str
    share: bool
    change: Change | None = None
    period: str = ""
    base: str = ""  # the time it is compared with, in words
    now: str = ""
    before: str = ""
    why: str = ""
    answers: tuple[Answer, ...] = ()


RowFunction = Callable[[View], ComparedRow]


def _since(view: View, measure: str) -> str:
    """The day since which a measure is counted as it is in the chosen quarter; "" where its series has no break."""
    end = view.quarter.end if view.quarter else ""
    return max((break_day for break_day, _ in view.broken(measure) if break_day <= end), default="")


def _quarters(view: View, measure: str) -> list[RecordedPeriod]:
    """The quarters up to the chosen one since the base year began: the pilot's first, or the first after a break."""
    end, since = view.quarter.end if view.quarter else "", _since(view, measure)
    return [quarter for quarter in view.of("quarter") if since <= quarter.start and quarter.end <= end]


def _pair(view: View, measure: str) -> PeriodPair | None:
    """The newest quarters and those of the first year that they are compared with; None: it is too early."""
    quarters = _quarters(view, measure)
    compared = compared_quarters(len(quarters))
    return ([quarters[at] for at in compared[0]], [quarters[at] for at in compared[1]]) if compared else None


def _with_gaps(pair: PeriodPair) -> bool:
    """Whether some days of either time hold no record: such a time is not compared."""
    return any(period.partial for side in pair for period in side)


def _too_early(view: View, measure: str) -> str:
    """From which month on quarters can be compared, in a sentence."""
    quarters = _quarters(view, measure)
    if not quarters:
        return t("It is counted in another way now. This can be seen when there is a year to compare with.")
    first = date.fromisoformat(quarters[0].start)
    years, month = divmod(first.month - 1 + FIFTH_ENDS, 12)
    return t("This can be seen from {month} on, when there is a year to compare with.",
             month=month_of(date(first.year + years, month + 1, 1)))


def _months(view: View, quarters: list[RecordedPeriod]) -> list[str]:
    """The ids of the months of these quarters, in their order."""
    months = view.of("month")
    return [month.id for quarter in quarters for month in months
            if quarter.start <= month.start and month.end <= quarter.end]


def _days(quarters: list[RecordedPeriod]) -> int:
    return sum((date.fromisoformat(quarter.end) - date.fromisoformat(quarter.start)).days + 1 for quarter in quarters)


def _words(periods: list[RecordedPeriod]) -> str:
    return span(periods[0].start, periods[-1].end)


def gaps_in_it() -> str:
    """Why a period with days without records is not compared with others."""
    return t("Some days hold no record, so these times can't be compared.")


def same_months() -> str:
    """The time that the newest quarters are compared with, in words."""
    return t("the same months of the first year")


def _counts(series: Answer, months: list[str]) -> list[float] | None:
    """The counts of these months; None where one of them is not published."""
    by_month = {row[0]: row[1] for row in series.rows}
    counts = [by_month.get(month) for month in months]
    return [count for count in counts if count is not None] if None not in counts else None


def _put_together(view: View, quarters: list[RecordedPeriod], known: Container[str]) -> list[RecordedPeriod]:
    """The published periods (`known`: their ids) that make up exactly these quarters, alone or put together; none where
    no periods do.
    """
    days = {(quarter.start, quarter.end) for quarter in quarters}
    inside = [period for period in view.periods.values() if period.id in known
              and {(quarter.start, quarter.end) for quarter in view.of("quarter")
                   if period.start <= quarter.start and quarter.end <= period.end} <= days]
    return sorted(inside, key=lambda period: period.start) if _days(inside) == _days(quarters) else []


def calls(view: View) -> ComparedRow:
    """Crisis calls a day."""
    name, measure = t("Crisis calls a day"), "demand.received"
    series = queries.series(view.release, measure, "month", ["calls"])
    pair = _pair(view, measure)
    if pair is None:
        return ComparedRow(name, False, why=_too_early(view, measure), answers=(series,))
    if _with_gaps(pair):
        return ComparedRow(name, False, why=gaps_in_it(), answers=(series,))
    now, before = (_counts(series, _months(view, side)) for side in pair)
    if not now or not before:
        return ComparedRow(name, False, why=t("Some of its months have no number."), answers=(series,))
    days = [_days(side) for side in pair]
    change = of_counts(now, before, *days)
    now_words, before_words = (t("{calls} in {days} days", calls=number(count), days=number(time))
                               for count, time in zip((change.now, change.before), days, strict=True))
    return ComparedRow(name, False, change, _words(pair[0]), same_months(), now_words, before_words, answers=(series,))


def per_hour(view: View) -> ComparedRow:
    """Responses an hour on duty."""
    name, measure = t("Responses an hour on duty"), "response.met"
    series = queries.series(view.release, measure, "month", ["responses"])
    staffed = queries.series(view.release, "hours.staffed", SERVICE_GRAINS, ["covered_hours"])
    answers, pair = (series, staffed), _pair(view, measure)
    if pair is None:
        return ComparedRow(name, False, why=_too_early(view, measure), answers=answers)
    if _with_gaps(pair):
        return ComparedRow(name, False, why=gaps_in_it(), answers=answers)
    now, before = (_counts(series, _months(view, side)) for side in pair)
    hours = {row[0]: row[1] for row in staffed.rows if row[1] is not None}
    sides = [_put_together(view, side, hours) for side in pair]
    times = [sum(hours[period.id] for period in side) for side in sides]
    if now is None or before is None or not all(sides) or not all(times):
        return ComparedRow(name, False, why=t("Some of its quarters have no number."), answers=answers)
    change = of_counts(now, before, *times)
    now_words, before_words = (t("{responses} in {hours} hours", responses=number(count), hours=number(round(time)))
                               for count, time in zip((change.now, change.before), times, strict=True))
    return ComparedRow(name, False, change, _words(pair[0]), same_months(), now_words, before_words, answers=answers)


def _share(name: str, pair: PeriodPair, base: str, parts: SharesByPeriod, answers: tuple[Answer, ...]) -> ComparedRow:
    """The row of a share, whose counts are summed over the periods of each side."""
    sums = [[sum(parts[period.id][at] for period in side) for at in (0, 1)] for side in pair]
    if not all(total for _, total in sums):
        return ComparedRow(name, True, why=t("It is out of nothing in one of the two times."), answers=answers)
    now_words, before_words = (t("{part} of {whole}", part=number(count), whole=number(total)) for count, total in sums)
    change = of_shares((sums[0][0], sums[0][1]), (sums[1][0], sums[1][1]))
    return ComparedRow(name, True, change, _words(pair[0]), base, now_words, before_words, answers=answers)


def answered(view: View) -> ComparedRow:
    """The share answered, of the calls that met the rule while the team was on duty."""
    name, measure = t("Share the team went to, while on duty"), "response.on_duty"
    series = queries.series(view.release, measure, SERVICE_GRAINS, ["responses", "eligible_on_duty"])
    pair = _pair(view, measure)
    if pair is None:
        return ComparedRow(name, True, why=_too_early(view, measure), answers=(series,))
    if _with_gaps(pair):
        return ComparedRow(name, True, why=gaps_in_it(), answers=(series,))
    parts = {row[0]: (row[1], row[2]) for row in series.rows if None not in row}
    now, before = (_put_together(view, side, parts) for side in pair)
    if not now or not before:
        return ComparedRow(name, True, why=t("Some of its quarters have no number."), answers=(series,))
    return _share(name, (now, before), same_months(), parts, (series,))


def _by_run(view: View, name: str, measure: str, parts: SharesByPeriod, answers: tuple[Answer, ...]) -> ComparedRow:
    """The row of a share that is published by run."""
    quarters = _quarters(view, measure)
    starts, ends = [quarter.start for quarter in quarters], [quarter.end for quarter in quarters]
    runs = [run for run in view.of("run") if run.id in parts and run.start in starts and run.end in ends]
    compared = compared_runs([(starts.index(run.start), ends.index(run.end)) for run in runs])
    if compared is None:
        return ComparedRow(name, True, why=t("This can be seen when there is a whole year of combined periods to "
                                             "compare with those of the first year."),
                           answers=answers)
    pair = [runs[at] for at in compared[0]], [runs[at] for at in compared[1]]
    if _with_gaps(pair):
        return ComparedRow(name, True, why=gaps_in_it(), answers=answers)
    return _share(name, pair, _words(pair[1]), parts, answers)


@dataclass(frozen=True)
class Runs:
    """A count and what it is out of, by run up to the chosen quarter, and the statements that give them."""

    parts: SharesByPeriod
    answers: tuple[Answer, ...]


def _past(view: View) -> list[RecordedPeriod]:
    """The runs that end by the chosen quarter."""
    return [run for run in view.of("run") if view.quarter and run.end <= view.quarter.end]


def conduct_runs(view: View, measure: str) -> Runs:
    """An event the City answers for, out of all responses of each run."""
    series = queries.series(view.release, measure, "run", [next(iter(MEASURES[measure].values)), "responses"])
    past = {run.id for run in _past(view)}
    return Runs({row[0]: (row[1], row[2]) for row in series.rows if None not in row and row[0] in past}, (series,))


def group_runs(view: View, measure: str, categories: frozenset[str]) -> Runs:
    """Responses of these categories, out of all of each run whose published groups hold these categories alone."""
    covers = DIMENSIONS[MEASURES[measure].dimension].covers
    answers: list[Answer] = []
    parts: SharesByPeriod = {}
    for run in _past(view):
        groups = [str(row[0]) for row in queries.breakdown(view.release, measure, run.id, "responses").rows]
        inside = [group for group in groups if set(covers.get(group, ("",))) <= categories]
        if {base for group in inside for base in covers[group]} == categories:
            answers.append(queries.part_of(view.release, measure, run.id, "responses", inside, groups))
            parts[run.id] = answers[-1].rows[0][:2]
    return Runs(parts, tuple(answers))


def hurt_runs(view: View, who: str) -> Runs:
    """Responses in which somebody of this kind (of the dimension "hurt") was hurt, out of all of each run."""
    wanted = {"hurt": ("outcome.injury", "injured", who), "responses": ("outcome.injury", "responses", "")}
    answers = {run.id: queries.sums(view.release, wanted, [run.id]) for run in _past(view)}
    parts = {run: answer.rows[0] for run, answer in answers.items() if None not in answer.rows[0]}
    return Runs({run: (row[0], row[1]) for run, row in parts.items()}, tuple(answers[run] for run in parts))


def conduct(measure: str, name: Callable[[], str]) -> RowFunction:
    """The source of an event the City answers for, out of all responses."""
    def source(view: View) -> ComparedRow:
        runs = conduct_runs(view, measure)
        return _by_run(view, name(), measure, runs.parts, runs.answers)
    return source


def group(measure: str, categories: frozenset[str], name: Callable[[], str]) -> RowFunction:
    """The source of the share of responses of these categories."""
    def source(view: View) -> ComparedRow:
        runs = group_runs(view, measure, categories)
        return _by_run(view, name(), measure, runs.parts, runs.answers)
    return source
