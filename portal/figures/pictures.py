"""Which chart a figure gets, by its data: how many cases and periods there are, what is merged, what is missing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from portal.contract.contract import DIMENSIONS, MEASURES
from portal.figures.charts.bars import bars
from portal.figures.charts.chart import Chart, Portion
from portal.figures.charts.divided import MOST, DividedPeriod, Division, divided
from portal.figures.charts.events import EventRun, events
from portal.figures.charts.months import Event, Month, months
from portal.figures.charts.strips import Whole, strips
from portal.figures.charts.waffle import waffle
from portal.figures.statistics import Limits
from portal.figures.view import inside, label
from portal.language import n, number, t

NOT_RECORDED = "not_recorded"
HOLLOW = {"care.repeat": "first"}  # the base category whose block is drawn as what did not happen
PublishedBlocks = Sequence[tuple[str, float, float | None]]  # published blocks of a table: name, count, percent


@dataclass(frozen=True)
class Grouping:
    """A kind of group in a figure: its title, the table, its blocks in each period, and words beside the title. The
    time of the headline comes first.
    """

    title: str
    measure: str
    periods: Sequence[tuple[str, PublishedBlocks]]
    note: str = ""


@dataclass(frozen=True)
class Conduct:
    """What happened in one run: its words, the year it ended in, its responses, and each event with its count."""

    words: str
    year: int
    responses: float
    happened: Mapping[str, float]


@dataclass(frozen=True)
class Calls:
    """What became of the calls that met the rule, and the hours of the same time (None: not shown)."""

    eligible: float
    on_duty: float
    answered: float
    all_hours: float
    hours: float | None

    def parts(self) -> list[Portion]:
        """The calls by what became of them."""
        return [Portion(t("the team went to"), self.answered, "team"),
                Portion(t("on duty, did not go"), max(0, self.on_duty - self.answered), "absent"),
                Portion(t("no team was on duty"), max(0, self.eligible - self.on_duty), "hollow")]


def parts(measure: str, blocks: PublishedBlocks) -> tuple[Portion, ...]:
    """Published blocks as parts: several base categories are merged. What holds "not recorded" comes last."""
    covers = DIMENSIONS[MEASURES[measure].dimension].covers
    found = []
    for block, count, _ in blocks:
        base = covers.get(block, (block,))
        found.append(Portion(label(MEASURES[measure].dimension, block), count, "part", len(base) > 1,
                             NOT_RECORDED in base))
    return tuple(sorted(found, key=lambda part: part.unrecorded))


def by_group(kind: Grouping, note: str) -> Chart | None:
    """One table by its groups: seen before or not as one square a response, calls and more than four groups as bars in
    order of size, others as strips of each period.
    """
    first = kind.periods[0][1] if kind.periods else ()
    groups = parts(kind.measure, first)
    if kind.measure in HOLLOW:
        squares = [_squares(kind.measure, block) for block in first]
        squares.sort(key=lambda part: part.meaning, reverse=True)
        return waffle(kind.title, squares, note)
    if MEASURES[kind.measure].unit == "calls" or len(groups) > MOST:
        return bars(kind.title, groups, note, shares=True)
    return by_kind([kind], note)


def _squares(measure: str, block: tuple[str, float, float | None]) -> Portion:
    """A block as squares: solid where it happened."""
    base = DIMENSIONS[MEASURES[measure].dimension].covers.get(block[0], (block[0],))
    hollow = HOLLOW[measure] in base or NOT_RECORDED in base
    return Portion(inside(label(MEASURES[measure].dimension, block[0])), block[1], "hollow" if hollow else "part")


def by_kind(kinds: Sequence[Grouping], note: str) -> Chart | None:
    """Several tables by their groups, one below the other."""
    return divided([Division(kind.title, tuple(DividedPeriod(words, parts(kind.measure, blocks))
                                               for words, blocks in kind.periods), kind.note) for kind in kinds], note)


def out_of_all(kind: str, parts: Sequence[tuple[str, float]], note: str, *,
               written: Callable[[float], str] | None = None) -> Chart | None:
    """Numbers in the order they are given, none of which is a part of another: a bar each."""
    drawn = [Portion(words, count) for words, count in parts]
    return bars(kind, drawn, note, in_order=True, written=written) if written else bars(kind, drawn, note)


def by_run(runs: Sequence[Conduct], note: str) -> Chart | None:
    """Arrests, uses of force and who was hurt, one dot a response. An event that a run does not tell is left out of it
    wholly, so that no hollow dot stands for what is not known.
    """
    names = [name for name in dict.fromkeys(name for run in runs for name in run.happened)
             if all(name in run.happened for run in runs)]
    if not names:
        return None
    return events(names, [EventRun(run.words, run.year, int(run.responses),
                                   tuple(int(run.happened[name]) for name in names)) for run in runs], note)


def when_on_duty(answered: float, reasons: Sequence[tuple[str, float]], note: str) -> Chart | None:
    """What became of each call the team could take."""
    return waffle(t("Calls that met the rule while the team was on duty"), [
        Portion(t("the team went to"), answered, "team"),
        *(Portion(inside(words), count, "absent") for words, count in reasons)], note)


def each_call(calls: Calls, note: str) -> Chart | None:
    """What became of each call that met the rule."""
    return waffle(_met_the_rule(calls), calls.parts(), note)


def hours_and_calls(calls: Calls, note: str) -> Chart | None:
    """All hours and all calls that met the rule, as strips of one length."""
    wholes = [Whole(_met_the_rule(calls), calls.parts())]
    if calls.hours is not None:
        wholes.insert(0, Whole(t("All {n} hours, day and night", n=number(calls.all_hours)), [
            Portion(t("on duty"), calls.hours, "team"),
            Portion(t("no team on duty"), max(0, calls.all_hours - calls.hours), "hollow")], shares=True))
    return strips(wholes, note)


def _met_the_rule(calls: Calls) -> str:
    return n("{n} call that met the rule for sending the team", "{n} calls that met the rule for sending the team",
             calls.eligible, n=number(calls.eligible))


def by_month(series: Sequence[Month], happened: Sequence[tuple[str, str]], usual: Limits | None, note: str
             ) -> Chart | None:
    """All calls by month, and those the team went to."""
    return months(t("Crisis calls"), t("The team went to"), series, note, usual,
                  [Event(start, words) for start, words in happened])
