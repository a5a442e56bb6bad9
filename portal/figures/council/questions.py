"""The questions councils ask: each answered by its figure, or with whose word is awaited or why it is not shown."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from portal.figures.council.explained import explained
from portal.figures.figure import Cell, Figure, Table
from portal.figures.view import View, say, sentences, text
from portal.language import number, t
from portal.settings import ROOT

FIGURE = "council.questions"
QUESTIONS = ROOT / "content" / "questions.toml"
LETTERS = 280  # of an answer; the figure itself says all of it
State = Literal["number", "partly", "awaited", "not_shown"]
Builder = Callable[[View], Figure]


@dataclass(frozen=True)
class Question:
    """A question of a council: the figure that answers it ("": none), and what is missing ("": nothing), in English."""

    id: str
    question: str
    state: State
    figure: str = ""
    gap: str = ""


@cache
def council_questions() -> tuple[Question, ...]:
    """The questions of content/questions.toml, in its order."""
    return tuple(Question(**row) for row in tomllib.loads(QUESTIONS.read_text("utf-8"))["question"])


def shortened(answer: str) -> str:
    """The first sentences of an answer, so many as LETTERS hold; one at least."""
    parts = re.split(r"(?<=[.।?!]) ", answer)
    said = parts[0]
    for part in parts[1:]:
        if len(said) + len(part) >= LETTERS:
            break
        said += f" {part}"
    return said


def questions(figures: Mapping[str, Builder]) -> Builder:
    """The builder of all questions with their answers; `figures` are those that may be cited."""
    def row(question: Question, view: View) -> tuple[Cell, ...]:
        cited = figures[question.figure](view) if question.figure else None
        answer = [shortened(cited.answer.plain)] if cited else []
        answer += [t(question.gap)] if question.gap else []
        return Cell(t(question.question)), Cell(" ".join(answer)), Cell(cited.title if cited else t("no figure"))

    def build(view: View) -> Figure:
        asked = council_questions()
        known = sum(one.state in ("number", "partly") for one in asked)
        table = Table(t("What councils ask of such a program, and what can be said"),
                      (t("Question"), t("Answer"), t("Figure")), tuple(row(one, view) for one in asked))
        answer = sentences(
            say("Councils elsewhere have asked {n} questions of such programs.", n=number(len(asked))),
            say("{known} of them have a number here, at least in part.", known=number(known)),
            say("Of the others, the answer says whose word is awaited, or why it is not shown."))
        words = view.quarter.words if view.quarter else t("no period")
        return Figure(FIGURE, t("What do councils ask?"), answer, table, (), (), view.line(words),
                      explained(view, t("Questions that councils elsewhere asked of such programs, with what this site"
                                        " can say."),
                                t("It also shows what cannot be said, and who could say it."),
                                t("An answer may be shortened; its figure says all of it."), ""),
                      headline=text(t("{known} of {n} questions that councils ask have a number here",
                                      known=number(known), n=number(len(asked)))))
    return build
