"""When an arrest was possible, how often was none made? Counts of three runs together, never a share alone."""

from portal.figures.decisions.arrests import not_arrested
from portal.figures.figure import Cell, Figure, Table, Text
from portal.figures.gaps import absent, gaps
from portal.figures.spans import closed, main, opened
from portal.figures.view import View, cell, say, say_count, sentences, wording
from portal.language import number, t
from portal.release import queries

MEASURE, POSSIBLE = "outcome.arrest_possible", "possible"


def possible(view: View) -> Figure:
    """Responses in which the law would have allowed an arrest: the number with an arrest and the number without."""
    texts, span = wording(MEASURE), main(view, MEASURE)
    groups = queries.breakdown(view.release, MEASURE, span.id if span else "", "responses")
    without_arrest = next((row[1] for row in groups.rows if row[0] == POSSIBLE), None)
    if span is None or without_arrest is None:
        return absent(view, MEASURE)
    periods = closed(view, MEASURE) if span.total else [view.periods[span.id]]
    start, end = periods[0].start, periods[-1].end
    runs = [run.id for run in closed(view, "outcome.arrest") if start <= run.start and run.end <= end]
    arrested = queries.sums(view.release, {"arrests": ("outcome.arrest", "arrests", "")}, runs)
    arrests = arrested.rows[0][0]
    if arrests is None:
        return absent(view, MEASURE)
    share = not_arrested(arrests, without_arrest)
    answer = sentences(
        say_count("{when}, in {n} response without an arrest the law would have allowed one.",
                  "{when}, in {n} responses without an arrest the law would have allowed one.", without_arrest,
                  when=span.opening),
        say_count("In {n} more response an arrest was made.", "In {n} more responses an arrest was made.", arrests),
        say("Nobody can tell in how many one would have been made without the team."))
    rows = [(Cell(t("An arrest was possible, none was made")), cell(without_arrest)),
            (Cell(t("An arrest was made")), cell(arrests))]
    if share:
        rows.append((Cell(t("Of these, without an arrest (95% interval)")), Cell(t(
            "{share}% (from {low}% to {high}%)", share=number(round(100 * share.value)),
            low=number(round(100 * share.low)), high=number(round(100 * share.high))))))
    table = Table(texts.question, (t("What"), t("Responses")), tuple(rows))
    return Figure(MEASURE, texts.question, answer, table, gaps(view, MEASURE), (),
                  view.line(span.words),
                  view.provenance(MEASURE, groups, arrested, queries.states(view.release, MEASURE)),
                  headline=Text(say_count("In {n} response an arrest was possible; in {arrests} one was made",
                                          "In {n} responses an arrest was possible; in {arrests} one was made",
                                          without_arrest + arrests, arrests=cell(arrests))), sub=opened(span))
