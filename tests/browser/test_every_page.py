"""Every page as a visitor first gets it, loaded once for all these checks: nobody else asked, read aloud as it was
reviewed, printed on few sheets, and open to everyone; those with choices in both editions, which show the same.

That Streamlit shows the same as the plain edition on every page: tests/streamlit_site/test_pages.py. Each page is
audited by axe once, the pages of each edition in both themes and at both widths; `make access` audits the full product,
in every language.

`make trees` writes anew what a screen reader meets on each page, in order: read the difference as somebody who hears
it, then commit it.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise

import pikepdf
import pytest
from playwright.sync_api import Page

from portal.navigation import PAGES
from tests.browser.conftest import Contexts
from tests.browser.server import Server
from tests.browser.visit import (
    CLIPPED,
    EDITIONS,
    SHIFTS,
    SLUGS,
    SMALL,
    SPACED,
    against,
    errors,
    open_edition,
    resize,
    sideways,
    text_of,
    unfold,
)
from tests.conftest import SERVED
from tests.hostile.wire import until
from tests.source import ROOT

TREES = ROOT / "tests" / "browser" / "trees"
LONGEST = 60  # letters kept of a line of a tree: the words themselves are the matter of other tests
PARTS = """() => [...document.querySelectorAll(
    'h1, .lead, .card h2, .card .sub, .card table, .waits, .long')]
    .map(part => part.textContent.replace(/\\s+/g, ' ').trim())"""
HEADINGS = """() => [...document.querySelectorAll('.portal h1, .portal h2, .portal h3')]
    .filter(part => !part.closest('details:not([open])')).map(part => part.tagName + ' ' + part.textContent.trim())"""
# What has an edge, and has lost it.
WITHOUT_EDGE = """() => [...document.querySelectorAll('.portal :is(.made-up, .help, .helpline, .foot, .tile,'
        + ' .chosen, select, button, .card:not(.fold > .card))')]
    .filter(part => part.getBoundingClientRect().width && getComputedStyle(part).borderBlockStartStyle === 'none')
    .map(part => part.className || part.tagName)"""
STOPS = 20  # of the Tab key at most, between the skip link and the tools of the first card
CARDS_FIRST = [page.slug for page in PAGES if page.cards and not page.forms]
# How high a page is in pixels, and how many words it has that are not folded; the list of corrections has no limit.
LENGTH = """() => [document.documentElement.scrollHeight,
    document.querySelector('main').innerText.trim().split(/\\s+/).length]"""
TALLEST, MOST_WORDS = 6800, 1050
SHEETS = 3  # of paper, at most; the list of corrections has no limit
# Width and theme in which the pages of an edition are audited: the first takes the first of these, and so on in turn.
TURNS = ((320, "dark"), (1280, "light"), (320, "light"), (1280, "dark"))
IN_STREAMLIT = ("", "equity", "explore", "corrections", "accessibility")  # pages that are loaded in Streamlit, too
AUDITED = {"streamlit": IN_STREAMLIT, "plain": [slug for slug in SLUGS if slug not in IN_STREAMLIT]}
# What stays in sight and takes more than a quarter of the window at 400%.
COVERING = """() => [...document.querySelectorAll('.portal *, header *')].filter(part =>
    ['fixed', 'sticky'].includes(getComputedStyle(part).position) && part.getBoundingClientRect().height > 64)
    .map(part => `stands over the page: ${part.outerHTML.slice(0, 120)}`)"""


@dataclass(frozen=True)
class Visit:
    """A page that stands whole, with what happened until now: what it requested, and what the console shows."""

    page: Page
    requested: list[str]
    console: list[str]
    errors: list[str]


def visit(page: Page, server: Server, edition: str, slug: str) -> Visit:
    """Load a page and listen."""
    visited = Visit(page, [], [], errors(page))
    page.on("request", lambda request: visited.requested.append(request.url))
    page.on("websocket", lambda socket: visited.requested.append(socket.url))
    page.on("console", lambda message: visited.console.append(message.text))
    page.add_init_script(SHIFTS)
    open_edition(page, server.url, edition, slug)
    return visited


@pytest.fixture(scope="module", params=SLUGS, ids=lambda slug: slug or "overview")
def slug(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def visits(portal_server: Server, contexts: Contexts, slug: str) -> Iterator[dict[str, Visit]]:
    """The page, by edition. What changes it, even its size alone, comes last. Data names every release rendered.

    The browser holds Streamlit's own files from other tests: to compile them takes longer than to test the page.
    """
    if slug == "data":
        until(
            lambda: all(
                f'<option value="{release}"' in text_of(f"{portal_server.url}/plain/data") for release in SERVED
            ),
            240,
        )
    with contexts.opened() as open_page:
        yield {edition: visit(open_page(fresh=edition == "plain"), portal_server, edition, slug)
               for edition in EDITIONS if edition == "plain" or slug in IN_STREAMLIT}


def tree(page: Page) -> str:
    """The accessibility tree of a page, a line an element, without URLs and the server's port."""
    lines = re.sub(r"127\.0\.0\.1:\d+", "HOST", page.locator("body").aria_snapshot()).splitlines()
    return "\n".join(line[:LONGEST].rstrip() for line in lines if not line.strip().startswith("- /url:")) + "\n"


def test_both_editions_show_the_same_in_the_same_order_and_nothing_jumps(visits: dict[str, Visit]) -> None:
    shown = [(visited.page.evaluate(PARTS), visited.page.title()) for visited in visits.values()]
    assert len(shown[0][0]) >= 2
    assert shown[0] == shown[-1]
    assert max(visited.page.evaluate("() => window.shifted") for visited in visits.values()) < 0.1


def test_headings_go_down_step_by_step_and_are_the_same_in_both_editions(visits: dict[str, Visit]) -> None:
    found = [visited.page.evaluate(HEADINGS) for visited in visits.values()]
    assert found[0] == found[-1]
    levels = [int(row[1]) for row in found[0]]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert len(set(found[0])) == len(found[0]), "two headings are the same"


def test_a_page_is_read_aloud_as_it_was_reviewed(visits: dict[str, Visit], slug: str) -> None:
    recorded, heard = TREES / f"{slug or 'overview'}.yml", tree(visits["plain"].page)
    if os.environ.get("TREES") == "write":
        TREES.mkdir(exist_ok=True)
        recorded.write_text(heard, encoding="utf-8")
    assert heard == recorded.read_text(encoding="utf-8"), "If it is meant: make trees, and read the difference"


def test_a_page_asks_nobody_else_keeps_one_cookie_and_needs_nothing_that_is_forbidden(
        portal_server: Server, visits: dict[str, Visit]) -> None:
    for edition, visited in visits.items():
        requests_only_the_portal(visited, portal_server.url.partition("://")[2])
        assert edition == "streamlit" or visited.page.evaluate("() => localStorage.length + sessionStorage.length") == 0


def requests_only_the_portal(visited: Visit, host: str) -> None:
    requested = [url.partition("://") for url in visited.requested]
    assert host in {rest.partition("/")[0] for _, _, rest in requested}
    assert not [parts for parts in requested
                if parts[0] in {"http", "https", "ws", "wss"} and not parts[2].startswith(f"{host}/")]
    assert not [text for text in visited.console if "Content Security Policy" in text]
    assert {cookie["name"] for cookie in visited.page.context.cookies()} <= {"_streamlit_xsrf"}


def test_a_page_is_printed_on_three_sheets(visits: dict[str, Visit], slug: str) -> None:
    with pikepdf.open(BytesIO(visits["plain"].page.pdf(format="Letter"))) as printed:
        assert 1 <= len(printed.pages) <= (1000 if slug == "corrections" else SHEETS)


def tab_into_tools(page: Page) -> bool:
    """Press Tab; whether the focus is then among a card's tools."""
    page.keyboard.press("Tab")
    return bool(page.evaluate("() => Boolean(document.activeElement?.closest('.tools'))"))


def test_the_first_card_s_tools_are_twenty_stops_behind_the_skip_link(visits: dict[str, Visit], slug: str) -> None:
    for visited in visits.values():
        resize(visited.page, 390, "")
        visited.page.locator("a.skip").first.focus()
        visited.page.keyboard.press("Enter")
        visited.page.wait_for_function("() => document.activeElement.matches('h1, main, #stMain')")
        reached = any(tab_into_tools(visited.page) for _ in range(STOPS + 1))
        assert reached or slug not in CARDS_FIRST


def test_a_page_is_as_short_on_a_phone_as_was_aimed_at(visits: dict[str, Visit], slug: str) -> None:
    page = visits["plain"].page
    resize(page, 390, "")
    height, words = page.evaluate(LENGTH)
    assert slug == "corrections" or (height <= TALLEST and words <= MOST_WORDS)


def test_colours_of_the_readers_own_lose_no_edge(visits: dict[str, Visit]) -> None:
    page = visits["plain"].page
    page.emulate_media(forced_colors="active")
    resize(page, 320, "")
    bare = page.evaluate(WITHOUT_EDGE)
    page.locator("a, select").first.focus()
    page.keyboard.press("Tab")
    outline = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
    page.emulate_media(forced_colors="none")
    assert page.locator(".foot").count()
    assert not bare
    assert outline != "none"


def test_each_edition_is_audited_in_both_themes_at_both_widths() -> None:
    assert min(map(len, AUDITED.values())) >= len(TURNS)
    assert {*IN_STREAMLIT} < {*SLUGS}


def test_a_page_is_open_to_everyone(visits: dict[str, Visit], slug: str) -> None:
    found = [f"{edition}: {finding}" for edition, visited in visits.items()
             for finding in findings_on(visited, edition, slug)]
    assert not found, "\n".join(found)


def findings_on(visited: Visit, edition: str, slug: str) -> list[str]:
    page, found = visited.page, list[str]()
    unfold(page)
    assert page.locator("h1").count() == 1
    if slug in AUDITED[edition]:
        width, theme = TURNS[AUDITED[edition].index(slug) % len(TURNS)]
        resize(page, width, theme)
        found += against(page, f"{width} {theme}")
    for wide in (1280, 640, 320):  # 640 and 320: 1280 at 200% and at 400%
        resize(page, wide, "", height=wide * 4 // 5)
        found += sideways(page, wide, str(wide)) + page.evaluate(CLIPPED)
    found += page.evaluate(COVERING) + page.evaluate(SMALL)
    page.evaluate(SPACED)
    found += sideways(page, 320, "text spacing") + page.evaluate(CLIPPED)
    return found + visited.errors
