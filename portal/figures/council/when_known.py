"""When will we know? For each number, after how long a stated change could be seen, with a goal and without.

The size of the change is stated here, beforehand; power is never computed from the change that was seen.
"""

from dataclasses import dataclass
from math import ceil

from portal.contract.contract import DIMENSIONS
from portal.figures.council.explained import explained
from portal.figures.council.service import Service, since_start
from portal.figures.council.since_first_year import Runs, conduct_runs, group_runs, hurt_runs
from portal.figures.decisions.arrests import most_if_none
from portal.figures.decisions.changing import LEVEL
from portal.figures.decisions.when_known import BY_YEARS, known_by, quarters_needed, quarters_needed_of_rate
from portal.figures.figure import Beside, Cell, Figure, Gap, RichText, Table
from portal.figures.view import TextParts, View, label, say, sentences, text
from portal.language import n, number, t
from portal.release.queries import Answer

FIGURE = "change.when_known"
MONTHS_A_QUARTER, QUARTERS_A_YEAR = 3, 4
GOAL_LEVEL = 0.95  # of the comparison with a goal
SMALL = 0.02  # shares below it are written with a decimal
# The changes asked about: a tenth more calls, half as many more responses, 20 points of a share; or half of it.
MORE_CALLS, MORE_RESPONSES, POINTS = 1.1, 1.5, 0.2


@dataclass(frozen=True)
class Measured:
    """A number since the start: `count` in so many `quarters`, out of `total` (0: it is a rate, not a share), published
    for periods of `length` quarters on average. `goal`: the share, or the factor, whose detection is asked about.
    """

    name: str
    count: float
    total: float
    quarters: float
    goal: float
    answers: tuple[Answer, ...]
    length: float = 1.0

    @property
    def share(self) -> float:
        """The share as it stands (0 to 1)."""
        return self.count / self.total if self.total else 0.0

    @property
    def none(self) -> bool:
        """Whether a share has had no case so far."""
        return bool(self.total) and not self.count

    def needed(self, fixed: bool, level: float) -> int | None:
        """Quarters after which the change could be seen, rounded up to whole periods; None: over 20 years. `fixed`:
        against a goal fixed beforehand.
        """
        if self.total:
            size = max(1, round(self.total / self.quarters))
            quarters = quarters_needed(size, round(self.share, 3), round(self.goal, 3), fixed, level)
        else:
            quarters = quarters_needed_of_rate(max(1, round(self.count / self.quarters)), self.goal, fixed, level)
        return None if quarters is None else ceil(ceil(quarters / self.length) * self.length)

    @property
    def by_years(self) -> int | None:
        """Quarters until comparing years shows the change."""
        return self.needed(False, LEVEL)

    @property
    def by_goal(self) -> int | None:
        """Quarters until the comparison with a goal shows the change."""
        return self.needed(True, GOAL_LEVEL)


def _service(view: View) -> list[Measured]:
    """Calls, responses, and the share the team went to."""
    service = since_start(view)
    if not service:
        return []
    calls, answered, on_duty = (service.counts[name] or 0 for name in ("calls", "answered", "on_duty"))
    answers, quarters = (service.answer,), _recorded_quarters(view, service)
    if not quarters:
        return []
    return [
        *([Measured(t("Crisis calls"), calls, 0, quarters, MORE_CALLS, answers)] if calls else []),
        *([Measured(t("Responses"), answered, 0, quarters, MORE_RESPONSES, answers)] if answered else []),
        *([Measured(t("Share the team went to, while on duty"), answered, on_duty, quarters,
                  _by_points(answered / on_duty), answers)] if on_duty else [])]


def _recorded_quarters(view: View, service: Service) -> float:
    """The quarters that the service's days with records add up to: a rate is over these."""
    time = view.spanning(service.first, service.last)
    return service.quarters * time.recorded / time.days if time.partial else service.quarters


def _by_points(share: float) -> float:
    """A share 20 points higher, or lower where there is no room."""
    return share + POINTS if share + POINTS <= 1 else share - POINTS


def someone_hurt(who: str) -> str:
    """What responses in which somebody was hurt are called. `who`: a category of the dimension "hurt"."""
    return t("{who} hurt", who=label("hurt", who))


def _outcomes(view: View) -> list[Measured]:
    """Arrests, force, injuries, applications under Section 12 or 35, and referrals accepted, where runs are shown."""
    halved = [(t("Arrests"), conduct_runs(view, "outcome.arrest")),
              (t("Use of force"), conduct_runs(view, "outcome.force")),
              *((someone_hurt(who), hurt_runs(view, who)) for who in DIMENSIONS["hurt"].labels),
              (t("Section 12 or 35"), group_runs(view, "outcome.kind", frozenset({"involuntary"})))]
    numbers = [*(_by_run(view, name, runs, points=False) for name, runs in halved), _referral(view)]
    return [measured for measured in numbers if measured]


def _referral(view: View) -> Measured | None:
    """Referrals accepted, where runs are shown."""
    runs = group_runs(view, "care.referral", frozenset({"accepted_only", "kept"}))
    return _by_run(view, t("Referral accepted"), runs, points=True)


def _by_run(view: View, name: str, runs: Runs, *, points: bool) -> Measured | None:
    count, total = (sum(part[at] for part in runs.parts.values()) for at in (0, 1))
    if not total:
        return None
    months = sum(
        part.start <= month.start and month.end <= part.end
        for part in map(view.periods.__getitem__, runs.parts)
        for month in view.of("month")
    )
    quarters = max(1.0, months / MONTHS_A_QUARTER)
    goal = _by_points(count / total) if points else count / total / 2
    return Measured(name, count, total, quarters, goal, runs.answers, quarters / len(runs.parts))


def percent(share: float, small: bool) -> str:
    """A share in percent, with a decimal where it is `small`: 12%, 1.2%."""
    return f"{number(round(100 * share, 1), 1 if small else 0)}%"


def duration(quarters: int) -> str:
    """A number of quarters in words: under two years in quarters, else in years, rounded up."""
    if quarters < 2 * QUARTERS_A_YEAR:
        return n("{n} quarter", "{n} quarters", quarters, n=number(quarters))
    years = ceil(quarters / QUARTERS_A_YEAR)
    return n("{n} year", "{n} years", years, n=number(years))


def _change(measured: Measured) -> str:
    """The change that is asked about, in words."""
    if measured.total:
        small = min(measured.share, measured.goal) < SMALL
        return t("from {share} to {goal}", share=percent(measured.share, small), goal=percent(measured.goal, small))
    return t("of {n}%", n=number(round(100 * measured.goal) - 100))


def _described(measured: Measured) -> TextParts:
    """When its change could be seen; without a case so far, how large the true share may still be."""
    if measured.none:
        return say("{what}: none in {n} responses so far. The true share may still be up to {most}.",
                   what=measured.name, n=number(measured.total),
                   most=percent(most_if_none(round(measured.total)), small=True))
    known, change = known_by(measured.by_years, measured.by_goal), _change(measured)
    if known == "years":
        return say("{what}: comparing years finds a change {change}.", what=measured.name, change=change)
    if known == "goal":
        return say("{what}: comparing years cannot show a change {change}. Against a goal set beforehand it could be"
                   " seen after about {long}.", what=measured.name, change=change, long=duration(measured.by_goal or 0))
    return say("{what}: a change {change} can practically never be seen at this size.", what=measured.name,
               change=change)


def _cells(measured: Measured) -> tuple[Cell, ...]:
    """The table's row of a number."""
    size = t("{n} a quarter", n=number(round((measured.total or measured.count) / measured.quarters)))
    if measured.none:
        return Cell(measured.name), Cell(size), *(Cell(t("none so far")),) * 3
    years, goal = measured.by_years, measured.by_goal
    by_years, by_goal = (t("practically never") if quarters is None else duration(quarters)
                         for quarters in (years, goal))
    if years is not None and years <= BY_YEARS:
        by_years = t("{long}: comparing years finds it", long=by_years)
    return Cell(measured.name), Cell(size), Cell(_change(measured)), Cell(by_years), Cell(by_goal)


def method() -> str:
    """How the times are computed."""
    return t("Exact power: the smallest number of quarters after which eight of ten pilots with that change would be"
             " seen to have it. Without a goal: so many quarters against as many before, at 99%, rates by the mid-p"
             " conditional interval, shares by Newcombe's. Against a goal fixed beforehand: the mid-p exact test at"
             " 95%; it takes half the time, since a goal has no chance in it. None in n can still mean 1 - 0.05^(1/n)."
             " Numbers known by combined periods are rounded up to whole ones.")


def _headline(numbers: list[Measured]) -> RichText:
    """How many of the stated changes could be seen at all."""
    if not numbers:
        return text(t("Nothing is published from which this could be said"))
    visible = sum(known_by(measured.by_years, measured.by_goal) != "never" for measured in numbers if not measured.none)
    return text(n("With a goal set beforehand, {part} of {n} change could be seen within ten years",
                  "With a goal set beforehand, {part} of {n} changes could be seen within ten years", len(numbers),
                  part=number(visible), n=number(len(numbers))))


def when_referral_known(view: View) -> tuple[Beside, tuple[Answer, ...]] | None:
    """When a change of the share that accepted a referral could be seen, for the end of "Is it changing?", with its
    statements; None where the share is not shown.
    """
    found = _referral(view)
    if found is None:
        return None
    return Beside(t("When will we know?"), sentences(_described(found))), found.answers


def when_known(view: View) -> Figure:
    """For each number, when a stated change could be seen: "practically never" where that is so."""
    numbers = [*_service(view), *_outcomes(view)]
    answers = tuple(dict.fromkeys(answer for measured in numbers for answer in measured.answers))
    table = Table(t("After how long a change of a stated size could be seen"),
                  (t("What"), t("How many"), t("Change"), t("Without a goal"), t("Against a goal")),
                  tuple(map(_cells, numbers))) if numbers else None
    waits = () if numbers else (Gap("open", t("When will we know?"), t(
        "Nothing is published from which this could be said."), t("A first combined period.")),)
    lead = say("Small numbers need time before a change can be seen.") if numbers else say(
        "Nothing is published from which this could be said.")
    words = view.quarter.words if view.quarter else t("no period")
    return Figure(FIGURE, t("When will we know?"), sentences(lead, *map(_described, numbers)), table, waits,
                  (t("No goal is set yet: who proposes one should do so before the results are in."),),
                  view.line(words), explained(
                      view, t("After how long a change of a stated size could be seen, at the size the pilot has now."),
                      t("Who sets a goal should know when it can be judged."),
                      t("It assumes that the numbers stay about as large as they are."), method(), *answers),
                  headline=_headline(numbers), sub=sentences(lead) if numbers else RichText(()))
