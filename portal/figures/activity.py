"""The service's own work: calls, hours, what was answered and why the rest was not. Exact at any size."""

from portal.figures.charts import blocks, months
from portal.figures.figure import Cell, Figure, Short, Table, Text
from portal.figures.view import MADE_UP, View, cell, count, label, series_table, text, waiting
from portal.release import queries
from portal.release.contract import DIMENSIONS, MEASURES, threshold
from portal.release.queries import Answer

SMALL = " It is a small number, so it will jump about."


def missing(view: View, measure: str) -> Figure:
    """A figure for a measure that has no number here: not collected, or nothing is published yet."""
    row = next(iter(view.states(measure)), None)
    chip = waiting(row if row and row["status"] in ("not_collected", "not_due") else None)
    said = MEASURES[measure]
    return Figure(measure, said.question, text(f"{chip.word}. {chip.sentence}"), None, (chip,), (), view.line("no period"),
                  view.provenance(measure), short=Short(said.question, None, text(chip.sentence), chip))


def _now(view: View, measure: str) -> dict[str, float]:
    rows = queries.values(view.release, measure, view.period).rows
    return {row[1] or row[0]: row[2] for row in rows}


def _note(view: View) -> str:
    return MADE_UP if view.illustrative else ""


def received(view: View) -> Figure:
    """How many crisis calls come in, by month, with what the team answered of them."""
    now = _now(view, "demand.received")
    if not view.quarter or "calls" not in now:
        return missing(view, "demand.received")
    by_month = queries.series(view.release, "demand.received", "month", ["calls"])
    team = queries.series(view.release, "response.met", "month", ["responses"])
    hours = queries.values(view.release, "hours.staffed", view.period)
    answered = queries.values(view.release, "response.met", view.period)
    answers = [queries.values(view.release, "demand.received", view.period), by_month, team, hours, answered]
    met = _now(view, "response.met").get("responses")
    covered = _now(view, "hours.staffed").get("covered_hours")
    took = dict(team.rows)
    rows: list[dict[str, object]] = [{"month": view.periods[row[0]].start, "calls": row[1], "team": took.get(row[0])}
                                     for row in by_month.rows]
    said: list[str | Cell] = [f"In {view.quarter.words}, ", *count(now["calls"], "crisis call came in.", "crisis calls came in.")]
    if met is not None:
        said += [" The team answered ", cell(met), " of them."]
    table = Table("Crisis calls by month, and calls the team answered", ("Month", "Crisis calls", "Answered by the team"), tuple(
        (Cell(view.periods[row[0]].words), cell(row[1]), cell(took[row[0]]) if row[0] in took else Cell("not collected"))
        for row in by_month.rows))
    short = Short("How is it going?", Text(count(met, "call answered", "calls answered")) if met is not None else
                  Text(count(now["calls"], "crisis call", "crisis calls")),
                  Text((*(("in ", cell(covered, 1), " hours on duty. ") if covered is not None else ()),
                        *count(now["calls"], "crisis call came in, day and night.", "crisis calls came in, day and night."))))
    return Figure("demand.received", MEASURES["demand.received"].question, Text(tuple(said)), table, (), view.partial(view.period),
                  view.line(f"{view.of('month')[0].words} on"), view.provenance("demand.received", *answers),
                  lambda: months(rows, "Crisis calls in a month", "Answered by the team", _note(view)), short)


def met(view: View) -> Figure:
    """How many calls the team answered: of those it could take, then of all."""
    now = _now(view, "response.met")
    if not view.quarter or "responses" not in now:
        return missing(view, "response.met")
    could = queries.share(view.release, ("response.met", "answered_on_duty"), ("response.met", "eligible_on_duty"), view.period)
    of_all = queries.share(view.release, ("response.met", "responses"), ("demand.received", "calls"), view.period)
    series = queries.series(view.release, "response.met", "quarter", list(MEASURES["response.met"].values))
    unmet = queries.breakdown(view.release, "response.unmet_reason", view.period, "calls")
    (top, bottom, percent), (all_top, all_bottom, all_percent) = could.rows[0], of_all.rows[0]
    first: tuple[str | Cell, ...] = ("No call came that the team could take while on duty. ",)
    if bottom:
        first = ("The team answered ", cell(top), " of the ", cell(bottom), " calls it could take while on duty (", cell(percent), "%). ")
    answer = text(f"In {view.quarter.words}: ", *first, "Of all ", cell(all_bottom), " crisis calls it answered ", cell(all_top), " (", cell(all_percent), "%).")
    off = dict(row[:2] for row in unmet.rows).get("off_duty")
    rest: tuple[str | Cell, ...] = ("while on duty.", SMALL if top is not None and top <= threshold("unstable") else "")
    if off is not None:
        rest += (" ", *count(off, "more came while it was off duty.", "more came while it was off duty."))
    short = Short("How many of the calls it could take?", text(cell(top), " of ", cell(bottom)) if bottom else text("No call"), Text(rest))
    table = series_table("Calls answered, by quarter", "Quarter", tuple(MEASURES["response.met"].values.values()), view, series)
    return Figure("response.met", MEASURES["response.met"].question, answer, table, (),
                  ((SMALL.strip(),) if all_top <= threshold("unstable") else ()) + view.partial(view.period),
                  view.line(view.quarter.words), view.provenance("response.met", could, of_all, series, unmet), None, short)


def hours(view: View) -> Figure:
    """How many hours the team was on duty, of those planned."""
    now = _now(view, "hours.staffed")
    if not view.quarter or "covered_hours" not in now:
        return missing(view, "hours.staffed")
    series = queries.series(view.release, "hours.staffed", "quarter", ["scheduled_hours", "covered_hours"])
    here = queries.values(view.release, "hours.staffed", view.period)
    answer = text("The team was on duty for ", cell(now["covered_hours"], 1), " of ", cell(now["scheduled_hours"], 1),
                  f" planned hours in {view.quarter.words}.")
    table = series_table("Team hours by quarter", "Quarter", ("Planned hours", "Hours on duty"), view, series, 1)
    return Figure("hours.staffed", MEASURES["hours.staffed"].question, answer, table, (), view.partial(view.period),
                  view.line(view.quarter.words), view.provenance("hours.staffed", series, here))


def _divided(view: View, measure: str, lead: str, order: tuple[str, ...]) -> Figure:
    """A count of calls by a dimension of the service's own work, for the chosen quarter."""
    asked = queries.breakdown(view.release, measure, view.period, next(iter(MEASURES[measure].values)))
    found = {row[0]: row[1] for row in asked.rows}
    if not view.quarter or not found:
        return missing(view, measure)
    dimension = MEASURES[measure].dimension
    shown = [one for one in order if one in found]
    rows: list[dict[str, object]] = [{"label": label(dimension, one), "value": found[one]} for one in shown]
    parts: list[str | Cell] = [f"In {view.quarter.words}, {lead}: "]
    for at, one in enumerate(shown):
        parts += ["; " if at else "", label(dimension, one)[0].lower() + label(dimension, one)[1:], " ", cell(found[one])]
    table = Table(f"{MEASURES[measure].question} {view.quarter.words}", (DIMENSIONS[dimension].label, "Calls"),
                  tuple((Cell(label(dimension, one)), cell(found[one])) for one in shown))
    return Figure(measure, MEASURES[measure].question, Text((*parts, ".")), table, (), view.partial(view.period),
                  view.line(view.quarter.words), view.provenance(measure, asked),
                  lambda: blocks(rows, _note(view), "calls"))


def eligible(view: View) -> Figure:
    """How many calls met the written rule; never checked is apart."""
    return _divided(view, "demand.eligible", "by the written rule", ("eligible", "not_eligible", "not_screened"))


def unmet(view: View) -> Figure:
    """Why the team did not come to calls that met the rule."""
    return _divided(view, "response.unmet_reason", "calls the team did not come to", ("off_duty", "on_another_call", "not_sent", "other"))


def quality(view: View) -> Figure:
    """What is not recorded about the service."""
    return _divided(view, "quality.missing", "crisis calls without a record of", tuple(DIMENSIONS["field"].labels))


def survey(view: View) -> Figure:
    """What people say of it: not collected until the City asks."""
    return missing(view, "experience.survey")


def punctual(view: View) -> Figure:
    """Each release, the day it was due and the day it came out."""
    from portal.language import day

    asked: Answer = queries.table(view.release, "releases")
    rows = asked.records()
    late = [row for row in rows if row["published_on"] > row["due_on"]]
    last = rows[-1]
    answer = text(f"Release {last['release_id']} came out on {day(last['published_on'])}; it was due on {day(last['due_on'])}. ",
                  "Every release was on time." if not late else f"Late so far: {', '.join(row['release_id'] for row in late)}.")
    table = Table("Releases, when they were due and when they came out", ("Release", "State", "Covers", "Due", "Came out", "On time?"), tuple(
        (Cell(row["release_id"]), Cell(row["state"]), Cell(f"{day(row['period_start'])} to {day(row['period_end'])}"), Cell(day(row["due_on"])),
         Cell(day(row["published_on"])), Cell("late" if row in late else "on time")) for row in rows))
    return Figure("promise.punctual", MEASURES["promise.punctual"].question, answer, table, (), (), view.line("all releases"),
                  view.provenance("promise.punctual", asked))
