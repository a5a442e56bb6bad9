"""A real Chromium for the browser tests, started once and shared.

    def test_x(portal_server: Server, new_page: NewPage) -> None:
        page = new_page(width=320, theme="dark")
        page.goto(f"{portal_server.url}/plain/calls?lang=es")

Every page fails its test at the end when it asked anybody but the portal for anything.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.server import Server

# What Debian's chromium needs in a container, and what keeps it from speaking to anybody on its own.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]
# No other host has a URL, and the portal's pages share a process: scripts are not compiled anew for each test.
ALONE = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost", "--process-per-site"]
# The shell is the same browser without windows: pages open in two thirds of the processor time.
EXECUTABLES = ("chromium-headless-shell", "chromium")
MISSING = "Debian's chromium is not installed: run scripts/install-chromium"
WAIT_MS = 60_000  # for a condition on a page, on a slow and busy machine


class NewPage(Protocol):
    """Opens an empty page for a visitor of whom nothing is known: no cookie, nothing stored.

    fresh: nor is any file kept, and what is set for the context (its clock, offline) ends with the test; without it
    files that other tests have loaded come from the browser. Options of a context make it fresh too.
    """

    def __call__(self, width: int = 1280, height: int = 900, theme: Literal["light", "dark"] = "light",
                 locale: str = "en-US", javascript: bool = True, fresh: bool = False, **context: Any) -> Page: ...


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything that uses the browser carries its mark: `-m 'not browser'` leaves it out."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


def executable() -> str | None:
    """The path of the browser that tests drive; None where none is installed."""
    return next(filter(None, map(shutil.which, EXECUTABLES)), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's chromium, started once for each test process. Missing: skipped, or failed with CI set."""
    path = executable()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(f"{MISSING}. With CI set this is a failure.", pytrace=False)
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS, *ALONE])
        yield browser
        browser.close()


OWN = {"data", "blob", "chrome", "chrome-extension"}  # the browser's own, such as its PDF viewer


def watch(context: BrowserContext, requests: list[str]) -> None:
    """Keeps what the pages of a context ask of others than this machine, though nobody answers (ALONE)."""
    def keep(url: str) -> None:
        to = urlsplit(url)
        if to.scheme not in OWN and to.hostname not in {"127.0.0.1", "localhost"}:
            requests.append(url)
    context.on("request", lambda request: keep(request.url))
    context.on("page", lambda page: page.on("websocket", lambda socket: keep(socket.url)))


class Contexts:
    """The browser's contexts: one for each kind of visitor that tests share, with its files; and fresh ones."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.asked: list[str] = []
        self.shared: dict[tuple[str, bool], BrowserContext] = {}

    def made(self, **options: Any) -> BrowserContext:
        """A new context."""
        context = self.browser.new_context(**options)
        context.set_default_timeout(WAIT_MS)
        watch(context, self.asked)
        return context

    def of(self, locale: str, javascript: bool) -> BrowserContext:
        """The context of such visitors. Its first page stays, and with it the process with all that is compiled."""
        if (locale, javascript) not in self.shared:
            context = self.shared[locale, javascript] = self.made(locale=locale, java_script_enabled=javascript)
            first = context.new_page()
            first.route("**/*", lambda route: route.fulfill(body=""))
            first.goto("http://127.0.0.1/")
        return self.shared[locale, javascript]

    def forget(self, context: BrowserContext) -> None:
        """Close all pages of a shared context but its first, and forget cookies and what pages have stored."""
        first, *others = context.pages
        for page in others:
            page.close()
        context.new_cdp_session(first).send("Storage.clearDataForOrigin", {"origin": "*", "storageTypes": "all"})

    @contextmanager
    def opened(self) -> Iterator[NewPage]:
        """A function that opens pages; they are closed at the end, and none may have asked a third party."""
        used: list[BrowserContext] = []

        def open_page(width: int = 1280, height: int = 900, theme: Literal["light", "dark"] = "light",
                      locale: str = "en-US", javascript: bool = True, fresh: bool = False, **context: Any) -> Page:
            alone = fresh or context
            used.append(self.made(locale=locale, java_script_enabled=javascript, **context) if alone
                        else self.of(locale, javascript))
            page = used[-1].new_page()
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=theme)
            return page

        yield open_page
        for made in used:
            if made in self.shared.values():
                self.forget(made)
            else:
                made.close()
        requests = sorted(set(self.asked))
        self.asked.clear()
        assert not requests, f"The page asked a third party: {', '.join(requests)}"


@pytest.fixture(scope="session")
def contexts(chromium: Browser) -> Contexts:
    return Contexts(chromium)


@pytest.fixture
def new_page(contexts: Contexts) -> Iterator[NewPage]:
    """A function that opens a page: viewport, theme, the browser's language, with or without JavaScript."""
    with contexts.opened() as open_page:
        yield open_page


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Puts the end of the portal's log beside a browser test that failed."""
    report = yield
    server = getattr(item, "funcargs", {}).get("portal_server")
    if report.failed and isinstance(server, Server):
        report.sections.append(("the portal's log", server.said()))
    return report
