"""Is it changing? One comparison, fixed beforehand, for all numbers of a page; no other figure judges a change."""

from collections.abc import Callable, Sequence
from math import inf

from portal.figures.charts import changes as charted
from portal.figures.council.explained import explained
from portal.figures.council.since_first_year import ComparedRow, RowFunction, answered, calls, conduct, group, per_hour
from portal.figures.decisions.changing import Change
from portal.figures.figure import LONGEST_HEADLINE, Beside, Cell, Figure, Gap, Provenance, RichText, Table
from portal.figures.view import (
    FigureFunction,
    TextParts,
    View,
    capital,
    in_words,
    inside,
    say,
    say_count,
    sentences,
    text,
)
from portal.language import n, number, t
from portal.release.queries import Answer

KnownNumber = Callable[[View], tuple[Beside, tuple[Answer, ...]] | None]
SERVICE: tuple[RowFunction, ...] = (calls, per_hour, answered)
OUTCOMES: tuple[RowFunction, ...] = (
    conduct("outcome.arrest", lambda: t("Arrests, of all responses")),
    conduct("outcome.force", lambda: t("Use of force, of all responses")),
    group("outcome.kind", frozenset({"involuntary"}), lambda: t("Section 12 or 35, of responses without an arrest")),
    group("care.referral", frozenset({"accepted_only", "kept"}), lambda: t("Referral accepted, of all responses")),
)


def more(ratio: float) -> str:
    """A ratio of two rates in words: 1.17 is 17% more."""
    percent = round(100 * ratio) - 100
    if not percent:
        return t("no change")
    return t("{n}% more", n=number(percent)) if percent > 0 else t("{n}% fewer", n=number(-percent))


def higher(difference: float) -> str:
    """A difference of two shares in words: 0.05 is 5 points higher."""
    points = round(100 * difference)
    if not points:
        return t("no change")
    size = number(abs(points))
    return n("{n} point higher", "{n} points higher", points, n=size) if points > 0 else n(
        "{n} point lower", "{n} points lower", -points, n=size)


def _interval(change: Change, share: bool) -> str:
    """The interval of the true change, in words."""
    estimate, words = change.estimate, higher if share else more
    if estimate.high == inf:
        return t("from {low}, with no upper end", low=words(estimate.low))
    return t("from {low} to {high}", low=words(estimate.low), high=words(estimate.high))


def _size(change: Change, share: bool) -> str:
    """The observed change in words; a ratio to a count of none does not exist."""
    if share:
        return higher(change.estimate.value)
    return more(change.estimate.value) if change.before else t("there were none before")


def _observed(row: ComparedRow, change: Change) -> TextParts:
    """The observed change in a sentence, with the two numbers."""
    size = _size(change, row.share)
    if size == t("no change") or not (row.share or change.before):
        return say("{what}, {period}: {now}; in {base}: {before}.", what=row.name, period=row.period, now=row.now,
                   base=row.base, before=row.before)
    return say("{what}, {period}: {change} than in {base} ({now} after {before}).", what=row.name, period=row.period,
               change=size, base=row.base, now=row.now, before=row.before)


def _described(row: ComparedRow) -> TextParts:
    """A row in sentences: the observed change, and whether chance could explain it; or why nothing is compared."""
    if row.change is None:
        return say("{what}: {why}", what=row.name, why=inside(row.why))
    interval = _interval(row.change, row.share)
    verdict = say("The true change may be {interval}. Chance alone rarely makes a change this big.", interval=interval
                  ) if row.change.clear else say(
        "The true change may be {interval}, so it is not known whether there is one.", interval=interval)
    return (*_observed(row, row.change), " ", *verdict)


def _cells(row: ComparedRow, change: Change) -> tuple[Cell, ...]:
    """The table's row of a number that is compared."""
    now, before = (t("{number} ({period})", number=count, period=period)
                   for count, period in ((row.now, row.period), (row.before, row.base)))
    size = t("{change} ({interval})", change=_size(change, row.share), interval=_interval(change, row.share))
    verdict = t("Yes: chance alone rarely makes a change this big.") if change.clear else t(
        "No: chance alone could explain it.")
    return Cell(row.name), Cell(now), Cell(before), Cell(size), Cell(verdict)


def _table(rows: Sequence[ComparedRow]) -> Table:
    """A row for each number that is compared, and one for all that wait for the same reason."""
    headers = (t("What"), t("Newest"), t("First year"), t("Change (99% interval)"), t("Is there a change?"))
    compared = [_cells(row, row.change) for row in rows if row.change]
    waiting = [(Cell("; ".join(row.name for row in rows if row.change is None and row.why == why)),
                *(Cell(t("not compared")),) * 3, Cell(why))
               for why in dict.fromkeys(row.why for row in rows if row.change is None)]
    return Table(t("The newest numbers beside those of the first year"), headers, (*compared, *waiting))


def _charted(row: ComparedRow) -> charted.ChangeRow | None:
    """A row as the chart draws it: in percent, or points of a share; None where there is no interval to draw."""
    if row.change is None or row.change.estimate.high == inf:
        return None
    estimate, unchanged = row.change.estimate, 0 if row.share else 1
    low, value, high = (100 * (end - unchanged) for end in (estimate.low, estimate.value, estimate.high))
    interval = t("{low} to {high}", low=_signed(low), high=_signed(high))
    compared = t("{before}, now {now}", before=row.before, now=row.now)
    size = _size(row.change, row.share)
    return charted.ChangeRow(row.name, compared, size, interval, low, value, high, row.change.clear)


def _signed(value: float) -> str:
    """A number with its sign, such as +5 or −9; 0 has none."""
    rounded = round(value)
    return f"{'+' if rounded > 0 else '−' if rounded else ''}{number(abs(rounded))}"


def method() -> str:
    """How the comparison is made, for the reader who wants to do it again."""
    return t("One comparison, fixed beforehand: the newest quarters, four at most, against the same quarters of the"
             " first year, with a 99% interval. Rates: the mid-p conditional interval of the ratio of two counts;"
             " calls that come in bunches, so that months vary more than single calls would, count for fewer (the"
             " dispersion of McCullagh and Nelder, 1989). Shares: Newcombe's interval. With no change at all, each"
             " number would be called changed in about one release in a hundred, and at some time in three years in up"
             " to 10 pilots in a hundred; at least one of seven numbers in 14 to 20 pilots in a hundred.")


def changing(figure_id: str, measure: str, sources: tuple[RowFunction, ...], known: KnownNumber | None = None
             ) -> FigureFunction:
    """The builder of "Is it changing?" for a page's numbers. `measure`: the one whose breaks in the series matter;
    `known`: what says at the end when a change could be seen.
    """
    def build(view: View) -> Figure:
        rows = [source(view) for source in sources]
        bars = [bar for row in rows if (bar := _charted(row))]
        when = known(view) if known and bars else None
        last, more_answers = ((when[0],), when[1]) if when else ((), ())
        answers: tuple[Answer, ...] = tuple(dict.fromkeys(
            (*(answer for row in rows for answer in row.answers), *more_answers)))
        early = all(row.change is None for row in rows)
        words = view.quarter.words if view.quarter else t("no period")
        breaks = tuple(dict.fromkeys(caveat for name in (measure, "demand.received") for caveat in view.breaks(name)))
        waits = (Gap("open", t("Whether it is changing"), t("It is too early to tell."), rows[0].why),) if early else ()
        return Figure(figure_id, t("Is it changing?"), _answer(rows, early), _table(rows),
                      waits, breaks,
                      view.line(words), _provenance(view, answers),
                      charted.changes(bars, view.note),
                      headline=_headline(rows), sub=_sub(rows), beside=(*_how_to_read(), *last) if bars else (),
                      words_alone=early)
    return build


def _provenance(view: View, answers: tuple[Answer, ...]) -> Provenance:
    return explained(view, t("The newest quarters beside the same quarters of the first year."),
                     t("A change that chance could explain should not be taken for one."),
                     t("It finds large changes only. Two periods also differ for reasons that are not the team's."),
                     method(), *answers)


def _headline(rows: Sequence[ComparedRow]) -> RichText:
    """The finding of all rows together, without judging it good or bad."""
    compared = [row for row in rows if row.change]
    changed = [row.name for row in compared if row.change and row.change.clear]
    if not compared:
        return text(t("It is too early to tell"))
    if changed:
        return _changed(changed, len(compared))
    if len(compared) == 2:
        return text(t("No clear change: chance alone could explain both"))
    return text(n("No clear change: chance alone could explain it", "No clear change: chance alone could explain all"
                  " {n}", len(compared), n=in_words(len(compared)).text))


def _changed(changed: Sequence[str], compared: int) -> RichText:
    """The numbers that changed by name, or, where a headline does not hold their names, how many of them."""
    named = text(t("{what}: chance alone rarely makes a change this big", what="; ".join(changed)))
    return named if len(named.plain) <= LONGEST_HEADLINE else text(t(
        "{part} of {whole} numbers: chance alone rarely makes changes this big", part=number(len(changed)),
        whole=number(compared)))


def _sub(rows: Sequence[ComparedRow]) -> RichText:
    """Which periods are compared, and what is too early."""
    periods = dict.fromkeys((row.period, row.base) for row in rows if row.change)
    early = [row for row in rows if row.change is None]
    reasons = dict.fromkeys(row.why for row in early)
    parts = [say("{period} beside {base}.", period=capital(period), base=base) for period, base in periods]
    if early and periods:
        parts.append(say_count("{n} more is too early to tell.", "{n} more are too early to tell.", len(early)))
    return sentences(*parts, *((reason,) for reason in (reasons if not periods else ())))


def _how_to_read() -> tuple[Beside, ...]:
    """The note beside the chart."""
    return (Beside(t("How to read it"), sentences(
        say("The dot is the change. If its line crosses “no change”, chance alone could explain it."),
        say("Any two periods differ a little by chance. One comparison is not a trend."))),)


def _answer(rows: Sequence[ComparedRow], early: bool) -> RichText:
    """Every row in sentences; one sentence where all are too early for one reason."""
    reasons = {row.why for row in rows}
    if early and len(reasons) == 1:
        return sentences(say("It is too early to tell."), (rows[0].why,))
    return sentences(*map(_described, rows))
