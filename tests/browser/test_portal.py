"""What is interactive is so when it is asked for, and never needed."""

from typing import Literal

import pytest

from portal.palette import PALETTE
from tests.browser.conftest import NewPage
from tests.browser.server import Server
from tests.browser.visit import errors, opened


@pytest.mark.parametrize(("theme", "slug"), [("light", ""), ("dark", "calls")])
def test_a_chart_becomes_interactive_when_it_is_asked_for_as_its_picture_is(
        portal_server: Server, new_page: NewPage, theme: Literal["light", "dark"], slug: str) -> None:
    page = new_page(theme=theme)
    found = errors(page)  # what the page's policy forbids, too
    opened(page, portal_server.url, "streamlit", slug)
    assert page.locator("[data-testid=stVegaLiteChart]").count() == 0
    page.get_by_text("Explore this chart: How many crisis calls come in?").click()
    chart = page.locator("[data-testid=stVegaLiteChart]")
    chart.locator("svg text").first.wait_for()
    assert not found
    inks = {one.get_attribute("fill") for one in chart.locator("svg text").all()}
    assert inks
    assert inks <= {pair[theme == "dark"] for pair in PALETTE.values()}
    assert chart.evaluate("one => one.scrollWidth <= one.clientWidth")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_words_of_an_explored_chart_are_as_dark_as_the_page_s(
        portal_server: Server, new_page: NewPage, theme: Literal["light", "dark"]) -> None:
    page = new_page(theme=theme)
    opened(page, portal_server.url, "streamlit", "explore", "?measure=response.unmet_reason&by=quarter&kind=line")
    words = page.locator("[data-testid=stVegaLiteChart] svg text")
    words.first.wait_for()
    inks = words.evaluate_all("all => [...new Set(all.map(one => getComputedStyle(one).fill))]")
    ink = PALETTE["ink_2"][theme == "dark"]
    assert inks == [f"rgb({', '.join(str(int(ink[at:at + 2], 16)) for at in (1, 3, 5))})"]


def test_a_citation_names_the_address_at_which_the_portal_was_started(portal_server: Server, new_page: NewPage) -> None:
    page = new_page()
    opened(page, portal_server.url, "plain", "calls")
    cited = [one.get_attribute("href") or "" for one in page.locator(".cite a").all()]
    assert cited
    assert all(one.startswith(f"{portal_server.url}/plain/figure/") for one in cited)


def test_a_page_needs_no_script(portal_server: Server, new_page: NewPage) -> None:
    page = new_page(javascript=False)
    opened(page, portal_server.url, "plain", "calls")
    page.locator("select[name=period]").select_option(index=1)
    chosen = page.locator("select[name=period] option").nth(1).get_attribute("value")
    page.get_by_role("button", name="Show").click()
    assert page.url.endswith(f"/plain/calls?period={chosen}")
    assert page.locator("select[name=period]").input_value() == chosen
