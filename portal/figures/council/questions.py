"""The questions councils ask: each answered by its figure, or with whose word is awaited or why it is not shown."""

from collections.abc import Mapping

from portal.figures.council.explained import explained
from portal.figures.figure import Cell, Figure, Table
from portal.figures.view import FigureFunction, View, say, sentences, text
from portal.language import n, number, t
from portal.texts import Question, council_questions, shortened

FIGURE = "council.questions"


def has_number(cited: Figure | None) -> bool:
    """Whether the figure that answers a question holds a number in the release that is shown."""
    return cited is not None and bool(cited.shown or cited.answer.numbers)


def _row(question: Question, cited: Figure | None) -> tuple[Cell, ...]:
    """A question with the answer of its figure, and what is missing."""
    answer = [shortened(cited.answer.plain)] if cited else []
    answer += [t(question.gap)] if question.gap else []
    return Cell(t(question.question)), Cell(" ".join(answer)), Cell(cited.title if cited else t("no figure"))


def questions(figures: Mapping[str, FigureFunction]) -> FigureFunction:
    """The builder of all questions with their answers. `figures`: the builders of the figures that answer them."""
    def cited(question: Question, view: View) -> Figure | None:
        return figures[question.figure](view) if question.figure else None

    def build(view: View) -> Figure:
        answers = [(question, cited(question, view)) for question in council_questions()]
        answered = sum(has_number(figure) for _, figure in answers)
        table = Table(t("What councils ask of such a program, and what can be said"),
                      (t("Question"), t("Answer"), t("Figure")), tuple(_row(*answer) for answer in answers))
        answer = sentences(
            say("Councils elsewhere have asked {n} questions of such programs.", n=number(len(answers))),
            (n("{n} of them has a number here, at least in part.", "{n} of them have a number here, at least in part.",
               answered, n=number(answered)),),
            say("Of the others, the answer says whose word is awaited, or why it is not shown."))
        words = view.quarter.words if view.quarter else t("no period")
        return Figure(FIGURE, t("What do councils ask?"), answer, table, (), (), view.line(words),
                      explained(view, t("Questions that councils elsewhere asked of such programs, with what this site"
                                        " can say."),
                                t("It also shows what cannot be said, and who could say it."),
                                t("An answer may be shortened; its figure says all of it."), ""),
                      headline=text(n("{known} of {n} questions that councils ask has a number here",
                                      "{known} of {n} questions that councils ask have a number here", answered,
                                      known=number(answered), n=number(len(answers)))))
    return build
