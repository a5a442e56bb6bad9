"""Is it real? A count, a rate or a share beside an earlier one: the change, its interval, and whether chance alone
gives as much. Words only: no change is called good or bad.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import inf

from portal.contract.contract import Grain, threshold
from portal.figures.change_numbers import Counted, Drawn, Numbers, Source
from portal.figures.charts.change import limits as limits_chart
from portal.figures.figure import Cell, Figure, Table
from portal.figures.people import Builder, latest, without
from portal.figures.statistics import Estimate, rate_ratio, share_difference
from portal.figures.view import Parts, View, say, sentences, small, uncertain
from portal.language import day, number, t


@dataclass(frozen=True)
class Change:
    """How a period differs from an earlier one, in words: "" where it can't be told."""

    before: Counted
    change: str  # such as "12% more"
    interval: str
    verdict: str  # a sentence
    broken: bool = False  # the two are counted in different ways: nothing is compared

    def told(self) -> Parts:
        """The comparison in a sentence or two."""
        if not self.change:
            return (*say("{period}: {now}.", period=self.before.words, now=self.before.said), " ", self.verdict)
        return say("Compared with {period} ({before}): {change} ({interval}). {verdict}", period=self.before.words,
                   before=self.before.said, change=self.change, interval=self.interval, verdict=self.verdict)


def verdict(found: Estimate, same: float, few: bool) -> str:
    """The plain sentence: a change is more than chance gives where its interval leaves out "no change" (`same`). Where
    it does not, and what is compared is small, nothing can be said.
    """
    if not found.holds(same):
        return t("That is more than chance gives.")
    return t("That is too few to say whether that is a change.") if few else t("That is within what chance gives.")


def more(ratio: float) -> str:
    """A ratio of two rates in words."""
    by = round(100 * ratio) - 100
    if not by:
        return t("no change")
    return t("{n}% more", n=number(by)) if by > 0 else t("{n}% fewer", n=number(-by))


def higher(gap: float) -> str:
    """A difference of two shares in words."""
    by = round(100 * gap)
    if not by:
        return t("no change")
    return t("{n} points higher", n=number(by)) if by > 0 else t("{n} points lower", n=number(-by))


def _change(before: Counted, found: Estimate, same: float, few: bool, words: Callable[[float], str]) -> Change:
    unsaid = found.high == inf or (few and found.holds(same))
    interval = "" if found.high == inf else t("from {low} to {high}", low=words(found.low), high=words(found.high))
    return Change(before, "" if unsaid else words(found.value), interval, verdict(found, same, few))


def of_rates(now: Counted, before: Counted) -> Change:
    """The change of a count by its time (days, hours)."""
    found = rate_ratio(round(now.count), round(before.count), now.out_of, before.out_of)
    return _change(before, found, 1, small(now.count) or small(before.count), more)


def of_shares(now: Counted, before: Counted) -> Change:
    """The change of a share."""
    found = share_difference((now.count, now.out_of), (before.count, before.out_of))
    return _change(before, found, 0, small(now.out_of) or small(before.out_of), higher)


def rates_method() -> str:
    """How two rates are compared, for the reader who wants to do it again."""
    return t("The interval is the mid-p conditional interval of the ratio of two rates, at 95%: of the two counts"
             " together, the newer one is binomial. It takes calls to come one by one; where they come in bunches,"
             " chance gives still more. A count of {few} or less is too few to say, unless the interval leaves out no"
             " change.",
             few=number(threshold("unstable")))


def shares_method() -> str:
    """How two shares are compared."""
    return t("The interval is Newcombe's for the difference of two shares, from two Wilson intervals, at 95%. A share"
             " out of {few} or less is too few to say, unless the interval leaves out no change.",
             few=number(threshold("unstable")))


@dataclass(frozen=True)
class Comparison:
    """What one figure compares, and what is said of it. `words` are its question, the table's caption and the header of
    its numbers.
    """

    id: str
    measure: str  # whose definition explains it
    grain: Grain
    source: Source
    compared: Callable[[Counted, Counted], Change]
    method: Callable[[], str]
    words: Callable[[], tuple[str, str, str]]
    points: Callable[[View], Drawn | None]


@dataclass(frozen=True)
class Compared:
    """One period, and each earlier one with the change since, newest first."""

    now: Counted
    changes: tuple[Change, ...]
    numbers: Numbers

    @property
    def spoken(self) -> tuple[Change, ...]:
        """What is told in a sentence: the period before, and of quarters also the same one of the year before."""
        told = (0, 3) if self.now.period.grain == "quarter" else (0,)
        return tuple(one for at, one in enumerate(self.changes) if at in told)

    def told(self) -> tuple[Parts, ...]:
        """The period's own numbers, then each comparison: a sentence or two each."""
        alone = () if self.changes else (say("There is nothing earlier to compare it with yet."),)
        return (say("{period}: {now}.", period=self.now.words, now=self.now.said),
                *(one.told() for one in self.spoken), *alone)


def compare(view: View, what: Comparison) -> Compared | None:
    """The chosen quarter, or the run shown for it, beside the earlier ones; None where it has no number."""
    numbers = what.source(view)
    ids = list(numbers.found)
    chosen = view.period if what.grain == "quarter" else latest(view, what.measure)
    if chosen not in ids:
        return None
    now = numbers.found[chosen]
    earlier = [numbers.found[one] for one in reversed(ids[:ids.index(chosen)])]
    days = [on for on, _ in view.broken(what.measure)]
    return Compared(now, tuple(across(now, one, days) or what.compared(now, one) for one in earlier), numbers)


def across(now: Counted, before: Counted, days: Sequence[str]) -> Change | None:
    """What is said instead of a change where a break in the series lies between two periods, or in one of them."""
    found = next((on for on in days if before.period.start < on <= now.period.end), None)
    if found is None:
        return None
    return Change(before, "", "", t("That is not compared: until {day} it was counted in another way.",
                                    day=day(found)), broken=True)


def _table(found: Compared, caption: str, header: str) -> Table:
    def row(one: Counted, *said: str) -> tuple[Cell, ...]:
        return (Cell(one.words), Cell(one.said.plain, one.count), *(Cell(text) for text in said))
    rows = [row(found.now, t("this one"), t("this one"), t("The others are compared with it."))]
    rows += [row(one.before, *_cells(one), one.verdict) for one in found.changes]
    headers = (t("Period"), header, t("Change since then"), t("95% interval"), t("Is it real?"))
    return Table(caption, headers, tuple(rows))


def _cells(one: Change) -> tuple[str, str]:
    """The change and its interval, or why there is none."""
    if one.broken:
        return t("not compared"), t("not compared")
    few = t("too few to say") if one.interval else t("there were none before")
    return one.change or few, one.interval or t("no upper end")


def changed(what: Comparison) -> Builder:
    """The builder of a figure that says whether a number has changed by more than chance gives."""
    def build(view: View) -> Figure:
        question, caption, header = what.words()
        found = compare(view, what)
        if not found:
            return replace(without(view, what.measure), id=what.id, title=question, short=None)
        method, drawn = what.method(), what.points(view)
        answer = sentences(*found.told(), *(((drawn[0].told(),),) if drawn else ()))
        asked = tuple(dict.fromkeys((*found.numbers.answers, *(drawn[1] if drawn else ()))))
        fluke = (t("Two periods also differ by chance: one comparison is not a trend."),) if found.changes else ()
        chips = uncertain(view, what.measure) if what.grain == "run" else ()
        partial = view.partial(view.period) if what.grain == "quarter" else ()
        caveats = (*fluke, *partial, *view.breaks(what.measure))
        return Figure(what.id, question, answer, _table(found, caption, header), chips, caveats,
                      view.line(found.now.words),
                      replace(view.provenance(what.measure, *asked), method=method),
                      (lambda: limits_chart(drawn[0], view.note)) if drawn else None)
    return build
