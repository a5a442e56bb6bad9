"""Another site's page, in a real browser: it may put a figure in a frame, and no other address of the portal."""

import pytest

from portal.outline import PAGES
from tests.browser.conftest import NewPage
from tests.browser.server import Server

REFUSED = ["/", "/calls", "/plain/", "/plain/calls", "/plain/figure/", "/plain/figure", "/brief.html", "/projector",
           "/brief.pdf", "/brief-offline.html", "/data.json", "/api/v1/", "/nothing", "/healthz", "/feed.atom"]


def test_a_newspaper_frames_a_figure_and_nothing_else(portal_server: Server, new_page: NewPage) -> None:
    assert not {page.slug for page in PAGES} & {"figure"}
    page = new_page()
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text))
    framed = [*REFUSED, "/plain/figure/demand.received?lang=en"]
    text = "".join(f'<iframe name="f{at}" src="{portal_server.url}{path}"></iframe>' for at, path in enumerate(framed))
    newspaper = portal_server.url.replace("127.0.0.1", "localhost") + "/newspaper"
    page.route("**/newspaper", lambda route: route.fulfill(body=f"<!doctype html>{text}", content_type="text/html"))
    page.goto(newspaper)
    assert page.evaluate("location.origin") != portal_server.url
    figure = page.frame_locator(f'iframe[name="f{len(REFUSED)}"]')
    figure.locator("article.figure h2").wait_for()
    assert figure.locator("article.figure img").evaluate("async one => { await one.decode(); return one.naturalWidth }")
    assert figure.locator("p.source a[target=_top]").count() == 1
    assert "Made-up numbers" in figure.locator("body").inner_text()
    for at, path in enumerate(REFUSED):
        frame = page.frame(name=f"f{at}")
        assert frame is not None and frame.url == "chrome-error://chromewebdata/", (path, said)


@pytest.mark.parametrize("path", ["/plain/figure/nothing", "/plain/figure/demand.received?period=1999-Q1"])
def test_a_figure_that_is_not_there_says_so_in_the_frame(
        portal_server: Server, new_page: NewPage, path: str) -> None:
    page = new_page()
    text = f'<!doctype html><iframe name="f" src="{portal_server.url}{path}"></iframe>'
    page.route("**/newspaper", lambda route: route.fulfill(body=text, content_type="text/html"))
    page.goto(portal_server.url.replace("127.0.0.1", "localhost") + "/newspaper")
    page.frame_locator("iframe").locator("h1").wait_for()
