"""How the browser tests look at a page: open it in either edition, unfold it, use its filters, and what axe finds."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from portal.outline import PAGES

SLUGS = [page.slug for page in PAGES]
DRAWING_MS = 240_000  # for the first page in a language whose figures are drawn when they are asked for
EDITIONS = {"plain": "/plain/", "streamlit": "/"}
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
RULES: dict[str, Any] = {"runOnly": {"type": "tag", "values": STANDARDS}, "resultTypes": ["violations", "incomplete"]}
# Streamlit asks for its health below the page's own address first, and for the site's root when that is not there.
STREAMLIT_ASKS = ("/_stcore/health", "/_stcore/host-config")
# What axe can't decide by itself, who is meant, and what was seen when it was looked at, in light and in dark.
DECIDED = {
    "color-contrast": {
        ".chip": "the words stand clear of the hatching and of the bar below them, on one plain colour",
        ".scroll": "a wide table's cells outside of its own scrolled window have the colours of those inside",
        ".text-program-steps li, .text-timeline-way li": "the round mark stands beside the words, never under them",
        ".drawn": "words beside the lines, in the page's second ink on the page itself",
        ".made-up": "a border painted outwards has the band's own colour",
        ".foot": "a border painted outwards has the footer's own colour",
        '[data-testid="stVegaLiteChart"]': "words in the picture are in colours of the palette that tests compute",
    },
}
WIDEST = """() => Math.max(document.documentElement.scrollWidth,
    document.querySelector('[data-testid=stMain]')?.scrollWidth ?? 0)"""
# What can be clicked, is seen, and is smaller than 24 by 24 pixels; a link in a sentence may be (WCAG 2.5.8).
SMALL = """() => [...document.querySelectorAll('.portal a, .portal button, summary, input, select, [role=combobox]')]
    .filter(one => { const box = one.getBoundingClientRect(), parent = one.closest('p, li, td, th, dd, blockquote');
        return box.width && getComputedStyle(one).clipPath === 'none' && (box.width < 24 || box.height < 24)
            && !(one.matches('a') && getComputedStyle(one).display === 'inline' && parent
                 && parent.textContent.trim().length > one.textContent.trim().length)
            && !one.closest('[data-testid=stSelectbox], [data-testid=stMultiSelect], [data-testid=stCheckbox]'); })
    .map(one => `small target: ${one.outerHTML.slice(0, 120)}`)"""
UNCOVERED = """one => { one.scrollIntoView({block: 'center'}); const box = one.getBoundingClientRect();
    const over = document.elementFromPoint(box.left + Math.min(box.width, innerWidth) / 2, box.top + box.height / 2);
    return !over || one.contains(over) || over.contains(one) }"""
# WCAG 1.4.12. By script, not by a style element: that is the page's policy to allow.
SPACED = """() => { const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
                           word-spacing: .16em !important } p { margin-bottom: 2em !important }`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]; }"""
CLIPPED = """() => [...document.querySelectorAll('.portal *')]
    .filter(one => ['hidden', 'clip'].includes(getComputedStyle(one).overflowX) && one.scrollWidth > one.clientWidth + 1
        && !one.matches('.unseen, .unseen *, svg *'))
    .map(one => `cut off: ${one.outerHTML.slice(0, 120)}`)"""


@contextmanager
def without_errors(page: Page) -> Iterator[None]:
    """Fails on what a browser's console would show in red."""
    errors: list[str] = []
    page.on("console", lambda said: errors.append(f"{said.text} {said.location.get('url', '')}")
            if said.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield
    assert not [one for one in errors if not one.endswith(STREAMLIT_ASKS)]


def opened(page: Page, url: str, edition: str, slug: str, query: str = "") -> None:
    """Go to a page and wait until all of it is there: in Streamlit, until the first paint has gone."""
    page.goto(f"{url}{EDITIONS[edition]}{slug}{query}", timeout=DRAWING_MS)
    drawn(page, edition)


def drawn(page: Page, edition: str) -> None:
    """Wait until a page stands whole."""
    if edition == "streamlit":
        page.locator("#first").wait_for(state="detached")
    page.locator(".portal .foot").wait_for(state="attached")


def unfold(page: Page) -> None:
    """Open every folded part."""
    page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true })")


def seen(page: Page, width: int, theme: str, height: int = 900) -> None:
    """Look at the page so wide, in light or dark, without loading it again."""
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def decision(page: Page, rule: str, node: dict[str, Any]) -> str:
    """What was decided of a node that axe is not sure of; empty where nobody has looked at it."""
    target = page.locator(str(node["target"][0])).first
    covered = any("obscured" in one["message"] for one in node["any"])
    if rule == "color-contrast" and covered and target.evaluate(UNCOVERED):
        return "scrolled into view, nothing stands over it: its colours are those of the words around it"
    return next((why for meant, why in DECIDED.get(rule, {}).items()
                 if target.evaluate("(one, meant) => !!one.closest(meant)", meant)), "")


def axe(page: Page, without: tuple[str, ...] = ()) -> tuple[list[str], list[str]]:
    """What axe finds against, and what it is not sure of and nobody has decided: rule, first words of the element.
    `without`: rules that don't speak to the state the page is in.
    """
    found = Axe().run(page, options=RULES | {"rules": {one: {"enabled": False} for one in without}}).response
    against = [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]
    unsure = [f"{one['id']} (undecided): {node['html'][:160]}" for one in found["incomplete"] for node in one["nodes"]
              if not decision(page, one["id"], node)]
    return against, unsure


def choices(page: Page, edition: str) -> int:
    """Choose the last of each choice the page offers, and what it gives; how many there were."""
    if edition == "plain":
        selects = page.locator("main form select")
        many = selects.count()
        for at in range(many):
            selects.nth(at).select_option(index=selects.nth(at).locator("option").count() - 1)
        if many:
            with page.expect_navigation(wait_until="load"):  # its style sheet too: sizes are looked at
                page.locator("main form button").first.click()
            drawn(page, edition)
        return many
    page.locator("[data-testid=stSelectbox]").first.wait_for()
    options = page.get_by_role("option")
    while not options.count():  # Streamlit's list opens once its script is there, and a click before that is lost
        page.locator("[data-testid=stSelectbox]").first.get_by_role("combobox").press("ArrowDown")
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page.locator("[data-testid=stSelectbox]").count()
