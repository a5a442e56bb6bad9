"""When will we know? A stated change, the time it takes with and without a goal, and "practically never"."""

import pytest

from portal.figures import build
from portal.language import LANGUAGES, override_language
from portal.release.store import Release


def rows(release: Release) -> dict[str, list[str]]:
    table = build(release, "change.when_known").table
    return {row[0].text: [cell.text for cell in row[1:]] for row in table.rows} if table else {}


def test_each_number_says_what_can_tell_its_change(zoo: dict[str, Release]) -> None:
    figure = build(zoo["shipped 2027-Q3"], "change.when_known")
    answer = figure.answer.plain
    assert "Share the team went to, while on duty: comparing years finds a change from 72% to 92%." in answer
    assert "Arrests: a change from 1.2% to 0.6% can practically never be seen at this size." in answer
    assert ("Referral accepted: comparing years cannot show a change from 48% to 68%. Against a goal set beforehand "
            "it could be seen after about 5 quarters.") in answer
    assert rows(zoo["shipped 2027-Q3"])["Arrests"] == ["17 a quarter", "from 1.2% to 0.6%", *["practically never"] * 2]
    assert rows(zoo["shipped 2027-Q3"])["A resident hurt"][1:] == ["from 2.3% to 1.2%", "practically never", "18 years"]
    assert "99%" in figure.provenance.method and figure.provenance.queries


def test_none_at_all_says_what_that_can_mean(zoo: dict[str, Release]) -> None:
    answer = build(zoo["many"], "change.when_known").answer.plain
    assert "Arrests: none in " in answer and "The true share may still be up to " in answer


def test_more_responses_are_known_sooner(zoo: dict[str, Release]) -> None:
    few, many = (rows(zoo[name])["Responses"] for name in ("shipped 2026-Q3", "many"))
    assert few[3] == "3 quarters" and many[3] == "1 quarter"


@pytest.mark.parametrize("name", ["one response", "no response", "one call", "little collected", "nothing of the team"])
def test_with_little_or_nothing_it_still_answers(name: str, zoo: dict[str, Release]) -> None:
    assert build(zoo[name], "change.when_known").answer.plain.endswith(".")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_stated_in_every_language(language: str, zoo: dict[str, Release]) -> None:
    with override_language(language):
        answer = build(zoo["shipped 2027-Q3"], "change.when_known").answer.plain
        assert language == "en" or "goal" not in answer
