"""What officials did, exact once a run, a true zero said with what it is out of; and how long things took."""

from portal.figures.figure import Cell, Figure, Table, Text
from portal.figures.people import UNSTEADY, Builder, latest, opening, without
from portal.figures.view import View, cell, count, label, percent, small, text, uncertain
from portal.release import queries
from portal.release.contract import MEASURES
from portal.release.queries import Answer

# What is said behind "… of … responses" of each count.
HAPPENED = {"outcome.arrest": "ended in an arrest", "outcome.force": "involved the use of force",
            "outcome.injury": "left someone hurt"}
OUT_OF, UNKNOWN = "responses", "not_recorded"
HIDDEN = Cell("not shown, to protect privacy")


def _what(measure: str, value: str, category: str) -> str:
    """What a count of conduct counts: the value's name, or who, with the value's name where it is not the first."""
    said = MEASURES[measure]
    name = said.values.get(value, value)
    if not category:
        return name
    who = label(said.dimension, category)
    return who if value == next(iter(said.values)) else f"{who}: {name[0].lower()}{name[1:]}"


def _told(measure: str, rows: list[tuple[str, str, float]], responses: float, share: Answer) -> list[str | Cell]:
    """The answer's counts: one out of all responses, or one for each who was hurt; then what is not recorded."""
    main = [row for row in rows if row[0] != UNKNOWN]
    verb = HAPPENED.get(measure, "are counted here")
    parts: list[str | Cell] = []
    for at, row in enumerate(main):
        who = f"{_what(measure, row[0], row[1]).lower()} was hurt in " if row[1] else ""
        parts += ["; " if at else "", who, cell(row[2])]
    parts += [" of ", *count(responses, "response", "responses")]
    if len(main) == 1 and not main[0][1]:
        parts += [f" {verb}", *(percent(share.rows[0][2]) if main[0][2] else ())]
    parts.append(".")
    for row in rows:
        if row[0] == UNKNOWN and row[2]:
            parts += [f" {_what(measure, row[0], row[1])}: ", cell(row[2]), "."]
    return parts


def conduct(measure: str) -> Builder:
    """The builder of what officials did. Raises nothing: without the public total the figure says why."""
    said = MEASURES[measure]
    first = next(iter(said.values))

    def build(view: View) -> Figure:
        period = latest(view, measure)
        asked = queries.values(view.release, measure, period)
        share = queries.share(view.release, (measure, first), (measure, OUT_OF), period)
        responses = next((row[2] for row in asked.rows if row[0] == OUT_OF), None)
        rows = [row for row in asked.rows if row[0] != OUT_OF]
        if responses is None or not any(row[0] == first for row in rows):
            return without(view, measure)
        words = view.periods[period].words
        answer = Text((f"{opening(view, measure, period)}: ", *_told(measure, rows, responses, share)))
        table = Table(f"{said.question} {words}", ("What", "Responses"), (*(
            (Cell(_what(measure, *row[:2])), cell(row[2])) for row in rows), (Cell("All responses"), cell(responses))))
        return Figure(measure, said.question, answer, table, uncertain(view, measure),
                      (UNSTEADY,) if any(small(row[2]) for row in rows if row[0] == first) else (), view.line(words),
                      view.provenance(measure, asked, share, queries.states(view.release, measure)))
    return build


def times(measure: str) -> Builder:
    """The builder of a time in whole minutes: the median, and the slowest tenth where there are enough responses."""
    said = MEASURES[measure]
    verb = "the team arrived within" if measure.endswith("time_to_scene") else "the team stayed up to"

    def build(view: View) -> Figure:
        period = latest(view, measure)
        asked = queries.values(view.release, measure, period)
        whole = {row[0]: row[2] for row in asked.rows if not row[1]}
        median, number = whole.get("median_minutes"), whole.get("responses")
        if median is None or number is None:
            return without(view, measure)
        words = view.periods[period].words
        answer = text(f"{opening(view, measure, period)}, in half of ", *count(number, "response", "responses"),
                      f" {verb} ", *count(median, "minute", "minutes"), ".")
        rows = [(Cell(name), cell(whole[key]) if key in whole else HIDDEN) for key, name in said.values.items()]
        rows += [(Cell(f"{label(said.dimension, row[1])}: {said.values.get(row[0], row[0])}"), cell(row[2]))
                 for row in asked.rows if row[1]]
        table = Table(f"{said.question} {words}", ("What", "Number"), tuple(rows))
        return Figure(measure, said.question, answer, table, uncertain(view, measure),
                      ("A median is a time that was really observed.",), view.line(words),
                      view.provenance(measure, asked, queries.states(view.release, measure)))
    return build
