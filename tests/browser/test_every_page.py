"""Every page as a first visitor gets it, loaded once in each edition for all these looks: the same in both, nobody else
asked, read aloud as it was reviewed, and open to everyone.

`make trees` writes anew what a screen reader meets on each page, in order: read the difference as somebody who hears
it, then commit it.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import pytest
from playwright.sync_api import Page

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
    opened,
    seen,
    sideways,
    text_of,
    unfold,
)
from tests.conftest import NEWEST
from tests.hostile.wire import until
from tests.source import ROOT

TREES = ROOT / "tests" / "browser" / "trees"
LONGEST = 60  # letters kept of a line of a tree: the words themselves are the matter of other tests
PARTS = """() => [...document.querySelectorAll(
    'h1, .lead, .card h2, .card .sub, .card table, .waits, .long')]
    .map(one => one.textContent.replace(/\\s+/g, ' ').trim())"""
HEADINGS = """() => [...document.querySelectorAll('.portal h1, .portal h2, .portal h3')]
    .filter(one => !one.closest('details:not([open])')).map(one => one.tagName + ' ' + one.textContent.trim())"""


@dataclass(frozen=True)
class Look:
    """A page that stands, with what happened until now: what it asked for, and what the browser said of it."""

    page: Page
    asked: list[str]
    said: list[str]
    errors: list[str]


def look(page: Page, server: Server, edition: str, slug: str) -> Look:
    """Load a page and listen."""
    one = Look(page, [], [], errors(page))
    page.on("request", lambda request: one.asked.append(request.url))
    page.on("websocket", lambda socket: one.asked.append(socket.url))
    page.on("console", lambda said: one.said.append(said.text))
    page.add_init_script(SHIFTS)
    opened(page, server.url, edition, slug)
    return one


@pytest.fixture(scope="module", params=SLUGS, ids=lambda slug: slug or "overview")
def slug(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def looks(portal_server: Server, contexts: Contexts, slug: str) -> Iterator[dict[str, Look]]:
    """The page in each edition. Only the last test below changes it. Data names every release that is rendered."""
    if slug == "data":
        until(
            lambda: all(
                f'<option value="{release}"' in text_of(f"{portal_server.url}/plain/data") for release in NEWEST
            ),
            240,
        )
    if slug == "explore":  # what can be explored is rendered after the first period's figures
        until(lambda: "choose several" in text_of(f"{portal_server.url}/plain/explore"), 240)
    with contexts.opened() as open_page:
        yield {edition: look(open_page(fresh=True), portal_server, edition, slug) for edition in EDITIONS}


def tree(page: Page) -> str:
    """The accessibility tree of a page, a line an element, without addresses and the server's port."""
    lines = re.sub(r"127\.0\.0\.1:\d+", "HOST", page.locator("body").aria_snapshot()).splitlines()
    return "\n".join(line[:LONGEST].rstrip() for line in lines if not line.strip().startswith("- /url:")) + "\n"


def test_both_editions_show_the_same_in_the_same_order_and_nothing_jumps(looks: dict[str, Look]) -> None:
    shown = {edition: (one.page.evaluate(PARTS), one.page.title()) for edition, one in looks.items()}
    assert len(shown["plain"][0]) >= 2
    assert shown["plain"] == shown["streamlit"]
    assert max(look_.page.evaluate("() => window.shifted") for look_ in looks.values()) < 0.1


def test_headings_go_down_step_by_step_and_are_the_same_in_both_editions(looks: dict[str, Look]) -> None:
    found = {edition: one.page.evaluate(HEADINGS) for edition, one in looks.items()}
    assert found["plain"] == found["streamlit"]
    levels = [int(row[1]) for row in found["plain"]]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert len(set(found["plain"])) == len(found["plain"]), "two headings are the same"


def test_a_page_is_read_aloud_as_it_was_reviewed(looks: dict[str, Look], slug: str) -> None:
    kept, heard = TREES / f"{slug or 'overview'}.yml", tree(looks["plain"].page)
    if os.environ.get("TREES") == "write":
        TREES.mkdir(exist_ok=True)
        kept.write_text(heard, encoding="utf-8")
    assert heard == kept.read_text(encoding="utf-8"), "If it is meant: make trees, and read the difference"


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_page_asks_nobody_else_keeps_one_cookie_and_needs_nothing_that_is_forbidden(
        portal_server: Server, looks: dict[str, Look], edition: str) -> None:
    one, here = looks[edition], portal_server.url.partition("://")[2]
    asked = [address.partition("://") for address in one.asked]
    assert here in {rest.partition("/")[0] for _, _, rest in asked}
    assert not [parts for parts in asked
                if parts[0] in {"http", "https", "ws", "wss"} and not parts[2].startswith(f"{here}/")]
    assert not [text for text in one.said if "Content Security Policy" in text]
    assert {cookie["name"] for cookie in one.page.context.cookies()} <= {"_streamlit_xsrf"}
    assert edition == "streamlit" or one.page.evaluate("() => localStorage.length + sessionStorage.length") == 0


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_page_is_open_to_everyone(portal_server: Server, looks: dict[str, Look], edition: str) -> None:
    page = looks[edition].page
    unfold(page)
    assert page.locator("h1").count() == 1
    found = against(page, "1280 light") + sideways(page, 1280, "1280")
    seen(page, 320, "dark")
    found += against(page, "320 dark") if edition == "plain" else []
    found += sideways(page, 320, "320") + page.evaluate(SMALL)
    page.evaluate(SPACED)
    found += sideways(page, 320, "text spacing") + page.evaluate(CLIPPED)
    found += looks[edition].errors
    assert not found, "\n".join(found)
