"""The first paint in a real browser: nothing jumps when Streamlit takes over, and without it the page still works."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, WebSocketRoute

from tests.browser.conftest import NewPage
from tests.browser.server import Server
from tests.browser.visit import EDITIONS, SHIFTS, wait_until_drawn

WHERE = """() => ['.help', 'h1', '.lead', '.card h2'].map(one => document.querySelector(one)).filter(Boolean)
    .map(one => [one, one.getBoundingClientRect()])
    .map(([one, box]) => [one.textContent.slice(0, 20), box.x, box.y, box.width])"""
# The typeface is there, or came too late and is left out: Chromium decides within a tenth of a second of first use.
SETTLED = "() => document.fonts.status === 'loaded' && performance.now() > 1500"
DIALOGS = """window.dialogs = 0; addEventListener('DOMContentLoaded', () => new MutationObserver(() => {
    window.dialogs += document.querySelectorAll('[data-testid="stDialog"]').length;
}).observe(document.body, {childList: true}))"""
STEADY = 8.0  # pixels: a line of text is some 20


class Held:
    """Streamlit's scripts are kept back until they are let go."""

    def __init__(self, page: Page) -> None:
        self.waiting: list[Route] = []
        self.free = False
        page.route("**/static/js/**", self.keep)

    def keep(self, route: Route) -> None:
        if self.free:
            route.continue_()
        else:
            self.waiting.append(route)

    def let_go(self) -> None:
        self.free = True
        for task in self.waiting:
            task.continue_()


@pytest.mark.parametrize(("slug", "width"), [("", 320), ("calls", 1280)])
def test_nothing_jumps_when_streamlit_takes_over(
        portal_server: Server, new_page: NewPage, slug: str, width: int) -> None:
    page, requests = new_page(width=width, fresh=True), []
    page.add_init_script(SHIFTS)
    page.on("request", lambda request: requests.append(request.url))
    streamlit = Held(page)
    page.goto(f"{portal_server.url}/{slug}", wait_until="commit")
    page.locator("#first .foot").wait_for(state="attached")
    page.wait_for_function(SETTLED)
    before: list[list[Any]] = page.evaluate(WHERE)
    title = page.title()
    streamlit.let_go()
    page.locator("#first").wait_for(state="detached")
    page.locator("#root .portal .foot").wait_for(state="attached")
    after: list[list[Any]] = page.evaluate(WHERE)
    assert len(before) >= 3
    assert [value[0] for value in before] == [position[0] for position in after]
    moved = max(abs(a - b) for first, second in zip(before, after, strict=True)
                for a, b in zip(first[1:], second[1:], strict=True))
    assert moved < STEADY, (before, after)
    # It has 375 kB, for arrows that no visitor sees.
    assert not [url for url in requests if "MaterialSymbols" in url]
    assert page.evaluate("window.shifted") < 0.1
    assert page.title() == title
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.locator("h1").count() == 1


def test_what_a_visitor_has_opened_and_where_he_reads_stay(portal_server: Server, new_page: NewPage) -> None:
    page = new_page(fresh=True)
    streamlit = Held(page)
    page.goto(f"{portal_server.url}/calls", wait_until="commit")
    page.locator("#first .foot").wait_for(state="attached")
    page.wait_for_function(SETTLED)
    opened = page.locator("#first .card details").nth(2)
    opened.locator("summary").click()
    heading = page.locator("#first .card h2").nth(1)
    heading.evaluate("one => window.scrollTo(0, one.getBoundingClientRect().top + window.scrollY - 100)")
    before = heading.bounding_box()
    streamlit.let_go()
    page.locator("#first").wait_for(state="detached")
    assert page.locator("#root .card details").nth(2).get_attribute("open") is not None
    after = page.locator("#root .card h2").nth(1).bounding_box()
    assert before
    assert after
    assert abs(before["y"] - after["y"]) < STEADY


@pytest.mark.parametrize(("edition", "url"), [
    ("plain", "calls#service.more_hours"), ("plain", "program#complain"), ("streamlit", "calls#service.more_hours")])
def test_a_link_into_a_folded_part_unfolds_it(
        portal_server: Server, new_page: NewPage, edition: str, url: str) -> None:
    page = new_page(width=390)
    page.goto(f"{portal_server.url}{EDITIONS[edition]}{url}")
    wait_until_drawn(page, edition)
    target = page.locator(f'[id="{url.partition("#")[2]}"]')
    assert target.evaluate("one => one.closest('details').open")
    box = target.bounding_box()
    assert box and 0 < box["y"] < 844


def test_who_comes_back_with_the_page_still_kept_finds_it_alive(portal_server: Server, new_page: NewPage) -> None:
    page = new_page(fresh=True)
    for _ in range(2):
        page.goto(f"{portal_server.url}/calls")
        page.locator("#first").wait_for(state="detached")
        page.locator("#root .portal .foot").wait_for(state="attached")
    sent, whole = page.evaluate("""() => { const [one] = performance.getEntriesByType('navigation');
        return [one.transferSize, one.encodedBodySize] }""")
    assert sent < whole, "the page was sent again: nothing is known of one that is kept"


def test_without_script_a_page_is_there_and_its_links_and_forms_work(portal_server: Server, new_page: NewPage) -> None:
    """tests/server/test_first_paint.py follows every link and sends every form, in every language."""
    page = new_page(javascript=False)
    page.goto(f"{portal_server.url}/")
    page.locator('.foot .list a[href="/calls"]').click()
    assert page.url == f"{portal_server.url}/calls"
    wait_until_drawn(page, "plain")
    assert page.locator("h1").count() == 1 and page.locator("noscript p").is_visible()
    submit_period(page, 1)
    page.goto(f"{portal_server.url}/brief")
    page.locator("details:has(form[action='/brief-document']) > summary").click()
    page.locator("form[action='/brief-document'] input[value=page]").check()
    page.locator("form[action='/brief-document'] button").click()
    page.locator("main.brief h1").wait_for()


def submit_period(page: Page, at: int) -> None:
    """Choose a period, as a form without a script is sent; the page has taken it."""
    chosen = page.locator("main form select[name=period]")
    value = chosen.locator("option").nth(at).get_attribute("value")
    chosen.select_option(value)
    page.locator("main form:has(select[name=period]) button").click()
    assert value is not None and f"period={value}" in page.url
    assert page.locator("main form select[name=period]").input_value() == value


def no_script_arrives(page: Page) -> None:
    page.route("**/static/js/**", lambda route: route.abort())


def no_live_connection(page: Page) -> None:
    page.clock.install()
    page.route_web_socket("**/_stcore/stream", lambda socket: socket.close())


def old_browser(page: Page) -> None:
    """One that knows no modules: it runs none of Streamlit's scripts."""
    page.add_init_script("delete HTMLScriptElement.prototype.noModule")
    page.route("**/static/js/**", lambda route: route.fulfill(body="", content_type="text/javascript"))


@pytest.mark.parametrize("broken", [no_script_arrives, no_live_connection, old_browser])
def test_where_streamlit_cannot_start_the_page_says_so_and_works_by_links_and_forms(
        portal_server: Server, new_page: NewPage, broken: Callable[[Page], None]) -> None:
    page = new_page(fresh=True)
    broken(page)

    def check_notice() -> None:
        if broken is no_live_connection:
            page.clock.run_for(11_000)
        page.get_by_text("The live connection could not be made").wait_for()
        assert page.locator("#first h1").is_visible() and page.locator("#first .card").count() > 3

    page.goto(f"{portal_server.url}/calls")
    check_notice()
    if broken is not no_script_arrives:
        return  # the page is the same: its links and forms are followed once
    submit_period(page, 1)
    check_notice()
    page.locator('#first .foot a[href^="/outcomes"]').click()
    page.wait_for_url("**/outcomes*")
    check_notice()


def test_when_the_connection_is_lost_the_page_says_so_in_the_visitors_language_and_keeps_in_reach(
        portal_server: Server, new_page: NewPage) -> None:
    page = new_page(width=320, fresh=True)
    page.add_init_script(DIALOGS)
    sockets: list[WebSocketRoute] = []

    def first_alone(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        if len(sockets) == 1:
            socket.connect_to_server()
        else:
            socket.close()
    page.route_web_socket("**/_stcore/stream", first_alone)
    page.goto(f"{portal_server.url}/?lang=es")
    page.locator("#first").wait_for(state="detached")
    lost = page.get_by_role("alert")
    assert not lost.is_visible()
    page.route("**/_stcore/h*", lambda route: route.abort())
    sockets[0].close()
    lost.wait_for()
    assert "Se perdió la conexión" in lost.inner_text()
    page.wait_for_function("() => window.dialogs > 0")  # Streamlit's own, in English, over everything
    page.locator('[data-testid="stDialog"]').wait_for(state="detached")
    page.locator("#root:not([inert])").wait_for(state="attached")
    page.locator('#root a[href="tel:911"]').click(trial=True)
