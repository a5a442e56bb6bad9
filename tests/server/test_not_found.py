"""Every URL at which nothing is answers 404 in words; every other is handed on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from portal.application import ROUTES
from portal.builder.streamlit_assets import at_once, files
from portal.server.first_paint import FirstPaint
from portal.server.not_found import NotFound
from portal.settings import Settings
from tests.conftest import SMALLEST
from tests.site import app_of, built, releases_in, settings_for

RELEASE = SMALLEST[0]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, drawn_cache: Path) -> Settings:
    return built(settings_for(releases_in(tmp_path_factory.mktemp("releases"), RELEASE), drawn_cache))


@pytest.fixture
def site(settings: Settings) -> Iterator[TestClient]:
    """The portal's routes before a Streamlit that answers everything with 200, as the real one does."""
    streamlit = Route("/{path:path}", lambda _: PlainTextResponse("Streamlit's"))
    app = app_of(settings, Middleware(FirstPaint), Middleware(NotFound, routes=ROUTES), routes=[*ROUTES, streamlit])
    with TestClient(app, base_url="http://127.0.0.1", follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize("path", [
    "/feed.xml", "/favicon.ico", "/apple-touch-icon.png", "/sitemap.xml.gz", "/.well-known/security.txt", "/.env",
    "/report.pdf", "/calls/x.y", "/static/js/index.OfAnotherVersion.js", "/static/js/%00.js", "/a%00b.txt", "/%ff.x",
    "/app/static/x.js",
])
def test_a_file_that_is_none_is_told_in_one_plain_sentence(site: TestClient, path: str) -> None:
    answer = site.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/plain; charset=utf-8")
    assert answer.text.startswith("There is nothing at this address.")
    assert site.head(path).status_code == 404


@pytest.mark.parametrize("path", [
    "/nothing", "/calls/deeper", "/overview", "/calls.html", "/index.html", "/wp-login.php", "/plain/nothing.pdf",
    "/plain/calls.html", "/static/", "/%00", "/%ff", "/a.b/c"])
def test_a_page_that_is_none_is_told_in_the_visitors_language_with_the_numbers_to_call(
        site: TestClient, path: str) -> None:
    answer = site.get(f"{path}?lang=es-MX")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "No hay ninguna página en esta dirección" in answer.text
    assert 'href="tel:911"' in answer.text


def test_what_is_there_is_answered(site: TestClient) -> None:
    for path in ("/", "/calls", "/calls/", "/projector", "/_stcore/health", "/favicon.png", "/manifest.json",
                 *(f"/{asset}" for asset in at_once(files()))):
        assert site.get(path).status_code == 200, path


def test_the_plain_edition_needs_no_slash(site: TestClient) -> None:
    answer = site.get("/plain?lang=ht&period=start")
    assert (answer.status_code, answer.headers["location"]) == (308, "plain/?lang=ht&period=start")
    assert site.get("/plain").headers["location"] == "plain/"
