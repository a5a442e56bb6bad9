"""Figures about the release itself, and the sentences that lead the pages."""

from portal.figures.activity import met, received
from portal.figures.figure import Cell, Figure, Table, Text
from portal.figures.people import divided
from portal.figures.view import View, cell, count, small, text
from portal.language import day
from portal.release import queries
from portal.release.contract import MEASURES
from portal.release.queries import Answer

STATUS_WORDS = {"published": "shown", "suppressed": "not shown, to protect privacy", "not_collected": "not collected",
                "not_due": "not yet"}
REASON_WORDS = {"privacy": "a group would be too small", "merged": "it is inside a larger group",
                "not_collected": "the City's records do not hold it", "run_open": "too few responses so far",
                "runs_together": "it waits for a second run"}
FLUKE = "Two quarters also differ by chance: one comparison is not a trend."


def _lead(view: View, figure_id: str, source: Figure) -> Figure:
    return Figure(figure_id, source.title, source.answer, None, source.chips, (), source.period, source.provenance)


def overview(view: View) -> Figure:
    """The Overview's first sentence."""
    return _lead(view, "overview.answer", received(view))


def calls(view: View) -> Figure:
    """The first sentence of Calls and response."""
    return _lead(view, "calls.answer", met(view))


def outcomes(view: View) -> Figure:
    """The first sentence of What happened."""
    return _lead(view, "outcomes.answer", divided("outcome.kind")(view))


def _added(view: View, releases: Answer) -> str:
    """The quarters and the runs that end after the release before this one, in words."""
    ends = {row["release_id"]: row["period_end"] for row in releases.records()}
    before = ends.get(view.meta.get("previous", ""), "")
    new = [one for one in view.of("quarter") if one.end > before]
    runs = [one for one in view.of("run") if one.end > before and one.words not in {quarter.words for quarter in new}]
    parts = [f"calls of {one.words}" for one in new] + [f"the run {one.words}" for one in runs]
    return "; ".join(dict.fromkeys(parts)) or "no period"


def _compared(view: View, series: Answer) -> list[str | Cell]:
    """The chosen quarter's calls beside the quarter before and the same quarter of the year before."""
    ids = [row[0] for row in series.rows]
    if view.period not in ids or not view.quarter:
        return []
    at = ids.index(view.period)
    now = series.rows[at][1]
    others = [(series.rows[one][1], view.periods[ids[one]].words) for one in (at - 1, at - 4) if one >= 0]
    if now is None:
        return []
    parts: list[str | Cell] = [f" {view.quarter.words}: ", *count(now, "crisis call", "crisis calls")]
    for then, words in others:
        if then is None:
            continue
        if small(then) or small(now):
            parts += [f"; {words}: ", cell(then), ", too few to say whether that is a change"]
        else:
            more = "as many as" if now == then else "more than" if now > then else "fewer than"
            parts += [f"; {more} the ", cell(then), f" of {words}"]
    return [*parts, "."]


def new(view: View) -> Figure:
    """What this release adds to the one before, and the quarter's calls beside earlier ones."""
    releases = queries.table(view.release, "releases")
    series = queries.series(view.release, "demand.received", "quarter", ["calls"])
    answer = Text((f"New in release {view.release.id}: {_added(view, releases)}.", *_compared(view, series)))
    rows = tuple((Cell(view.periods[row[0]].words), cell(row[1])) for row in series.rows)
    table = Table("Crisis calls by quarter", ("Quarter", "Crisis calls"), rows) if rows else None
    return Figure("overview.new", "What is new in this release?", answer, table, (), (FLUKE,) if len(rows) > 1 else (),
                  view.line("all quarters"), view.provenance("demand.received", series, releases))


def not_shown(view: View) -> Figure:
    """For each table, in how many periods it is shown, not shown, not yet due or not collected, and why."""
    asked = queries.reasons(view.release)
    rows = tuple(
        (Cell(MEASURES[table].question if table in MEASURES else table), Cell(STATUS_WORDS.get(status, status)),
         Cell(REASON_WORDS.get(reason, "")), cell(number)) for table, status, reason, number in asked.rows)
    totals = {status: queries.status_total(view.release, status) for status in STATUS_WORDS}
    parts: list[str | Cell] = ["Of the tables and periods of this release: "]
    for at, (status, total) in enumerate(totals.items()):
        parts += ["; " if at else "", cell(total.rows[0][0]), f" {STATUS_WORDS[status]}"]
    table = Table("Tables and periods, by whether they are shown", ("Table", "Status", "Why", "Periods"), rows)
    return Figure("data.not_shown", "What is not shown, and why?", Text((*parts, ".")), table, (), (),
                  view.line("all periods"), view.provenance("quality.missing", asked, *totals.values()))


def dictionary(view: View) -> Figure:
    """Every number of the release by its name in the files, with its unit and definition."""
    asked = queries.dictionary(view.release)
    rows = tuple((Cell(f"{one['table_id']} / {one['measure_id']}"), Cell(one["question"]), Cell(one["label"]),
                  Cell(one["unit"]), Cell(one["definition"]), cell(one["cells"])) for one in asked.records())
    headers = ("Name in the files", "Question", "Number", "Unit", "Definition", "Cells with a number")
    return Figure("data.dictionary", "What does each number mean?",
                  text("Every measure has a definition. It stands beside the number too."),
                  Table("The measures, and how many numbers the release holds of each", headers, rows), (), (),
                  view.line("all periods"), view.provenance("quality.missing", asked))


def punctual(view: View) -> Figure:
    """Each release, the day it was due and the day it came out."""
    said = MEASURES["promise.punctual"]
    asked = queries.table(view.release, "releases")
    rows = asked.records()
    late = [row["release_id"] for row in rows if row["published_on"] > row["due_on"]]
    last = rows[-1] if rows else None
    answer = text("No release has come out yet.") if last is None else text(
        f"Release {last['release_id']} came out on {day(last['published_on'])}; it was due on {day(last['due_on'])}. ",
        f"Late so far: {', '.join(late)}." if late else "Every release was on time.")
    table = Table("Releases, when they were due and when they came out",
                  ("Release", "State", "Covers", "Due", "Came out", "On time?"), tuple(
        (Cell(row["release_id"]), Cell(row["state"]), Cell(f"{day(row['period_start'])} to {day(row['period_end'])}"),
         Cell(day(row["due_on"])), Cell(day(row["published_on"])),
         Cell("late" if row["release_id"] in late else "on time")) for row in rows))
    return Figure(said.id, said.question, answer, table, (), (), view.line("all releases"),
                  view.provenance(said.id, asked))
