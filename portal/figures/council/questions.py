"""The questions councils ask: each answered by its figure, or with whose word is awaited or why it is not shown."""

from collections.abc import Callable, Mapping

from portal.figures.council.explained import explained
from portal.figures.figure import Cell, Figure, Table
from portal.figures.view import View, say, sentences, text
from portal.language import number, t
from portal.texts import Question, council_questions, shortened

FIGURE = "council.questions"
Builder = Callable[[View], Figure]


def questions(figures: Mapping[str, Builder]) -> Builder:
    """The builder of all questions with their answers. `figures`: the builders of the figures that answer them."""
    def row(question: Question, view: View) -> tuple[Cell, ...]:
        cited = figures[question.figure](view) if question.figure else None
        answer = [shortened(cited.answer.plain)] if cited else []
        answer += [t(question.gap)] if question.gap else []
        return Cell(t(question.question)), Cell(" ".join(answer)), Cell(cited.title if cited else t("no figure"))

    def build(view: View) -> Figure:
        listed = council_questions()
        answered = sum(question.state in ("number", "partly") for question in listed)
        table = Table(t("What councils ask of such a program, and what can be said"),
                      (t("Question"), t("Answer"), t("Figure")), tuple(row(question, view) for question in listed))
        answer = sentences(
            say("Councils elsewhere have asked {n} questions of such programs.", n=number(len(listed))),
            say("{known} of them have a number here, at least in part.", known=number(answered)),
            say("Of the others, the answer says whose word is awaited, or why it is not shown."))
        words = view.quarter.words if view.quarter else t("no period")
        return Figure(FIGURE, t("What do councils ask?"), answer, table, (), (), view.line(words),
                      explained(view, t("Questions that councils elsewhere asked of such programs, with what this site"
                                        " can say."),
                                t("It also shows what cannot be said, and who could say it."),
                                t("An answer may be shortened; its figure says all of it."), ""),
                      headline=text(t("{known} of {n} questions that councils ask have a number here",
                                      known=number(answered), n=number(len(listed)))))
    return build
