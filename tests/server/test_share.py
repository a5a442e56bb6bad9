"""What a card lets you take along: every link of it works without script, and none leads to another host."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from starlette.testclient import TestClient

from portal.figures.council.others import peers
from portal.navigation import PAGES
from portal.settings import Settings
from tests.conftest import SMALLEST
from tests.site import built, client_of, releases_in, selection_for, settings_for

SITE = "http://testserver"


class Card(HTMLParser):
    """The links inside the cards of a page; every id of it, and whatever a browser fetches by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.ids: set[str] = set()
        self.depth = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        attribute_values = {name: value or "" for name, value in attributes}
        self.ids.add(attribute_values.get("id", ""))
        self.depth += tag == "article"
        if self.depth and tag == "a":
            self.links.append(attribute_values["href"])
        self.fetched += [attribute_values[name] for name in ("src", "srcset") if name in attribute_values]

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "article"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, drawn_cache: Path) -> Settings:
    return built(settings_for(releases_in(tmp_path_factory.mktemp("share"), *SMALLEST), drawn_cache))


@pytest.fixture(scope="module")
def site(settings: Settings) -> Iterator[TestClient]:
    with client_of(settings) as client:
        yield client


def read(site: TestClient, url: str) -> Card:
    card = Card()
    card.feed(site.get(url).text)
    return card


def links_of_all_cards(site: TestClient) -> set[str]:
    pages = [f"/plain/{page.slug}" for page in PAGES if page.figures]
    return {urljoin(SITE + page, link) for page in pages for link in read(site, page).links}


def test_every_link_on_a_card_works_without_script(site: TestClient) -> None:
    links = {link for link in links_of_all_cards(site) if urlsplit(link).netloc == "testserver"}
    assert len(links) > 50
    for link in sorted(links):
        parts = urlsplit(link)
        answer = site.get(link)
        assert answer.status_code == 200, link
        assert not parts.fragment or parts.fragment in read(site, link).ids, link


def test_a_card_leads_to_other_hosts_for_sources_alone_and_fetches_nothing_of_one(site: TestClient) -> None:
    outside = {link for link in links_of_all_cards(site) if urlsplit(link).netloc != "testserver"}
    assert outside
    assert outside <= {peer_figure.url for _, peer_figure in peers()}
    for page in PAGES:
        fetched = [part.split()[0] for part in read(site, f"/plain/{page.slug}").fetched]
        assert all(urlsplit(url).netloc in {"", "testserver"} for url in fetched)


def test_every_drawn_figure_has_a_picture_and_words_for_link_previews(settings: Settings, site: TestClient) -> None:
    release = selection_for(settings).release
    assert release
    drawn = [name for name, figure in release.read_figures(release.default_period).items() if figure.picture]
    assert len(drawn) > 5
    for name in drawn:
        previewed(site, site.get(f"/plain/figure/{name}").text)


def previewed(site: TestClient, text: str) -> None:
    """What a link preview needs stands in a figure's page."""
    picture = text.split('property="og:image" content="', 1)[1].split('"', 1)[0]
    answer = site.get(picture)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    for name in ("og:title", "og:description", "og:url", "og:locale", "og:site_name", "og:image:alt"):
        assert f'property="{name}" content="' in text
    assert 'property="og:description" content="Made-up numbers. ' in text


def test_what_a_button_would_copy_stands_on_the_card(site: TestClient) -> None:
    text = site.get("/plain/figure/demand.received").text
    page = read(site, "/plain/figure/demand.received")
    anchors = {f"demand.received-{part}" for part in ("link", "cite", "frame", "sql")}
    assert anchors <= page.ids
    assert all(f'data-copy="{target}"' in text for target in anchors)
