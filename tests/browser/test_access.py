"""Open to everyone: choices used, zoom, longer words, paper, and what is heard.

Each page as it comes is the matter of test_every_page.py; `make access` audits every page in every language.
"""

import re
from collections.abc import Iterator
from io import BytesIO

import pikepdf
import pytest
from playwright.sync_api import Page

from portal.language import DEFAULT, LANGUAGES, PSEUDO
from tests.browser.conftest import Contexts, NewPage
from tests.browser.server import Server
from tests.browser.visit import (
    CLIPPED,
    EDITIONS,
    SHIFTS,
    SLUGS,
    against,
    open_edition,
    resize,
    sideways,
    stretched,
    text_of,
    unfold,
    unfolded_list,
    used,
    wait_until_drawn,
)
from tests.source import ROOT

PHONE = 640  # pixels: the height of a small one's window
ENDS = "() => [...document.querySelectorAll('.tile')].map(one => one.getBoundingClientRect().bottom)"
CSS = (ROOT / "portal" / "render" / "site.css").read_text(encoding="utf-8")


@pytest.mark.parametrize(("slug", "edition"), [
    ("", "plain"), ("data", "plain"), ("explore", "plain"), ("accessibility", "plain"), ("explore", "streamlit")])
def test_a_page_whose_choices_are_used_is_open_to_everyone(
        portal_server: Server, new_page: NewPage, slug: str, edition: str) -> None:
    page = new_page(width=320, theme="dark")
    open_edition(page, portal_server.url, edition, slug)
    assert used(page, edition)
    found = against(page, "used") + sideways(page, 320, "used")
    assert not found, "\n".join(found)


def test_an_open_list_of_streamlit_s_is_a_landmark_and_no_trap(portal_server: Server, new_page: NewPage) -> None:
    page = new_page(width=320)
    open_edition(page, portal_server.url, "streamlit", "explore")
    stretched(page)
    unfolded_list(page)
    page.get_by_role("region", name="What about?", exact=True).get_by_role("option").first.wait_for()
    assert not against(page, "a list is open")
    page.keyboard.press("Tab")
    page.get_by_role("option").first.wait_for(state="detached")
    assert page.evaluate("() => document.activeElement.getAttribute('aria-label')") == "Question"
    assert not page.evaluate("() => !!document.activeElement.closest('[aria-hidden=true]')")


@pytest.mark.parametrize("slug", SLUGS)
def test_words_two_fifths_longer_break_no_layout(portal_server: Server, new_page: NewPage, slug: str) -> None:
    page = new_page(width=320)
    open_edition(page, portal_server.url, "plain", slug, f"?lang={PSEUDO}")
    assert "~~~~" in page.locator("header").inner_text(), "the page is not in the longer language"
    unfold(page)
    found = sideways(page, 320, "320") + page.evaluate(CLIPPED)
    resize(page, 1280, "light")
    found += sideways(page, 1280, "1280") + page.evaluate(CLIPPED)
    assert not found, "\n".join(found)


def test_nothing_moves() -> None:
    assert not re.search(r"(?m)^[^@\n]*\b(animation|transition)\b(?!: none)", CSS)


@pytest.mark.parametrize("edition", EDITIONS)
def test_paper_shows_the_band_and_help_and_no_menu(portal_server: Server, new_page: NewPage, edition: str) -> None:
    page = new_page(width=700, fresh=True)
    page.route("**/fonts/**", lambda route: route.abort())  # the typeface may come too late, and its stand-in is wider
    open_edition(page, portal_server.url, edition, "")
    page.emulate_media(media="print")
    shown = {name: page.locator(f".portal {name}").first.is_visible() for name in
             (".made-up", ".help", "h1", ".card .sub", ".card picture", ".actions", ".choose", ".languages")
             if page.locator(f".portal {name}").count()}
    assert {name for name, visible in shown.items() if visible} == {
        ".made-up", ".help", "h1", ".card .sub", ".card picture"}
    assert not sideways(page, 700, "paper")


SMALL_ON_PAPER = """() => [...document.querySelectorAll('body *')].filter(part => part.checkVisibility()
    && !part.closest('svg, .unseen, option') && parseFloat(getComputedStyle(part).fontSize) < 12  // pixels: 9 points
    && [...part.childNodes].some(child => child.nodeType === 3 && child.data.trim())).map(part => part.textContent)"""


@pytest.mark.parametrize(("slug", "language"), [("brief", DEFAULT), *(("program", language) for language in LANGUAGES)])
def test_the_longest_pages_take_three_sheets_of_paper_with_no_word_below_nine_points(
        portal_server: Server, new_page: NewPage, slug: str, language: str) -> None:
    page = new_page(width=1280, fresh=True)
    open_edition(page, portal_server.url, "plain", slug, f"?lang={language}")
    with pikepdf.open(BytesIO(page.pdf(format="Letter"))) as printed:
        assert len(printed.pages) <= 3
    page.emulate_media(media="print")
    assert not page.evaluate(SMALL_ON_PAPER)


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_band_that_says_made_up_stays_in_sight_and_covers_nothing(
        portal_server: Server, new_page: NewPage, edition: str) -> None:
    page = new_page(width=390, fresh=True)
    open_edition(page, portal_server.url, edition, "outcomes")
    band, name = (page.locator(f".portal {part}").first for part in (".made-up", ".masthead .name"))
    above, below = band.bounding_box(), name.bounding_box()
    assert above and below and 0 <= above["y"] < 1 and above["y"] + above["height"] <= below["y"]
    page.locator(".foot").scroll_into_view_if_needed()
    scrolled = band.bounding_box()
    assert scrolled and 0 <= scrolled["y"] < 1


def test_nothing_jumps_while_a_page_loads(portal_server: Server, new_page: NewPage) -> None:
    """In the plain edition; Streamlit's: tests/browser/test_first_paint.py."""
    page = new_page(width=320, height=640, fresh=True)
    page.add_init_script(SHIFTS)
    open_edition(page, portal_server.url, "plain", "")
    page.evaluate("() => document.fonts.ready.then(() => true)")
    resize(page, 320, "light")
    assert page.evaluate("() => document.fonts.check('17px \"Source Sans 3\"')")
    assert page.evaluate("() => window.shifted") < 0.1


def test_a_face_as_wide_stands_in_until_the_typeface_is_there(portal_server: Server, new_page: NewPage) -> None:
    heights = []
    for blocked in (True, False):
        page = new_page(width=320, height=640, fresh=True)
        if blocked:
            page.route("**/fonts/**", lambda route: route.abort())
        open_edition(page, portal_server.url, "plain", "")
        page.evaluate("() => document.fonts.ready.then(() => true)")
        heights.append(page.evaluate("() => document.querySelector('h1').getBoundingClientRect().top"))
    assert abs(heights[0] - heights[1]) < 64  # two lines at most


@pytest.fixture(scope="module")
def overviews(portal_server: Server, contexts: Contexts) -> Iterator[dict[str, Page]]:
    """The Overview on a phone in each edition, as it comes: for tests that change nothing."""
    with contexts.opened() as open_page:
        pages = {edition: open_page(width=320, height=640, fresh=True) for edition in EDITIONS}
        for edition, page in pages.items():
            open_edition(page, portal_server.url, edition, "")
        yield pages


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_answer_stands_on_a_phone_s_first_screen(overviews: dict[str, Page], edition: str) -> None:
    box = overviews[edition].locator(".lead").bounding_box()
    assert box
    assert box["y"] + box["height"] <= PHONE
    assert overviews[edition].locator(".made-up").is_visible()


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_overview_answers_on_a_phone_s_first_two_screens(overviews: dict[str, Page], edition: str) -> None:
    ends = overviews[edition].evaluate(ENDS)
    assert len(ends) == 6
    assert min(ends) <= 2 * PHONE
    for wanted in (".made-up", ".help", "h1", ".lead"):
        box = overviews[edition].locator(wanted).first.bounding_box()
        assert box and box["y"] < 2 * PHONE


def test_a_line_holds_at_most_seventy_letters(portal_server: Server, new_page: NewPage) -> None:
    page = new_page()
    open_edition(page, portal_server.url, "plain", "program")
    longest = page.evaluate("""() => { let most = 0;
        for (const one of document.querySelectorAll('.long p, .lead, .answer, .long li')) {
            const words = one.textContent.replace(/\\s+/g, ' ').trim(); const range = document.createRange();
            range.selectNodeContents(one);
            const lines = new Set([...range.getClientRects()].map(box => Math.round(box.bottom / 8))).size;
            if (lines > 2) most = Math.max(most, words.length / lines); } return most }""")
    assert 40 < longest <= 70


def test_streamlit_shows_no_menu_footer_or_button_of_its_own(overviews: dict[str, Page]) -> None:
    page = overviews["streamlit"]
    for name in ("stMainMenu", "stAppDeployButton", "stSkipToContent", "stStatusWidget", "stDecoration"):
        assert not page.locator(f"[data-testid={name}]").is_visible(), name
    assert not page.get_by_text("Made with Streamlit").count()


def test_the_style_takes_hold_of_streamlit_by_its_test_ids_alone(overviews: dict[str, Page]) -> None:
    assert not re.findall(r"\.st[-A-Z]|\.e[0-9a-z]{6,}\b|\[class[*^$]=[\"']?(st|css|e1)", CSS)
    drawn = set(overviews["streamlit"].evaluate(
        "() => [...document.querySelectorAll('[data-testid]')].map(part => part.dataset.testid)"))
    assert {"stMainBlockContainer", "stSelectbox", "stHeader", "stAppViewContainer"} <= drawn


def test_every_rule_of_the_style_stands_once() -> None:
    plain = re.sub(r"/\*.*?\*/|@(media|font-face|supports)[^{]*\{(?:[^{}]|\{[^{}]*\})*\}", "", CSS, flags=re.DOTALL)
    selectors = [match.strip() for match in re.findall(r"([^{}]+)\{", plain)]
    assert len(selectors) > 80
    twice = {selector for selector in selectors if selectors.count(selector) > 1}
    assert not twice


def test_the_title_names_the_page_and_the_choice(portal_server: Server, new_page: NewPage) -> None:
    """That both editions have the same without a choice: tests/browser/test_every_page.py."""
    page, titles = new_page(), []
    for edition in EDITIONS:
        open_edition(page, portal_server.url, edition, "calls", "?period=2026-Q3")
        titles.append(page.title())
    assert titles[0] == titles[1]
    assert titles[0].startswith("Calls, July to September 2026: ")
    assert "<title>Calls: " in text_of(f"{portal_server.url}/plain/calls")


def test_a_new_page_and_a_choice_are_announced_once(portal_server: Server, new_page: NewPage) -> None:
    page = new_page()
    open_edition(page, portal_server.url, "streamlit", "")
    page.locator(".heard[data-page]").wait_for(state="attached")
    page.evaluate("""() => { const heard = document.querySelector('.heard'); window.told = [];
        new MutationObserver(() => window.told.push(heard.textContent)).observe(heard, {childList: true}) }""")
    unfolded_list(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_function("() => window.told.length > 0")
    assert page.evaluate("() => document.activeElement.getAttribute('aria-label')") == "Choose a period"
    assert page.evaluate("() => window.told") == [page.locator(".lead").inner_text()]
    assert page.locator(".heard").get_attribute("role") == "status"
    page.get_by_role("link", name="What happened", exact=True).first.click()
    page.wait_for_function("() => document.activeElement.tagName === 'H1'")
    assert page.locator("h1").inner_text() == "What happened after the team arrived?"
    assert page.title().startswith("What happened")


def test_the_skip_link_comes_first_and_leads_past_everything(portal_server: Server, new_page: NewPage) -> None:
    for edition in EDITIONS:
        page = new_page(width=320)
        open_edition(page, portal_server.url, edition, "calls")
        if edition == "streamlit":
            page.locator(".skip[href='#stMain']").wait_for(state="attached")
        page.keyboard.press("Tab")
        assert page.locator(":focus").inner_text() == "Skip to main content"
        box = page.locator(":focus").bounding_box()
        assert box
        assert box["y"] >= 0, "it is not seen"
        page.keyboard.press("Enter")
        page.wait_for_function("() => document.activeElement.matches('h1, main, #stMain')")
        wait_until_drawn(page, edition)
