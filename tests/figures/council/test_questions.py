"""The questions councils ask: their states are true of what is shown, and an answer follows its figure."""

import pytest

from portal.figures import FIGURES, build
from portal.language import LANGUAGES, override_language
from portal.release.store import Release
from portal.texts import LETTERS, Question, council_questions, shortened

QUESTIONS = council_questions()


def answers(release: Release) -> dict[str, str]:
    table = build(release, "council.questions").table
    assert table
    return {question.id: row[1].text for question, row in zip(QUESTIONS, table.rows, strict=True)}


@pytest.mark.parametrize("question", QUESTIONS, ids=[question.id for question in QUESTIONS])
def test_a_state_is_true_of_the_newest_release(question: Question, zoo: dict[str, Release]) -> None:
    cited = build(zoo["shipped 2027-Q3"], question.figure) if question.figure else None
    number = cited is not None and bool(cited.table or cited.answer.numbers)
    assert number == (question.state in ("number", "partly"))
    assert bool(question.gap) == (question.state in ("partly", "awaited")) or question.state == "not_shown"
    assert question.gap or question.figure, "neither a figure nor what is missing"
    assert not question.figure or question.figure in FIGURES


def test_all_that_councils_asked_is_there_and_most_has_a_number() -> None:
    assert len(QUESTIONS) == len({question.id for question in QUESTIONS}) == 25
    assert sum(question.state in ("number", "partly") for question in QUESTIONS) >= 15


@pytest.mark.parametrize(
    "question", [question for question in QUESTIONS if question.state == "awaited"], ids=lambda question: question.id
)
def test_what_is_awaited_says_of_whom(question: Question) -> None:
    assert "the City" in question.gap


def test_an_answer_follows_its_figure(zoo: dict[str, Release]) -> None:
    early, late = answers(zoo["shipped 2026-Q3"]), answers(zoo["shipped 2027-Q3"])
    assert "660 crisis calls" in early["need-reached"] and "2,038 crisis calls" in late["need-reached"]
    for question in QUESTIONS:
        if question.figure:
            figure = build(zoo["shipped 2027-Q3"], question.figure)
            assert late[question.id].startswith(shortened(figure.answer.plain))


def test_the_headline_counts_what_has_a_number_in_the_release_that_is_shown(zoo: dict[str, Release]) -> None:
    said = {}
    for name in ("shipped 2026-Q2", "shipped 2026-Q4", "shipped 2027-Q3", "nothing of the team"):
        cited = [build(zoo[name], question.figure) for question in QUESTIONS if question.figure]
        said[name] = sum(figure.shown or bool(figure.answer.numbers) for figure in cited)
        figure = build(zoo[name], "council.questions")
        assert figure.headline.plain.startswith(f"{said[name]} of 25 questions that councils ask "), name
        assert f" {said[name]} of them ha" in figure.answer.plain
    assert said["shipped 2026-Q2"] == 2 and said["shipped 2027-Q3"] == 17


def test_a_long_answer_ends_with_a_whole_sentence() -> None:
    long = " ".join(f"This is sentence {at}." for at in range(40))
    assert shortened(long).endswith(".") and len(shortened(long)) <= LETTERS
    assert shortened("One.") == "One." and shortened("x" * 400 + ".") == "x" * 400 + "."


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_questions_and_gaps_are_translated(language: str, zoo: dict[str, Release]) -> None:
    with override_language(language):
        table = build(zoo["shipped 2027-Q3"], "council.questions").table
    assert table
    for question, row in zip(QUESTIONS, table.rows, strict=True):
        assert row[0].text != question.question and (not question.gap or question.gap not in row[1].text)
