"""How far does it reach? From all crisis calls to those the team went to, and the hours it was there, exactly."""

from collections.abc import Sequence
from dataclasses import replace

from portal.figures.activity import missing
from portal.figures.charts.standard import blocks
from portal.figures.council.explained import explained
from portal.figures.council.service import REASONS, Service, newest, since_start
from portal.figures.decisions.coverage import Reach
from portal.figures.figure import Cell, Figure, Table
from portal.figures.view import Parts, View, cell, label, say, say_count, sentences, uncertain
from portal.language import later, number, t

FIGURE = "service.reach"


def rounded(part: float | None) -> str:
    """A share as whole percent: 0.084 is 8%. Below one in a hundred, but not none, it is "less than 1%"."""
    if part is None:
        return t("no share")
    return t("less than 1%") if 0 < part < 0.005 else f"{number(round(100 * part))}%"


def _chain(when: str, service: Service, chain: Reach, zone: str) -> tuple[Parts, ...]:
    """The chain in sentences, with each number out of the one before it."""
    came = say_count("{when}, {n} crisis call came in.", "{when}, {n} crisis calls came in.", chain.calls, when=when)
    met = say_count("{n} met the rule for sending the team.", "{n} met the rule for sending the team.", chain.eligible)
    if not chain.eligible:
        return came, met
    on_duty, hours = chain.on_duty, service.counts["hours"]
    while_on = say_count("{n} of these came while it was on duty.", "{n} of these came while it was on duty.", on_duty
                         ) if hours is None else say_count(
        "{n} of these came while it was on duty: {hours} of the {all} hours, {share}.",
        "{n} of these came while it was on duty: {hours} of the {all} hours, {share}.", on_duty,
        hours=cell(hours, 1), all=number(service.elapsed(zone)), share=rounded(hours / service.elapsed(zone)))
    went = say("It went to {n}: {share} of these, and {reach} of all that met the rule.", n=cell(chain.answered),
               share=rounded(chain.answered_share), reach=rounded(chain.reach)) if chain.on_duty else ()
    return came, met, while_on, went, _never_checked(chain)


def _never_checked(chain: Reach) -> Parts:
    """That reach may be less, where calls that nobody checked would make a whole percent of difference."""
    if rounded(chain.least_reach) == rounded(chain.reach):
        return ()
    return say_count("{n} more call was never checked, so the {reach} may be as little as {least}.",
                     "{n} more calls were never checked, so the {reach} may be as little as {least}.",
                     chain.unchecked, reach=rounded(chain.reach), least=rounded(chain.least_reach))


def _row(name: str, *cells: Cell) -> tuple[Cell, ...]:
    return (Cell(name), *cells)


def _table(found: Sequence[tuple[Service, Reach]], zone: str) -> Table:
    """A column a time; counts first, then shares."""
    counted = [(t("Crisis calls"), "calls"), (t("Met the rule for sending the team"), "eligible"),
               (t("Of these, while the team was on duty"), "on_duty"), (t("The team went to"), "answered"),
               *((t("No visit: {reason}", reason=label("unmet_reason", one)), one) for one in REASONS),
               (t("Never checked against the rule"), "unchecked")]
    rows = [_row(name, *(cell(service.counts[key]) for service, _ in found)) for name, key in counted]
    rows.append(_row(t("Hours on duty"), *(cell(service.counts["hours"], 1) for service, _ in found)))
    rows.append(_row(t("All hours"), *(Cell(number(service.elapsed(zone))) for service, _ in found)))
    shares = [(t("On duty, of all hours"), [_of_hours(service, zone) for service, _ in found]),
              (t("Went to, of those while on duty"), [chain.answered_share for _, chain in found]),
              (t("Reach: went to, of all that met the rule"), [chain.reach for _, chain in found]),
              (t("Went to, of all crisis calls (for comparing with other cities)"),
               [chain.of_all for _, chain in found])]
    rows += [_row(name, *(Cell(rounded(part)) for part in parts)) for name, parts in shares]
    return Table(t("From all crisis calls to those the team went to"),
                 (t("What"), *(service.words for service, _ in found)), tuple(rows))


def _of_hours(service: Service, zone: str) -> float | None:
    hours = service.counts["hours"]
    return None if hours is None else hours / service.elapsed(zone)


def reach(view: View) -> Figure:
    """The chain since the start and in the newest period. Every call is counted: there is no interval."""
    zone = view.meta["time_zone"]
    all_time, last = since_start(view), newest(view)
    found = [(one, chain) for one in (all_time, last) if one and (chain := one.reach)]
    if not found:
        return replace(missing(view, "demand.eligible"), id=FIGURE, title=t("How much of the need does it reach?"))
    if found[0][0].words == found[-1][0].words:
        found = found[:1]
    said = [part for at, (service, chain) in enumerate(found) for part in _chain(
        t("Since the start") if not at and len(found) > 1 else t("In {period}", period=service.words), service, chain,
        zone)]
    first = found[0][1]
    bars: list[dict[str, object]] = [{"label": name, "value": value} for name, value in (
        (t("Crisis calls"), first.calls), (t("Met the rule for sending the team"), first.eligible),
        (t("Of these, while the team was on duty"), first.on_duty), (t("The team went to"), first.answered))]
    method = t("Exact shares of published counts, without an interval: all calls are counted, it is no sample. Hours"
               " are those of the period by the local clock, with the days on which clocks change.")
    provenance = explained(
        view, t("Each count out of the one before it: crisis calls, those that met the rule for sending the team, those"
                " that came while it was on duty, and those it went to."),
        t("It shows how far the service goes, and where the rest was left."),
        t("Reach moves with the hours on duty. It is no target for the team."), method,
        *(service.answer for service, _ in found))
    return Figure(FIGURE, t("How much of the need does it reach?"), sentences(*said), _table(found, zone),
                  uncertain(view, "demand.eligible"), view.breaks("demand.eligible"), view.line(found[0][0].words),
                  provenance, (lambda: blocks(bars, view.note, later("{number} calls"), meaning="demand"))
                  if first.calls else None)
