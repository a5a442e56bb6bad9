"""What does it cost? The City's own amounts by quarter, with what they cover; not collected until it gives them."""

from portal.figures.council.explained import explained
from portal.figures.figure import Cell, Figure, Gap, RichText, Table
from portal.figures.gaps import awaited
from portal.figures.view import View, cell, say, sentences, stopped, text
from portal.language import t
from portal.release import queries

FIGURE = "service.cost"
CENTS = 2


def cost(view: View) -> Figure:
    """The newest amount of each quarter that the City has named."""
    title, answer = t("What does it cost, and who pays?"), queries.table(view.release, "costs")
    newest = {row["period_id"]: row for row in answer.records}  # a later release's row stands for an earlier one's
    rows = [newest[quarter.id] for quarter in view.of("quarter") if quarter.id in newest]
    provenance = explained(
        view, t("What the City says that the pilot cost in a quarter, in dollars, and what that covers."),
        t("A council that decides on hours asks what they cost."),
        t("It is the City’s own number, and this site has not checked it. Amounts that cover different things can't be"
          " compared."), "", answer)
    if not rows:
        why = t("The City has not said.")
        gap = Gap("not-collected", t("What it costs, and who pays"), why, t("The City publishing it."))
        return Figure(FIGURE, title, text(f"{why} {awaited(gap)}"), None, (gap,), (),
                      view.line(view.quarter.words if view.quarter else t("no period")), provenance,
                      headline=text(why.rstrip(".।")), sub=text(awaited(gap)))
    last = rows[-1]
    period = view.periods[last["period_id"]].words
    sentence = say("{amount} dollars from {period}", amount=cell(last["amount"], CENTS), period=period)
    answer_sentence = say("From {period}, it cost {amount} dollars.",
                          amount=cell(last["amount"], CENTS), period=period)
    words = stopped(t("The City’s words: {words}", words=f"{last['covers']} ({last['source']})"))
    table = Table(title, (t("Quarter"), t("Dollars"), t("What it covers"), t("Source")), tuple(
        (Cell(view.periods[row["period_id"]].words), cell(row["amount"], CENTS), Cell(row["covers"]),
         Cell(row["source"])) for row in rows))
    return Figure(FIGURE, title, sentences(answer_sentence, words), table, (), (), view.line(period), provenance,
                  headline=RichText(sentence), sub=RichText(words))
