"""Tables on the narrowest phone: no word is broken, and none is cut off at the side."""

import pytest

from tests.browser.conftest import NewPage
from tests.browser.server import Server
from tests.browser.visit import SLUGS, WIDEST, open_edition, unfold

# Each word of a cell that stands on more than one line. Names in code are no words: they have no place to break.
BROKEN = r"""() => [...document.querySelectorAll('.portal :is(th, td)')].flatMap(cell => {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), broken = [];
    while (texts.nextNode()) {
        if (texts.currentNode.parentElement.closest('code, .unseen')) continue;
        for (const word of texts.currentNode.data.matchAll(/[\p{L}\p{M}\p{N}]+/gu)) {
            const range = document.createRange();
            range.setStart(texts.currentNode, word.index);
            range.setEnd(texts.currentNode, word.index + word[0].length);
            const lines = new Set([...range.getClientRects()].filter(one => one.width).map(one => Math.round(one.top)));
            if (lines.size > 1) broken.push(`${word[0]} in: ${cell.textContent.slice(0, 60)}`);
        }
    }
    return broken; })"""
COMPARED = "measure=response.unmet_reason&by=groups&at=2027-Q3&with=2027-Q2"
SEVERAL = "measure=response.unmet_reason&by=quarter"  # four columns of numbers
SIDEWAYS = """() => [...document.querySelectorAll('.portal .scroll')]
    .filter(one => one.scrollWidth > one.clientWidth).map(one => one.textContent.slice(0, 60))"""


@pytest.mark.parametrize("language", ["en", "es"])  # Spanish has the longest words of the five
def test_no_word_of_a_table_is_broken_on_a_phone(portal_server: Server, new_page: NewPage, language: str) -> None:
    page, tables = new_page(width=320), 0
    found = []
    for slug, more in (*((slug, "") for slug in SLUGS), ("explore", f"&{COMPARED}"), ("explore", f"&{SEVERAL}")):
        open_edition(page, portal_server.url, "plain", slug, f"?lang={language}{more}")
        unfold(page)
        tables += page.locator(".portal table").count()
        found += [f"/{slug}{more}: {problem}" for problem in page.evaluate(BROKEN)]
        if (wide := page.evaluate(WIDEST)) > 320:
            found.append(f"/{slug}{more}: {wide} pixels wide")
        found += [f"/{slug}{more}: scrolls sideways: {problem}" for problem in page.evaluate(SIDEWAYS)]
    assert tables > 30
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("url", "name", "way"), [
    (f"explore?{SEVERAL}", ".found table.listed", "block"), ("calls", "table.listed", "block")])
def test_a_table_that_a_phone_lays_out_again_is_still_read_as_one(
        portal_server: Server, new_page: NewPage, url: str, name: str, way: str) -> None:
    page = new_page(width=320)
    open_edition(page, portal_server.url, "plain", url)
    unfold(page)
    table = page.locator(name).first
    assert table.evaluate("one => getComputedStyle(one).display") == way
    heard = table.aria_snapshot()
    assert heard.startswith("- table")
    assert heard.count("rowheader") == table.locator("tbody tr").count()
    assert "columnheader" in heard
    assert "cell" in heard
