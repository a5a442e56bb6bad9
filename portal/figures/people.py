"""What happened to people and who they are: blocks of eleven or more, since the start and in the newest runs."""

from dataclasses import dataclass

from portal.contract.contract import DIMENSIONS, MEASURES, Dimension, Measure, threshold
from portal.figures import pictures
from portal.figures.figure import Beside, Cell, Figure, RichText, Short, Table
from portal.figures.findings import FINDINGS, GROUP, SUMMED, TO, WHOM
from portal.figures.gaps import absent, gaps
from portal.figures.spans import Span, beside, main, opened, period_words, shown_spans
from portal.figures.view import (
    FigureFunction,
    TextParts,
    View,
    capital,
    cell,
    label,
    percent,
    responses_in_words,
    say,
    say_count,
    sentences,
    text,
    wording,
)
from portal.language import gettext_lazy, ngettext_lazy, number, t
from portal.release import queries
from portal.release.queries import Answer

BlockRow = tuple[str, float, float | None]  # a block, how many, in percent of all
COVERS = {
    "calls": gettext_lazy("Groups with fewer than {number} calls are merged with others; each name says what it "
                          "covers."),
    "responses": gettext_lazy("Groups with fewer than {number} responses are merged with others; each name says "
                              "what it covers."),
}
# How an answer begins, out of one and out of many; and what the first bar says.
DIVIDED = {
    "calls": ngettext_lazy("{when}, there was {n} crisis call.", "{when}, there were {n} crisis calls."),
    "responses": ngettext_lazy("{when}, there was {n} response.", "{when}, there were {n} responses."),
    "responses_without_arrest": ngettext_lazy("{when}, there was {n} response without an arrest.",
                                              "{when}, there were {n} responses without an arrest."),
}
OF = {"calls": gettext_lazy("calls: {group}"), "responses": gettext_lazy("responses: {group}")}
# The one caveat that changes the reading.
NOTES = {
    "demand.by_type": gettext_lazy("It is what the call taker heard; what the team finds may differ."),
    "outcome.kind": gettext_lazy("Groups under 11 are put together to protect people."),
    "care.repeat": gettext_lazy("Seen before means by the team, in the 12 months before. It counts responses, not "
                                "people."),
}


@dataclass(frozen=True)
class Divided:
    """One table for one period: its blocks in the order of the contract, their sum, and the statements."""

    span: Span
    rows: tuple[BlockRow, ...]
    total: float
    answers: tuple[Answer, Answer]

    def count(self, measure: str, categories: frozenset[str]) -> float | None:
        """How many are in the block that holds just these base categories; None where no block does."""
        return next((row[1] for row in self.rows if holds(measure, row[0]) == categories), None)


def holds(measure: str, block: str) -> frozenset[str]:
    """The base categories of a block."""
    return frozenset(dimension_of(measure).covers.get(block, (block,)))


def dimension_of(measure: str) -> Dimension:
    """The dimension by which a measure is divided."""
    return DIMENSIONS[MEASURES[measure].dimension]


def unit_of(measure: str) -> str:
    """What a table counts: calls or responses."""
    return "calls" if MEASURES[measure].unit == "calls" else "responses"


def _ordered(measure: str, rows: tuple[BlockRow, ...]) -> tuple[BlockRow, ...]:
    """Blocks in the order of the contract: a block stands where its first base category does, and last where what is
    not recorded is in it.
    """
    base = list(dimension_of(measure).base)
    return tuple(sorted(rows, key=lambda row: ("not_recorded" in holds(measure, row[0]), min(
        (base.index(hold) for hold in holds(measure, row[0])), default=99))))


def read(view: View, measure: str, span: Span) -> Divided | None:
    """A table's published blocks for one period; None where there are none."""
    value = next(iter(MEASURES[measure].values))
    counted = queries.breakdown(view.release, measure, span.id, value)
    if not counted.rows:
        return None
    total = queries.total(view.release, measure, span.id, value, [row[0] for row in counted.rows])
    return Divided(span, _ordered(measure, counted.rows), total.rows[0][0], (counted, total))


def read_all(view: View, measure: str) -> tuple[Divided, ...]:
    """A table for the time of the headline, then for those beside it."""
    return tuple(found for span in shown_spans(view, measure) if (found := read(view, measure, span)))


def leading(measure: str, found: Divided) -> BlockRow:
    """The block that a headline tells of: one that has a finding, else the largest without what is not recorded."""
    matching = [row for categories in FINDINGS.get(measure, ()) for row in found.rows
                if holds(measure, row[0]) == categories]
    known = [row for row in found.rows if "not_recorded" not in holds(measure, row[0])]
    return matching[0] if matching else max(known or found.rows, key=lambda row: row[1])


def whom(measure: str, block: str) -> str:
    """Whom a response with a block of people was to, as a sentence goes on: "a woman"; "" where no words are known."""
    words = WHOM.get(dimension_of(measure).id, {}).get(holds(measure, block))
    return t(words) if words else ""


def finding(measure: str, found: Divided, *more: TextParts) -> RichText:
    """The headline of a divided table. `more`: other findings of the same responses, behind the first."""
    block, count, _ = leading(measure, found)
    person = whom(measure, block)
    if person:
        return RichText(say_count(*TO, count, whole=cell(found.total), whom=person,
                                  more=tuple(part for parts in more for part in (", ", *parts))))
    forms = FINDINGS.get(measure, {}).get(holds(measure, block))
    if forms:
        return RichText(say_count(*forms, count, whole=cell(found.total)))
    return RichText(say(GROUP[unit_of(measure)], group=label(dimension_of(measure).id, block), part=cell(count),
                        whole=cell(found.total)))


def besides(view: View, measure: str, first: Divided, periods: tuple[Divided, ...]) -> tuple[Beside, ...]:
    """The leading block in the periods beside the chart: out of how many."""
    block = leading(measure, first)[0]
    by_period = {counts.span.id: counts for counts in periods}

    def newest_finding(span: Span) -> tuple[RichText, RichText] | None:
        found = by_period.get(span.id)
        count = found.count(measure, holds(measure, block)) if found else None
        if found is None or count is None:
            return None
        return (RichText(say("{part} of {whole}", part=cell(count), whole=cell(found.total))),
                text(label(dimension_of(measure).id, block)))
    return beside(view, measure, newest_finding)


def compared(measure: str, caption: str, found: tuple[Divided, ...]) -> Table:
    """A row a block of the headline's time, a column a time. A block that a period does not show is said in words."""
    rows = tuple((Cell(label(dimension_of(measure).id, block)),
                  *(cell(counts.count(measure, holds(measure, block))) for counts in found))
                 for block, _, _ in found[0].rows)
    spans = tuple(capital(counts.span.words) for counts in found)
    return Table(caption, (t(dimension_of(measure).label), *spans), rows)


def _answer(texts: Measure, found: Divided) -> RichText:
    unit = unit_of(texts.id)
    lead = DIVIDED["responses_without_arrest" if texts.over == "responses_without_arrest" else unit]
    return sentences(say_count(*lead, found.total, when=found.span.opening), *(
        say("{what}: {number}.", what=label(texts.dimension, row[0]), number=(cell(row[1]), *percent(row[2])))
        for row in found.rows))


def _kind(view: View, measure: str, found: tuple[Divided, ...]) -> pictures.Grouping:
    """A table as it is drawn, below its total in words."""
    title = responses_in_words(found[0].total) if unit_of(measure) == "responses" else (wording(measure).question,)
    if MEASURES[measure].over == "responses_without_arrest":
        title = say_count("{n} response without an arrest", "{n} responses without an arrest", found[0].total)
    return pictures.Grouping(RichText(title).plain, measure, drawn_periods(view, found))


def drawn_periods(view: View, found: tuple[Divided, ...]) -> list[tuple[str, tuple[BlockRow, ...]]]:
    """The blocks of each period as they are drawn: the time of the headline, then the others in the order of time."""
    return [(period_words(view, row.span), row.rows) for row in (*found[:1], *reversed(found[1:]))]


def divided(measure: str) -> FigureFunction:
    """The builder of a figure that shows one table by its dimension."""
    def build(view: View) -> Figure:
        texts, found = wording(measure), read_all(view, measure)
        if not found:
            return absent(view, measure)
        first, unit = found[0], unit_of(measure)
        note = text(t(NOTES[measure])) if measure in NOTES else RichText(())
        rows = besides(view, measure, first, found[1:])
        return Figure(
            measure, texts.question, _answer(texts, first), compared(measure, texts.question, found),
            gaps(view, measure), (t(COVERS[unit], number=number(threshold("block_responses"))),),
            view.line(first.span.words),
            view.provenance(measure, *_answers(found), queries.states(view.release, measure)),
            pictures.by_group(_kind(view, measure, found), view.note), tile(measure, first, rows),
            headline=finding(measure, first), sub=opened(first.span, note), beside=rows)
    return build


def tile(measure: str, first: Divided, rows: tuple[Beside, ...]) -> Short:
    """A divided table as a tile of the Overview."""
    block, count, _ = leading(measure, first)
    person = whom(measure, block)
    return Short(wording(measure).question,
                 RichText(say("{part} of {whole}", part=cell(count), whole=cell(first.total))),
                 RichText(say("responses were to {whom}", whom=person) if person else say(
                     OF[unit_of(measure)], group=label(dimension_of(measure).id, block))), now(rows))


def now(rows: tuple[Beside, ...]) -> str:
    """The newest period beside a chart in one line, for a tile; "" where there is none."""
    newest = next((row for row in rows if row.newest and row.number), None)
    return t("{what}: {number}", what=newest.when, number=newest.number.plain) if newest and newest.number else ""


def _answers(found: tuple[Divided, ...]) -> tuple[Answer, ...]:
    return tuple(answer for counts in found for answer in counts.answers)


def derived(measure: str) -> FigureFunction:
    """The builder of a measure that is a sum of published blocks of another table. Where no sum of blocks is just what
    it needs, the figure says that it is inside a larger group.
    """
    source = MEASURES[MEASURES[measure].source_measure]
    categories = frozenset(MEASURES[measure].categories)
    value = next(iter(source.values))

    def build(view: View) -> Figure:
        texts, span = wording(measure), main(view, source.id)
        found = read(view, source.id, span) if span else None
        inside = [row[0] for row in found.rows if holds(source.id, row[0]) <= categories] if found else []
        if not span or not found or frozenset().union(*(holds(source.id, block) for block in inside)) != categories:
            return absent(view, measure)
        part_of_whole = queries.part_of(view.release, source.id, span.id, value, inside, [row[0] for row in found.rows])
        top, bottom, share = part_of_whole.rows[0]
        answer = RichText(say_count("{when}, this happened in {part} of {n} response without an arrest{share}.",
                                    "{when}, this happened in {part} of {n} responses without an arrest{share}.",
                                    bottom, when=span.opening, part=cell(top), share=percent(share)))
        counted = texts.numerator or t("counted here")
        table = Table(texts.question, (t("Responses"), t("Number"), t("Percent")),
                      ((Cell(capital(counted)), cell(top), cell(share)),
                       (Cell(t("All without an arrest")), cell(bottom), Cell(number(100)))))
        return Figure(measure, texts.question, answer, table, gaps(view, measure), (), view.line(span.words),
                      view.provenance(measure, part_of_whole, queries.states(view.release, measure)),
                      headline=RichText(say_count(*SUMMED[measure], top, whole=cell(bottom))), sub=opened(span))
    return build

