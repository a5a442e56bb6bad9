"""How far does it reach? From all crisis calls to those the team went to, and the hours it was there, exactly."""

from collections.abc import Sequence
from math import floor

from portal.figures import pictures
from portal.figures.council.explained import explained
from portal.figures.council.service import REASONS, Service, before_newest, newest, since_start
from portal.figures.decisions.coverage import Reach
from portal.figures.figure import Beside, Cell, Figure, Provenance, RichText, Short, Table
from portal.figures.gaps import absent, gaps
from portal.figures.view import TextParts, View, capital, cell, label, say, say_count, sentences, stopped, text
from portal.language import gettext_lazy, number, t

FIGURE, COVERAGE = "service.reach", "service.coverage"
TABLES = ("demand.eligible", "response.on_duty", "hours.staffed")
ReachOverTime = Sequence[tuple[Service, Reach]]
TENTHS = (gettext_lazy("one in ten"), gettext_lazy("two in ten"), gettext_lazy("three in ten"),
          gettext_lazy("four in ten"), gettext_lazy("five in ten"), gettext_lazy("six in ten"),
          gettext_lazy("seven in ten"), gettext_lazy("eight in ten"), gettext_lazy("nine in ten"))
IN_TENTHS = gettext_lazy("On duty {share} of the time; {calls} calls had no team to send")
IN_PERCENT = gettext_lazy("On duty {share} of the time; {calls} of calls had no team to send")
NONE_OFF = gettext_lazy("On duty {share} of the time; no call came while it was off duty")


def rounded(part: float | None) -> str:
    """A share as whole percent: 0.084 is 8%. Below one in a hundred, but not none, it is "less than 1%"."""
    if part is None:
        return t("no share")
    return t("less than 1%") if 0 < part < 0.005 else f"{number(round(100 * part))}%"


def in_ten(part: float) -> str:
    """A share in tenths, in words: "nearly nine in ten"; within half a point plain, "three in ten"; under one in ten or
    over nine and a half in percent.
    """
    near = floor(10 * part + 0.5)
    if not 1 <= near <= len(TENTHS):
        return rounded(part)
    if abs(10 * part - near) < 0.05:
        return t(TENTHS[near - 1])
    return t("nearly {share}", share=t(TENTHS[near - 1])) if 10 * part < near else t(
        "more than {share}", share=t(TENTHS[near - 1]))


def _chain(when: str, service: Service, chain: Reach, zone: str) -> tuple[TextParts, ...]:
    """The chain in sentences, with each number out of the one before it."""
    received = say_count("{when}, {n} crisis call came in.", "{when}, {n} crisis calls came in.", chain.calls,
                         when=when)
    eligible = say_count("{n} met the rule for sending the team.", "{n} met the rule for sending the team.",
                         chain.eligible)
    if not chain.eligible:
        return received, eligible
    on_duty, hours = chain.on_duty, service.counts["hours"]
    on_duty_words = say_count("{n} of these came while it was on duty.", "{n} of these came while it was on duty.",
                              on_duty) if hours is None else say_count(
        "{n} of these came while it was on duty: {hours} of the {all} hours, {share}.",
        "{n} of these came while it was on duty: {hours} of the {all} hours, {share}.", on_duty,
        hours=cell(hours, 1), all=number(service.elapsed(zone)), share=rounded(hours / service.elapsed(zone)))
    answered = say("It went to {n}: {share} of these, and {reach} of all that met the rule.", n=cell(chain.answered),
                   share=rounded(chain.answered_share), reach=rounded(chain.reach)) if chain.on_duty else ()
    return received, eligible, on_duty_words, answered, _never_checked(chain)


def _never_checked(chain: Reach) -> TextParts:
    """That reach may be less, where calls that nobody checked would make a whole percent of difference."""
    if rounded(chain.least_reach) == rounded(chain.reach):
        return ()
    return say_count("{n} more call was never checked, so the {reach} may be as little as {least}.",
                     "{n} more calls were never checked, so the {reach} may be as little as {least}.",
                     chain.unchecked, reach=rounded(chain.reach), least=rounded(chain.least_reach))


def _row(name: str, *cells: Cell) -> tuple[Cell, ...]:
    return (Cell(name), *cells)


def _table(times: ReachOverTime, zone: str) -> Table:
    """A column a time; counts first, then shares."""
    counted = [(t("Crisis calls"), "calls"), (t("Met the rule for sending the team"), "eligible"),
               (t("Of these, while the team was on duty"), "on_duty"), (t("The team went to"), "answered"),
               *((t("No visit: {reason}", reason=label("unmet_reason", reason)), reason) for reason in REASONS),
               (t("Never checked against the rule"), "unchecked")]
    rows = [_row(name, *(cell(service.counts[key]) for service, _ in times)) for name, key in counted]
    rows.append(_row(t("Hours on duty"), *(cell(service.counts["hours"], 1) for service, _ in times)))
    rows.append(_row(t("All hours"), *(Cell(number(service.elapsed(zone))) for service, _ in times)))
    shares = [(t("On duty, of all hours"), [_of_hours(service, zone) for service, _ in times]),
              (t("Went to, of those while on duty"), [chain.answered_share for _, chain in times]),
              (t("Reach: went to, of all that met the rule"), [chain.reach for _, chain in times]),
              (t("Went to, of all crisis calls (for comparing with other cities)"),
               [chain.of_all for _, chain in times])]
    rows += [_row(name, *(Cell(rounded(part)) for part in parts)) for name, parts in shares]
    return Table(t("From all crisis calls to those the team went to"),
                 (t("What"), *(service.words for service, _ in times)), tuple(rows))


def _of_hours(service: Service, zone: str) -> float | None:
    """The share of all hours on duty (0 to 1); None where it is not published."""
    hours = service.counts["hours"]
    return None if hours is None else hours / service.elapsed(zone)


def _times(view: View) -> tuple[ReachOverTime, str]:
    """The chain for the time of the headline, then for those beside it; and the opening words of a sentence about the
    first.
    """
    services = [since_start(view), newest(view), before_newest(view)] if view.since else [
        newest(view), before_newest(view)]
    times = [(service, chain) for service in services if service and (chain := service.reach)]
    if len(times) > 1 and times[0][0].words == times[1][0].words:
        times = times[1:]
    total = view.since and len(times) > 1
    return times, t("Since the start") if total else t("From {period}", period=times[0][0].words) if times else ""


def _provenance(view: View, times: ReachOverTime) -> Provenance:
    method = t("Exact shares of published counts, without an interval: all calls are counted, it is no sample. Hours"
               " are those of the period by the local clock, with the days on which clocks change.")
    return explained(
        view, t("Each count out of the one before it: crisis calls, those that met the rule for sending the team, those"
                " that came while it was on duty, and those it went to."),
        t("It shows how far the service goes, and where the rest was left."),
        t("Reach moves with the hours on duty. It is no target for the team."), method,
        *(service.answer for service, _ in times))


def off_duty(chain: Reach) -> float:
    """Of the calls that met the rule, the share that came while no team was on duty (0 to 1)."""
    return 1 - (chain.on_duty_share or 0)


def _figure(view: View, figure_id: str, title: str, times: ReachOverTime, opening: str, **more: object) -> Figure:
    """The figure of a chain; `more`: its chart, headline and other fields by name."""
    zone, first = view.meta["time_zone"], times[0][0]
    parts = [part for at, (service, chain) in enumerate(times[:2]) for part in _chain(
        opening if not at else t("From {period}", period=service.words), service, chain, zone)]
    return Figure(figure_id, title, sentences(*parts), _table(times, zone), gaps(view, *TABLES),
                  view.breaks("demand.eligible"), view.line(first.words), _provenance(view, times),
                  **more)  # type: ignore[arg-type]  # fields of a figure


def reach(view: View) -> Figure:
    """Whether a team is there when a call comes in: each call of the newest period."""
    title = t("Is a team there when a call comes in?")
    times, opening = _times(view)
    if not times:
        return absent(view, TABLES[0], *TABLES, figure=FIGURE, question=title)
    at = 1 if view.since and len(times) > 1 else 0
    service, chain = times[at]
    headline = _headline(chain)
    sub = say_count("{when}: {n} call met the rule for sending the team.",
                    "{when}: {n} calls met the rule for sending the team.", chain.eligible, when=capital(service.words))
    return _figure(view, FIGURE, title, times, opening,
                  chart=pictures.each_call(_calls(service, chain, view.meta["time_zone"]), view.note),
                  headline=headline, sub=sentences(sub, _hours(service, view.meta["time_zone"]),
                                                   say("Each square is a call.")),
                  beside=_besides(view, [row for row in times if row[0] is not service], total_first=at == 1))


def _headline(chain: Reach) -> RichText:
    """How many calls came while no team was on duty."""
    if not chain.eligible:
        return text(t("No call met the rule for sending the team"))
    if not off_duty(chain):
        return text(t("No call came while no team was on duty"))
    share = in_ten(off_duty(chain))
    return text(t("{share} calls came while no team was on duty", share=share[:1].upper() + share[1:])
                if not share.endswith("%") else t("{share} of calls came while no team was on duty", share=share))


def coverage(view: View) -> Figure:
    """How much of the time the team is on duty, and how many calls came in the rest of it."""
    title = t("How much of the time is a team on duty?")
    times, opening = _times(view)
    if not times:
        return absent(view, TABLES[0], *TABLES, figure=COVERAGE, question=title)
    service, chain = times[0]
    zone = view.meta["time_zone"]
    share = _of_hours(service, zone)
    calls = in_ten(off_duty(chain))
    forms = NONE_OFF if not off_duty(chain) else IN_PERCENT if calls.endswith("%") else IN_TENTHS
    headline = _headline(chain) if share is None or not chain.eligible else text(t(
        forms, share=rounded(share), calls=calls))
    return _figure(view, COVERAGE, title, times, opening,
                  chart=pictures.hours_and_calls(_calls(service, chain, zone), view.note), headline=headline,
                  sub=sentences(stopped(opening),
                                say("Only calls that met the rule for sending the team are counted.")),
                  beside=_besides(view, times[1:]),
                  short=Short(t("How much is it on duty?"), text(t("{share} of hours", share=rounded(share))),
                              RichText(say("{hours} of {all}, day and night.", hours=cell(service.counts["hours"], 1),
                                           all=number(service.elapsed(zone)))), _newest_share(times, zone))
                  if share is not None else None)


def _newest_share(times: ReachOverTime, zone: str) -> str:
    """The share of hours on duty in the newest time; "" where it is the headline's own."""
    if len(times) < 2:
        return ""
    return t("{what}: {number}", what=times[1][0].words, number=rounded(_of_hours(times[1][0], zone)))


def _hours(service: Service, zone: str) -> TextParts:
    """The hours on duty out of all hours, in a sentence; nothing where they are not published."""
    hours = service.counts["hours"]
    return () if hours is None else say(
        "It was on duty {hours} of {all} hours ({share}).", hours=cell(hours, 1),
        all=number(service.elapsed(zone)), share=rounded(hours / service.elapsed(zone)))


def _besides(view: View, times: ReachOverTime, *, total_first: bool = False) -> tuple[Beside, ...]:
    """The other times beside a chart: since the start, or the newest, comes first."""
    zone = view.meta["time_zone"]
    rows = []
    for at, (service, chain) in enumerate(times):
        is_newest = view.since and not total_first and at == 0
        when = t("Since the start") if total_first and at == 0 else service.words
        share = _of_hours(service, zone)
        words = say("{off} of {all} calls had no team on duty.", off=cell(service.counts["off_duty"]),
                   all=cell(chain.eligible)) if service.counts["off_duty"] is not None else ()
        rows.append(Beside(when, RichText(words), None if share is None else text(
            t("{share} of hours", share=rounded(share))), is_newest))
    return tuple(rows)


def _calls(service: Service, chain: Reach, zone: str) -> pictures.Calls:
    """The chain and the hours, for a chart."""
    return pictures.Calls(chain.eligible, chain.on_duty, chain.answered, service.elapsed(zone), service.counts["hours"])
