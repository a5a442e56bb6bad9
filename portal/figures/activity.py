"""The service's own work: calls, hours, what was answered and why the rest was not. Exact at any size."""

from portal.figures.charts import LARGEST, Group, blocks, months, squares
from portal.figures.figure import Cell, Figure, Short, Table, Text
from portal.figures.view import (
    MADE_UP,
    View,
    cell,
    count,
    label,
    percent,
    series_table,
    small,
    text,
    uncertain,
    waiting,
)
from portal.language import span
from portal.release import queries
from portal.release.contract import DIMENSIONS, MEASURES

SMALL = "It is a small number, so it will jump about."
GOING, COULD = "How is it going?", "How many of the calls it could take?"
COME = ("crisis call came in", "crisis calls came in")


def missing(view: View, measure: str, question: str = "") -> Figure:
    """A figure for a measure that has no number here: not collected, or nothing is published yet."""
    row = next((row for row in view.states(measure) if row["status"] in ("not_collected", "not_due")), None)
    chip = waiting(row)
    said = MEASURES[measure]
    return Figure(measure, said.question, text(f"{chip.word}. {chip.sentence}"), None, (chip,), (),
                  view.line(view.quarter.words if view.quarter else "no period"),
                  view.provenance(measure, queries.states(view.release, measure)),
                  short=Short(question or said.question, None, text(chip.sentence), chip))


def _now(view: View, measure: str) -> dict[str, float]:
    rows = queries.values(view.release, measure, view.period, category="").rows
    return {row[0]: row[2] for row in rows}


def _note(view: View) -> str:
    return MADE_UP if view.illustrative else ""


def received(view: View) -> Figure:
    """How many crisis calls come in, by month, with what the team answered of them."""
    now = _now(view, "demand.received")
    if not view.quarter or "calls" not in now:
        return missing(view, "demand.received", GOING)
    by_month = queries.series(view.release, "demand.received", "month", ["calls"])
    team = queries.series(view.release, "response.met", "month", ["responses"])
    answers = [by_month, team, *(queries.values(view.release, measure, view.period, category="")
                                 for measure in ("demand.received", "response.met", "hours.staffed"))]
    met = _now(view, "response.met").get("responses")
    took = {row[0]: row[1] for row in team.rows if row[1] is not None}
    rows: list[dict[str, object]] = [{"month": view.periods[row[0]].start, "calls": row[1], "team": took.get(row[0])}
                                     for row in by_month.rows if row[1] is not None]
    said: list[str | Cell] = [f"In {view.quarter.words}, ", *count(now["calls"], *COME), "."]
    if met is not None:
        said += [" The team answered ", cell(met), " of them."]
    table = Table("Crisis calls by month, and calls the team answered",
                  ("Month", "Crisis calls", "Answered by the team"), tuple(
        (Cell(view.periods[row[0]].words), cell(row[1]), cell(took[row[0]]) if row[0] in took else Cell("no number"))
        for row in by_month.rows)) if by_month.rows else None
    months_shown = [view.periods[row[0]] for row in by_month.rows]
    line = span(months_shown[0].start, months_shown[-1].end) if months_shown else view.quarter.words
    return Figure("demand.received", MEASURES["demand.received"].question, Text(tuple(said)), table, (),
                  view.partial(view.period), view.line(line), view.provenance("demand.received", *answers),
                  (lambda: months(rows, "Crisis calls in a month", "Answered by the team", _note(view)))
                  if len(rows) > 1 else None, _going(view, now["calls"], met))


def _going(view: View, calls: float, met: float | None) -> Short:
    """The Overview's first question: what the team answered, in how many hours, and what came in."""
    came = (*count(calls, *COME), ", day and night.")
    if met is None:
        return Short(GOING, text(*count(calls, "crisis call", "crisis calls")),
                     text("came in, day and night. Which of them the team answered is not collected."))
    on_duty = _now(view, "hours.staffed").get("covered_hours")
    spent = () if on_duty is None else ("in ", *count(on_duty, "hour", "hours", 1), " on duty. ")
    return Short(GOING, Text(count(met, "call answered", "calls answered")), Text((*spent, *came)))


def met(view: View) -> Figure:
    """How many calls the team answered: of those it could take, then of all. Two shares, never mixed."""
    now = _now(view, "response.met")
    if not view.quarter or "responses" not in now:
        return missing(view, "response.met", COULD)
    could = queries.share(
        view.release, ("response.met", "answered_on_duty"), ("response.met", "eligible_on_duty"), view.period)
    of_all = queries.share(view.release, ("response.met", "responses"), ("demand.received", "calls"), view.period)
    series = queries.series(view.release, "response.met", "quarter", list(MEASURES["response.met"].values))
    reasons = queries.breakdown(view.release, "response.unmet_reason", view.period, "calls")
    (top, bottom, share), (all_top, all_bottom, all_share) = could.rows[0], of_all.rows[0]
    answer = Text((f"In {view.quarter.words}: ", *_could(top, bottom, share),
                   " Of all ", *count(all_bottom, "crisis call", "crisis calls"), " it answered ", cell(all_top),
                   *percent(all_share), "."))
    why = {row[0]: row[1] for row in reasons.rows}
    unsteady = (SMALL,) if small(all_top) or (bottom and small(top)) else ()
    table = series_table("Calls answered, by quarter", "Quarter", tuple(MEASURES["response.met"].values.values()),
                         view, series)
    groups = _groups(top, bottom, why)
    title = f"While the team was on duty: calls it could take, {view.quarter.words}"
    return Figure("response.met", MEASURES["response.met"].question, answer, table, (),
                  unsteady + view.partial(view.period), view.line(view.quarter.words),
                  view.provenance("response.met", could, of_all, series, reasons),
                  (lambda: squares(groups, title, _note(view))) if groups else None,
                  _short(view, top, bottom, why))


def _could(top: float | None, bottom: float | None, share: float | None) -> tuple[str | Cell, ...]:
    """The first share in words: also where it is out of nothing, or not collected."""
    if top is None or bottom is None:
        return ("Which calls the team could take is not collected.",)
    if not bottom:
        return ("There was no call that the team could take while on duty (", cell(bottom), " calls).")
    if bottom == 1:
        return ("The team answered ", cell(top), " of the ", cell(bottom), " call it could take while on duty",
                *percent(share), ".")
    return ("The team answered ", cell(top), " of the ", cell(bottom), " calls it could take while on duty",
            *percent(share), ".")


def _groups(top: float | None, bottom: float | None, why: dict[str, float]) -> list[Group]:
    """What became of each call the team could take, for one square a call; off duty is never among them."""
    missed = [(one, why[one]) for one in ("on_another_call", "not_sent", "other") if one in why]
    if not top or not bottom or bottom > LARGEST or top + sum(number for _, number in missed) != bottom:
        return []
    groups = [("Answered by the team", int(top), "team")]
    return groups + [(f"Missed: {label('unmet_reason', one)[9:]}", int(number), "missed")
                     for one, number in missed if number]


def _short(view: View, top: float | None, bottom: float | None, why: dict[str, float]) -> Short:
    """The Overview's second question."""
    if top is None or bottom is None:
        chip = waiting({"status": "not_collected"})
        return Short(COULD, None, text("The records do not say which calls the team could take."), chip)
    rest: list[str | Cell] = ["while on duty.", f" {SMALL}" if bottom and small(top) else ""]
    if "off_duty" in why:
        rest += [" ", cell(why["off_duty"]), " more came while it was off duty."]
    return Short(COULD, text(cell(top), " of ", cell(bottom)), Text(tuple(rest)))


def hours(view: View) -> Figure:
    """How many hours the team was on duty, of those planned."""
    now = _now(view, "hours.staffed")
    if not view.quarter or "covered_hours" not in now:
        return missing(view, "hours.staffed")
    series = queries.series(view.release, "hours.staffed", "quarter", ["scheduled_hours", "covered_hours"])
    share = queries.share(view.release, ("hours.staffed", "covered_hours"), ("hours.staffed", "scheduled_hours"),
                          view.period)
    covered, planned, part = share.rows[0]
    of = () if planned is None else (" of ", *count(planned, "planned hour", "planned hours", 1), *percent(part))
    unit = () if of else (" hour" if covered == 1 else " hours",)
    answer = Text(("The team was on duty for ", cell(covered, 1), *of, *unit, f" in {view.quarter.words}."))
    table = series_table("Team hours by quarter", "Quarter", ("Planned hours", "Hours on duty"), view, series, 1)
    bars: list[dict[str, object]] = [
        {"label": view.periods[row[0]].words, "value": row[2], "said": cell(row[2], 1).text}
        for row in series.rows if row[2] is not None]
    return Figure("hours.staffed", MEASURES["hours.staffed"].question, answer, table, (), view.partial(view.period),
                  view.line(f"by quarter, to {view.of('quarter')[-1].words}"),
                  view.provenance("hours.staffed", series, share),
                  (lambda: blocks(bars, _note(view), "hours on duty")) if len(bars) > 1 else None)


def _divided(view: View, measure: str, lead: str) -> Figure:
    """A count of calls by a dimension of the service's own work, for the chosen quarter."""
    asked = queries.breakdown(view.release, measure, view.period, next(iter(MEASURES[measure].values)))
    found = {row[0]: row[1] for row in asked.rows}
    if not view.quarter or not found:
        return missing(view, measure)
    dimension = MEASURES[measure].dimension
    shown = [one for one in DIMENSIONS[dimension].labels if one in found]
    rows: list[dict[str, object]] = [{"label": label(dimension, one), "value": found[one]} for one in shown]
    parts: list[str | Cell] = [f"In {view.quarter.words}, {lead}: "]
    for at, one in enumerate(shown):
        parts += ["; " if at else "", label(dimension, one)[0].lower() + label(dimension, one)[1:], " ",
                  cell(found[one])]
    table = Table(f"{MEASURES[measure].question} {view.quarter.words}", (DIMENSIONS[dimension].label, "Calls"),
                  tuple((Cell(label(dimension, one)), cell(found[one])) for one in shown))
    return Figure(measure, MEASURES[measure].question, Text((*parts, ".")), table, (), view.partial(view.period),
                  view.line(view.quarter.words), view.provenance(measure, asked),
                  (lambda: blocks(rows, _note(view), "calls")) if any(found.values()) else None)


def eligible(view: View) -> Figure:
    """How many calls met the written rule; never checked is apart."""
    return _divided(view, "demand.eligible", "by the written rule")


def unmet(view: View) -> Figure:
    """Why the team did not come to calls that met the rule."""
    return _divided(view, "response.unmet_reason", "calls that met the rule and the team did not come to")


def quality(view: View) -> Figure:
    """What is not recorded about the service."""
    return _divided(view, "quality.missing", "crisis calls without a record of")


def survey(view: View) -> Figure:
    """What people say of it: how many answered, where the City asks; else that it is not collected."""
    row = view.run("experience.survey")
    period = str(row["period_id"]) if row and row["status"] == "published" else ""
    asked = queries.values(view.release, "experience.survey", period, category="")
    answers = next((one[2] for one in asked.rows if one[0] == "answers"), None)
    said = MEASURES["experience.survey"]
    if answers is None:
        return missing(view, "experience.survey")
    words = view.periods[period].words
    answer = text(f"In {words}, ", *count(answers, "person answered.", "people answered."))
    return Figure(said.id, said.question, answer, None, uncertain(view, said.id),
                  (), view.line(words), view.provenance(said.id, asked))
