"""A real Chromium for the browser tests, started once and shared.

    def test_x(portal_server: Server, new_page: NewPage) -> None:
        page = new_page(width=320, theme="dark")
        page.goto(f"{portal_server.url}/plain/calls?lang=es")

Every page fails its test at the end when it asked anybody but the portal for anything.
"""

import os
import shutil
from collections.abc import Iterator
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from tests.browser.server import Server

# What Debian's chromium needs in a container, and what keeps it from speaking to anybody on its own.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]
MISSING = "Debian's chromium is not installed: run scripts/install-chromium"
WAIT_MS = 20_000  # for a condition on a page, on a slow and busy machine


class NewPage(Protocol):
    """Opens an empty page in a context of its own."""

    def __call__(self, width: int = 1280, height: int = 900, theme: Literal["light", "dark"] = "light",
                 locale: str = "en-US", javascript: bool = True, **context: Any) -> Page: ...


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything that uses the browser carries its mark: `-m 'not browser'` leaves it out."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's chromium, started once for each test process. Missing: skipped, or failed with CI set."""
    path = shutil.which("chromium")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(f"{MISSING}. With CI set this is a failure.", pytrace=False)
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


OWN = {"data", "blob", "chrome", "chrome-extension"}  # the browser's own, such as its PDF viewer


def guard(context: BrowserContext, asked: list[str]) -> None:
    """Lets a page speak to this machine alone, and keeps what else it asked for."""
    def decide(route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.scheme in OWN or address.hostname in {"127.0.0.1", "localhost"}:
            route.continue_()
        else:
            asked.append(route.request.url)
            route.abort()
    context.route("**/*", decide)


@pytest.fixture
def new_page(chromium: Browser) -> Iterator[NewPage]:
    """A function that opens a page: viewport, theme, the browser's language, with or without JavaScript."""
    contexts: list[BrowserContext] = []
    asked: list[str] = []

    def open_page(width: int = 1280, height: int = 900, theme: Literal["light", "dark"] = "light",
                  locale: str = "en-US", javascript: bool = True, **context: Any) -> Page:
        made = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=theme, locale=locale,
                                    java_script_enabled=javascript, **context)
        made.set_default_timeout(WAIT_MS)
        guard(made, asked)
        contexts.append(made)
        return made.new_page()

    yield open_page
    for made in contexts:
        made.close()
    assert not asked, f"The page asked a third party: {', '.join(sorted(set(asked)))}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Puts the end of the portal's log beside a browser test that failed."""
    report = yield
    server = getattr(item, "funcargs", {}).get("portal_server")
    if report.failed and isinstance(server, Server):
        report.sections.append(("the portal's log", server.said()))
    return report
