"""(Release, selection, language) in, Figure out: pure, without Streamlit and without SQL."""

from collections.abc import Callable
from dataclasses import replace

from portal.figures import about, activity, equity, gaps, leads
from portal.figures.conduct import conduct, conduct_events, minutes, times
from portal.figures.council.changing import OUTCOMES, SERVICE, changing
from portal.figures.council.cost import cost
from portal.figures.council.hours import hours
from portal.figures.council.others import other_programs
from portal.figures.council.possible import possible
from portal.figures.council.questions import questions
from portal.figures.council.reach import coverage, reach
from portal.figures.council.times import by_time
from portal.figures.council.when_known import when_known, when_referral_known
from portal.figures.figure import Figure
from portal.figures.people import derived, divided
from portal.figures.protection import protection
from portal.figures.records import records
from portal.figures.steps import steps
from portal.figures.view import View
from portal.language import t
from portal.release.periods import START
from portal.release.store import Release

FIGURES: dict[str, Callable[[View], Figure]] = {
    "overview.answer": leads.overview,
    "overview.new": about.new,
    "calls.answer": leads.calls,
    "outcomes.answer": leads.outcomes,
    "demand.received": activity.received,
    "response.met": activity.calls_answered("response.met"),
    "response.on_duty": activity.calls_answered("response.on_duty"),
    "response.unmet_reason": activity.unmet,
    "hours.staffed": activity.hours,
    "demand.eligible": activity.eligible,
    "demand.by_type": divided("demand.by_type"),
    "demand.by_origin": divided("demand.by_origin"),
    "demand.by_time": by_time("demand.by_time"),
    "demand.by_time_detail": by_time("demand.by_time_detail"),
    "response.time_to_scene": times("response.time_to_scene"),
    "response.time_on_scene": times("response.time_on_scene"),
    "response.minutes": minutes,
    "outcome.kind": divided("outcome.kind"),
    "outcome.detail": divided("outcome.detail"),
    "outcome.contact": derived("outcome.contact"),
    "outcome.involuntary": derived("outcome.involuntary"),
    "outcome.conduct": conduct_events,
    "outcome.arrest": conduct("outcome.arrest"),
    "outcome.arrest_possible": possible,
    "outcome.force": conduct("outcome.force"),
    "outcome.injury": conduct("outcome.injury"),
    "care.referral": divided("care.referral"),
    "care.referral_detail": steps("care.referral_detail"),
    "care.follow_up": divided("care.follow_up"),
    "care.follow_up_detail": steps("care.follow_up_detail"),
    "care.repeat": divided("care.repeat"),
    "equity.answer": leads.equity,
    "equity.people": equity.people,
    **{measure: divided(measure) for measure in equity.EQUITY},
    "equity.age_detail": divided("equity.age_detail"),
    "equity.race_ethnicity_detail": divided("equity.race_ethnicity_detail"),
    "equity.missing": equity.missing,
    "service.reach": reach,
    "service.coverage": coverage,
    "service.cost": cost,
    "service.more_hours": hours,
    "change.service": changing("change.service", "response.met", SERVICE),
    "change.all": changing("change.all", "response.met", (*SERVICE, *OUTCOMES)),
    "change.outcomes": changing("change.outcomes", "outcome.arrest", OUTCOMES, when_referral_known),
    "change.when_known": when_known,
    "others.programs": other_programs,
    "experience.survey": activity.survey,
    "promise.punctual": about.punctual,
    "quality.missing": activity.quality,
    "data.not_shown": about.not_shown,
    "data.protection": protection,
    "data.records": records,
    "data.dictionary": about.dictionary,
}
FIGURES["council.questions"] = questions(FIGURES)


def choices(release: Release) -> tuple[tuple[str, str], ...]:
    """The times a visitor may choose: since the start, then the quarters, newest first; id and words. None without a
    quarter.
    """
    quarters = tuple((quarter.id, quarter.words) for quarter in reversed(View(release, "").of("quarter")))
    return ((START, t("Since the start, newest beside it")), *quarters) if quarters else ()


def build(release: Release, figure_id: str, period: str | None = None) -> Figure:
    """The figure of a release for a quarter (default: since the start). Raises KeyError on an unknown figure."""
    any_time = View(release, "")
    quarters = [quarter.id for quarter in any_time.of("quarter")]
    chosen = period if period in quarters else ""
    figure = FIGURES[figure_id](View(release, chosen or (quarters[-1] if quarters else ""), not chosen))
    queries = figure.provenance.queries
    caveats = (*any_time.errata(queries), *figure.caveats, *any_time.partial_in(queries),
               *any_time.not_collected_in(queries), *any_time.breaks(figure_id))
    unpublished = gaps.unpublished(figure_id) if figure.shown else ()
    return replace(figure, caveats=tuple(dict.fromkeys(caveats)), gaps=(*figure.gaps, *unpublished))
