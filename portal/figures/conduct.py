"""Events the City must answer for, exact once a run, a zero with what it is out of; and how long things took."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.contract.contract import DIMENSIONS, MEASURES
from portal.figures import pictures
from portal.figures.charts.chart import Chart
from portal.figures.council.possible import beside_arrests, possible_arrests
from portal.figures.figure import Beside, Cell, Figure, RichText, Short, Table
from portal.figures.gaps import absent, gaps
from portal.figures.people import DIVIDED, now
from portal.figures.spans import Span, beside, closed_spans, main, opened, period_words, shown_spans
from portal.figures.view import (
    FigureFunction,
    TextParts,
    View,
    capital,
    cell,
    in_words,
    inside,
    label,
    percent,
    responses_in_words,
    say,
    say_count,
    sentences,
    stopped,
    text,
    wording,
)
from portal.language import gettext_lazy, ngettext_lazy, t
from portal.release import queries
from portal.release.queries import Answer

# What is said of each count, out of one response and out of many.
HAPPENED = {
    "outcome.arrest": ngettext_lazy("{when}, {part} of {n} response ended in an arrest{share}.",
                                    "{when}, {part} of {n} responses ended in an arrest{share}."),
    "outcome.force": ngettext_lazy("{when}, {part} of {n} response involved the use of force{share}.",
                                   "{when}, {part} of {n} responses involved the use of force{share}."),
    "outcome.injury": ngettext_lazy("{when}, {part} of {n} response left someone hurt{share}.",
                                    "{when}, {part} of {n} responses left someone hurt{share}."),
}
TIMES = {"response.time_to_scene": gettext_lazy("{when}, in half of {responses} the team arrived within {minutes}."),
         "response.time_on_scene": gettext_lazy("{when}, in half of {responses} the team stayed up to {minutes}.")}
HALF = {"response.time_to_scene": ngettext_lazy("Half the time the team arrived within {n} minute",
                                                "Half the time the team arrived within {n} minutes"),
        "response.time_on_scene": ngettext_lazy("Half the time the team stayed up to {n} minute",
                                                "Half the time the team stayed up to {n} minutes")}
HAPPENED_VALUES = ("arrests", "force", "injured")
OUT_OF, UNKNOWN = "responses", "not_recorded"
CONDUCT = ("outcome.arrest", "outcome.force", "outcome.injury")
FIGURE = "outcome.conduct"
ARRESTS = ngettext_lazy("{number} arrest", "{number} arrests")
FORCES = ngettext_lazy("{number} use of force", "{number} uses of force")
# Who was hurt, as a sentence begins and as it goes on.
HURT = {"resident": (gettext_lazy("A resident was hurt in {n} of {responses}"), gettext_lazy("a resident in {n}")),
        "officer": (gettext_lazy("An officer was hurt in {n} of {responses}"), gettext_lazy("an officer in {n}")),
        "responder": (gettext_lazy("A co-responder was hurt in {n} of {responses}"),
                      gettext_lazy("a co-responder in {n}"))}


@dataclass(frozen=True)
class Events:
    """Arrests, uses of force and who was hurt in one time, out of all responses; None: not collected."""

    span: Span
    responses: float
    arrests: float | None
    force: float | None
    hurt: dict[str, float]
    answers: tuple[Answer, ...]

    def happened(self) -> TextParts:
        """Arrests and uses of force as a headline begins."""
        return happened(self.arrests, self.force)

    def rows(self) -> list[tuple[str, float]]:
        """Each kind of event in words, and in how many responses."""
        found = [(t("Arrest"), self.arrests), (t("Use of force"), self.force)]
        found += [(t("{who} hurt", who=label("hurt", who)), self.hurt.get(who)) for who in DIMENSIONS["hurt"].labels]
        return [(name, count) for name, count in found if count is not None]


def events_of(view: View, span: Span) -> Events | None:
    """The events of one time; None where none of their tables is published for it."""
    answers = {measure: queries.values(view.release, measure, span.id) for measure in CONDUCT}
    counts = {(measure, row[0], row[1]): row[2] for measure, answer in answers.items() for row in answer.rows}
    responses = next((counts[measure, OUT_OF, ""] for measure in CONDUCT if (measure, OUT_OF, "") in counts), None)
    if responses is None or not any(key[1] in HAPPENED_VALUES for key in counts):
        return None
    hurt = {who: counts["outcome.injury", "injured", who] for who in DIMENSIONS["hurt"].labels
            if ("outcome.injury", "injured", who) in counts}
    return Events(span, responses, counts.get(("outcome.arrest", "arrests", "")),
                  counts.get(("outcome.force", "force", "")), hurt, tuple(answers.values()))


def _counted(forms: tuple[str, str], count: float) -> TextParts:
    return say_count(*forms, count, number=in_words(count))


def happened(arrests: float | None, force: float | None) -> TextParts:
    """Arrests and uses of force: "One arrest, two uses of force"; a zero as loud as any number."""
    if arrests == 0 and force == 0:
        return (t("No arrest, no use of force"),)
    parts: list[TextParts] = []
    if arrests is not None:
        parts.append((t("No arrest"),) if not arrests else _counted(ARRESTS, arrests))
    if force is not None:
        parts.append((t("No use of force"),) if not force else _counted(FORCES, force))
    if not parts:
        return ()
    first, *rest = parts
    return _capital(first) + tuple(piece for part in rest for piece in (", ", *_small(part)))


def _capital(parts: TextParts) -> TextParts:
    """Parts of a sentence as one begins."""
    first, *rest = parts
    if isinstance(first, str):
        return capital(first), *rest
    return Cell(capital(first.text), first.value), *rest


def _small(parts: TextParts) -> TextParts:
    first, *rest = parts
    return (inside(first), *rest) if isinstance(first, str) else parts


def _hurt(events: Events) -> TextParts:
    """Who was hurt, in how many responses; or that nobody was."""
    if not events.hurt:
        return ()
    responses = responses_in_words(events.responses)
    some = [who for who in HURT if events.hurt.get(who)]
    if not some:
        return say("Nobody was hurt in {responses}", responses=responses)
    first, *rest = some
    sentence = say(HURT[first][0], n=cell(events.hurt[first]), responses=responses)
    return sentence + tuple(part for who in rest for part in (", ", *say(HURT[who][1], n=cell(events.hurt[who]))))


def conduct_events(view: View) -> Figure:
    """Arrests, force and injuries, since the start and in the newest runs: several tables in one figure."""
    title = t("How often were there arrests, force or injuries?")
    base = next((measure for measure in CONDUCT
                 if (spans := shown_spans(view, measure)) and events_of(view, spans[0])), "")
    found = [events for span in (shown_spans(view, base) if base else ()) if (events := events_of(view, span))]
    if not found:
        return absent(view, CONDUCT[0], *CONDUCT, figure=FIGURE, question=title)
    first = found[0]
    by_period = {events.span.id: events for events in found}

    def describe(span: Span) -> tuple[RichText, RichText] | None:
        events = by_period.get(span.id)
        return (RichText(events.happened()), _hurt_sentence(events)) if events else None
    possible = possible_arrests(view)
    rows = (*beside(view, base, describe), beside_arrests(view, possible))
    chart, more = _drawn(view, base, found)
    answers = (*(answer for events in found for answer in events.answers), *more,
               *(possible.answers if possible else ()))
    answer = sentences(say("{when}, there were {responses}.", when=first.span.opening,
                           responses=responses_in_words(first.responses)),
                       *(say("{what}: {number}.", what=name, number=cell(count)) for name, count in first.rows()))
    return Figure(
        FIGURE, title, answer, _events_table(title, found), gaps(view, *CONDUCT),
        (t("Arrests, force and injuries are shown exactly, even when zero."),), view.line(first.span.words),
        view.provenance(base, *answers), chart,
        _tile(first, rows), headline=_headline(first), sub=opened(first.span, _hurt_sentence(first), text(
            t("Each dot is a response; solid where it happened."))), beside=rows)


def _headline(events: Events) -> RichText:
    """Arrests and force out of all responses; where neither is collected, who was hurt."""
    finding = events.happened()
    if not finding:
        return RichText(_hurt(events))
    return _out_of_all(finding, events)


def _out_of_all(finding: TextParts, events: Events) -> RichText:
    """What happened, out of all responses: "One arrest in 43 responses"."""
    return RichText(say("{events} in {responses}", events=finding, responses=responses_in_words(events.responses)))


def _hurt_sentence(events: Events) -> RichText:
    hurt = _hurt(events)
    return RichText(stopped(hurt)) if hurt else RichText(())


def _tile(events: Events, rows: tuple[Beside, ...]) -> Short | None:
    """Arrests as the number, force and injuries below it."""
    if events.arrests is None:
        return None
    force = () if events.force is None else stopped(happened(None, events.force))
    return Short(t("Arrests, force, injuries?"), RichText(say_count("{n} arrest", "{n} arrests", events.arrests)),
                 sentences(say("in {responses}.", responses=responses_in_words(events.responses)), force,
                           _hurt_sentence(events).parts), now(rows))


def _events_table(title: str, found: Sequence[Events]) -> Table:
    headers = (t("Responses"), *(capital(events.span.words) for events in found))
    names = dict.fromkeys(name for events in found for name, _ in events.rows())
    rows = [(Cell(name), *(cell(dict(events.rows()).get(name)) for events in found)) for name in names]
    return Table(title, headers, (*rows, (Cell(t("All responses")), *(cell(events.responses) for events in found))))


def _drawn(view: View, base: str, found: Sequence[Events]) -> tuple[Chart | None, tuple[Answer, ...]]:
    """Each run with its events, and the statements of runs that are not told otherwise: since the start all of them,
    else those that are told.
    """
    runs = [events for events in found if not events.span.total]
    shown_ids = {run.span.id for run in runs}
    if view.since:
        runs += [events for span in closed_spans(view, base) if span.id not in shown_ids and (
            events := events_of(view, span))]
    runs.sort(key=lambda events: view.periods[events.span.id].start)
    more = tuple(answer for run in runs if run.span.id not in shown_ids for answer in run.answers)
    return pictures.by_run([pictures.Conduct(
        view.periods[run.span.id].short, int(view.periods[run.span.id].end[:4]), run.responses, dict(run.rows()))
        for run in runs], view.note), more


def _what(measure: str, value: str, category: str) -> str:
    """What a count of conduct counts: the value's name, or who, with the value's name where it is not the first."""
    texts = wording(measure)
    name = texts.values.get(value, value)
    if not category:
        return name
    who = label(texts.dimension, category)
    return who if value == next(iter(texts.values)) else t("{who}, {what}", who=who, what=inside(name))


def _answer(measure: str, when: str, rows: list[tuple[str, str, float]], responses: float, share: Answer) -> RichText:
    """The answer's counts: one out of all responses, or one for each who was hurt; then what is not recorded."""
    known = [row for row in rows if row[0] != UNKNOWN]
    unknown = [say("{what}: {number}.", what=_what(measure, row[0], row[1]), number=cell(row[2]))
               for row in rows if row[0] == UNKNOWN and row[2]]
    if len(known) == 1 and not known[0][1]:
        part = percent(share.rows[0][2]) if known[0][2] else ()
        return sentences(say_count(*HAPPENED[measure], responses, when=when, part=cell(known[0][2]), share=part),
                         *unknown)
    return sentences(say_count(*DIVIDED["responses"], responses, when=when),
                     *(say("{who} was hurt in {number}.", who=_what(measure, *row[:2]), number=cell(row[2]))
                       for row in known), *unknown)


def _finding(measure: str, events: Events) -> RichText:
    """One kind of event out of all responses."""
    if measure == "outcome.injury":
        return RichText(_hurt(events))
    finding = happened(events.arrests, None) if measure == "outcome.arrest" else happened(None, events.force)
    return _out_of_all(finding, events)


def conduct(measure: str) -> FigureFunction:
    """The builder of events the City must answer for. Raises nothing: without the public total the figure says why."""
    first = next(iter(MEASURES[measure].values))

    def build(view: View) -> Figure:
        texts, span = wording(measure), main(view, measure)
        values = queries.values(view.release, measure, span.id if span else "")
        share = queries.share(view.release, (measure, first), (measure, OUT_OF), span.id if span else "")
        responses = next((row[2] for row in values.rows if row[0] == OUT_OF), None)
        rows = [row for row in values.rows if row[0] != OUT_OF]
        events = events_of(view, span) if span else None
        if span is None or events is None or responses is None or not any(row[0] == first for row in rows):
            return absent(view, measure)
        table = Table(texts.question, (t("What"), t("Responses")), (*(
            (Cell(_what(measure, *row[:2])), cell(row[2])) for row in rows),
            (Cell(t("All responses")), cell(responses))))
        return Figure(measure, texts.question, _answer(measure, span.opening, rows, responses, share), table,
                      gaps(view, measure), (), view.line(span.words),
                      view.provenance(measure, values, share, queries.states(view.release, measure),
                                      *events.answers),
                      pictures.by_run([pictures.Conduct(
                          period_words(view, span), int(view.periods[span.id].end[:4]), responses,
                          {_what(measure, *row[:2]): row[2] for row in rows if row[0] != UNKNOWN})], view.note),
                      headline=_finding(measure, events),
                      sub=opened(span))
    return build


def _median(view: View, measure: str, span: Span) -> tuple[float, float, Answer] | None:
    """The median in minutes, of how many responses, and the statement; None where it is not shown."""
    values = queries.values(view.release, measure, span.id)
    overall = {row[0]: row[2] for row in values.rows if not row[1]}
    if "median_minutes" not in overall or "responses" not in overall:
        return None
    return overall["median_minutes"], overall["responses"], values


def times(measure: str) -> FigureFunction:
    """The builder of a time in whole minutes: the median, and the slowest tenth where there are enough responses."""
    def build(view: View) -> Figure:
        texts, span = wording(measure), main(view, measure)
        found = _median(view, measure, span) if span else None
        if span is None or found is None:
            return absent(view, measure)
        median, responses, values = found
        answer = say(TIMES[measure], when=span.opening, responses=responses_in_words(responses),
                     minutes=say_count("{n} minute", "{n} minutes", median))
        overall = {row[0]: row[2] for row in values.rows if not row[1]}
        hidden = Cell(t("not shown"))
        rows = [(Cell(name), cell(overall[key]) if key in overall else hidden) for key, name in texts.values.items()]
        rows += [(Cell(_what(measure, value, who)), cell(minutes)) for value, who, minutes in values.rows if who]
        table = Table(texts.question, (t("What"), t("Number")), tuple(rows))
        return Figure(measure, texts.question, RichText(answer), table,
                      gaps(view, measure), (t("A median is a time that was really observed."),), view.line(span.words),
                      view.provenance(measure, values, queries.states(view.release, measure)),
                      headline=RichText(say_count(*HALF[measure], median)), sub=opened(span, _no_total()))
    return build


def _no_total() -> RichText:
    return text(t("Medians of two periods cannot be added up, so there is none since the start."))


def minutes(view: View) -> Figure:
    """How long until the team arrives, and how long it stays: both medians, and those of the period before."""
    title = t("How long until the team arrives, and how long does it stay?")
    arrives, stays = "response.time_to_scene", "response.time_on_scene"
    found = [(measure, span, median) for measure in (arrives, stays) for span in shown_spans(view, measure)[:2]
             if (median := _median(view, measure, span))]
    if not found:
        return absent(view, arrives, arrives, stays, figure="response.minutes", question=title)
    first = found[0]
    labels = {arrives: t("until it arrived"), stays: t("on the scene")}
    rows = tuple(Beside(span.words, text(labels[measure]), RichText(say_count("{n} minute", "{n} minutes", median[0])))
                 for measure, span, median in found)
    answer = sentences(*(say(TIMES[measure], when=span.opening, responses=responses_in_words(median[1]),
                             minutes=say_count("{n} minute", "{n} minutes", median[0]))
                         for measure, span, median in found))
    table = Table(title, (t("What"), t("When"), t("Minutes, median"), t("Responses")), tuple(
        (Cell(wording(measure).question), Cell(span.words), cell(median[0]), cell(median[1]))
        for measure, span, median in found))
    return Figure("response.minutes", title, answer, table, gaps(view, arrives, stays),
                  (t("A median is a time that was really observed."), t("A long stay is not a bad one.")),
                  view.line(first[1].words), view.provenance(first[0], *(median[2] for _, _, median in found)),
                  short=_arrival(first[1], first[2][0]) if first[0] == arrives else None,
                  headline=RichText(say_count(*HALF[first[0]], first[2][0])), sub=opened(first[1], _no_total()),
                  beside=rows)


def _arrival(span: Span, median: float) -> Short:
    """The way to the scene as a tile."""
    return Short(t("How long until it arrives?"), RichText(say_count("{n} minute", "{n} minutes", median)),
                 text(t("or less, half of the time, {period}.", period=span.words)))
