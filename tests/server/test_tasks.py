"""What people come for is found in under three clicks from the Overview, without JavaScript: links are followed, and a
form's button is a click too.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import urlopen
from xml.etree.ElementTree import Element

import html5lib
import pytest

from portal.navigation import PAGES
from tests.browser.server import Server

CLICKS = 2  # fewer than three


@dataclass(frozen=True)
class Seen:
    """What stands at a URL: its parsed page (None for a file) and what kind of thing it is."""

    url: str
    kind: str
    page: Element | None

    def says(self, *words: str) -> bool:
        """Whether all these words, or patterns, stand on it."""
        text = " ".join("".join(self.page.itertext()).split()) if self.page is not None else ""
        return all(re.search(word, text) for word in words)

    def leads_to(self, start: str) -> bool:
        """Whether a link of it begins like this: "tel:911"."""
        return self.page is not None and any(link.get("href", "").startswith(start) for link in self.page.iter("a"))

    def figure(self, name: str) -> bool:
        """Whether this figure stands on it."""
        return self.page is not None and any(article.get("id") == name for article in self.page.iter("article"))


@cache
def opened(url: str) -> Seen:
    """A URL of the portal, read once."""
    with urlopen(url, timeout=120) as answer:
        kind = answer.headers.get_content_type()
        text = answer.read().decode("utf-8") if kind == "text/html" else ""
    return Seen(url, kind, html5lib.parse(text, namespaceHTMLElements=False) if text else None)


def submitted(form: Element, url: str) -> str:
    """Where the button of a form leads, with the choices as they stand."""
    fields = [(tag.get("name", ""), tag.get("value", "")) for tag in form.iter("input")
              if tag.get("type") == "hidden" or tag.get("checked") is not None]
    for tag in form.iter("select"):
        options = list(tag.iter("option"))
        chosen = next((each for each in options if each.get("selected") is not None), options[0])
        fields.append((tag.get("name", ""), chosen.get("value", "")))
    return urljoin(url, form.get("action", "")).partition("?")[0] + "?" + urlencode(fields)


def steps(page_read: Seen) -> Iterator[str]:
    """Where one click leads from a page, within the portal."""
    page = page_read.page if page_read.page is not None else Element("none")
    found = [urljoin(page_read.url, tag.get("href", "")) for tag in page.iter("a")]
    found += [submitted(tag, page_read.url) for tag in page.iter("form") if tag.get("method", "get") == "get"]
    yield from dict.fromkeys(row.partition("#")[0] for row in found
                             if urlsplit(row).netloc == urlsplit(page_read.url).netloc)


def clicks(start: str, found_on: Callable[[Seen], bool], pattern: str) -> int:
    """How many clicks away the nearest page is for which `found_on` holds. Only links that match `pattern` are opened.
    Raises AssertionError where more than CLICKS are needed.
    """
    near, known = [start], {start}
    for count in range(CLICKS + 1):
        pages = [opened(url) for url in near]
        if any(found_on(answer) for answer in pages):
            return count
        near = [step for answer in pages for step in steps(answer) if step not in known and re.search(pattern, step)]
        known |= set(near)
    raise AssertionError(f"not found within {CLICKS} clicks")


# The ten tasks of the accessibility plan: where the way leads, and how one sees that one is there.
TASKS: dict[str, tuple[str, Callable[[Seen], bool]]] = {
    "the number of calls last quarter": ("/plain/calls$", lambda page: page.figure("demand.received") and page.says(
        r"newest \d+ calls? The team went to \d+ of them")),
    "what happened after the calls": ("/plain/outcomes$", lambda page: page.figure("outcome.kind")),
    "slower or faster than before": ("/plain/calls$", lambda page: page.figure("response.minutes") and page.says(
        r"\d+ minutes? until it arrived")),
    "who is served and who is not": ("/plain/equity$", lambda page: page.figure("equity.people") and page.says(
        "hatching says that “not recorded” is among them")),
    "what to do in a crisis now": ("^$", lambda page: page.leads_to("tel:911") and page.leads_to("tel:988")),
    "how to ask for ASL or CART at a meeting": ("/plain/accessibility", lambda page: page.says(
        "American Sign Language", "a public meeting") and page.leads_to("mailto:")),
    "report a barrier on this site": ("^$", lambda page: page.says("To report a barrier") and page.leads_to("mailto:")),
    "download the data": ("/plain/data$|/csv/cells.csv$", lambda page: page.kind == "text/csv"),
    "download their dictionary": ("/plain/data$|data.dictionary.csv",
                                  lambda page: "data.dictionary.csv" in page.url),
    "print the brief": ("/plain/brief$|/brief", lambda page: page.kind == "application/pdf"),
    "read all of it in Haitian Creole": (r"\?lang=ht$", lambda page: page.page is not None
                                         and page.page.get("lang") == "ht"),
}


@pytest.mark.parametrize("task", TASKS)
def test_a_task_is_done_in_under_three_clicks(portal_server: Server, task: str) -> None:
    pattern, found_on = TASKS[task]
    assert clicks(f"{portal_server.url}/plain/", found_on, pattern) <= CLICKS


def test_every_page_is_one_click_from_the_overview_in_haitian_creole_too(portal_server: Server) -> None:
    start = opened(f"{portal_server.url}/plain/?lang=ht")
    assert {f"{portal_server.url}/plain/{page.slug}?lang=ht" for page in PAGES} <= set(steps(start))


def test_what_is_not_there_is_not_found(portal_server: Server) -> None:
    with pytest.raises(AssertionError, match="not found within 2 clicks"):
        clicks(f"{portal_server.url}/plain/", lambda page: page.says("Nobody has written this"), "/plain/data$")
