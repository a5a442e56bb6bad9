"""When do calls come? The calls of each part of the week, beside the hours it has."""

from datetime import date
from typing import NamedTuple

from portal.contract.contract import DIMENSIONS, MEASURES
from portal.figures import pictures
from portal.figures.charts.chart import Chart
from portal.figures.decisions.coverage import band_hours
from portal.figures.figure import Cell, Figure, RichText, Table
from portal.figures.gaps import absent, gaps
from portal.figures.spans import Span, closed, main, opened
from portal.figures.view import (
    FigureFunction,
    RecordedPeriod,
    View,
    cell,
    label,
    say,
    say_count,
    sentences,
    text,
    wording,
)
from portal.language import gettext_lazy, number, t
from portal.release import queries

DIMENSION = "time_of_week"
PER = 100  # hours
EXTREMES = (gettext_lazy("At the busiest time ({what}), {n} calls came: {rate} in every 100 such hours."),
            gettext_lazy("At the quietest time ({what}), {n} calls came: {rate} in every 100 such hours."))


class HourBlock(NamedTuple):
    """A part of the week as it is published: its calls, and the hours it has in its period."""

    id: str
    calls: float
    hours: float

    @property
    def rate(self) -> float:
        """Calls in every 100 of its hours."""
        return PER * self.calls / self.hours if self.hours else 0.0


def hours_of(block: str, period: RecordedPeriod, zone: str) -> float:
    """The hours of a block in a period by the local clock; calls without a time add none. 0 in a partial period: nobody
    publishes which of its days hold records, so it has no rates.
    """
    if period.partial:
        return 0.0
    bands = band_hours(date.fromisoformat(period.start), date.fromisoformat(period.end), zone)
    return sum(bands.get(element, 0.0) for element in DIMENSIONS[DIMENSION].covers.get(block, ()))


def in_order(blocks: list[HourBlock]) -> list[HourBlock]:
    """Blocks in the order of the week, by the first band of each."""
    base, covers = list(DIMENSIONS[DIMENSION].base), DIMENSIONS[DIMENSION].covers
    return sorted(blocks, key=lambda block: min(base.index(band) for band in covers[block.id]))


def _whole(view: View, measure: str, span: Span) -> RecordedPeriod:
    """The time that a total covers: that of the periods it sums."""
    periods = closed(view, measure)
    return view.spanning(periods[0].start, periods[-1].end) if span.total else view.periods[span.id]


def _headline(ranked: list[HourBlock], total: float) -> RichText:
    """The busiest part of the week; where there is one part alone, all calls."""
    if len(ranked) < 2:
        return RichText(say_count("{n} crisis call", "{n} crisis calls", total))
    return RichText(say("{what}: {number} calls in every 100 hours", what=label(DIMENSION, ranked[0].id),
                        number=number(round(ranked[0].rate))))


def _extremes(ranked: list[HourBlock]) -> list[tuple[str, HourBlock]]:
    """The busiest and the quietest part of the week, each with its sentence; none where fewer than two have a rate."""
    return list(zip(EXTREMES, (ranked[0], ranked[-1]), strict=True)) if len(ranked) > 1 else []


def by_time(measure: str) -> FigureFunction:
    """The builder of the calls of each part of the week, with the calls in every 100 of its hours."""
    value = next(iter(MEASURES[measure].values))

    def build(view: View) -> Figure:
        texts, span = wording(measure), main(view, measure)
        counts = queries.breakdown(view.release, measure, span.id if span else "", value)
        if span is None or not counts.rows:
            return absent(view, measure)
        period, zone = _whole(view, measure, span), view.meta["time_zone"]
        blocks = in_order([HourBlock(row[0], row[1], hours_of(row[0], period, zone)) for row in counts.rows])
        total = queries.total(view.release, measure, span.id, value, [block.id for block in blocks])
        ranked = sorted((block for block in blocks if block.hours), key=lambda block: -block.rate)
        answer = sentences(
            say_count("{when}, there was {n} crisis call.", "{when}, there were {n} crisis calls.", total.rows[0][0],
                      when=span.opening),
            *(say(template, what=label(DIMENSION, block.id), n=cell(block.calls), rate=number(round(block.rate)))
              for template, block in _extremes(ranked)))
        rows = tuple((Cell(label(DIMENSION, block.id)), cell(block.calls), *(
            (Cell(number(round(block.hours))), Cell(number(block.rate, 1))) if block.hours else
            (Cell(t("no rate")),) * 2)) for block in blocks)
        table = Table(texts.question, (t(DIMENSIONS[DIMENSION].label), t("Calls"), t("Hours"),
                                                         t("Calls in every 100 hours")), rows)
        return Figure(measure, texts.question, answer, table, gaps(view, measure),
                      (t("Calls carry no key of a person: eleven calls may be one household's."), _rates_of(period)),
                      view.line(period.words), view.provenance(measure, counts, total,
                                                               queries.states(view.release, measure)),
                      _chart(ranked, blocks, view.note), headline=_headline(ranked, total.rows[0][0]),
                      sub=opened(span, *([text(t("A bar is the calls in every 100 hours of its part of the week."))]
                                         if ranked else [])))
    return build


def _rates_of(period: RecordedPeriod) -> str:
    """The number of days that the rates cover, or why there are no rates."""
    if period.partial:
        return t("{recorded} of {days} days hold records: no rate is given.", recorded=number(period.recorded),
                 days=number(period.days))
    return t("The rates are over {days} days.", days=number(period.days))


def _chart(ranked: list[HourBlock], blocks: list[HourBlock], note: str) -> Chart | None:
    """The rates as bars, in the order of the week; None without a rate."""
    return pictures.out_of_all(t("Calls in every 100 hours"), [
        (label(DIMENSION, block.id), block.rate) for block in blocks if block.hours], note,
        written=lambda rate: number(round(rate))) if ranked else None
