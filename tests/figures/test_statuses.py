"""Each status is said in words on a page, in every language: published, zero, not shown, not collected, waiting for
more, break in the series; and no cell of a table is a blank.
"""

import re
from collections.abc import Callable

import pytest

from portal.figures import build
from portal.language import LANGUAGES, number, override_language, t
from portal.navigation import PAGES
from portal.release import queries
from portal.release.store import Release
from portal.render import markup
from portal.render.citation import citation

Words = Callable[[Release], str]


def shown(module: str, release: Release, quarter: str | None) -> dict[str, str]:
    """What the figures of a page say, by their id: the text of their cards, also of the tables that are folded up."""
    page = next(page for page in PAGES if page.id == module)
    cards = {figure: build(release, figure, quarter) for figure in page.figures}
    return {one: " ".join(re.sub(r"<[^>]+>", " ", markup.figure(card, {}, citation(card, "2027-11-12", quarter or ""))
                                 ).split()) for one, card in cards.items()}


def calls(release: Release) -> str:
    """The number of crisis calls of the newest quarter, as a reader sees it."""
    rows = queries.series(release, "demand.received", "quarter", ["calls"]).rows
    return number(rows[-1][1])


# What is looked for: the status, the release, the page and the figure that show it, the quarter, and the words.
STATUSES: tuple[tuple[str, str, str, str, str | None, Words], ...] = (
    ("published", "shipped 2027-Q3", "calls", "demand.received", None, calls),
    ("zero", "shipped 2027-Q3", "outcomes", "outcome.conduct", "2027-Q2", lambda _: "0"),
    ("zero", "no response", "calls", "response.met", None, lambda _: "0"),
    ("suppressed", "shipped 2027-Q3", "outcomes", "outcome.detail", None,
     lambda _: t("To protect privacy: a group in it is too small to show.").rstrip(".।")),
    ("not collected", "shipped 2027-Q3", "outcomes", "experience.survey", None,
     lambda _: t("Nobody has asked them.").rstrip(".।")),
    ("not collected", "little collected", "outcomes", "outcome.kind", None,
     lambda _: t("The City’s records do not hold it.").rstrip(".।")),
    ("not due", "one response", "outcomes", "outcome.conduct", None,
     lambda _: t("{have} of {need} responses are in.", have=1, need=40).rstrip(".।")),
    ("break in the series", "break", "calls", "demand.received", None, lambda _: t("New call types").lower()),
    ("break in the series", "break", "equity", "equity.people", None, lambda _: t("New form").lower()),
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("status", "name", "module", "figure", "quarter", "words"), STATUSES,
                         ids=[f"{status[0]} on {status[2]}: {status[3]}" for status in STATUSES])
def test_a_status_is_shown_on_its_page(status: str, name: str, module: str, figure: str, quarter: str | None,
                                      words: Words, language: str, zoo: dict[str, Release]) -> None:
    with override_language(language):
        said = shown(module, zoo[name], quarter)[figure]
        assert re.search(rf"(?<!\w){re.escape(words(zoo[name]))}(?!\w)", said, re.IGNORECASE), status


@pytest.mark.parametrize("module", [page.id for page in PAGES])
def test_no_cell_of_a_table_is_blank_or_a_dash(module: str, zoo: dict[str, Release]) -> None:
    page = next(page for page in PAGES if page.id == module)
    for name in ("shipped 2027-Q3", "little collected", "no response", "break"):
        for figure in page.figures:
            table = build(zoo[name], figure).table
            if table:
                assert all(cell.text.strip(" –—-") for row in table.rows for cell in row), (name, figure)
