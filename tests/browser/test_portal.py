"""Both editions in a real browser show the same; what is interactive is so when it is asked for, and never needed."""

from typing import Literal

import pytest

from portal.palette import PALETTE
from tests.browser.conftest import NewPage
from tests.browser.server import Server
from tests.browser.visit import EDITIONS, SHIFTS, SLUGS, opened, without_errors

PARTS = """() => [...document.querySelectorAll(
    'h1, .lead, .figure h2, .figure .answer, .figure table, .figure .chip, .long')]
    .map(one => one.textContent.replace(/\\s+/g, ' ').trim())"""


@pytest.mark.parametrize("slug", SLUGS)
def test_both_editions_show_the_same_in_the_same_order_and_nothing_jumps(
        portal_server: Server, new_page: NewPage, slug: str) -> None:
    shown = {}
    for edition in EDITIONS:
        page = new_page()
        page.add_init_script(SHIFTS)
        opened(page, portal_server.url, edition, slug)
        assert page.evaluate("() => window.shifted") < 0.1
        shown[edition] = page.evaluate(PARTS), page.title()
    assert len(shown["plain"][0]) > 3
    assert shown["plain"] == shown["streamlit"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chart_becomes_interactive_when_it_is_asked_for_as_its_picture_is(
        portal_server: Server, new_page: NewPage, theme: Literal["light", "dark"]) -> None:
    page = new_page(theme=theme)
    with without_errors(page):
        opened(page, portal_server.url, "streamlit", "calls")
        assert page.locator("[data-testid=stVegaLiteChart]").count() == 0
        page.get_by_text("Explore this chart: How many crisis calls come in?").click()
        chart = page.locator("[data-testid=stVegaLiteChart]")
        chart.locator("svg text").first.wait_for()
    inks = {one.get_attribute("fill") for one in chart.locator("svg text").all()}
    assert inks
    assert inks <= {pair[theme == "dark"] for pair in PALETTE.values()}
    assert chart.evaluate("one => one.scrollWidth <= one.clientWidth")


def test_a_page_needs_no_script(portal_server: Server, new_page: NewPage) -> None:
    page = new_page(javascript=False)
    opened(page, portal_server.url, "plain", "calls")
    page.locator("select[name=period]").select_option(index=1)
    chosen = page.locator("select[name=period] option").nth(1).get_attribute("value")
    page.get_by_role("button", name="Show").click()
    assert page.url.endswith(f"/plain/calls?period={chosen}")
    assert page.locator("select[name=period]").input_value() == chosen
