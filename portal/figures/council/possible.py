"""When an arrest was possible, how often was none made? Counts of three runs together, never a share alone."""

from dataclasses import dataclass

from portal.figures.decisions.arrests import not_arrested
from portal.figures.figure import Beside, Cell, Figure, RichText, Table
from portal.figures.gaps import absent, gaps
from portal.figures.spans import Span, closed, main, opened
from portal.figures.view import View, cell, say, say_count, sentences, text, wording
from portal.language import number, t
from portal.release import queries
from portal.release.queries import Answer

MEASURE, POSSIBLE = "outcome.arrest_possible", "possible"


@dataclass(frozen=True)
class PossibleArrests:
    """Responses of one time in which the law would have allowed an arrest: `without` one, and with one."""

    span: Span
    without: float
    arrests: float
    answers: tuple[Answer, ...]


def possible_arrests(view: View) -> PossibleArrests | None:
    """The responses in which an arrest was possible; None where their number, or that of the arrests of the same time,
    is not shown.
    """
    span = main(view, MEASURE)
    groups = queries.breakdown(view.release, MEASURE, span.id if span else "", "responses")
    without = next((row[1] for row in groups.rows if row[0] == POSSIBLE), None)
    if span is None or without is None:
        return None
    periods = closed(view, MEASURE) if span.total else [view.periods[span.id]]
    start, end = periods[0].start, periods[-1].end
    runs = [run.id for run in closed(view, "outcome.arrest") if start <= run.start and run.end <= end]
    arrested = queries.sums(view.release, {"arrests": ("outcome.arrest", "arrests", "")}, runs)
    arrests = arrested.rows[0][0]
    return None if arrests is None else PossibleArrests(span, without, arrests, (groups, arrested))


def beside_arrests(view: View, found: PossibleArrests | None) -> Beside:
    """What the number of arrests does not say: in how many responses one was possible, or that this is not known."""
    avoided = say("No arrest does not mean that an arrest was avoided.")
    if found is None:
        unknown = () if view.collected(MEASURE) else say("The records do not say whether one was possible.")
        return Beside(t("What it does not say"), sentences(avoided, unknown))
    return Beside(
        t("When an arrest was possible, {period}", period=found.span.words),
        sentences(say("In {arrests} an arrest was made, in {without} none.", arrests=cell(found.arrests),
                      without=cell(found.without)), avoided))


def possible(view: View) -> Figure:
    """Responses in which the law would have allowed an arrest: the number with an arrest and the number without."""
    texts, found = wording(MEASURE), possible_arrests(view)
    if found is None:
        return absent(view, MEASURE)
    answer = sentences(
        say_count("{when}, in {n} response without an arrest the law would have allowed one.",
                  "{when}, in {n} responses without an arrest the law would have allowed one.", found.without,
                  when=found.span.opening),
        say_count("In {n} more response an arrest was made.", "In {n} more responses an arrest was made.",
                  found.arrests),
        say("Nobody can tell in how many one would have been made without the team."))
    return Figure(MEASURE, texts.question, answer, _table(texts.question, found), gaps(view, MEASURE), (),
                  view.line(found.span.words),
                  view.provenance(MEASURE, *found.answers, queries.states(view.release, MEASURE)),
                  headline=RichText(say_count(
                      "In {n} response an arrest was possible and not made; in {arrests} it was made",
                      "In {n} responses an arrest was possible and not made; in {arrests} it was made",
                      found.without, arrests=cell(found.arrests))),
                  sub=opened(found.span, text(t(
                      "Nobody can tell in how many one would have been made without the team."))))


def _table(question: str, found: PossibleArrests) -> Table:
    """Both counts, and of their sum the share without an arrest, with its interval."""
    rows = [(Cell(t("An arrest was possible, none was made")), cell(found.without)),
            (Cell(t("An arrest was made")), cell(found.arrests))]
    share = not_arrested(found.arrests, found.without)
    if share:
        rows.append((Cell(t("Of these, without an arrest (95% interval)")), Cell(t(
            "{share}% (from {low}% to {high}%)", share=number(round(100 * share.value)),
            low=number(round(100 * share.low)), high=number(round(100 * share.high))))))
    return Table(question, (t("What"), t("Responses")), tuple(rows))
