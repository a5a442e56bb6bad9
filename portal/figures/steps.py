"""How far responses got along a pathway: steps, each inside the one before, from two tables of one question."""

from dataclasses import dataclass

from portal.contract.contract import MEASURES
from portal.figures.charts import funnel
from portal.figures.charts.chart import Chart
from portal.figures.figure import Beside, Figure, RichText, Short
from portal.figures.findings import PluralForms
from portal.figures.gaps import absent, gaps
from portal.figures.people import Divided, besides, compared, holds, now, read_all
from portal.figures.spans import opened
from portal.figures.view import FigureFunction, TextParts, View, cell, inside, say, say_count, sentences, text
from portal.language import gettext_lazy, ngettext_lazy, t
from portal.release import queries
from portal.release.queries import Answer


@dataclass(frozen=True)
class Step:
    """A step: its name, the base categories that got at least so far, and how a headline tells it, of one and of many;
    `next_forms`: as the second number of a headline; `lost`: those of the step before who did not get so far.
    """

    name: str
    categories: frozenset[str]
    forms: PluralForms
    next_forms: PluralForms
    lost: str = ""


@dataclass(frozen=True)
class Pathway:
    """The steps of a question; `did`: what those of the second step did. The headline tells the second and the third,
    the sentence below it the first.
    """

    question: str
    did: str
    note: str
    steps: tuple[Step, ...]


PATHWAYS = {
    "care.referral_detail": Pathway(
        gettext_lazy("Were people connected to care?"), gettext_lazy("accepted a referral."),
        gettext_lazy("A first visit counts if it was kept within 30 days and the provider confirms it."), (
            Step(gettext_lazy("Offered a referral"), frozenset({"not_accepted", "accepted_only", "kept"}),
                 ngettext_lazy("A referral was offered in {n}.", "A referral was offered in {n}."), ("", ""),
                 gettext_lazy("not offered, or not recorded")),
            Step(gettext_lazy("Accepted it"), frozenset({"accepted_only", "kept"}),
                 ngettext_lazy("{n} of {whole} accepted a referral", "{n} of {whole} accepted a referral"), ("", ""),
                 gettext_lazy("did not accept it")),
            Step(gettext_lazy("Kept a first visit within 30 days"), frozenset({"kept"}), ("", ""),
                 ngettext_lazy(", {n} kept a first visit", ", {n} kept a first visit"),
                 gettext_lazy("no first visit kept in 30 days")))),
    "care.follow_up_detail": Pathway(
        gettext_lazy("Did anyone follow up?"), gettext_lazy("were reached again within 7 days."),
        gettext_lazy("A person who was tried but not reached counts as not reached."), (
            Step(gettext_lazy("A follow-up was agreed"), frozenset({"not_reached", "reached"}),
                 ngettext_lazy("A follow-up was agreed in {n}.", "A follow-up was agreed in {n}."), ("", ""),
                 gettext_lazy("none agreed, or not recorded")),
            Step(gettext_lazy("Reached within 7 days"), frozenset({"reached"}),
                 ngettext_lazy("{n} of {whole} was reached again within 7 days",
                               "{n} of {whole} were reached again within 7 days"), ("", ""),
                 gettext_lazy("not reached in 7 days")))),
}


@dataclass(frozen=True)
class Reached:
    """A step that can be told: in how many responses, and the statement that sums its blocks."""

    step: Step
    count: float
    answer: Answer


def _reached(view: View, measure: str, found: Divided, pathway: Pathway) -> list[Reached]:
    """The steps that the published blocks can tell."""
    value = next(iter(MEASURES[measure].values))
    blocks = [row[0] for row in found.rows]
    reached = []
    for step in pathway.steps:
        inside = [block for block in blocks if holds(measure, block) <= step.categories]
        if inside and frozenset().union(*(holds(measure, block) for block in inside)) == step.categories:
            answer = queries.part_of(view.release, measure, found.span.id, value, inside, blocks)
            reached.append(Reached(step, answer.rows[0][0], answer))
    return reached


def steps(measure: str) -> FigureFunction:
    """The builder of a pathway with its steps: those of several runs together where they are shown, else those of the
    table of single runs.
    """
    pathway, single = PATHWAYS[measure], MEASURES[measure].within

    def build(view: View) -> Figure:
        fine, coarse = read_all(view, measure), read_all(view, single)
        if not fine and not coarse:
            return absent(view, single, single, measure, figure=measure, question=t(pathway.question))
        table = measure if fine and (not coarse or fine[0].span.total == coarse[0].span.total
                                     or fine[0].total >= coarse[0].total) else single
        first = (fine if table == measure else coarse)[0]
        reached = _reached(view, table, first, pathway)
        rows = _beside(view, single, coarse, first)
        answers = tuple(each.answer for each in reached) + tuple(
            answer for divided in (*fine, *coarse) for answer in divided.answers)
        answer = sentences(say_count("{when}, there was {n} response.", "{when}, there were {n} responses.",
                                     first.total, when=first.span.opening),
                           *(say("{what}: {number}.", what=t(each.step.name), number=cell(each.count))
                             for each in reached))
        return Figure(
            measure, t(pathway.question), answer, compared(table, t(pathway.question), (first,)),
            gaps(view, single, measure), (), view.line(first.span.words), view.provenance(table, *answers),
            _drawn(pathway, reached, first, view.note), _tile(pathway, reached, first, rows),
            headline=RichText(_headline(pathway, reached, first)), sub=_sub(pathway, reached, first), beside=rows)
    return build


def _drawn(pathway: Pathway, reached: list[Reached], first: Divided, note: str) -> Chart | None:
    """The steps as a funnel. Who did not get so far is named only where the step just before it is shown as well."""
    drawn, before = [funnel.FunnelStep(first.total, t("responses"))], -1
    for each in reached:
        at = pathway.steps.index(each.step)
        lost = t(each.step.lost) if at == before + 1 else ""
        drawn.append(funnel.FunnelStep(each.count, inside(t(each.step.name)), lost))
        before = at
    return funnel.funnel(drawn, note)


def _headline_steps(pathway: Pathway, reached: list[Reached]) -> tuple[Reached | None, Reached | None, Reached | None]:
    """The step of the sentence below the headline, and the one or two of the headline."""
    by_step = {each.step: each for each in reached}
    found = [by_step.get(step) for step in pathway.steps]
    return found[0], found[1], found[2] if len(found) > 2 else None


def _headline(pathway: Pathway, reached: list[Reached], first: Divided) -> TextParts:
    _, main, further = _headline_steps(pathway, reached)
    if main is None:
        return say_count("{n} response", "{n} responses", first.total)
    headline = say_count(*main.step.forms, main.count, whole=cell(first.total))
    return (*headline, *say_count(*further.step.next_forms, further.count)) if further else headline


def _sub(pathway: Pathway, reached: list[Reached], first: Divided) -> RichText:
    before, _, _ = _headline_steps(pathway, reached)
    offered = RichText(say_count(*before.step.forms, before.count)) if before else RichText(())
    return opened(first.span, offered, text(t(pathway.note)))


def _tile(pathway: Pathway, reached: list[Reached], first: Divided, rows: tuple[Beside, ...]) -> Short | None:
    _, main, further = _headline_steps(pathway, reached)
    if main is None:
        return None
    detail = sentences((t(pathway.did),),
                     say("{what}: {number}.", what=t(further.step.name), number=cell(further.count)) if further else ())
    number = RichText(say("{part} of {whole}", part=cell(main.count), whole=cell(first.total)))
    return Short(t(pathway.question), number, detail, now(rows))


def _beside(view: View, single: str, coarse: tuple[Divided, ...], first: Divided) -> tuple[Beside, ...]:
    """The newest runs of the table of single runs."""
    if not coarse or coarse[0].span.total != first.span.total:
        return ()
    return besides(view, single, coarse[0], coarse[1:])
