"""What happened to people and who they are: blocks of eleven or more, a run of quarters at a time, or a word that says
why not.
"""

from collections.abc import Callable
from re import sub

from portal.figures.charts import blocks
from portal.figures.figure import Cell, Figure, Short, Table, Text
from portal.figures.view import MADE_UP, View, cell, count, label, percent, small, text, uncertain, waiting
from portal.release import queries
from portal.release.contract import DIMENSIONS, MEASURES, threshold

Builder = Callable[[View], Figure]
COVERS = "Groups with fewer than {} {} are merged with others; each name says what it covers."
UNSTEADY = f"A count of {threshold('unstable')} or less is a small number, so it will jump about."
# What the Overview's short answer tells of, where a block of the run holds nothing else.
TOLD = {"care.referral": frozenset({"accepted_only", "kept"})}


def without(view: View, measure: str, question: str = "") -> Figure:
    """The figure of a table that shows no number for the chosen quarter, and why."""
    chip = waiting(view.status(measure))
    said = MEASURES[measure]
    words = view.quarter.words if view.quarter else "no period"
    return Figure(measure, said.question, text(f"{chip.word}. {chip.sentence}"), None, (chip,), (), view.line(words),
                  view.provenance(measure, queries.states(view.release, measure)),
                  short=Short(question or said.question, None, text(chip.sentence), chip))


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
    chips = uncertain(view, measure)
    if not chips or not view.quarter:
        return f"In {words}"
    status = sub(r"^(Not \w+)", rf"\1 for {view.quarter.words}", chips[0].word)
    return f"{status}. The last time shown: in {words}"


def nouns(measure: str) -> tuple[str, str]:
    """What a table counts, for one and for many."""
    return ("call", "calls") if MEASURES[measure].unit == "calls" else ("response", "responses")


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
    said = MEASURES[measure]
    value = next(iter(said.values))

    def build(view: View) -> Figure:
        period = latest(view, measure)
        asked = queries.breakdown(view.release, measure, period, value)
        rows = _ordered(measure, asked.rows)
        if not rows:
            return without(view, measure, question)
        words, noun, chips = view.periods[period].words, nouns(measure), uncertain(view, measure)
        total = queries.total(view.release, measure, period, value, [row[0] for row in rows])
        names = [label(said.dimension, row[0]) for row in rows]
        apart = " without an arrest: " if said.over == "responses_without_arrest" else ": "
        parts: list[str | Cell] = [f"{opening(view, measure, period)}, of ", *count(total.rows[0][0], *noun), apart]
        for at, (name, row) in enumerate(zip(names, rows, strict=True)):
            parts += ["; " if at else "", name, " ", cell(row[1]), *percent(row[2])]
        table = Table(f"{said.question} {words}", (DIMENSIONS[said.dimension].label, noun[1].capitalize(), "Percent"),
                      tuple((Cell(name), cell(row[1]), cell(row[2])) for name, row in zip(names, rows, strict=True)))
        drawn: list[dict[str, object]] = [{"label": name, "value": row[1]}
                                          for name, row in zip(names, rows, strict=True)]
        first = _told(measure, rows)
        short = Short(question or said.question, text(cell(first[1]), " of ", cell(total.rows[0][0])),
                      text(f"{label(said.dimension, first[0])}. {words}."), chips[0] if chips else None)
        unsteady = (UNSTEADY,) if any(small(row[1]) for row in rows) else ()
        caveats = (COVERS.format(threshold("block_responses"), noun[1]), *unsteady)
        waits = f"{view.quarter.words}. {chips[0].word}" if chips and view.quarter else ""
        asks = (asked, total, queries.states(view.release, measure))
        return Figure(measure, said.question, Text((*parts, ".")), table, chips, caveats, view.line(words),
                      view.provenance(measure, *asks),
                      lambda: blocks(drawn, MADE_UP if view.illustrative else "", noun[1], waits), short)
    return build


def derived(measure: str) -> Builder:
    """The builder of a measure that is a sum of published blocks of another table. Where no sum of blocks is just
    what it needs, the chip says that it is inside a larger group.
    """
    said = MEASURES[measure]
    source = MEASURES[said.source_measure]
    covers = DIMENSIONS[source.dimension].covers
    value = next(iter(source.values))

    def build(view: View) -> Figure:
        period = latest(view, measure)
        blocks_of = queries.breakdown(view.release, source.id, period, value)
        shown = [str(row[0]) for row in blocks_of.rows]
        inside = [one for one in shown if set(covers.get(one, ("",))) <= set(said.categories)]
        if not inside or {base for one in inside for base in covers[one]} != set(said.categories):
            return without(view, measure)
        asked = queries.part_of(view.release, source.id, period, value, inside, shown)
        top, bottom, share = asked.rows[0]
        words = view.periods[period].words
        answer = text(f"{opening(view, measure, period)}: ", cell(top), " of ", *count(bottom, "response", "responses"),
                      " without an arrest", *percent(share), ".")
        table = Table(f"{said.question} {words}", ("Responses", "Number", "Percent"),
                      ((Cell((said.numerator or "counted here").capitalize()), cell(top), cell(share)),
                       (Cell("All without an arrest"), cell(bottom), Cell("100"))))
        return Figure(measure, said.question, answer, table, uncertain(view, measure),
                      (UNSTEADY,) if small(top) else (), view.line(words),
                      view.provenance(measure, asked, queries.states(view.release, measure)))
    return build
