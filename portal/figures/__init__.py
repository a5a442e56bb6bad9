"""(Release, selection, language) in, Figure out: pure, without Streamlit and without SQL."""

from collections.abc import Callable
from dataclasses import replace

from portal.figures import about, activity, equity
from portal.figures.conduct import conduct, times
from portal.figures.council.changing import OUTCOMES, SERVICE, changing
from portal.figures.council.hours import hours
from portal.figures.council.others import others
from portal.figures.council.possible import possible
from portal.figures.council.questions import questions
from portal.figures.council.reach import reach
from portal.figures.council.times import by_time
from portal.figures.council.when_known import when_known
from portal.figures.figure import Figure
from portal.figures.people import derived, divided
from portal.figures.protection import protection
from portal.figures.records import records
from portal.figures.view import View
from portal.language import later
from portal.release.store import Release

FIGURES: dict[str, Callable[[View], Figure]] = {
    "overview.answer": about.overview,
    "overview.new": about.new,
    "calls.answer": about.calls,
    "outcomes.answer": about.outcomes,
    "demand.received": activity.received,
    "response.met": activity.met,
    "response.on_duty": activity.on_duty,
    "response.unmet_reason": activity.unmet,
    "hours.staffed": activity.hours,
    "demand.eligible": activity.eligible,
    "demand.by_type": divided("demand.by_type"),
    "demand.by_origin": divided("demand.by_origin"),
    "demand.by_time": by_time("demand.by_time"),
    "demand.by_time_detail": by_time("demand.by_time_detail"),
    "response.time_to_scene": times("response.time_to_scene"),
    "response.time_on_scene": times("response.time_on_scene"),
    "outcome.kind": divided("outcome.kind", later("What happened then?")),
    "outcome.detail": divided("outcome.detail"),
    "outcome.contact": derived("outcome.contact"),
    "outcome.involuntary": derived("outcome.involuntary"),
    "outcome.arrest": conduct("outcome.arrest"),
    "outcome.arrest_possible": possible,
    "outcome.force": conduct("outcome.force"),
    "outcome.injury": conduct("outcome.injury"),
    "care.referral": divided("care.referral"),
    "care.referral_detail": divided("care.referral_detail"),
    "care.follow_up": divided("care.follow_up"),
    "care.follow_up_detail": divided("care.follow_up_detail"),
    "care.repeat": divided("care.repeat"),
    "equity.answer": equity.answer,
    **{measure: divided(measure) for measure in equity.EQUITY},
    "equity.age_detail": divided("equity.age_detail"),
    "equity.race_ethnicity_detail": divided("equity.race_ethnicity_detail"),
    "equity.missing": equity.missing,
    "service.reach": reach,
    "service.more_hours": hours,
    "change.service": changing("change.service", "response.met", SERVICE),
    "change.outcomes": changing("change.outcomes", "outcome.arrest", OUTCOMES),
    "change.when_known": when_known,
    "others.programs": others,
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
    """The quarters a visitor may choose, newest first: id and words."""
    view = View(release, "")
    return tuple((one.id, one.words) for one in reversed(view.of("quarter")))


def build(release: Release, figure_id: str, period: str | None = None) -> Figure:
    """The figure of a release for a quarter (default: the newest). Raises KeyError on an unknown figure."""
    known = [one for one, _ in choices(release)]
    view = View(release, period if period in known else known[0] if known else "")
    figure = FIGURES[figure_id](view)
    return replace(figure, caveats=figure.caveats + view.breaks(figure_id))
