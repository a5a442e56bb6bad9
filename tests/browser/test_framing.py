"""Another site's page, in a real browser: it may put a figure in a frame, and no other URL of the portal."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import NewPage
from tests.browser.server import Server

REFUSED = ["/", "/calls", "/plain/", "/plain/calls", "/brief.html", "/projector", "/data.json", "/api/v1/", "/nothing"]
FIGURE = "/plain/figure/demand.received"


@contextmanager
def newspaper(*framed: str) -> Iterator[str]:
    """The URL of another site, whose page frames these URLs, each under a name: f0, f1, …"""
    frames = "".join(f'<iframe name="f{at}" src="{url}"></iframe>' for at, url in enumerate(framed))

    class Paper(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f"<!doctype html>{frames}".encode())

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Paper)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_a_newspaper_frames_a_figure_and_nothing_else(portal_server: Server, new_page: NewPage) -> None:
    page = new_page()
    messages: list[str] = []
    page.on("console", lambda entry: messages.append(entry.text))
    with newspaper(*(portal_server.url + path for path in (*REFUSED, FIGURE))) as url:
        page.goto(url)
        figure = page.frame_locator(f'iframe[name="f{len(REFUSED)}"]')
        figure.locator("article.card h2").wait_for()
        picture = "async one => { await one.decode(); return one.naturalWidth }"
        assert figure.locator("article.card img").evaluate(picture) > 100
        assert figure.locator("p.source a[target=_top]").count() == 1
        assert "Made-up numbers" in figure.locator("body").inner_text()
        for at, path in enumerate(REFUSED):
            frame = page.frame(name=f"f{at}")
            assert frame is not None and frame.url == "chrome-error://chromewebdata/", path
    refusals = [message for message in messages if "frame-ancestors" in message]
    assert len(refusals) == len(REFUSED), messages


@pytest.mark.parametrize("query", ["x", "?period=1999-Q1"])
def test_a_figure_that_is_not_there_says_so_in_the_frame(
        portal_server: Server, new_page: NewPage, query: str) -> None:
    page = new_page()
    with newspaper(portal_server.url + FIGURE + query) as url:
        page.goto(url)
        page.frame_locator("iframe").locator("h1").wait_for()


def test_an_article_shows_figures_each_in_its_frame_of_420_pixels(portal_server: Server, new_page: NewPage) -> None:
    page = new_page(width=400)
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    drawn, in_words = ("service.coverage", "outcome.conduct"), ("service.more_hours", "change.when_known")
    figures = (*drawn, *in_words)
    with newspaper(*(f"{portal_server.url}/embed/{figure}" for figure in figures)) as url:
        page.goto(url)
        page.add_style_tag(content="iframe { width: 320px; height: 420px; border: 0 }")
        for at, name in enumerate(figures):
            figure = page.frame_locator(f'iframe[name="f{at}"]')
            assert figure.locator("h1").inner_text()
            for picture in figure.locator("img").all():
                assert picture.evaluate("async one => { await one.decode(); return one.height }") > 90
            assert figure.locator("img").count() == (name in drawn)
            assert "Made-up numbers" in figure.locator("body").inner_text()
            assert figure.locator("html").evaluate("one => [one.scrollHeight, one.scrollWidth]") == [420, 320]
        assert hosts == {urlsplit(url).netloc, urlsplit(portal_server.url).netloc}
