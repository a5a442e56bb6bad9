"""The service's own work: calls, hours, what the team went to and why not to the rest. Exact at any size."""


from portal.contract.contract import DIMENSIONS, MEASURES
from portal.figures import pictures
from portal.figures.charts.chart import Chart
from portal.figures.charts.months import Month
from portal.figures.figure import Cell, Figure, RichText, Short, Table
from portal.figures.gaps import absent, gaps
from portal.figures.people import now
from portal.figures.spans import Span, beside, main, opened, shown_spans
from portal.figures.statistics import FEWEST_POINTS, Limits, xmr
from portal.figures.view import (
    FigureFunction,
    TextParts,
    View,
    capital,
    cell,
    label,
    percent,
    say,
    say_count,
    sentences,
    stopped,
    text,
    wording,
)
from portal.language import gettext_lazy, n, ngettext_lazy, number, t
from portal.release import queries
from portal.release.queries import Answer

RECEIVED, MET, HOURS = "demand.received", "response.met", "hours.staffed"
ON_DUTY, REASONS = "response.on_duty", "response.unmet_reason"
# Why the team did not go to a call that it could take.
NOT_GONE = {"on_another_call": gettext_lazy("Team busy on another call"), "not_sent": gettext_lazy("Team not sent"),
            "other": gettext_lazy("Another reason, or not recorded")}


def counts(view: View, measure: str, period: str) -> dict[str, float]:
    """The published numbers of a table without a category, by name."""
    return {row[0]: row[2] for row in queries.values(view.release, measure, period, category="").rows}


def _monthly(view: View, period: Span, calls: float) -> str:
    """The average number of calls a month, over the days that hold records; "" for a single month, or below a half."""
    covered = view.periods[period.id]
    months = sum(covered.start <= month.start and month.end <= covered.end for month in view.of("month"))
    a_month = calls * covered.days / covered.recorded / months if months > 1 and covered.recorded else 0.0
    return cell(a_month).text if a_month >= 0.5 else ""


def received(view: View) -> Figure:
    """How many crisis calls come in, by month, with what the team went to of them."""
    period = main(view, RECEIVED)
    calls = counts(view, RECEIVED, period.id).get("calls") if period else None
    if period is None or calls is None:
        return absent(view, RECEIVED)
    by_month = queries.series(view.release, RECEIVED, "month", ["calls"])
    team = queries.series(view.release, MET, "month", ["responses"])
    answered_by_month = {row[0]: row[1] for row in team.rows if row[1] is not None}
    rows = [Month(view.periods[row[0]].start, row[1], answered_by_month.get(row[0]))
            for row in by_month.rows if row[1] is not None]
    answered = counts(view, MET, period.id).get("responses")
    a_month = _monthly(view, period, calls)
    answer = sentences(
        say_count("{when}, {n} crisis call came in.", "{when}, {n} crisis calls came in.", calls, when=period.opening),
        () if answered is None else say("The team went to {answered} of them.", answered=cell(answered)),
        say("That is about {number} a month, over {days} days with records.", number=a_month,
            days=number(view.periods[period.id].recorded)) if a_month else ())
    table = Table(t("Crisis calls by month"), (t("Month"), t("Crisis calls"), t("The team went to")), tuple(
        (Cell(view.periods[row[0]].words), cell(row[1]),
         cell(answered_by_month[row[0]]) if row[0] in answered_by_month else Cell(t("no number")))
        for row in by_month.rows)) if by_month.rows else None
    answers = [by_month, team, *(queries.values(view.release, measure, span_.id, category="")
                               for span_ in shown_spans(view, RECEIVED) for measure in (RECEIVED, MET))]
    words = [view.periods[row[0]] for row in by_month.rows]
    finding = say_count("{n} crisis call", "{n} crisis calls", calls)
    if a_month:
        finding = (*finding, *say(", about {number} a month", number=a_month))
    return Figure(
        RECEIVED, wording(RECEIVED).question, answer, table, gaps(view, RECEIVED), view.partial(view.period),
        view.line(view.spanning(words[0].start, words[-1].end).words if words else period.words),
        view.provenance(RECEIVED, *answers),
        pictures.by_month(rows, view.events(RECEIVED), _usual(view, by_month), view.note),
        Short(t("How many crisis calls come in?"), RichText(say_count("{n} call", "{n} calls", calls)),
              text(n("came in, day and night.", "came in, day and night.", calls))), headline=RichText(finding),
        sub=opened(period, text(t("Day and night, whether or not the team was on duty."))),
        beside=beside(view, RECEIVED, lambda span_: _calls_of(view, span_)))


def _calls_of(view: View, period: Span) -> tuple[RichText, RichText] | None:
    """The calls of one period, and how many of them the team went to."""
    calls, answered = counts(view, RECEIVED, period.id).get("calls"), counts(view, MET, period.id).get("responses")
    if calls is None:
        return None
    return RichText(say_count("{n} call", "{n} calls", calls)), sentences(
        () if answered is None else say("The team went to {answered} of them.", answered=cell(answered)))


def _usual(view: View, by_month: Answer) -> Limits | None:
    """Between which numbers the calls of a month normally go up and down: a picture, from which nothing is judged. None
    with too few months, or where they are counted in two ways. Months with days without records are not among them.
    """
    calls = [row[1] for row in by_month.rows if row[1] is not None and not view.periods[row[0]].partial]
    return None if len(calls) < FEWEST_POINTS or view.broken(RECEIVED) else xmr(calls)


def calls_answered(figure_id: str) -> FigureFunction:
    """The builder of how many calls the team went to, of those it could take while on duty; where that is not
    collected, of all.
    """
    def build(view: View) -> Figure:
        period = main(view, ON_DUTY)
        on_duty = counts(view, ON_DUTY, period.id) if period else {}
        if period is None or "eligible_on_duty" not in on_duty or "responses" not in on_duty:
            return _of_all(view, figure_id)
        top, bottom = on_duty["responses"], on_duty["eligible_on_duty"]
        answers = tuple(answer for span_ in shown_spans(view, ON_DUTY) for answer in (
            queries.values(view.release, ON_DUTY, span_.id, category=""),
            queries.breakdown(view.release, REASONS, span_.id, "calls")))
        share = queries.share(view.release, (ON_DUTY, "responses"), (ON_DUTY, "eligible_on_duty"), period.id)
        sentence = say_count("The team went to {part} of {n} call that met the rule while on duty{share}",
                         "The team went to {part} of {n} calls that met the rule while on duty{share}", bottom,
                         part=cell(top), share=percent(share.rows[0][2]))
        why = _reasons(view, period)
        rows = beside(view, ON_DUTY, lambda period: _part_of(view, period))
        return Figure(
            figure_id, t("Does the team go when it is on duty?"), sentences(
                stopped(period.opening), stopped(sentence), *(
                    say("{what}: {number}.", what=t(words), number=cell(why[reason]))
                    for reason, words in NOT_GONE.items() if why.get(reason))),
            _why_table(view), gaps(view, ON_DUTY), view.partial(view.period), view.line(period.words),
            view.provenance(ON_DUTY, share, *answers), _drawn(top, bottom, why, view.note),
            Short(t("Does the team go when it is on duty?"),
                  RichText(say("{part} of {whole}", part=cell(top), whole=cell(bottom))),
                  text(t("calls that met the rule while it was on duty.")), now(rows)),
            headline=RichText(sentence), sub=opened(period), beside=rows)
    return build


def _part_of(view: View, period: Span) -> tuple[RichText, RichText] | None:
    on_duty = counts(view, ON_DUTY, period.id)
    if "responses" not in on_duty or "eligible_on_duty" not in on_duty:
        return None
    return (RichText(say("{part} of {whole}", part=cell(on_duty["responses"]),
                         whole=cell(on_duty["eligible_on_duty"]))),
            text(t("calls that met the rule.")))


def _of_all(view: View, figure_id: str) -> Figure:
    """The share of all crisis calls that the team went to, where nobody records which calls it could take."""
    period = main(view, MET)
    share = queries.share(view.release, (MET, "responses"), (RECEIVED, "calls"), period.id if period else "")
    top, bottom, part = share.rows[0]
    if period is None or top is None or not bottom:
        return absent(view, ON_DUTY, ON_DUTY, figure=figure_id)
    sentence = say_count("The team went to {part} of {n} crisis call{share}", "The team went to {part} of {n} crisis"
                     " calls{share}", bottom, part=cell(top), share=percent(part))
    table = Table(wording(MET).question, (t("What"), t("Calls")),
                  ((Cell(t("The team went to")), cell(top)), (Cell(t("Crisis calls")), cell(bottom))))
    return Figure(figure_id, t("Does the team go when it is on duty?"), sentences(
        stopped(period.opening), stopped(sentence),
        say("It is not shown which calls met the rule while it was on duty.")), table, gaps(view, ON_DUTY),
        view.partial(view.period),
        view.line(period.words), view.provenance(MET, share), headline=RichText(sentence), sub=opened(period))


def _reasons(view: View, period: Span) -> dict[str, float]:
    """Calls that the team did not go to, by reason."""
    return {row[0]: row[1] for row in queries.breakdown(view.release, REASONS, period.id, "calls").rows}


def _drawn(top: float, bottom: float, why: dict[str, float], note: str) -> Chart | None:
    """What became of each call the team could take; nothing where the reasons are not all shown."""
    reasons = [(t(words), why[reason]) for reason, words in NOT_GONE.items() if reason in why]
    if top + sum(calls for _, calls in reasons) != bottom:
        return None
    return pictures.when_on_duty(top, reasons, note)


def _why_table(view: View) -> Table:
    """What became of the calls the team could take: a column a time."""
    spans = shown_spans(view, ON_DUTY)
    on_duty = {span_: counts(view, ON_DUTY, span_.id) for span_ in spans}
    why = {span_: _reasons(view, span_) for span_ in spans}
    rows = [(Cell(t("The team went to")), *(cell(on_duty[span_].get("responses")) for span_ in spans))]
    rows += [(Cell(t(words)), *(cell(why[span_].get(reason)) for span_ in spans)) for reason, words in NOT_GONE.items()]
    rows.append((Cell(t("All that met the rule while on duty")),
                 *(cell(on_duty[span_].get("eligible_on_duty")) for span_ in spans)))
    headers = tuple(capital(span_.words) for span_ in spans)
    return Table(t("Calls that met the rule while the team was on duty"), (t("Calls"), *headers), tuple(rows))


def hours(view: View) -> Figure:
    """How many hours the team was on duty, of those planned."""
    period = main(view, HOURS)
    if period is None:
        return absent(view, HOURS)
    spans = shown_spans(view, HOURS)
    found = {span_: counts(view, HOURS, span_.id) for span_ in spans}
    share = queries.share(view.release, (HOURS, "covered_hours"), (HOURS, "scheduled_hours"), period.id)
    covered, planned, part = share.rows[0]
    sentence = say_count("On duty for {n} hour", "On duty for {n} hours", covered, 1) if planned is None else say_count(
        "On duty for {covered} of {n} planned hour{share}", "On duty for {covered} of {n} planned hours{share}",
        planned, 1, covered=cell(covered, 1), share=percent(part))
    texts = wording(HOURS)
    table = Table(texts.question, (t("Hours"), *(capital(span_.words) for span_ in spans)), tuple(
        (Cell(name), *(cell(found[span_].get(value), 1) for span_ in spans)) for value, name in texts.values.items()))
    answers = (queries.values(view.release, HOURS, span_.id, category="") for span_ in spans)
    return Figure(HOURS, texts.question, sentences(stopped(period.opening), stopped(sentence)), table,
                  gaps(view, HOURS), view.partial(view.period), view.line(period.words),
                  view.provenance(HOURS, share, *answers), headline=RichText(sentence), sub=opened(period))


def _divided(measure: str, forms: tuple[str, str], leading: str, none: str) -> FigureFunction:
    """The builder of calls by a dimension of the service's own work; `leading`: the category that the headline tells,
    with `forms`, of one and of many, and `none`, of no call.
    """
    def build(view: View) -> Figure:
        value, dimension = next(iter(MEASURES[measure].values)), MEASURES[measure].dimension
        spans = shown_spans(view, measure)
        answers = {span_: queries.breakdown(view.release, measure, span_.id, value) for span_ in spans}
        found = {span_: {row[0]: row[1] for row in answer.rows} for span_, answer in answers.items()}
        if not spans or not found[spans[0]]:
            return absent(view, measure)
        first = found[spans[0]]
        rows = [(label(dimension, label_), first[label_]) for label_ in DIMENSIONS[dimension].labels if label_ in first]
        answer = sentences(stopped(spans[0].opening), *(
            say("{what}: {number}.", what=name, number=cell(count)) for name, count in rows))
        table = Table(wording(measure).question,
                      (t(DIMENSIONS[dimension].label), *(capital(span_.words) for span_ in spans)),
                      tuple((Cell(label(dimension, label_)), *(cell(found[each].get(label_)) for each in spans))
                            for label_ in DIMENSIONS[dimension].labels if label_ in first))
        return Figure(measure, wording(measure).question, answer, table, gaps(view, measure), view.partial(view.period),
                      view.line(spans[0].words), view.provenance(measure, *answers.values()),
                      pictures.out_of_all(wording(measure).question, rows, view.note)
                      if sum(count > 0 for _, count in rows) > 1 else None,
                      headline=_leading(first, leading, forms, none) if leading in first else RichText(_first(answer)),
                      sub=opened(spans[0]))
    return build


def _leading(counts: dict[str, float], leading: str, forms: tuple[str, str], none: str) -> RichText:
    """The headline of the leading category: a zero in words."""
    return RichText(say_count(*forms, counts[leading]) if counts[leading] else say(none))


def _first(sentence: RichText) -> TextParts:
    """The first sentence, without its full stop."""
    return sentence.parts[:1]


eligible = _divided("demand.eligible", ngettext_lazy("{n} call met the rule for sending the team",
                                                     "{n} calls met the rule for sending the team"), "eligible",
                    gettext_lazy("No call met the rule for sending the team"))
unmet = _divided("response.unmet_reason", ngettext_lazy("{n} call that met the rule came while no team was on duty",
                                                        "{n} calls that met the rule came while no team was on duty"),
                 "off_duty", gettext_lazy("No call that met the rule came while no team was on duty"))
quality = _divided("quality.missing", ngettext_lazy("In {n} call it is not recorded when the first unit was sent",
                                                    "In {n} calls it is not recorded when the first unit was sent"),
                   "dispatched", gettext_lazy("Every call’s record says when the first unit was sent"))


def survey(view: View) -> Figure:
    """The survey: how many of the people who were asked answered; absent where the City does not ask."""
    texts = wording("experience.survey")
    period = main(view, texts.id)
    share = queries.share(view.release, (texts.id, "answers"), (texts.id, "asked"), period.id if period else "")
    answers, people, rate = share.rows[0]
    if period is None or answers is None or not people:
        return absent(view, texts.id)
    sentence = say_count("{answers} of {n} person who was asked answered{share}",
                     "{answers} of {n} people who were asked answered{share}", people, answers=cell(answers),
                     share=percent(rate))
    names = (*texts.values.values(), t("Response rate (percent)"))
    table = Table(texts.question, (t("What"), t("Number")), tuple(
        (Cell(name), cell(number)) for name, number in zip(names, (people, answers, rate), strict=True)))
    return Figure(texts.id, texts.question, sentences(stopped(period.opening), stopped(sentence)), table,
                  gaps(view, texts.id), (), view.line(period.words), view.provenance(texts.id, share),
                  headline=RichText(sentence), sub=opened(period))
