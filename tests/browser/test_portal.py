"""Every page in a real browser, plain and in Streamlit, phone and screen: nothing sideways, wrong or unlike."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from portal.outline import PAGES
from tests.browser.conftest import NewPage
from tests.browser.server import Server

SLUGS = [page.slug for page in PAGES]
EDITIONS = {"plain": "/plain/", "streamlit": "/"}
WIDEST = """() => Math.max(document.documentElement.scrollWidth,
    document.querySelector('[data-testid=stMain]')?.scrollWidth ?? 0)"""
PARTS = """() => [...document.querySelectorAll(
    'h1, .lead, .figure h2, .figure .answer, .figure table, .figure .chip, .long')]
    .map(one => one.textContent.replace(/\\s+/g, ' ').trim())"""
# Streamlit asks for its health below the page's own address first, and for the site's root when that is not there.
STREAMLIT_ASKS = ("/_stcore/health", "/_stcore/host-config")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"runOnly": {"type": "tag", "values": STANDARDS}}


@contextmanager
def without_errors(page: Page) -> Iterator[None]:
    """Fails on what a browser's console would show in red."""
    errors: list[str] = []
    page.on("console", lambda said: errors.append(f"{said.text} {said.location.get('url', '')}")
            if said.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield
    assert not [one for one in errors if not one.endswith(STREAMLIT_ASKS)]


def opened(page: Page, server: Server, edition: str, slug: str) -> None:
    page.goto(f"{server.url}{EDITIONS[edition]}{slug}")
    page.locator(".portal .foot" if edition == "plain" else "#root .portal .foot").wait_for(state="attached")
    page.locator("#first").wait_for(state="detached")


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_has_no_error_and_no_sideways_scroll(
        portal_server: Server, new_page: NewPage, edition: str, slug: str, width: int) -> None:
    page = new_page(width=width)
    with without_errors(page):
        opened(page, portal_server, edition, slug)
        page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true })")
        assert page.evaluate(WIDEST) <= width
        assert page.locator("h1").count() == 1


@pytest.mark.parametrize("slug", SLUGS)
def test_both_editions_show_the_same_in_the_same_order(portal_server: Server, new_page: NewPage, slug: str) -> None:
    shown = {}
    for edition in EDITIONS:
        page = new_page()
        opened(page, portal_server, edition, slug)
        shown[edition] = page.evaluate(PARTS), page.title()
    assert len(shown["plain"][0]) > 3
    assert shown["plain"] == shown["streamlit"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("slug", SLUGS)
def test_axe_finds_nothing_on_a_plain_page(
        portal_server: Server, new_page: NewPage, slug: str, width: int, theme: str) -> None:
    page = new_page(width=width, theme=theme)  # type: ignore[arg-type]
    opened(page, portal_server, "plain", slug)
    page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true })")
    found = Axe().run(page, options=RULES)
    assert not found.response["violations"], found.generate_report()


def test_a_chart_becomes_interactive_when_it_is_asked_for(portal_server: Server, new_page: NewPage) -> None:
    page = new_page()
    with without_errors(page):
        opened(page, portal_server, "streamlit", "calls")
        assert page.locator("[data-testid=stVegaLiteChart]").count() == 0
        page.get_by_text("Explore this chart: How many crisis calls come in?").click()
        page.locator("[data-testid=stVegaLiteChart]").wait_for()


def test_a_page_needs_no_script(portal_server: Server, new_page: NewPage) -> None:
    page = new_page(javascript=False)
    opened(page, portal_server, "plain", "calls")
    page.locator("select[name=period]").select_option(index=1)
    chosen = page.locator("select[name=period] option").nth(1).get_attribute("value")
    page.get_by_role("button", name="Show").click()
    assert page.url.endswith(f"/plain/calls?period={chosen}")
    assert page.locator("select[name=period]").input_value() == chosen
