"""The site stands under a path of another site as well as at the root of its own: no link leads out of it."""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from portal.navigation import PAGES
from portal.server.security_headers import Headers
from portal.server.site_url import UnderPath, with_site_url
from portal.settings import Settings
from tests.conftest import SMALLEST
from tests.site import built, client_of, releases_in, settings_for

HOST, PATH = "https://example.org", "/city/co-response"
LINK = re.compile(r'\b(?:href|src|srcset|action)="([^"]*)"|url\("([^"]*)"\)')
START = ("/plain/", "/plain/ask?q=arrests", "/site.css", "/brief.html", "/projector", "/plain/nothing-here",
         "/plain/figure/outcome.arrest", *(f"/plain/{page.slug}" for page in PAGES))


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, drawn_cache: Path) -> Settings:
    releases = releases_in(tmp_path_factory.mktemp("path"), SMALLEST[0])
    return built(settings_for(releases, drawn_cache, address=HOST + PATH))


@pytest.fixture
def site(settings: Settings) -> Iterator[TestClient]:
    app = client_of(settings, Middleware(Headers, settings=settings)).app
    with TestClient(UnderPath(app, settings.path), base_url=HOST, follow_redirects=False) as client:
        yield client


def links(text: str) -> set[str]:
    return {unescape(one or other) for one, other in LINK.findall(text)}


def test_every_link_and_asset_of_every_page_leads_to_an_address_that_answers_under_the_path(site: TestClient) -> None:
    visited: set[str] = set()
    for start in START:
        site_path = PATH + start
        answer = site.get(site_path)
        assert answer.status_code == (404 if "nothing" in start else 200), site_path
        for link in links(answer.text):
            target = urlsplit(urljoin(HOST + site_path, link))
            if (target.scheme, target.netloc) != ("https", urlsplit(HOST).netloc) or "nothing" in target.path:
                continue
            assert target.path.startswith(f"{PATH}/"), f"{link} on {site_path} leads out of the site"
            visited.add(target.path)
    for path in visited:
        if path.startswith((f"{PATH}/plain", f"{PATH}/fonts", f"{PATH}/figure", f"{PATH}/download", f"{PATH}/site")):
            assert site.get(path).status_code == 200, path
    assert len(visited) > 60


def test_what_is_read_elsewhere_names_the_whole_address(site: TestClient) -> None:
    page = site.get(f"{PATH}/plain/calls").text
    assert f'rel="canonical" href="{HOST}{PATH}/calls"' in page
    assert f'href="{HOST}{PATH}/feed.atom"' in page
    assert "site.invalid" not in page
    for name in ("feed.atom", "data.json", "sitemap.xml", "api/v1/", "api/v1/openapi.json", "calendar.ics"):
        text = site.get(f"{PATH}/{name}").text
        assert f"{HOST}{PATH}/" in text and f"{HOST}/plain" not in text, name
    figure = json.loads(site.get(f"{PATH}/api/v1/figures/outcome.arrest").text)
    assert figure["address"].startswith(f"{HOST}{PATH}/plain/figure/outcome.arrest")


def test_the_path_itself_leads_to_the_first_page_and_redirects_stay_under_it(site: TestClient) -> None:
    assert site.get(f"{PATH}?lang=es").headers["location"] == f"{PATH}/?lang=es"
    assert urljoin(f"{HOST}{PATH}/plain", site.get(f"{PATH}/plain").headers["location"]) == f"{HOST}{PATH}/plain/"
    assert site.get(f"{PATH}/brief-document?as=pdf").headers["location"].startswith(f"{PATH}/brief")


def test_a_proxy_that_takes_the_path_off_is_answered_too(site: TestClient) -> None:
    assert site.get("/plain/calls").text == site.get(f"{PATH}/plain/calls").text
    assert site.get("/healthz").status_code == site.get(f"{PATH}/healthz").status_code == 200


@pytest.mark.parametrize(("asked", "permanent"), [
    ("http://127.0.0.1:9000", "http://127.0.0.1:9000"), ("https://127.0.0.1", "https://127.0.0.1")])
def test_without_an_address_permanent_links_are_as_each_visitor_asks(settings: Settings, asked: str, permanent: str
                                                                     ) -> None:
    open_settings = Settings(**{**vars(settings), "address": "", "host": "0.0.0.0"})
    with client_of(open_settings, base_url=asked) as client:
        page = client.get("/plain/calls").text
    assert f"{permanent}/plain/figure/" in page
    assert "0.0.0.0" not in page and "site.invalid" not in page


def test_links_of_other_sites_and_places_on_the_page_stay_as_they_are() -> None:
    text = ('<a href="//other.example/x"><a href="https://a.example/"><a href="#here"><a href="?lang=es">'
            '<img src="/a.png">')
    assert with_site_url(text, f"{HOST}/p") == text.replace('src="/a.png"', 'src="/p/a.png"')
    assert with_site_url(text, HOST) == text
