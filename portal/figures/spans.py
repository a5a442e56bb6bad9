"""Which periods a figure shows: since the start with the newest beside it, or the chosen one with the one before."""

from collections.abc import Callable
from dataclasses import dataclass

from portal.figures.figure import Beside, RichText
from portal.figures.view import RecordedPeriod, View, sentences, stopped
from portal.language import t


@dataclass(frozen=True)
class Span:
    """A time for which a table is published: the id of its period, and it in words. `total`: the sum of all periods."""

    id: str
    words: str
    total: bool = False
    opening: str = ""  # how a sentence about it begins, such as "Since the start"


def closed(view: View, table: str) -> list[RecordedPeriod]:
    """The periods for which a table is published, quarters or several together, in order of time."""
    rows = [row["period_id"] for row in view.states(table)
            if row["status"] == "published" and row["grain"] in ("quarter", "run")]
    return sorted((view.periods[row] for row in rows), key=lambda period: (period.start, period.end))


def _total(view: View, table: str, periods: list[RecordedPeriod]) -> Span | None:
    """The sum of all published periods; one alone is a total only where it began with the pilot. None: not shown."""
    row = next(
        (state for state in view.states(table) if state["grain"] == "pilot" and state["status"] == "published"), None
    )
    if row is None:
        return None
    have, need, pilot = row["have"], row["need"], view.periods[row["period_id"]]
    if len(periods) == 1:
        if have != need or periods[0].start != pilot.start:
            return None
        return Span(pilot.id, t("since the start"), True, t("Since the start, {period}", period=periods[0].words))
    opening = t("Since the start") if have == need else t("In {have} of {need} periods since the start", have=have,
                                                         need=need)
    opening = view.spanning(periods[0].start, periods[-1].end).with_days(opening)
    return Span(pilot.id, t("since the start"), True, opening)


def _span(period: RecordedPeriod, opening: str = "") -> Span:
    return Span(period.id, period.words, False, opening or t("From {period}", period=period.words))


def closed_spans(view: View, table: str) -> tuple[Span, ...]:
    """Every period for which a table is published, in order of time."""
    return tuple(_span(run) for run in closed(view, table))


def period_words(view: View, span: Span) -> str:
    """A time as it is named in a picture."""
    return t("Since the start") if span.total else view.periods[span.id].short


def shown_spans(view: View, table: str) -> tuple[Span, ...]:
    """What a figure shows of a table: first the time its headline speaks of, then those beside it, the newest first;
    () where nothing is published.
    """
    periods = closed(view, table)
    if not periods:
        return ()
    if view.since:
        total = _total(view, table, periods)
        if total:
            return total, *(_span(period) for period in reversed(periods[-2:]) if len(periods) > 1)
        return (_span(periods[-1], t("From {period}, the only period shown", period=periods[-1].words)
                     if len(periods) == 1 else ""), *(_span(period) for period in periods[-2:-1]))
    quarter = view.quarter
    start, end = (quarter.start, quarter.end) if quarter else ("", "")
    holds = [at for at, period in enumerate(periods) if period.start <= start and end <= period.end]
    at = holds[-1] if holds else max((at for at, period in enumerate(periods) if period.end <= end), default=-1)
    if at < 0:
        return ()
    opening = "" if holds else t("From {period}, the newest period shown then", period=periods[at].words)
    return _span(periods[at], opening), *(_span(period) for period in periods[:at][-1:])


def main(view: View, table: str) -> Span | None:
    """The time that a figure's headline speaks of; None where the table is published for none."""
    return next(iter(shown_spans(view, table)), None)


def newest(view: View, table: str) -> Span | None:
    """The newest period in which a table is published, whatever was chosen."""
    periods = closed(view, table)
    return _span(periods[-1]) if periods else None


def beside(view: View, table: str, describe: Callable[[Span], tuple[RichText | None, RichText] | None]
           ) -> tuple[Beside, ...]:
    """The periods beside a chart: `describe` gives the number and the words of each, or None where it has none."""
    main_span, *further = shown_spans(view, table) or (None,)
    rows: list[Beside] = []
    for at, span in enumerate(further):
        if found := describe(span):
            is_newest = at == 0 and main_span is not None and main_span.total
            rows.append(Beside(span.words, found[1], found[0], is_newest))
    return tuple(rows)


def opened(span: Span, *following: RichText) -> RichText:
    """The time a headline speaks of as a sentence of its own, then others."""
    return sentences(stopped(span.opening), *(following_text.parts for following_text in following))
