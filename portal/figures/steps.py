"""How far along a way responses got: steps, each inside the one before, from two tables of one question."""

from dataclasses import dataclass

from portal.contract.contract import MEASURES
from portal.figures.charts import funnel
from portal.figures.charts.drawing import Drawing
from portal.figures.figure import Beside, Figure, Short, Text
from portal.figures.gaps import absent, gaps
from portal.figures.people import Builder, Divided, besides, compared, holds, now, read_all
from portal.figures.shown import opened
from portal.figures.view import Parts, View, cell, inside, say, say_count, sentences, text
from portal.language import later, later_n, t
from portal.release import queries
from portal.release.queries import Answer

Forms = tuple[str, str]


@dataclass(frozen=True)
class Step:
    """A step: its name, the base categories that got at least so far, and how a headline tells it, of one and of many;
    `next_forms`: as the second number of a headline; `lost`: those of the step before who did not get so far.
    """

    name: str
    categories: frozenset[str]
    forms: Forms
    next_forms: Forms
    lost: str = ""


@dataclass(frozen=True)
class Way:
    """The steps of a question; `did`: what those of the second step did. The headline tells the second and the third,
    the sentence below it the first.
    """

    question: str
    did: str
    note: str
    steps: tuple[Step, ...]


WAYS = {
    "care.referral_detail": Way(
        later("Were people connected to care?"), later("accepted a referral."),
        later("A first visit counts if it was kept within 30 days and the provider confirms it."), (
            Step(later("Offered a referral"), frozenset({"not_accepted", "accepted_only", "kept"}),
                 later_n("A referral was offered in {n}.", "A referral was offered in {n}."), ("", ""),
                 later("not offered, or not recorded")),
            Step(later("Accepted it"), frozenset({"accepted_only", "kept"}),
                 later_n("{n} of {whole} accepted a referral", "{n} of {whole} accepted a referral"), ("", ""),
                 later("did not accept it")),
            Step(later("Kept a first visit within 30 days"), frozenset({"kept"}), ("", ""),
                 later_n(", {n} kept a first visit", ", {n} kept a first visit"),
                 later("no first visit kept in 30 days")))),
    "care.follow_up_detail": Way(
        later("Did anyone follow up?"), later("were reached again within 7 days."),
        later("A person who was tried but not reached counts as not reached."), (
            Step(later("A follow-up was agreed"), frozenset({"not_reached", "reached"}),
                 later_n("A follow-up was agreed in {n}.", "A follow-up was agreed in {n}."), ("", ""),
                 later("none agreed, or not recorded")),
            Step(later("Reached within 7 days"), frozenset({"reached"}),
                 later_n("{n} of {whole} was reached again within 7 days",
                         "{n} of {whole} were reached again within 7 days"), ("", ""),
                 later("not reached in 7 days")))),
}


@dataclass(frozen=True)
class Reached:
    """A step that can be told: in how many responses, and the statement that sums its blocks."""

    step: Step
    count: float
    asked: Answer


def _reached(view: View, measure: str, found: Divided, way: Way) -> list[Reached]:
    """The steps that the published blocks can tell."""
    value = next(iter(MEASURES[measure].values))
    shown = [row[0] for row in found.rows]
    reached = []
    for step in way.steps:
        inside = [block for block in shown if holds(measure, block) <= step.categories]
        if inside and frozenset().union(*(holds(measure, block) for block in inside)) == step.categories:
            asked = queries.part_of(view.release, measure, found.span.id, value, inside, shown)
            reached.append(Reached(step, asked.rows[0][0], asked))
    return reached


def steps(measure: str) -> Builder:
    """The builder of a way with its steps: those of several runs together where they are shown, else those of the table
    of single runs.
    """
    way, single = WAYS[measure], MEASURES[measure].within

    def build(view: View) -> Figure:
        fine, coarse = read_all(view, measure), read_all(view, single)
        if not fine and not coarse:
            return absent(view, single, single, measure, figure=measure, question=t(way.question))
        table = measure if fine and (not coarse or fine[0].span.total == coarse[0].span.total
                                     or fine[0].total >= coarse[0].total) else single
        first = (fine if table == measure else coarse)[0]
        reached = _reached(view, table, first, way)
        rows = _beside(view, single, coarse, first)
        asked = tuple(one.asked for one in reached) + tuple(
            answer for one in (*fine, *coarse) for answer in one.answers)
        answer = sentences(say_count("{when}, there was {n} response.", "{when}, there were {n} responses.",
                                     first.total, when=first.span.opening),
                           *(say("{what}: {number}.", what=t(one.step.name), number=cell(one.count))
                             for one in reached))
        return Figure(
            measure, t(way.question), answer, compared(table, t(way.question), (first,)), gaps(view, single, measure),
            (), view.line(first.span.words), view.provenance(table, *asked),
            _drawn(way, reached, first, view.note), _tile(way, reached, first, rows),
            headline=Text(_headline(way, reached, first)), sub=_sub(way, reached, first), beside=rows)
    return build


def _drawn(way: Way, reached: list[Reached], first: Divided, note: str) -> Drawing | None:
    """The steps as a funnel. Who did not get so far is said where the step before is the one before it in the way."""
    drawn, before = [funnel.Step(first.total, t("responses"))], -1
    for one in reached:
        at = way.steps.index(one.step)
        lost = t(one.step.lost) if at == before + 1 else ""
        drawn.append(funnel.Step(one.count, inside(t(one.step.name)), lost))
        before = at
    return funnel.funnel(drawn, note)


def _told(way: Way, reached: list[Reached]) -> tuple[Reached | None, Reached | None, Reached | None]:
    """The step of the sentence below the headline, and the one or two of the headline."""
    by_step = {one.step: one for one in reached}
    found = [by_step.get(step) for step in way.steps]
    return found[0], found[1], found[2] if len(found) > 2 else None


def _headline(way: Way, reached: list[Reached], first: Divided) -> Parts:
    _, main, further = _told(way, reached)
    if main is None:
        return say_count("{n} response", "{n} responses", first.total)
    said = say_count(*main.step.forms, main.count, whole=cell(first.total))
    return (*said, *say_count(*further.step.next_forms, further.count)) if further else said


def _sub(way: Way, reached: list[Reached], first: Divided) -> Text:
    before, _, _ = _told(way, reached)
    offered = Text(say_count(*before.step.forms, before.count)) if before else Text(())
    return opened(first.span, offered, text(t(way.note)))


def _tile(way: Way, reached: list[Reached], first: Divided, rows: tuple[Beside, ...]) -> Short | None:
    _, main, further = _told(way, reached)
    if main is None:
        return None
    rest = sentences((t(way.did),),
                     say("{what}: {number}.", what=t(further.step.name), number=cell(further.count)) if further else ())
    return Short(t(way.question), Text(say("{part} of {whole}", part=cell(main.count), whole=cell(first.total))), rest,
                 now(rows))


def _beside(view: View, single: str, coarse: tuple[Divided, ...], first: Divided) -> tuple[Beside, ...]:
    """The newest runs of the table of single runs."""
    if not coarse or coarse[0].span.total != first.span.total:
        return ()
    return besides(view, single, coarse[0], coarse[1:])
