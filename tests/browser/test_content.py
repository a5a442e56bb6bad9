"""What residents come for, in a real browser: Explore and the request helper."""

from tests.browser.conftest import NewPage
from tests.browser.server import Server
from tests.browser.visit import open_edition


def test_what_is_explored_stands_in_the_address_and_in_the_chart(portal_server: Server, new_page: NewPage) -> None:
    page = new_page()
    page.goto(f"{portal_server.url}/explore?measure=response.unmet_reason&by=groups&at=2027-Q3&with=2027-Q2")
    page.locator("[data-testid=stVegaLiteChart]").wait_for()
    for quarter in ("July to September 2027", "April to June 2027"):
        assert page.locator(".portal table", has_text=quarter).count() > 0
    page.get_by_role("combobox", name="What about?").click()
    page.keyboard.type("Outcome")
    page.keyboard.press("Enter")
    page.wait_for_url("**group=outcome**")
    page.get_by_role("combobox", name="Question").click()
    page.keyboard.type("What do people say about the team?")  # the list holds only the options in sight
    page.keyboard.press("Enter")
    page.wait_for_url("**measure=experience.survey**")
    page.locator(".portal .found", has_text="Nobody has asked them.").first.wait_for()
    page.locator("[data-testid=stVegaLiteChart]").wait_for(state="detached")


def test_a_request_is_written_without_script(portal_server: Server, new_page: NewPage) -> None:
    page = new_page(javascript=False, width=320)
    open_edition(page, portal_server.url, "plain", "accessibility")
    page.get_by_label("Live captions (CART)").check()
    page.get_by_label("How will you ask?").select_option("phone")
    page.get_by_role("button", name="Show").click()
    assert "aid-cart=yes" in page.url
    letter = page.locator(".letter").inner_text()
    assert "Live captions (CART)" in letter
    assert "my name is [your name]" in letter
