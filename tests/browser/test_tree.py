"""What a screen reader meets on each page, in order, beside the reviewed text of it in trees/.

`make trees` writes them anew: read the difference as somebody who hears it, then commit it.
"""

import os
from itertools import pairwise

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NewPage
from tests.browser.server import Server
from tests.browser.visit import EDITIONS, SLUGS, opened
from tests.source import ROOT

TREES = ROOT / "tests" / "browser" / "trees"
LONGEST = 60  # letters kept of a line: the words themselves are the matter of other tests
HEADINGS = """() => [...document.querySelectorAll('.portal h1, .portal h2, .portal h3')]
    .filter(one => !one.closest('details:not([open])')).map(one => one.tagName + ' ' + one.textContent.trim())"""


def tree(page: Page) -> str:
    """The accessibility tree of a page, a line an element, without addresses."""
    lines = page.locator("body").aria_snapshot().splitlines()
    return "\n".join(line[:LONGEST].rstrip() for line in lines if not line.strip().startswith("- /url:")) + "\n"


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_is_read_aloud_as_it_was_reviewed(portal_server: Server, new_page: NewPage, slug: str) -> None:
    page = new_page()
    opened(page, portal_server.url, "plain", slug)
    kept, heard = TREES / f"{slug or 'overview'}.yml", tree(page)
    if os.environ.get("TREES") == "write":
        TREES.mkdir(exist_ok=True)
        kept.write_text(heard, encoding="utf-8")
    assert heard == kept.read_text(encoding="utf-8"), "If it is meant: make trees, and read the difference"


@pytest.mark.parametrize("slug", SLUGS)
def test_headings_go_down_step_by_step_and_are_the_same_in_both_editions(
        portal_server: Server, new_page: NewPage, slug: str) -> None:
    found = {}
    for edition in EDITIONS:
        page = new_page()
        opened(page, portal_server.url, edition, slug)
        found[edition] = page.evaluate(HEADINGS)
    assert found["plain"] == found["streamlit"]
    levels = [int(one[1]) for one in found["plain"]]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert len(set(found["plain"])) == len(found["plain"]), "two headings are the same"
