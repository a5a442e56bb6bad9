"""The service's own work: calls, hours, what was answered and why the rest was not. Exact at any size."""

from collections.abc import Callable
from dataclasses import replace

from altair import TopLevelMixin

from portal.contract.contract import DIMENSIONS, MEASURES
from portal.figures.charts.standard import LARGEST, Group, blocks, months, shares, squares
from portal.figures.figure import Cell, Figure, Short, Table, Text
from portal.figures.statistics import FEWEST_POINTS, Limits, share, xmr
from portal.figures.view import (
    SERVICE_GRAINS,
    Parts,
    View,
    calls_in_words,
    cell,
    label,
    percent,
    say,
    say_count,
    sentences,
    series_table,
    small,
    text,
    too_few,
    uncertain,
    waiting,
    wording,
)
from portal.language import later, number, span, t
from portal.release import queries
from portal.release.queries import Answer

SMALL = later("It is a small number, so it will jump about.")
GOING, COULD = later("How is it going?"), later("How many of the calls it could take?")
MISSED = {"on_another_call": later("Missed: on another call"), "not_sent": later("Missed: not sent"),
          "other": later("Missed: other, or not recorded")}


def missing(view: View, measure: str, question: str = "") -> Figure:
    """A figure for a measure that has no number here: not collected, or nothing is published yet."""
    row = view.run(measure) or next(
        (row for row in view.states(measure) if row["status"] in ("not_collected", "not_due")), None)
    chip = waiting(row)
    texts = wording(measure)
    return Figure(measure, texts.question, text(t("{status}. {sentence}", status=chip.word, sentence=chip.sentence)),
                  None, (chip,), (), view.line(view.quarter.words if view.quarter else t("no period")),
                  view.provenance(measure, queries.states(view.release, measure)),
                  short=Short(t(question) if question else texts.question, None, text(chip.sentence), chip))


def _now(view: View, measure: str) -> dict[str, float]:
    rows = queries.values(view.release, measure, view.period, category="").rows
    return {row[0]: row[2] for row in rows}


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
    said = sentences(
        say_count("In {period}, {n} crisis call came in.", "In {period}, {n} crisis calls came in.", now["calls"],
                  period=view.quarter.words),
        () if met is None else say("The team answered {answered} of them.", answered=cell(met)))
    table = Table(t("Crisis calls by month, and calls the team answered"),
                  (t("Month"), t("Crisis calls"), t("Answered by the team")), tuple(
        (Cell(view.periods[row[0]].words), cell(row[1]), cell(took[row[0]]) if row[0] in took else Cell(t("no number")))
        for row in by_month.rows)) if by_month.rows else None
    months_shown = [view.periods[row[0]] for row in by_month.rows]
    line = span(months_shown[0].start, months_shown[-1].end) if months_shown else view.quarter.words
    return Figure("demand.received", wording("demand.received").question, said, table, (),
                  view.partial(view.period), view.line(line), view.provenance("demand.received", *answers),
                  (lambda: months(rows, t("Crisis calls"), t("Answered by the team"), view.note,
                                  view.events("demand.received"), _usual(view, by_month))) if len(rows) > 1 else None,
                  _going(view, now["calls"], met))


def _usual(view: View, by_month: Answer) -> Limits | None:
    """Between which numbers the calls of a month normally go up and down: a picture, from which nothing is judged. None
    with too few months, or where they are counted in two ways.
    """
    calls = [row[1] for row in by_month.rows if row[1] is not None]
    return None if len(calls) < FEWEST_POINTS or view.broken("demand.received") else xmr(calls)


def _going(view: View, calls: float, met: float | None) -> Short:
    """The Overview's first question: what the team answered, in how many hours, and what came in."""
    if met is None:
        return Short(t(GOING), Text(say_count("{n} crisis call", "{n} crisis calls", calls)),
                     text(t("came in, day and night. Which of them the team answered is not collected.")))
    on_duty = _now(view, "hours.staffed").get("covered_hours")  # none where its quarter is shown with others
    spent = () if on_duty is None else say_count("in {n} hour on duty.", "in {n} hours on duty.", on_duty, 1)
    came = say_count("{n} crisis call came in, day and night.", "{n} crisis calls came in, day and night.", calls)
    return Short(t(GOING), Text(say_count("{n} call answered", "{n} calls answered", met)), sentences(spent, came))


def met(view: View) -> Figure:
    """How many calls the team answered: of those it could take, then of all. Two shares, never mixed."""
    now = _now(view, "response.met")
    if not view.quarter or "responses" not in now:
        return missing(view, "response.met", COULD)
    period = view.service("response.on_duty")
    could = queries.share(
        view.release, ("response.on_duty", "responses"), ("response.on_duty", "eligible_on_duty"), period)
    of_all = queries.share(view.release, ("response.met", "responses"), ("demand.received", "calls"), view.period)
    series = queries.series(view.release, "response.on_duty", SERVICE_GRAINS, ["responses", "eligible_on_duty"])
    reasons = queries.breakdown(view.release, "response.unmet_reason", period, "calls")
    (top, bottom, _), (all_top, all_bottom, all_share) = could.rows[0], of_all.rows[0]
    words = view.periods[period].words if period else view.quarter.words
    answer = sentences(_first_share(view, period, could), say_count(
        "Of the {n} crisis call, the team answered {answered}.",
        "Of all {n} crisis calls, the team answered {answered}.", all_bottom,
        answered=(cell(all_top), *percent(all_share))) if words == view.quarter.words else _of_all(
            view.quarter.words, all_top, all_bottom, all_share))
    why = {row[0]: row[1] for row in reasons.rows}
    unsteady = too_few(all_top, top if bottom else None)
    table = series_table(t("Calls answered, by quarter"), t("Quarter"),
                         tuple(wording("response.on_duty").values.values()), view, series)
    groups = _groups(top, bottom, why)
    title = t("While the team was on duty: calls it could take, {period}", period=words)
    return Figure("response.met", wording("response.met").question, answer, table, unsteady,
                  view.partial(view.period), view.line(words),
                  view.provenance("response.on_duty", could, of_all, series, reasons),
                  _met_drawn(groups, title, view, series),
                  _short(view, top, bottom, why))


def _first_share(view: View, period: str, could: Answer) -> Parts:
    """The share of the calls it could take; where the quarter waits, that it can't be shown yet."""
    words = view.periods[period or view.period].words
    row = view.run("response.on_duty")
    if not period and row and row["status"] == "not_due":
        return say("In {period}, it can't be shown yet which calls the team could take.", period=words)
    return _could(words, *could.rows[0])


def on_duty(view: View) -> Figure:
    """Of the calls the team could take while on duty, how many it answered, by quarters that are shown together."""
    measure, values = "response.on_duty", ["responses", "eligible_on_duty"]
    period = view.service(measure)
    if not period:
        return missing(view, measure)
    could = queries.share(view.release, (measure, values[0]), (measure, values[1]), period)
    series = queries.series(view.release, measure, SERVICE_GRAINS, values)
    texts = wording(measure)
    table = series_table(t("Calls answered, by quarter"), t("Quarter"), tuple(texts.values.values()), view, series)
    top, bottom, _ = could.rows[0]
    return Figure(measure, texts.question, Text(_first_share(view, period, could)), table,
                  too_few(top if bottom else None), view.partial(view.period), view.line(view.periods[period].words),
                  view.provenance(measure, could, series))


def _of_all(period: str, top: float, bottom: float, share: float | None) -> Parts:
    """The second share, where the first one is of a longer time."""
    return say_count("In {period}, of the {n} crisis call, the team answered {answered}.",
                     "In {period}, of all {n} crisis calls, the team answered {answered}.", bottom, period=period,
                     answered=(cell(top), *percent(share)))


def _could(period: str, top: float | None, bottom: float | None, share: float | None) -> Parts:
    """The first share in words: also where it is out of nothing, or not collected."""
    if top is None or bottom is None:
        return say("In {period}, it is not collected which calls the team could take.", period=period)
    if not bottom:
        return say("In {period}, there was no call that the team could take while on duty ({calls}).", period=period,
                   calls=calls_in_words(bottom))
    return say_count("In {period}, the team answered {answered} of the {n} call it could take while on duty{share}.",
                     "In {period}, the team answered {answered} of the {n} calls it could take while on duty{share}.",
                     bottom, period=period, answered=cell(top), share=percent(share))


def _groups(top: float | None, bottom: float | None, why: dict[str, float]) -> list[Group]:
    """What became of each call the team could take, for one square a call; off duty is never among them."""
    missed = [(words, why[one]) for one, words in MISSED.items() if one in why]
    if not top or not bottom or bottom > LARGEST or top + sum(calls for _, calls in missed) != bottom:
        return []
    groups = [(t("Answered by the team"), int(top), "team")]
    return groups + [(t(words), int(calls), "missed") for words, calls in missed if calls]


def _met_drawn(groups: list[Group], title: str, view: View, series: Answer) -> Callable[[], TopLevelMixin] | None:
    """One square a call; where there are too many, each quarter's share with its interval."""
    if groups:
        return lambda: squares(groups, title, view.note)
    rows: list[dict[str, object]] = []
    for row in series.records():
        took, could = row["responses"], row["eligible_on_duty"]
        if took is None or not could or took > could:
            continue
        part = share(took, could)
        rows.append({"label": view.periods[row["period_id"]].words, "share": part.value, "low": part.low,
                     "high": part.high, "said": t("{part} of {whole}", part=number(took), whole=number(could))})
    heading = t("Answered, of the calls it could take while on duty, with the range that chance leaves open")
    return (lambda: shares(rows, view.note, heading)) if rows else None


def _short(view: View, top: float | None, bottom: float | None, why: dict[str, float]) -> Short:
    """The Overview's second question."""
    row = view.run("response.on_duty")
    if row and row["status"] != "published":
        chip = waiting(row)
        return Short(t(COULD), None, text(chip.sentence), chip)
    if top is None or bottom is None:
        chip = waiting({"status": "not_collected"})
        return Short(t(COULD), None, text(t("The records do not say which calls the team could take.")), chip)
    rest = sentences(
        say("while on duty."), say(SMALL) if bottom and small(top) else (),
        say_count("{n} more came while it was off duty.", "{n} more came while it was off duty.", why["off_duty"])
        if "off_duty" in why else ())
    return Short(t(COULD), Text(say("{part} of {whole}", part=cell(top), whole=cell(bottom))), rest)


def hours(view: View) -> Figure:
    """How many hours the team was on duty, of those planned."""
    period = view.service("hours.staffed")
    if not period:
        return missing(view, "hours.staffed")
    words = view.periods[period].words
    series = queries.series(view.release, "hours.staffed", SERVICE_GRAINS, ["scheduled_hours", "covered_hours"])
    share = queries.share(view.release, ("hours.staffed", "covered_hours"), ("hours.staffed", "scheduled_hours"),
                          period)
    covered, planned, part = share.rows[0]
    texts = wording("hours.staffed")
    answer = Text(say_count(
        "The team was on duty for {n} hour in {period}.", "The team was on duty for {n} hours in {period}.",
        covered, 1, period=words) if planned is None else say_count(
        "The team was on duty for {covered} of {n} planned hour{share} in {period}.",
        "The team was on duty for {covered} of {n} planned hours{share} in {period}.", planned, 1,
        covered=cell(covered, 1), share=percent(part), period=words))
    table = series_table(t("Team hours by quarter"), t("Quarter"), tuple(texts.values.values()), view, series, 1)
    bars: list[dict[str, object]] = [
        {"label": view.periods[row[0]].words, "value": row[2], "said": cell(row[2], 1).text}
        for row in series.rows if row[2] is not None]
    return Figure("hours.staffed", texts.question, answer, table, (), view.partial(view.period),
                  view.line(t("by quarter, to {period}", period=view.of("quarter")[-1].words)),
                  view.provenance("hours.staffed", series, share),
                  (lambda: blocks(bars, view.note, later("{number} hours on duty"))) if len(bars) > 1 else None)


def _divided(view: View, measure: str, lead: str) -> Figure:
    """A count of calls by a dimension of the service's own work, for the chosen quarter or the quarters it is put
    together with; `lead`, with {period}, begins its answer.
    """
    period = view.service(measure)
    asked = queries.breakdown(view.release, measure, period, next(iter(MEASURES[measure].values)))
    found = {row[0]: row[1] for row in asked.rows}
    if not found:
        return missing(view, measure)
    words = view.periods[period].words
    dimension = MEASURES[measure].dimension
    shown = [one for one in DIMENSIONS[dimension].labels if one in found]
    rows: list[dict[str, object]] = [{"label": label(dimension, one), "value": found[one]} for one in shown]
    answer = sentences(say(lead, period=words), *(
        say("{what}: {number}.", what=label(dimension, one), number=cell(found[one])) for one in shown))
    question = wording(measure).question
    table = Table(f"{question} {words}", (t(DIMENSIONS[dimension].label), t("Calls")),
                  tuple((Cell(label(dimension, one)), cell(found[one])) for one in shown))
    return Figure(measure, question, answer, table, (), view.partial(view.period),
                  view.line(words), view.provenance(measure, asked),
                  (lambda: blocks(rows, view.note, later("{number} calls"), meaning="demand"))
                  if any(found.values()) else None)


def eligible(view: View) -> Figure:
    """How many calls met the written rule; never checked is apart."""
    return _divided(view, "demand.eligible", later("These are the crisis calls of {period}, by the written rule."))


def unmet(view: View) -> Figure:
    """Why the team did not come to calls that met the rule."""
    return _divided(view, "response.unmet_reason",
                    later("These calls of {period} met the rule, but the team did not come."))


def quality(view: View) -> Figure:
    """What is not recorded about the service."""
    return _divided(view, "quality.missing", later("These are the crisis calls of {period} with a gap in the record."))


def survey(view: View) -> Figure:
    """What people say of it: how many of those who were asked answered, where the City asks; else that there is neither
    number.
    """
    texts = wording("experience.survey")
    row = view.run(texts.id)
    period = str(row["period_id"]) if row and row["status"] == "published" else ""
    asked = queries.share(view.release, (texts.id, "answers"), (texts.id, "asked"), period)
    answers, people, rate = asked.rows[0]
    names = (*texts.values.values(), t("Response rate (percent)"))
    if answers is None or not people:
        uncollected = missing(view, texts.id)
        status = tuple((Cell(name), Cell(uncollected.chips[0].word)) for name in names)
        return replace(uncollected, table=Table(texts.question, (t("What"), t("Number")), status), answer=sentences(
            uncollected.answer.parts, say("So there are no answers to show, and there is no response rate.")))
    words = view.periods[period].words
    answer = Text(say_count("In {period}, {answers} of {n} person who was asked answered{share}.",
                            "In {period}, {answers} of {n} people who were asked answered{share}.", people,
                            period=words, answers=cell(answers), share=percent(rate)))
    table = Table(f"{texts.question} {words}", (t("What"), t("Number")), tuple(
        (Cell(name), cell(number)) for name, number in zip(names, (people, answers, rate), strict=True)))
    return Figure(texts.id, texts.question, answer, table, uncertain(view, texts.id) + too_few(answers), (),
                  view.line(words), view.provenance(texts.id, asked))
