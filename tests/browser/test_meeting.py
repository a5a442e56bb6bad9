"""The brief in a real browser: read, projected by keys without a network, and from a file alone."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import NewPage
from tests.browser.server import Server
from tests.browser.visit import DRAWING_MS

SEEN = "() => [...document.querySelectorAll('.screen')].findIndex(one => Math.abs(one.getBoundingClientRect().top) < 2)"
SMALLEST = """() => Math.min(...[...document.querySelectorAll('.screen *')]
    .filter(one => [...one.childNodes].some(child => child.nodeType === 3 && child.textContent.trim()))
    .map(one => { const svg = one.closest('svg');
        return parseFloat(getComputedStyle(one).fontSize)
            * (svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1); }))"""


def at(page: Page, screen: int) -> None:
    """Waits until that screen is the one that is seen."""
    page.wait_for_function(f"({SEEN})() === {screen}")


def walked(page: Page) -> None:
    """Every key a presenter or a clicker sends."""
    last = page.locator(".screen").count() - 1
    assert last > 8
    for key, screen in (("PageDown", 1), ("ArrowRight", 2), ("ArrowDown", 3), (" ", 4), ("PageUp", 3), ("ArrowLeft", 2),
                        ("ArrowUp", 1), ("End", last), ("PageDown", last), ("Home", 0), ("PageUp", 0)):
        page.keyboard.press(key)
        at(page, screen)
        assert page.evaluate("document.activeElement.id") == f"h{screen + 1}"


def test_screens_are_shown_by_keys_with_the_network_gone(portal_server: Server, new_page: NewPage) -> None:
    page = new_page(height=720, fresh=True)
    page.goto(f"{portal_server.url}/projector", wait_until="networkidle")
    page.context.set_offline(True)
    walked(page)


@pytest.mark.parametrize(("width", "height", "language"), [
    (1024, 768, "en"), (1280, 720, "en"), (1920, 1080, "en"), (1024, 768, "es"), (1280, 720, "ne")])
def test_every_word_is_read_from_the_back_row(
        portal_server: Server, new_page: NewPage, width: int, height: int, language: str) -> None:
    """No letter is smaller than a fortieth of the height of a wide screen: the usual measure for slides."""
    page = new_page(width=width, height=height)
    page.goto(f"{portal_server.url}/projector?lang={language}", timeout=DRAWING_MS)
    assert page.evaluate(SMALLEST) >= width * 9 / 16 / 40
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_definition_is_shown_on_demand_and_a_number_leads_to_its_screen(
        portal_server: Server, new_page: NewPage) -> None:
    page = new_page(height=720)
    page.goto(f"{portal_server.url}/projector", wait_until="networkidle")
    panel = page.locator("#s3 .panel")
    page.keyboard.type("3")
    assert page.locator(".typed").inner_text() == "3"
    page.keyboard.press("Enter")
    at(page, 2)
    assert not panel.is_visible()
    page.keyboard.press("d")
    assert panel.is_visible()
    page.keyboard.press("Escape")
    assert not panel.is_visible()
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    at(page, 11)
    page.keyboard.press("Home")
    page.get_by_role("checkbox").uncheck()
    page.keyboard.type("5")
    assert page.locator(".typed").inner_text() == ""


def test_what_does_not_fit_is_shown_before_the_next_screen(portal_server: Server, new_page: NewPage) -> None:
    page = new_page(width=1024, height=300)
    page.goto(f"{portal_server.url}/projector", wait_until="networkidle")
    bottom = "at => Math.round(document.querySelectorAll('.screen')[at].getBoundingClientRect().bottom - innerHeight)"
    heights = page.evaluate("[...document.querySelectorAll('.screen')].map(one => one.offsetHeight / innerHeight)")
    tall = next(place for place, height in enumerate(heights) if height > 1.3)
    page.goto(f"{portal_server.url}/projector#s{tall + 1}")
    at(page, tall)
    while (remaining := page.evaluate(bottom, tall)) > 20:
        page.keyboard.press("PageDown")
        page.wait_for_function(f"left => ({bottom})({tall}) < left", arg=remaining)
    page.keyboard.press("PageDown")
    at(page, tall + 1)


def test_screens_need_no_script(portal_server: Server, new_page: NewPage) -> None:
    page = new_page(javascript=False, height=720)
    page.goto(f"{portal_server.url}/projector")
    page.locator("#s2 summary").click()
    assert page.locator("#s2 .panel").is_visible()
    page.locator("#s1 a[aria-label='Next screen']").click()
    assert page.url.endswith("#s2")
    assert abs(page.locator("#s2").bounding_box()["y"]) < 2  # type: ignore[index]


def test_the_offline_file_opens_from_a_disk(
        portal_server: Server, new_page: NewPage, chromium: Browser, tmp_path: Path) -> None:
    page = new_page(height=720)
    page.goto(f"{portal_server.url}/brief.html")
    with page.expect_download() as download:
        page.get_by_text("For a room without a network").click()
    download.value.save_as(tmp_path / "brief.html")
    room = chromium.new_context(viewport={"width": 1280, "height": 720}, offline=True)
    requests: list[str] = []
    room.on("request", lambda request: requests.append(request.url))
    alone = room.new_page()
    alone.goto((tmp_path / "brief.html").as_uri())
    walked(alone)
    loaded = "[...document.fonts].filter(one => one.status === 'loaded').map(one => one.family)"
    assert alone.evaluate(loaded) == ["Source Sans 3"]
    assert [url for url in requests if not url.startswith("data:")] == [(tmp_path / "brief.html").as_uri()]
    room.close()


@pytest.mark.parametrize("path", ["/brief.html", "/brief.html?large=1", "/projector"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_in_the_brief(portal_server: Server, new_page: NewPage, path: str, width: int) -> None:
    page = new_page(width=width)
    page.goto(portal_server.url + path)
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_for_meetings_leads_to_the_pdf(portal_server: Server, new_page: NewPage) -> None:
    for path, where in (("/brief", "[data-testid=stMain]"), ("/plain/brief", "main")):
        page = new_page()
        page.goto(portal_server.url + path)
        page.locator(f"{where} .documents summary").click()
        form = page.locator(f"{where} form[action='/brief-document']")
        form.get_by_label("A page, to read or print").check()
        form.get_by_label("In large print").check()
        form.get_by_role("button").click()
        page.wait_for_url("**/brief.html?*")
        assert page.locator("main.brief.large").count() == 1
