"""How the browser tests look at a page: open it in either edition, unfold it, use its filters, and what axe finds."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.request import urlopen
from weakref import WeakKeyDictionary

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, WebSocket
from playwright.sync_api import TimeoutError as TookTooLong
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from portal.navigation import PAGES
from portal.streamlit_internals import OPEN_PATHS, RUN_ENDED, STREAM

SLUGS = [page.slug for page in PAGES]
DRAWING_MS = 240_000  # for the first page in a language whose figures are drawn when they are asked for
MOST = 10  # tries to choose from a list
EDITIONS = {"plain": "/plain/", "streamlit": "/"}
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
RULES: dict[str, Any] = {"runOnly": {"type": "tag", "values": STANDARDS}, "resultTypes": ["violations", "incomplete"]}
# Streamlit asks for its health below the page's own URL first, and for the site's root when that is not there.
STREAMLIT_ASKS = tuple(path for path in OPEN_PATHS if path != STREAM)
# What axe can't decide by itself, who is meant, and what was seen when it was looked at, in light and in dark.
DECIDED = {
    "color-contrast": {
        ".chip": "the words stand clear of the hatching and of the bar below them, on one plain colour",
        ".scroll": "a wide table's cells outside of its own scrolled window have the colours of those inside",
        ".text-program-steps li, .text-timeline-way li": "the round mark stands beside the words, never under them",
        ".drawn": "words beside the lines, in the page's second ink on the page itself",
        ".made-up": "a border painted outwards has the band's own colour",
        ".foot": "a border painted outwards has the footer's own colour",
        "body:has([role=listbox]) .contents": "an open list lies over it; measured with it closed",
        '[data-testid="stVegaLiteChart"]': "words in the picture are in colours of the palette that tests compute",
    },
    "aria-hidden-focus": {
        "body:has([role=listbox]) [aria-hidden]": "while a list is open it alone is read; Tab closes it and goes on",
    },
}
SHIFTS = """window.shifted = 0; new PerformanceObserver(list => { for (const one of list.getEntries())
    if (!one.hadRecentInput) window.shifted += one.value }).observe({type: 'layout-shift', buffered: true})"""
HIGHEST = "() => document.querySelector('[data-testid=stMain]')?.scrollHeight ?? 0"
FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
WIDEST = """() => Math.max(document.documentElement.scrollWidth,
    document.querySelector('[data-testid=stMain]')?.scrollWidth ?? 0)"""
# What can be clicked, is seen, and is smaller than 24 by 24 pixels; a link in a sentence may be (WCAG 2.5.8).
SMALL = """() => [...document.querySelectorAll('.portal a, .portal button, summary, input, select, [role=combobox]')]
    .filter(one => { const box = one.getBoundingClientRect(), parent = one.closest('p, li, td, th, dd, blockquote');
        return box.width && getComputedStyle(one).clipPath === 'none' && (box.width < 24 || box.height < 24)
            && !(one.matches('a') && getComputedStyle(one).display === 'inline' && parent
                 && parent.textContent.trim().length > one.textContent.trim().length)
            && !one.closest('[data-testid=stSelectbox], [data-testid=stCheckbox]'); })
    .map(one => `small target: ${one.outerHTML.slice(0, 120)}`)"""
# Of elements that axe is not sure of: whether something stands over them, and within which of those decided they are.
LOOKED_AT = """([targets, decided]) => targets.map(target => {
    const one = document.querySelector(target);
    if (!one) return {free: false, within: []};
    one.scrollIntoView({block: 'center'}); const box = one.getBoundingClientRect();
    const over = document.elementFromPoint(box.left + Math.min(box.width, innerWidth) / 2, box.top + box.height / 2);
    return {free: !over || one.contains(over) || over.contains(one),
            within: decided.filter(each => one.closest(each))} })"""
# WCAG 1.4.12. By script, not by a style element: that is the page's policy to allow.
SPACED = """() => { const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
                           word-spacing: .16em !important } p { margin-bottom: 2em !important }`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]; }"""
CLIPPED = """() => [...document.querySelectorAll('.portal *')]
    .filter(one => ['hidden', 'clip'].includes(getComputedStyle(one).overflowX) && one.scrollWidth > one.clientWidth + 1
        && !one.matches('.unseen, .unseen *, svg *'))
    .map(one => `cut off: ${one.outerHTML.slice(0, 120)}`)"""

# The newest session of each page.
SESSIONS: WeakKeyDictionary[Page, WebSocket] = WeakKeyDictionary()


def text_of(url: str) -> str:
    """What is answered at a URL."""
    with urlopen(url) as answer:
        return str(answer.read().decode())


def errors(page: Page) -> list[str]:
    """What a browser's console shows in red: a list that grows."""
    found: list[str] = []

    def add(text: str) -> None:
        if not text.endswith(STREAMLIT_ASKS):
            found.append(text)

    def add_message(message: ConsoleMessage) -> None:
        if message.type == "error":
            add(f"{message.text} {message.location.get('url', '')}")
    page.on("console", add_message)
    page.on("pageerror", lambda error: add(str(error)))
    return found


def open_edition(page: Page, url: str, edition: str, slug: str, query: str = "") -> None:
    """Go to a page and wait until all of it is there: in Streamlit, until the first paint has gone."""
    page.on("websocket", lambda socket: SESSIONS.update({page: socket}))
    page.goto(f"{url}{EDITIONS[edition]}{slug}{query}", timeout=DRAWING_MS)
    wait_until_drawn(page, edition)


def wait_until_drawn(page: Page, edition: str) -> None:
    """Wait until a page stands whole."""
    if edition == "streamlit":
        page.locator("#first").wait_for(state="detached")
    page.locator(".portal .foot").wait_for(state="attached")


def unfold(page: Page) -> None:
    """Open every folded part."""
    page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true })")


def resize(page: Page, width: int, theme: str, height: int = 900) -> None:
    """Look at the page so wide, in light or dark ("": as before), without loading it again."""
    # Playwright sends no size that it has set before, even if `stretched` has changed it since: so another one first.
    page.set_viewport_size({"width": width, "height": height + 1})
    page.set_viewport_size({"width": width, "height": height})
    if theme:
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.evaluate(FRAMES)


def undecided(page: Page, rule: str, nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of the nodes axe is not sure of that nobody has looked at, and that are not plain once scrolled to."""
    # In Streamlit's chart a word is drawn anew meanwhile: it may be gone, and its colours are decided for all.
    candidates = [node for node in nodes if not (rule == "color-contrast" and node["html"].startswith("<text"))]
    looks = page.evaluate(LOOKED_AT, [[str(node["target"][0]) for node in candidates], list(DECIDED.get(rule, {}))])

    def plain(node: dict[str, Any], free: bool) -> bool:
        """Only hidden from axe by what stood over it: its colours are those of the words around it."""
        return rule == "color-contrast" and free and any("obscured" in one["message"] for one in node["any"])
    return [node for node, look in zip(candidates, looks, strict=True)
            if not look["within"] and not plain(node, look["free"])]


def stretched(page: Page) -> None:
    """Make the window as high as Streamlit's page, until it is given another size: axe leaves out the colours of what
    its scrolled frame hides. Drawn at a tenth of its size, for to draw all of its pixels takes longer than axe does.
    """
    size = page.viewport_size
    if size and (high := page.evaluate(HIGHEST)) > size["height"]:
        page.context.new_cdp_session(page).send("Emulation.setDeviceMetricsOverride", {
            "width": size["width"], "height": high, "deviceScaleFactor": 1, "mobile": False, "scale": 0.1})
        page.evaluate(FRAMES)


def axe(page: Page, *, colours: bool = True) -> tuple[list[str], list[str]]:
    """What axe finds against all of the page, and what it is not sure of and nobody has decided: rule, first words of
    the element. Contrasts of `colours` take it four times as long as all other rules together.
    """
    if colours:
        stretched(page)
    found = Axe().run(page, options=RULES | {"rules": {"color-contrast": {"enabled": colours}}}).response
    against = [f"{row['id']}: {node['html'][:160]}" for row in found["violations"] for node in row["nodes"]]
    unsure = [f"{row['id']} (undecided): {node['html'][:160]}" for row in found["incomplete"]
              for node in undecided(page, row["id"], row["nodes"])]
    return against, unsure


def against(page: Page, what: str, *, colours: bool = True) -> list[str]:
    """What axe finds, and what nobody has decided, each with what was audited."""
    return [f"{what}: {finding}" for part in axe(page, colours=colours) for finding in part]


def sideways(page: Page, width: int, what: str) -> list[str]:
    """Where the page is wider than its window."""
    widest = page.evaluate(WIDEST)
    return [f"{what}: {widest} pixels wide in a window of {width}"] if widest > width else []


def unfolded_list(page: Page, at: int = 0) -> None:
    """Open a list of Streamlit's choices. It opens once its script is there, and a key before that is lost."""
    combobox = page.get_by_test_id("stSelectbox").nth(at).get_by_role("combobox")
    combobox.evaluate("one => one.scrollIntoView({block: 'center'})")  # the list opens beside it
    while not page.get_by_role("option").count():
        combobox.press("ArrowDown")
        page.evaluate(FRAMES)


@contextmanager
def _script_run(page: Page) -> Iterator[None]:
    """What is done inside makes Streamlit's script run: wait until the server says that the run has ended, and until
    it is drawn. The page alone does not tell: after a click no run has begun yet, and a short one leaves no trace.
    """
    with SESSIONS[page].expect_event("framereceived", _ends_run):
        yield
    page.evaluate(FRAMES)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.locator(".portal .foot").wait_for(state="attached")


def _ends_run(message: bytes | str) -> bool:
    """Whether a message of the server says that a run has come to its end."""
    if isinstance(message, str):
        return False
    read = ForwardMsg.FromString(message)
    return bool(read.WhichOneof("type") == RUN_ENDED and read.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY)


def _chosen(page: Page, at: int) -> None:
    """Choose what is not chosen yet of a list, if it holds more than one option: in sight, for a long list draws itself
    anew while it scrolls.
    """
    for _ in range(MOST):
        unfolded_list(page, at)
        others = page.get_by_role("option", selected=False)
        if not others.count():
            page.keyboard.press("Escape")
            return
        with suppress(TookTooLong), _script_run(page):  # the list was drawn anew just now, and has closed
            others.first.click(timeout=2000)
            return
    raise AssertionError("no choice could be made")


def _submitted(page: Page) -> int:
    """Choose the last of each choice of the page's own form, tick every box, and send it."""
    form = page.locator("main form.choose:not([action^='/'])").first
    if not form.count():
        return 0
    selects, boxes = form.locator("select"), form.locator("input[type=checkbox]")
    for at in range(selects.count()):
        selects.nth(at).select_option(index=selects.nth(at).locator("option").count() - 1)
    for at in range(boxes.count()):
        boxes.nth(at).check()
    with page.expect_navigation(wait_until="load"):  # its style sheet too: sizes are looked at
        form.locator("button").click()
    wait_until_drawn(page, "plain")
    return selects.count() + boxes.count()


def used(page: Page, edition: str) -> int:
    """Use every choice and box the page offers, and every switch to an interactive chart; how many there were."""
    if edition == "plain":
        return _submitted(page)
    lists = page.get_by_test_id("stSelectbox")
    for at in range(lists.count()):
        _chosen(page, at)
    switches = page.locator("[data-testid=stCheckbox] label")
    for at in range(switches.count()):
        charts = page.get_by_test_id("stVegaLiteChart")
        before = charts.count()
        with _script_run(page):
            switches.nth(at).click()
        if switches.nth(at).locator("[role=switch]").count():
            charts.nth(before).wait_for()
    return lists.count() + switches.count()
