"""The sentence below a page's heading, and the one line that says which period is the newest."""

from dataclasses import replace

from portal.figures.activity import RECEIVED, received
from portal.figures.conduct import CONDUCT, conduct_events, events_of
from portal.figures.council.reach import coverage, in_ten, off_duty, reach, rounded
from portal.figures.council.service import Service, since_start
from portal.figures.council.service import newest as newest_service
from portal.figures.equity import EQUITY, people
from portal.figures.figure import Figure, RichText
from portal.figures.gaps import open_gap
from portal.figures.people import DIVIDED, read_all
from portal.figures.spans import main, newest
from portal.figures.view import TextParts, View, capital, cell, say, say_count, sentences, stopped
from portal.language import number, t
from portal.release.queries import Answer

PEOPLE = ("outcome.kind", "outcome.arrest", "care.referral", "equity.age", "response.time_to_scene")
REFERRED = frozenset({"accepted_only", "kept"})


def status(view: View, *tables: str) -> TextParts:
    """Which period is the newest of these tables, and how far along the next one is."""
    spans = [span for table in tables if (span := newest(view, table))]
    waits = open_gap(view, *tables)
    if not spans:
        return () if waits is None or not waits.need else say(
            "Shown from {need} responses on; {have} are in.", need=number(waits.need), have=number(waits.have))
    parts = say("{period} is the newest period shown.", period=capital(spans[0].words))
    if waits is None or not waits.need:
        return parts
    return *parts, " ", *say("{period} has {have} of the {need} responses needed.", period=capital(waits.period),
                             have=number(waits.have), need=number(waits.need))


def _lead(figure_id: str, source: Figure, answer: RichText, line: TextParts, *answers: Answer) -> Figure:
    """A figure as the sentence below a page's heading: no card and no table of its own."""
    provenance = replace(source.provenance, queries=(*source.provenance.queries, *answers))
    return Figure(figure_id, source.title, answer, None, source.gaps, (), source.period, provenance,
                  headline=source.headline, sub=RichText(line))


def _when(view: View, service: Service) -> str:
    """The service's time as a sentence begins."""
    total = view.since and (last := newest_service(view)) is not None and last.words != service.words
    return t("Since the start") if total else t("From {period}", period=service.words)


def _service(view: View) -> Service | None:
    return since_start(view) if view.since else newest_service(view)


def overview(view: View) -> Figure:
    """What the team went to while on duty, and how many calls came in the rest of the time."""
    source, service = reach(view), _service(view)
    line = status(view, *PEOPLE)
    chain = service.reach if service else None
    if service is None or chain is None or not chain.eligible:
        return _lead("overview.answer", source, received(view).answer, line, *received(view).provenance.queries)
    hours, zone = service.counts["hours"], view.meta["time_zone"]
    reached = say_count("{when}, the team went to {part} of the {n} call that met the rule while it was on duty.",
                        "{when}, the team went to {part} of the {n} calls that met the rule while it was on duty.",
                        chain.on_duty, when=_when(view, service), part=cell(chain.answered))
    hours_sentence = () if hours is None else _hours_sentence(rounded(hours / service.elapsed(zone)), off_duty(chain))
    return _lead("overview.answer", source, sentences(reached, hours_sentence), _newest(view) + line, service.answer)


def _hours_sentence(share: str, off: float) -> TextParts:
    """How much of the time that was, and of the calls that met the rule, the share (0 to 1) that came in the rest."""
    if not off:
        return say("It was on duty {share} of the time, and no such call came in the rest.", share=share)
    calls = in_ten(off)
    if calls.endswith("%"):
        return say("But that was {share} of the time: {calls} of such calls came while no team was on duty.",
                   share=share, calls=calls)
    return say("But that was {share} of the time: {calls} such calls came while no team was on duty.", share=share,
               calls=calls)


def _newest(view: View) -> TextParts:
    """The newest quarter of calls, where it is not that of what happened."""
    calls, happened = newest(view, RECEIVED), newest(view, PEOPLE[0])
    return (*say("Newest calls: {period}.", period=calls.words), " ") if calls and happened else ()


def calls(view: View) -> Figure:
    """The chain from all crisis calls to those the team went to."""
    source, service = coverage(view), _service(view)
    line = status(view, "demand.eligible")
    chain = service.reach if service else None
    if service is None or chain is None:
        return _lead("calls.answer", source, received(view).answer, line, *received(view).provenance.queries)
    incoming = say_count("{when}, {n} crisis call came in; {met} met the rule for sending the team.",
                         "{when}, {n} crisis calls came in; {met} met the rule for sending the team.", chain.calls,
                         when=_when(view, service), met=cell(chain.eligible))
    attended = say("The team was on duty for {on_duty} of them and went to {went}.", on_duty=cell(chain.on_duty),
                   went=cell(chain.answered))
    return _lead("calls.answer", source, sentences(incoming, attended), line, service.answer)


def outcomes(view: View) -> Figure:
    """Of all responses, those that ended with a referral accepted, an arrest, or force."""
    source, span = conduct_events(view), main(view, CONDUCT[0])
    events = events_of(view, span) if span else None
    line = status(view, *PEOPLE)
    if span is None or events is None:
        return _lead("outcomes.answer", source, source.answer, line)
    referral = next((found for found in read_all(view, "care.referral") if found.span.id == span.id), None)
    accepted = referral.count("care.referral", REFERRED) if referral else None
    parts = [say_count("{when}, there was {n} response.", "{when}, there were {n} responses.", events.responses,
                       when=span.opening)]
    if accepted is not None:
        parts.append(say("In {n} of them, the person accepted a referral to care.", n=cell(accepted)))
    if events.happened():
        parts.append(stopped(events.happened()))
    return _lead("outcomes.answer", source, sentences(*parts), line, *(referral.answers if referral else ()))


def equity(view: View) -> Figure:
    """The leading groups, and what the numbers cannot tell."""
    source, line = people(view), status(view, *PEOPLE)
    found = next((divided for measure in EQUITY for divided in read_all(view, measure)), None)
    answer = source.answer if found is None else sentences(
        say_count(*DIVIDED["responses"], found.total, when=found.span.opening),
        say("These numbers alone do not show who is not served."))
    return _lead("equity.answer", source, answer, line)
