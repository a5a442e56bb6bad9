"""The ten tasks of a visitor, by keyboard alone on a phone's width: in the plain edition without JavaScript, and in
Streamlit. Every stop shows that it has the focus, and none keeps it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from portal.language import LANGUAGES
from tests.browser.conftest import NewPage
from tests.browser.server import Server
from tests.browser.visit import EDITIONS, open_edition, wait_until_drawn

# What has the focus: its name as read aloud, behind that of a group it is in, and
# whether that can be seen; in Streamlit's widgets the focus is shown on
# an element around it. Null where the browser's own bar has it.
FOCUSED = """() => { const element = document.activeElement;
    if (!element || element === document.body) return null;
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    const around = [element, element.parentElement, element.parentElement?.parentElement].map(each =>
        getComputedStyle(each));
    const label = element.labels?.[0]?.textContent ?? '';
    const group = element.closest('[role=group]')?.getAttribute('aria-label') ?? '';
    return {name: [group, element.getAttribute('aria-label') ?? '', label, element.textContent].join(' ')
                .replace(/\\s+/g, ' ').trim(),
            seen: around.some(each => each.outlineStyle !== 'none' || each.boxShadow !== 'none')
                || style.borderColor !== '' && element.matches('input'),
            shown: box.right > 0 && box.left < innerWidth, tag: element.tagName} }"""
MOST = 260  # stops on the longest page


@dataclass
class Keys:
    """A visitor who has a keyboard and nothing else."""

    page: Page
    edition: str

    def tab_to(self, name: str, tag: str = "") -> None:
        """Press Tab until the focus is on something of this name; each stop on the way shows that it has it."""
        passed: list[str] = []
        for _ in range(MOST):
            self.page.keyboard.press("Tab")
            focused = self.page.evaluate(FOCUSED)
            if focused is None:
                continue  # the browser's own bar, between the last stop and the first
            assert focused["seen"], f"the focus can't be seen on {focused['name']!r}"
            assert focused["shown"], f"the focus is outside of the window on {focused['name']!r}"
            passed.append(focused["name"])
            assert len(passed) < 4 or len(set(passed[-4:])) > 1, f"{focused['name']!r} keeps the focus"
            if re.search(name, focused["name"]) and (not tag or focused["tag"] == tag):
                return
        raise AssertionError(f"{name!r} is not reached by Tab, only: {passed}")

    def follow(self, name: str) -> None:
        """Go to a link by Tab, and follow it."""
        self.tab_to(name, "A")
        with self.page.expect_navigation(wait_until="load"):
            self.page.keyboard.press("Enter")
        wait_until_drawn(self.page, self.edition)

    def go(self, page: str) -> None:
        """From the top of any page to another: All pages, then its name."""
        self.tab_to("^All pages$")
        self.page.keyboard.press("Enter")
        self.follow(f"^{page}$")

    def unfold(self, name: str) -> None:
        """Open a folded part."""
        self.tab_to(name, "SUMMARY")
        self.page.keyboard.press("Enter")

    def text(self, selector: str) -> str:
        """What stands there."""
        return self.page.locator(selector).first.inner_text()


def visitor(server: Server, new_page: NewPage, edition: str, fresh: bool = False) -> Keys:
    page = new_page(width=320, height=640, javascript=edition != "plain", fresh=fresh)
    open_edition(page, server.url, edition, "")
    return Keys(page, edition)


@pytest.fixture(params=EDITIONS)
def keys(request: pytest.FixtureRequest, portal_server: Server, new_page: NewPage) -> Keys:
    return visitor(portal_server, new_page, str(request.param))


@contextmanager
def downloaded(page: Page, ending: str) -> Iterator[None]:
    """What is done inside brings a file of this name."""
    with page.expect_download() as waited:
        yield
    assert waited.value.suggested_filename.endswith(ending)
    waited.value.cancel()


def test_1_how_often_the_team_went(keys: Keys) -> None:
    keys.tab_to("^Skip to main content$", "A")
    keys.page.keyboard.press("Enter")
    assert re.search(r"the team went to \d+ of the \d+ calls", keys.text(".lead"))


def test_2_what_happened_after_the_calls(keys: Keys) -> None:
    keys.go("What happened")
    assert keys.text("h1") == "What happened after the team arrived?"
    keys.unfold("^What happened\\? Table")
    assert keys.page.locator("details[open] table caption").first.is_visible()


def test_3_whether_it_is_slower_or_faster_than_before(keys: Keys) -> None:
    keys.go("Calls")
    keys.unfold("^How long until the team arrives.* Table")
    assert "minute" in keys.page.locator("main, #stMain").first.inner_text()


def test_4_who_is_served_and_who_is_not(keys: Keys) -> None:
    keys.go("Who is served")
    keys.unfold("^Who are the people.* Table")
    assert keys.page.locator("details[open] table").first.is_visible()


def test_5_what_to_do_in_a_crisis_now(keys: Keys) -> None:
    keys.tab_to("^911 ", "A")
    assert keys.page.locator(":focus").get_attribute("href") == "tel:911"
    keys.tab_to("^988 ", "A")


def test_6_how_to_ask_for_asl_or_cart_at_a_meeting(keys: Keys) -> None:
    keys.go("Accessibility")
    keys.tab_to("American Sign Language", "INPUT")
    keys.page.keyboard.press("Space")
    if keys.edition == "plain":
        keys.tab_to("^Show$", "BUTTON")
        with keys.page.expect_navigation():
            keys.page.keyboard.press("Enter")
    keys.page.get_by_text(re.compile("I need: .*American Sign Language")).first.wait_for()
    keys.tab_to("Open it in your email program", "A")
    assert "apomeroy" in str(keys.page.locator(":focus").get_attribute("href"))


def test_7_report_a_barrier_on_this_site(keys: Keys) -> None:
    keys.tab_to("^All pages$")
    keys.page.keyboard.press("Enter")
    keys.tab_to("@somervillema.gov", "A")
    assert "mailto:" in str(keys.page.locator(":focus").get_attribute("href"))


def test_8_download_the_data_and_its_dictionary(keys: Keys) -> None:
    keys.go("Data")
    keys.tab_to("^All numbers as CSV$", "A")
    with downloaded(keys.page, "cells.csv"):
        keys.page.keyboard.press("Enter")
    keys.unfold("^Each file, with its size")
    keys.tab_to("^datapackage.json$", "A")
    with downloaded(keys.page, "datapackage.json"):
        keys.page.keyboard.press("Enter")


@pytest.mark.parametrize("edition", EDITIONS)
def test_9_print_the_brief(portal_server: Server, new_page: NewPage, edition: str) -> None:
    # In a context of its own: Chromium may never say that a page was closed that is loading a PDF.
    keys = visitor(portal_server, new_page, edition, fresh=True)
    keys.go("For meetings")
    keys.unfold("^PDF, page, projector")
    keys.tab_to("^Create the brief$", "BUTTON")
    with keys.page.expect_response(re.compile(r"/brief\.pdf")) as waited:
        keys.page.keyboard.press("Enter")
    assert waited.value.headers["content-type"] == "application/pdf"


def test_10_read_all_of_it_in_haitian_creole(keys: Keys) -> None:
    if "ht" not in LANGUAGES:
        pytest.xfail("there is no catalogue of Haitian Creole yet")
    keys.page.set_default_navigation_timeout(240_000)
    keys.follow(f"^{LANGUAGES['ht']}$")
    assert keys.page.locator("html").get_attribute("lang") == "ht"
    assert "110" in keys.text(".lead")
