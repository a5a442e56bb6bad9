"""Figures about the release itself, and the sentences that lead the pages."""

from portal.figures.activity import met, received
from portal.figures.figure import Cell, Figure, Table, Text
from portal.figures.people import divided
from portal.figures.view import View, cell, text
from portal.release import queries
from portal.release.contract import MEASURES, threshold

STATUS_WORDS = {"published": "shown", "suppressed": "not shown, to protect privacy", "not_collected": "not collected", "not_due": "not yet"}


def _lead(view: View, figure_id: str, source: Figure) -> Figure:
    return Figure(figure_id, source.title, source.answer, None, (), (), source.period, source.provenance)


def overview(view: View) -> Figure:
    """The Overview's first sentence."""
    return _lead(view, "overview.answer", received(view))


def calls(view: View) -> Figure:
    """The first sentence of Calls and response."""
    return _lead(view, "calls.answer", met(view))


def outcomes(view: View) -> Figure:
    """The first sentence of What happened."""
    return _lead(view, "outcomes.answer", divided("outcome.kind")(view))


def new(view: View) -> Figure:
    """What this release adds, and whether the quarter differs from the one before by more than the rule for small counts allows."""
    releases = queries.table(view.release, "releases")
    records = releases.records()
    before = records[-2]["period_end"] if len(records) > 1 else ""
    series = queries.series(view.release, "demand.received", "quarter", ["calls"])
    added = [one for one in (*view.of("quarter"), *view.of("run")) if one.end > before]
    words = "; ".join(dict.fromkeys(one.words for one in added)) or "nothing"
    parts: list[str | Cell] = [f"New in release {view.release.id}: {words}."]
    at = next((index for index, row in enumerate(series.rows) if row[0] == view.period), 0)
    if at and view.quarter:
        then, now = series.rows[at - 1], series.rows[at]
        parts += [" Crisis calls: ", cell(now[1]), f" in {view.quarter.words}, ", cell(then[1]), f" in {view.periods[then[0]].words}."]
        if min(then[1], now[1]) <= threshold("unstable"):
            parts.append(" Too few to say whether that is a change.")
    rows = tuple((Cell(view.periods[row[0]].words), cell(row[1])) for row in series.rows)
    return Figure("overview.new", "What is new in this release?", Text(tuple(parts)),
                  Table("Crisis calls by quarter", ("Quarter", "Crisis calls"), rows), (), (), view.line("all quarters"),
                  view.provenance("demand.received", series, releases))


def not_shown(view: View) -> Figure:
    """For each table, in how many periods it is shown, not shown, not yet due or not collected."""
    asked = queries.status_counts(view.release)
    rows = tuple((Cell(MEASURES[table].question), Cell(STATUS_WORDS[status]), cell(number)) for table, status, number in asked.rows)
    hidden = queries.status_total(view.release, "suppressed")
    shown = queries.status_total(view.release, "published")
    answer = text("Of the tables and periods of this release, ", cell(shown.rows[0][0]), " are shown and ", cell(hidden.rows[0][0]),
                  " are not shown, to protect privacy.")
    return Figure("data.not_shown", "What is not shown, and why?", answer, Table("Tables and periods, by whether they are shown",
                  ("Table", "Status", "Periods"), rows), (), (), view.line("all periods"),
                  view.provenance("quality.missing", asked, hidden, shown))


def dictionary(view: View) -> Figure:
    """Every measure of the release, with its unit and definition."""
    rows = tuple((Cell(one.id), Cell(one.question), Cell(one.unit), Cell(one.definition)) for one in MEASURES.values())
    return Figure("data.dictionary", "What does each number mean?", text("Every measure has a definition. It stands beside the number too."),
                  Table("The measures", ("Name in the files", "Question", "Unit", "Definition"), rows), (), (), view.line("all periods"),
                  view.provenance("quality.missing"))
