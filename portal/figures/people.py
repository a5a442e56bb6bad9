"""What happened to people and who they are: blocks of eleven or more, a run of quarters at a time, or a word that says why not."""

from collections.abc import Callable

from portal.figures.charts import blocks
from portal.figures.figure import Cell, Figure, Short, Table, Text
from portal.figures.view import MADE_UP, View, cell, count, label, text, waiting
from portal.release import queries
from portal.release.contract import DIMENSIONS, MEASURES, threshold

Builder = Callable[[View], Figure]
COVERS = "Groups with fewer than 11 responses are merged with others; each name says what it covers."


def without(view: View, measure: str, question: str = "") -> Figure:
    """The figure of a table that shows no number for the chosen quarter, and why."""
    row = view.run(measure) or next((one for one in view.states(measure) if one["status"] == "not_collected"), None)
    chip = waiting(row)
    said = MEASURES[measure]
    words = view.quarter.words if view.quarter else "no period"
    return Figure(measure, said.question, text(f"{chip.word}. {chip.sentence}"), None, (chip,), (), view.line(words),
                  view.provenance(measure), short=Short(question or said.question, None, text(chip.sentence), chip))


def latest(view: View, measure: str) -> str:
    """The published run that holds the chosen quarter, else the newest one before it, else ""."""
    quarter = view.quarter
    rows = [row for row in view.states(measure) if quarter and row["grain"] == "run" and row["status"] == "published"
            and row["start"] <= quarter.end]
    return str(rows[-1]["period_id"]) if rows else ""


def divided(measure: str, question: str = "") -> Builder:
    """The builder of a figure that shows one table by its dimension, largest rung of the run first."""
    def build(view: View) -> Figure:
        period = latest(view, measure)
        if not period:
            return without(view, measure, question)
        said = MEASURES[measure]
        asked = queries.breakdown(view.release, measure, period, next(iter(said.values)))
        words, rows = view.periods[period].words, asked.rows
        total = queries.total(view.release, measure, period, next(iter(said.values)), [row[0] for row in rows])
        row = view.run(measure)
        chips = (waiting(row),) if row and row["status"] != "published" else ()
        noun = ("call", "calls") if said.unit == "calls" else ("response", "responses")
        parts: list[str | Cell] = [f"In {words}, of ", *count(total.rows[0][0], *noun), ": "]
        for at, (block, value, percent) in enumerate(rows):
            parts += ["; " if at else "", label(said.dimension, block), " ", cell(value), " (", cell(percent), "%)"]
        table = Table(f"{said.question} {words}", (DIMENSIONS[said.dimension].label, noun[1].capitalize(), "Percent"), tuple(
            (Cell(label(said.dimension, one)), cell(value), cell(percent)) for one, value, percent in rows))
        drawn: list[dict[str, object]] = [{"label": label(said.dimension, one), "value": value} for one, value, _ in rows]
        largest = max(rows, key=lambda one: one[1])
        short = Short(question or said.question, text(cell(largest[1]), " of ", cell(total.rows[0][0])),
                      text(f"{label(said.dimension, largest[0])}. {words}."))
        return Figure(measure, said.question, Text((*parts, ".")), table, chips, (COVERS,), view.line(words),
                      view.provenance(measure, asked, total),
                      lambda: blocks(drawn, MADE_UP if view.illustrative else "", noun[1]), short)
    return build


def derived(measure: str) -> Builder:
    """The builder of a measure that is a sum of published blocks of another table."""
    def build(view: View) -> Figure:
        said = MEASURES[measure]
        row = view.run(measure)
        wanted = set(said.categories)
        source = DIMENSIONS[MEASURES[said.source_measure].dimension]
        shown = [one[0] for one in queries.breakdown(view.release, said.source_measure, row["period_id"], "responses").rows] if row else []
        inside = [one for one in shown if set(source.covers[one]) <= wanted]
        if row is None or row["status"] != "published" or {base for one in inside for base in source.covers[one]} != wanted:
            return without(view, measure)
        part = queries.total(view.release, said.source_measure, row["period_id"], "responses", inside)
        whole = queries.total(view.release, said.source_measure, row["period_id"], "responses", shown)
        words = view.periods[row["period_id"]].words
        answer = text(f"In {words}: ", cell(part.rows[0][0]), " of ", *count(whole.rows[0][0], "response", "responses"), " without an arrest.")
        table = Table(f"{said.question} {words}", ("Responses", "Number"),
                      ((Cell(said.numerator or "Yes"), cell(part.rows[0][0])), (Cell("All without an arrest"), cell(whole.rows[0][0]))))
        return Figure(measure, said.question, answer, table, (), (), view.line(words), view.provenance(measure, part, whole))
    return build


def _what(measure: str, value: str, category: str) -> str:
    """What a count of conduct counts: the value's name, or who, with the value's name where it is not the first."""
    said = MEASURES[measure]
    if not category:
        return said.values[value]
    who = label(said.dimension, category)
    return who if value == next(iter(said.values)) else f"{who}: {said.values[value][0].lower()}{said.values[value][1:]}"


def conduct(measure: str) -> Builder:
    """The builder of what officials did: exact once a run, a true zero said with what it is out of."""
    def build(view: View) -> Figure:
        period = latest(view, measure)
        if not period:
            return without(view, measure)
        said = MEASURES[measure]
        asked = queries.values(view.release, measure, period)
        words = view.periods[period].words
        responses = next(row[2] for row in asked.rows if row[0] == "responses")
        rows = [row for row in asked.rows if row[0] != "responses"]
        names = [_what(measure, row[0], row[1]) for row in rows]
        parts: list[str | Cell] = [f"In {words}: "]
        for at, (name, row) in enumerate(zip(names, rows, strict=True)):
            parts += ["; " if at else "", f"{name[0].lower()}{name[1:]} ", cell(row[2])]
        answer = Text((*parts, ", out of ", *count(responses, "response", "responses"), "."))
        table = Table(f"{said.question} {words}", ("What", "Responses"), (*(
            (Cell(name), cell(row[2])) for name, row in zip(names, rows, strict=True)), (Cell("All responses"), cell(responses))))
        row = view.run(measure)
        chips = (waiting(row),) if row and row["status"] != "published" else ()
        small = (f"A count of {threshold('unstable')} or less jumps about by chance.",)
        return Figure(measure, said.question, answer, table, chips, small, view.line(words), view.provenance(measure, asked))
    return build


def times(measure: str) -> Builder:
    """The builder of a time: the median, and the 90th percentile where there are enough responses."""
    def build(view: View) -> Figure:
        period = latest(view, measure)
        if not period:
            return without(view, measure)
        said = MEASURES[measure]
        asked = queries.values(view.release, measure, period)
        words = view.periods[period].words
        whole = {row[0]: row[2] for row in asked.rows if not row[1]}
        if "median_minutes" not in whole:
            return without(view, measure)
        verb = "the team arrived within" if measure.endswith("time_to_scene") else "the team stayed up to"
        answer = text(f"In {words}, in half of ", *count(whole["responses"], "response", "responses"), f" {verb} ",
                      *count(whole["median_minutes"], "minute", "minutes"), ".")
        rows = tuple((Cell(name), cell(whole[key]) if key in whole else Cell("not shown, to protect privacy"))
                     for key, name in said.values.items())
        divided_rows = tuple((Cell(f"{label(said.dimension, row[1])}: {said.values[row[0]]}"), cell(row[2])) for row in asked.rows if row[1])
        row = view.run(measure)
        chips = (waiting(row),) if row and row["status"] != "published" else ()
        return Figure(measure, said.question, answer, Table(f"{said.question} {words}", ("What", "Number"), rows + divided_rows), chips,
                      ("A median is a time that was really observed.",), view.line(words), view.provenance(measure, asked))
    return build
