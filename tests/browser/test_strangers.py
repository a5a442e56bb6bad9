"""In a real browser: nobody else is asked, one cookie is kept, and the policy stops nothing that a page needs."""

import pytest

from portal.outline import PAGES
from tests.browser.conftest import NewPage
from tests.browser.server import Server

ADDRESSES = [f"{edition}{page.slug}" for edition in ("/", "/plain/") for page in PAGES]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_asks_nobody_else_keeps_one_cookie_and_needs_nothing_that_is_forbidden(
        portal_server: Server, new_page: NewPage, address: str) -> None:
    page = new_page()
    asked, complaints = [], []
    page.on("request", lambda one: asked.append(one.url))
    page.on("websocket", lambda one: asked.append(one.url))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
    page.goto(f"{portal_server.url}{address}")
    page.locator(".portal .foot").first.wait_for(state="attached")
    if address in {"/", "/calls"}:
        page.locator("[data-testid=stCheckbox] label").first.click()
        page.locator("[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg").first.wait_for()
    here = portal_server.url.split("://")[1]
    others = [one for one in asked if one.split("://")[0] in {"http", "https", "ws", "wss"}
              and not one.split("://")[1].startswith(f"{here}/")]
    assert others == []
    assert complaints == []
    assert {one["name"] for one in page.context.cookies()} <= {"_streamlit_xsrf"}
    assert page.evaluate("() => localStorage.length + sessionStorage.length") == 0 or not address.startswith("/plain")
