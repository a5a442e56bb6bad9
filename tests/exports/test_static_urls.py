"""Where the static edition has what the site has: one file for one page, and links that lead from file to file."""

import posixpath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.exports.static_html import SITE, StaticFile
from portal.exports.static_urls import StaticSite, anchor_of, file_of, relative
from portal.navigation import PAGES

SITE_OF_TWO = StaticSite("2027-Q3", {"2027-Q3": "start", "2027-Q2": "start"})
NAME = st.text("ab", min_size=1, max_size=3)


@pytest.mark.parametrize(("url", "file"), [
    ("/plain/", "index.html"), ("/", "index.html"), ("/plain/?lang=en", "index.html"),
    ("/plain/calls", "calls/index.html"), ("/calls?lang=es", "es/calls/index.html"),
    ("/plain/calls?release=2027-Q3&period=start", "calls/index.html"),
    ("/plain/calls?period=2027-Q1&lang=ht&release=2027-Q2", "ht/release/2027-Q2/period/2027-Q1/calls/index.html"),
    ("/plain/calls?release=2027-Q2&period=start", "release/2027-Q2/calls/index.html"),
    ("/plain/program?period=2027-Q1&lang=es", "es/program/index.html"),
    ("/plain/data?period=2027-Q1&release=2027-Q2", "release/2027-Q2/data/index.html"),
    ("/plain/explore?measure=x&by=y", "explore/index.html"),
    ("/plain/figure/demand.received?release=2027-Q2", "release/2027-Q2/calls/index.html"),
    ("/download/2027-Q3/csv/cells.csv", "download/2027-Q3/csv/cells.csv"),
    ("/download/2027-Q3/figure/a.b.csv?lang=es&period=2027-Q1", "download/2027-Q3/figure/es/2027-Q1/a.b.csv"),
    ("/download/2027-Q3/figure/a.b.xlsx?lang=es&period=2027-Q1", "download/2027-Q3/table/es/all.xlsx"),
    ("/download/2027-Q3/table/a.b.xlsx", "download/2027-Q3/table/all.xlsx"),
    ("/brief.pdf?lang=ne", "ne/brief.pdf"), ("/projector", "projector.html"),
    ("/api/v1/", "api/v1/index.json"), ("/api/v1/releases/newest/cells.csv", "api/v1/releases/newest/cells.csv"),
    ("/api/v1/figures/demand.received", "api/v1/figures/demand.received.json"),
    ("/figure/2027-Q3/en/0.svg", "figure/2027-Q3/en/0.svg"), ("/site.css", "site.css"),
])
def test_each_address_has_its_file(url: str, file: str) -> None:
    canonical = SITE_OF_TWO.canonical(url)
    assert file_of(canonical) == file
    assert SITE_OF_TWO.canonical(canonical) == canonical


@pytest.mark.parametrize("url", ["/nothing", "/_stcore/stream", "/metrics", "/plain/nothing"])
def test_what_the_site_does_not_show_has_none(url: str) -> None:
    assert SITE_OF_TWO.canonical(url) == ""


def test_two_addresses_of_one_file_are_one_address() -> None:
    queries = ["", "?lang=es", "?period=2027-Q1", "?release=2027-Q2", "?release=2027-Q2&period=2026-Q4&lang=ne"]
    canonical = {SITE_OF_TWO.canonical(f"/plain/{page.slug}{query}") for page in PAGES for query in queries}
    assert len({file_of(url) for url in canonical}) == len(canonical)


@given(st.lists(NAME, max_size=3), st.lists(NAME, max_size=3), st.booleans())
def test_a_relative_link_leads_to_its_file(target: list[str], source: list[str], page: bool) -> None:
    wanted = posixpath.join(*target, "index.html" if page else "x.csv")
    link = relative(wanted, posixpath.join(*source, "index.html"))
    assert not link.startswith("/")
    reached = posixpath.normpath(posixpath.join("/", *source, link))
    assert reached == posixpath.normpath(f"/{wanted.removesuffix('index.html')}")


def rewritten(markup: str, url: str = "/plain/calls?lang=es", base_url: str = "") -> tuple[str, list[str]]:
    needed: list[str] = []
    return StaticFile(SITE_OF_TWO, url, base_url, needed.append).html(markup), needed


@pytest.mark.parametrize(("markup", "static"), [
    ('<a href="/plain/data?lang=es#files">', '<a href="../data/#files">'),
    ('<a href="?lang=en">', '<a href="../../calls/">'),
    ('<a href="#main">', '<a href="#main">'),
    ('<a href="https://example.org/">', '<a href="https://example.org/">'),
    ('<a href="mailto:a@example.org">', '<a href="mailto:a@example.org">'),
    ('<link rel="icon" href="data:,">', '<link rel="icon" href="data:,">'),
    ('<img src="/figure/2027-Q3/es/0.svg">', '<img src="../../figure/2027-Q3/es/0.svg">'),
    ('<a href="/plain/figure/demand.received?lang=es&amp;period=2027-Q1">',
     '<a href="../period/2027-Q1/calls/#demand.received">'),
    (f'<link rel="canonical" href="{SITE}/calls?lang=es">', '<link rel="canonical" href="./">'),
])
def test_a_link_is_relative_and_what_it_needs_is_listed(markup: str, static: str) -> None:
    assert rewritten(markup)[0] == static


def test_with_a_base_whole_addresses_stay_whole() -> None:
    markup = f'<link rel="canonical" href="{SITE}/calls?lang=es"><p>{SITE}/plain/figure/demand.received?lang=es</p>'
    assert rewritten(markup, base_url="https://example.org/copy")[0] == (
        '<link rel="canonical" href="https://example.org/copy/es/calls/">'
        '<p>https://example.org/copy/es/calls/#demand.received</p>')


def test_a_list_of_choices_becomes_links() -> None:
    form = ('<form class="choose" method="get" action=""><div><label for="choose-period">Show</label>'
            '<select id="choose-period" name="period"><option value="start" selected>Since the start</option>'
            '<option value="2027-Q1">January to March</option></select></div>'
            '<input type="hidden" name="lang" value="es"><button type="submit">Show</button></form>')
    static, needed = rewritten(form)
    assert "<form" not in static
    assert '<a href="./" aria-current="true">Since the start</a>' in static
    assert '<a href="../period/2027-Q1/calls/">January to March</a>' in static
    assert needed == ["/plain/calls?lang=es", "/plain/calls?lang=es&period=2027-Q1"]


def test_the_brief_s_form_becomes_links_to_its_forms() -> None:
    static, needed = rewritten('<form method="get" action="/brief-document"><fieldset></fieldset></form>')
    assert "<form" not in static
    assert needed == ["/brief.pdf?lang=es", "/brief.html?lang=es", "/projector?lang=es", "/brief-offline.html?lang=es"]


def test_the_part_of_a_page_that_is_named_stays_named() -> None:
    assert anchor_of("/plain/figure/demand.received?lang=es") == "demand.received"
    assert anchor_of("/plain/data#files") == "files"
