"""What is interactive is so when it is asked for, and never needed."""

from typing import Literal

import pytest

from portal.palette import PALETTE
from tests.browser.conftest import NewPage
from tests.browser.server import Server
from tests.browser.visit import errors, open_edition


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_card_leads_to_its_numbers_in_explore_where_the_chart_is_interactive(
        portal_server: Server, new_page: NewPage, theme: Literal["light", "dark"]) -> None:
    page = new_page(theme=theme)
    found = errors(page)  # what the page's policy forbids, too
    open_edition(page, portal_server.url, "streamlit", "calls")
    assert page.locator("[data-testid=stVegaLiteChart]").count() == 0
    link = page.locator("[id='demand.received'] a.explored").last
    assert "/explore?measure=demand.received" in (link.get_attribute("href") or "")
    page.locator("[id='demand.received'] .tools summary").first.click()
    link.click()
    chart = page.locator("[data-testid=stVegaLiteChart]")
    chart.locator("svg text").first.wait_for()
    assert not found
    assert chart.evaluate("one => one.scrollWidth <= one.clientWidth")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_words_of_an_explored_chart_are_as_dark_as_the_page_s(
        portal_server: Server, new_page: NewPage, theme: Literal["light", "dark"]) -> None:
    page = new_page(theme=theme)
    open_edition(page, portal_server.url, "streamlit", "explore", "?measure=response.unmet_reason&by=quarter&kind=line")
    words = page.locator("[data-testid=stVegaLiteChart] svg text")
    words.first.wait_for()
    inks = words.evaluate_all("all => [...new Set(all.map(one => getComputedStyle(one).fill))]")
    ink = PALETTE["ink_2"][theme == "dark"]
    assert inks == [f"rgb({', '.join(str(int(ink[at:at + 2], 16)) for at in (1, 3, 5))})"]


def test_a_citation_names_the_address_at_which_the_portal_was_started(portal_server: Server, new_page: NewPage) -> None:
    page = new_page()
    open_edition(page, portal_server.url, "plain", "calls")
    cited = [anchor.get_attribute("href") or "" for anchor in page.locator(".tool a[href*='/plain/figure/']").all()]
    assert cited
    assert all(anchor.startswith(f"{portal_server.url}/plain/figure/") for anchor in cited)


def test_a_page_needs_no_script(portal_server: Server, new_page: NewPage) -> None:
    page = new_page(javascript=False)
    open_edition(page, portal_server.url, "plain", "calls")
    page.locator("select[name=period]").select_option(index=1)
    chosen = page.locator("select[name=period] option").nth(1).get_attribute("value")
    page.get_by_role("button", name="Show").click()
    assert page.url.endswith(f"/plain/calls?period={chosen}")
    assert page.locator("select[name=period]").input_value() == chosen
