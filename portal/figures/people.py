"""What happened to people and who they are: blocks of eleven or more, a run of quarters at a time, or a word that says
why not.
"""

from collections.abc import Callable

from portal.contract.contract import DIMENSIONS, MEASURES, threshold
from portal.figures.charts.standard import blocks
from portal.figures.figure import Cell, Figure, Short, Table, Text
from portal.figures.view import (
    View,
    cell,
    label,
    percent,
    say,
    say_count,
    sentences,
    text,
    too_few,
    uncertain,
    waiting,
    waiting_for,
    wording,
)
from portal.language import later, later_n, number, t
from portal.release import queries

Builder = Callable[[View], Figure]
COVERS = {
    "calls": later("Groups with fewer than {number} calls are merged with others; each name says what it covers."),
    "responses": later("Groups with fewer than {number} responses are merged with others; each name says what it "
                       "covers."),
}
# How an answer begins, out of one and out of many; and what the first bar says.
DIVIDED = {
    "calls": later_n("{when}, there was {n} crisis call.", "{when}, there were {n} crisis calls."),
    "responses": later_n("{when}, there was {n} response.", "{when}, there were {n} responses."),
    "responses_without_arrest": later_n("{when}, there was {n} response without an arrest.",
                                        "{when}, there were {n} responses without an arrest."),
}
BARS = {"calls": later("{number} calls"), "responses": later("{number} responses")}
COLOURS = {"calls": "demand", "responses": "team"}
HEADERS = {"calls": later("Calls"), "responses": later("Responses")}
# What the Overview's short answer tells of, where a block of the run holds nothing else.
TOLD = {"care.referral": frozenset({"accepted_only", "kept"})}


def without(view: View, measure: str, question: str = "") -> Figure:
    """The figure of a table that shows no number for the chosen quarter, and why."""
    chip = waiting(view.status(measure))
    texts = wording(measure)
    words = view.quarter.words if view.quarter else t("no period")
    answer = text(t("{status}. {sentence}", status=chip.word, sentence=chip.sentence))
    return Figure(measure, texts.question, answer, None, (chip,), (), view.line(words),
                  view.provenance(measure, queries.states(view.release, measure)),
                  short=Short(t(question) if question else texts.question, None, text(chip.sentence), chip))


def latest(view: View, measure: str) -> str:
    """The published run that holds the chosen quarter, else the newest one before it, else ""."""
    quarter = view.quarter
    rows = [row for row in view.states(measure) if quarter and row["grain"] == "run" and row["status"] == "published"
            and row["start"] <= quarter.end]
    here = view.run(measure)
    chosen = here if here and here["status"] == "published" else rows[-1] if rows else None
    return str(chosen["period_id"]) if chosen else ""


def opening(view: View, measure: str, period: str) -> str:
    """How an answer begins: with the chosen quarter's status first, where the run shown is an earlier one."""
    words = view.periods[period].words
    row = view.run(measure)
    if not row or row["status"] == "published" or not view.quarter:
        return t("In {period}", period=words)
    return t("{status}. In {period}, the last time shown", status=waiting_for(row, view.quarter.words), period=words)


def _unit(measure: str) -> str:
    """What a table counts: calls or responses."""
    return "calls" if MEASURES[measure].unit == "calls" else "responses"


def _ordered(measure: str, rows: tuple[tuple[str, float, float | None], ...]) -> list[tuple[str, float, float | None]]:
    """Blocks in the order of the contract: a block stands where its first base category does."""
    dimension = DIMENSIONS[MEASURES[measure].dimension]
    base = list(dimension.base)
    return sorted(rows, key=lambda row: min((base.index(one) for one in dimension.covers.get(row[0], ())), default=99))


def _told(measure: str, rows: list[tuple[str, float, float | None]]) -> tuple[str, float, float | None]:
    covers = DIMENSIONS[MEASURES[measure].dimension].covers
    wanted = TOLD.get(measure, frozenset())
    whole = [row for row in rows if wanted and set(covers.get(row[0], ())) == wanted]
    return whole[0] if whole else max(rows, key=lambda row: row[1])


def divided(measure: str, question: str = "") -> Builder:
    """The builder of a figure that shows one table by its dimension. The largest group is drawn to the full width."""
    value = next(iter(MEASURES[measure].values))

    def build(view: View) -> Figure:
        texts = wording(measure)
        period = latest(view, measure)
        asked = queries.breakdown(view.release, measure, period, value)
        rows = _ordered(measure, asked.rows)
        if not rows:
            return without(view, measure, question)
        words, unit, chips = view.periods[period].words, _unit(measure), uncertain(view, measure)
        total = queries.total(view.release, measure, period, value, [row[0] for row in rows])
        names = [label(texts.dimension, row[0]) for row in rows]
        answer = sentences(
            say_count(*DIVIDED["responses_without_arrest" if texts.over == "responses_without_arrest" else unit],
                      total.rows[0][0], when=opening(view, measure, period)),
            *(say("{what}: {number}.", what=name, number=(cell(row[1]), *percent(row[2])))
              for name, row in zip(names, rows, strict=True)))
        headers = (t(DIMENSIONS[texts.dimension].label), t(HEADERS[unit]), t("Percent"))
        table = Table(f"{texts.question} {words}", headers, tuple(
            (Cell(name), cell(row[1]), cell(row[2])) for name, row in zip(names, rows, strict=True)))
        drawn: list[dict[str, object]] = [{"label": name, "value": row[1]}
                                          for name, row in zip(names, rows, strict=True)]
        first = _told(measure, rows)
        group, of = label(texts.dimension, first[0]), t(HEADERS[unit])
        short = Short(t(question) if question else texts.question,
                      Text(say("{part} of {whole}", part=cell(first[1]), whole=cell(total.rows[0][0]))),
                      text(t("{unit}: {group}.", unit=of, group=group) if chips
                           else t("{unit}: {group}. {period}.", unit=of, group=group, period=words)),
                      chips[0] if chips else None, t("Last shown, {period}:", period=words) if chips else "")
        caveats = (t(COVERS[unit], number=number(threshold("block_responses"))),)
        waits = t("{period}. {status}", period=view.quarter.words, status=chips[0].word) if chips and view.quarter \
            else ""
        asks = (asked, total, queries.states(view.release, measure))
        few = too_few(*(row[1] for row in rows))
        return Figure(measure, texts.question, answer, table, chips + few, caveats, view.line(words),
                      view.provenance(measure, *asks),
                      lambda: blocks(drawn, view.note, BARS[unit], waits, COLOURS[unit]), short)
    return build


def derived(measure: str) -> Builder:
    """The builder of a measure that is a sum of published blocks of another table. Where no sum of blocks is just
    what it needs, the chip says that it is inside a larger group.
    """
    source = MEASURES[MEASURES[measure].source_measure]
    covers = DIMENSIONS[source.dimension].covers
    value = next(iter(source.values))

    def build(view: View) -> Figure:
        texts = wording(measure)
        period = latest(view, measure)
        blocks_of = queries.breakdown(view.release, source.id, period, value)
        shown = [str(row[0]) for row in blocks_of.rows]
        inside = [one for one in shown if set(covers.get(one, ("",))) <= set(texts.categories)]
        if not inside or {base for one in inside for base in covers[one]} != set(texts.categories):
            return without(view, measure)
        asked = queries.part_of(view.release, source.id, period, value, inside, shown)
        top, bottom, share = asked.rows[0]
        words = view.periods[period].words
        answer = Text(say_count("{when}, this happened in {part} of {n} response without an arrest{share}.",
                                "{when}, this happened in {part} of {n} responses without an arrest{share}.", bottom,
                                when=opening(view, measure, period), part=cell(top), share=percent(share)))
        counted = texts.numerator or t("counted here")
        table = Table(f"{texts.question} {words}", (t("Responses"), t("Number"), t("Percent")),
                      ((Cell(counted[:1].upper() + counted[1:]), cell(top), cell(share)),
                       (Cell(t("All without an arrest")), cell(bottom), Cell(number(100)))))
        drawn: list[dict[str, object]] = [{"label": row[0].text, "value": row[1].value} for row in table.rows]
        return Figure(measure, texts.question, answer, table, uncertain(view, measure) + too_few(top), (),
                      view.line(words),
                      view.provenance(measure, asked, queries.states(view.release, measure)),
                      lambda: blocks(drawn, view.note, BARS["responses"]))
    return build
