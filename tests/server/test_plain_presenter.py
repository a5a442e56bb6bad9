"""The plain edition and what stands beside it: every page valid and whole, every odd URL answered in words."""

import hashlib
import html
import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import html5lib
import pytest
from starlette.testclient import TestClient

from portal.navigation import PAGES
from portal.page import Page
from portal.release.store import current_id
from portal.render.facts import facts
from portal.server.responses import WITHDRAWABLE
from portal.settings import Settings
from tests.site import built, client_of, releases_in, settings_for
from tests.source import ROOT

RELEASES = ROOT / "data" / "releases"
LIVE = current_id(RELEASES)
OLDER = min(path.name for path in RELEASES.iterdir() if path.is_dir())
SLUGS = [page.slug for page in PAGES]
TRACES = re.compile(r"Traceback|File \"|Error:|\.py\b|" + re.escape(str(ROOT)))


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, drawn_cache: Path) -> Settings:
    """The oldest release, as if it were the only one."""
    return built(settings_for(releases_in(tmp_path_factory.mktemp("plain"), OLDER), drawn_cache))


@pytest.fixture
def site(settings: Settings) -> Iterator[TestClient]:
    with client_of(settings, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[TestClient]:
    with client_of(settings_for(tmp_path / "none", tmp_path / "cache"), raise_server_exceptions=False) as client:
        yield client


def valid(text: str) -> None:
    """Raises where the page is not what the HTML standard asks for."""
    html5lib.HTMLParser(strict=True).parse(text)
    ids = re.findall(r'\sid="([^"]*)"', text)
    assert len(ids) == len(set(ids)), "an id stands twice"
    assert set(re.findall(r'aria-labelledby="([^"]*)"', text)) <= set(ids)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_is_valid_says_that_it_is_made_up_and_whom_to_call(site: TestClient, slug: str) -> None:
    answer = site.get(f"/plain/{slug}")
    assert answer.status_code == 200
    valid(answer.text)
    assert answer.text.count("<h1") == 1
    assert "Made-up numbers." in answer.text
    assert answer.text.index("tel:911") < answer.text.index("<h1")
    assert len(re.findall(r'<article class="card loud"', answer.text)) <= 1
    cards = re.findall(r"<article.*?</article>", answer.text, re.DOTALL)
    assert not any("not yet" in card.lower() for card in cards)


def test_more_hours_are_folded_below_the_calls_of_each_part_of_the_week() -> None:
    calls = next(page for page in PAGES if page.slug == "calls")
    sizes = [(card.id, card.size) for card in calls.cards]
    at = sizes.index(("service.more_hours", "folded"))
    assert sizes[at - 1] == ("demand.by_time", "standard")


@pytest.mark.parametrize("page", PAGES, ids=[page.id for page in PAGES])
def test_the_list_of_a_page_s_sections_leads_to_each_of_them(site: TestClient, page: Page) -> None:
    text = site.get(f"/plain/{page.slug}").text
    contents = re.search(r'<nav class="contents".*?</nav>', text, re.DOTALL)
    links = re.findall(r'href="#([^"]+)"', contents[0]) if contents else []
    anchors = re.findall(r'<div class="cards" id="([^"]+)"', text)
    assert links == (anchors if len(anchors) > 2 else [])
    assert all(text.count(f'id="{link}"') == 1 for link in links)


@pytest.mark.parametrize("slug", SLUGS)
def test_without_a_release_a_page_is_whole_and_says_so(empty: TestClient, slug: str) -> None:
    answer = empty.get(f"/plain/{slug}")
    assert answer.status_code == 200
    valid(answer.text)
    assert "Data is awaited" in answer.text
    assert "tel:988" in answer.text
    assert "<article" not in answer.text
    assert "Made-up" not in answer.text


@pytest.mark.parametrize("damage", ["SHA256SUMS", "release.sqlite", "current"])
def test_a_broken_release_leaves_the_pages_whole(
        tmp_path: Path, drawn_cache: Path, damage: str) -> None:
    releases = releases_in(tmp_path / "releases", OLDER)
    broken = releases / "current" if damage == "current" else releases / OLDER / damage
    broken.chmod(0o644)
    broken.write_bytes(b"\xff\x00 this is not it")
    with client_of(built(settings_for(releases, drawn_cache))) as client:
        answer = client.get("/plain/calls")
        assert answer.status_code == 200
        assert "Data is awaited" not in answer.text
        assert "The numbers can't be shown at the moment" in html.unescape(answer.text)
        assert not TRACES.search(answer.text)
        readiness = client.get("/readyz")
        assert (readiness.status_code, damage in readiness.text) == (503, True)


@pytest.mark.parametrize(("named", "code"), [
    ("es-MX", "es"), ("pt", "pt-BR"), ("pt_BR", "pt-BR"), ("ht-HT", "ht"), ("ne-NP", "ne")])
def test_a_variant_named_in_the_address_gets_its_language(site: TestClient, named: str, code: str) -> None:
    answer = site.get(f"/plain/accessibility?lang={named}").text
    assert f'<html lang="{code}"' in answer
    assert answer == site.get(f"/plain/accessibility?lang={code}").text, "links and sentences are those of the language"


@pytest.mark.parametrize(("query", "sentence"), [
    ("period=1999-Q1", "Nothing is published for that time"),
    ("release=2199-Q1", "There is no release of that name"),
    ("lang=tlh", "not in that language"),
    ("period=" + quote("../../etc/passwd"), "Nothing is published for that time"),
    ("release=" + quote("../releases/" + OLDER), "There is no release of that name"),
    ("release=" + quote("'; DROP TABLE cells; --"), "There is no release of that name"),
    ("period=" + quote("<script>alert(1)</script>"), "Nothing is published for that time"),
    ("period=" + "9" * 5000, "Nothing is published for that time"),
    ("period=%00%ff", "Nothing is published for that time"),
])
def test_an_unknown_choice_gets_a_sentence_and_the_default(site: TestClient, query: str, sentence: str) -> None:
    answer = site.get(f"/plain/calls?{query}")
    assert answer.status_code == 200
    valid(answer.text)
    assert sentence in answer.text
    assert not re.search(r"<script(?! type=.application/ld.json.>)", answer.text)
    usual = site.get("/plain/calls").text
    shown, default = (re.findall(r"<article.*?</article>", text, re.DOTALL) for text in (answer.text, usual))
    assert shown == default


def test_a_choice_is_kept_in_the_links_to_other_pages(site: TestClient) -> None:
    text = site.get(f"/plain/calls?period={OLDER}&release={OLDER}").text
    assert f'href="/plain/outcomes?release={OLDER}&amp;period={OLDER}"' in text
    assert f'href="/calls?release={OLDER}&amp;period={OLDER}"' in text


@pytest.mark.parametrize("url", [
    "/plain/nothing", "/plain/calls/deeper", "/plain/..%2f..%2fetc%2fpasswd", f"/download/{OLDER}/nothing.csv",
    f"/download/{OLDER}/..%2fcurrent", f"/download/{OLDER}/../../../README.md", f"/download/{OLDER}/%2fetc%2fpasswd",
    "/download/..%2freleases/release.sqlite", "/download/2199-Q1/release.sqlite", f"/figure/{OLDER}/en/shelf.json",
    f"/figure/{OLDER}/en/..%2fshelf.json", f"/figure/{OLDER}/en/{'0' * 20}.svg", "/figure/.building-x/en/0.svg",
])
def test_an_address_without_a_page_is_answered_in_words(site: TestClient, url: str) -> None:
    answer = site.get(url)
    assert answer.status_code == 404
    assert not TRACES.search(answer.text)
    assert "<html" in answer.text or "There is nothing at this address" in answer.text or answer.text == "Not Found"


def test_every_listed_file_can_be_downloaded_and_is_the_one_whose_checksum_stands_there(site: TestClient) -> None:
    listing = re.search(r'<table class="files">.*?</table>', site.get("/plain/data").text, re.DOTALL)
    assert listing
    listed = re.findall(rf'href="(/download/{OLDER}/[^"]+)">.*?<code>([0-9a-f]{{64}})</code>', listing[0])
    named = (RELEASES / OLDER / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert {f"{digest}  {url.removeprefix(f'/download/{OLDER}/')}" for url, digest in listed} == set(named)
    for url, digest in listed:
        assert hashlib.sha256(site.get(url).content).hexdigest() == digest


def test_pictures_and_links_of_a_page_are_there_and_pictures_are_revalidated(site: TestClient) -> None:
    text = "".join(site.get(f"/plain/{slug}").text for slug in SLUGS)
    pictures = set(re.findall(r'(?:src|srcset)="(/figure/[^"]+)"', text))
    assert len(pictures) > 4
    for url in pictures:
        answer = site.get(url)
        assert answer.headers["content-type"].startswith("image/svg+xml")
        assert answer.headers["cache-control"] == WITHDRAWABLE
        again = site.get(url, headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    for url in set(re.findall(r'href="(/(?:plain|download|site\.css)[^"#]*)"', text)):
        assert site.get(url).status_code == 200, url


def test_the_statement_below_a_figure_gives_its_numbers(site: TestClient, settings: Settings) -> None:
    text = site.get("/plain/calls").text
    article = re.search(r'<article class="card" id="demand.received".*?</article>', text, re.DOTALL)
    assert article
    marked_values = {float(match) for match in re.findall(r'<data value="([^"]+)"', article[0])}
    database = sqlite3.connect(f"file:{Path(settings.releases) / OLDER / 'release.sqlite'}?mode=ro", uri=True)
    statements = map(html.unescape, re.findall(r"<code>(SELECT.*?)</code>", article[0], re.DOTALL))
    statement_values = {float(value) for statement in statements for row in database.execute(statement)
                        for value in row if isinstance(value, int | float)}
    database.close()
    assert marked_values
    assert marked_values <= statement_values


def test_health_and_readiness(site: TestClient) -> None:
    assert site.get("/healthz").text == "alive"
    assert site.get("/readyz").text == f"ready: release {OLDER}"


def test_where_nothing_is_published_the_server_is_ready(empty: TestClient) -> None:
    assert (empty.get("/readyz").status_code, empty.get("/readyz").text) == (200, "ready: nothing is published yet")


def test_the_server_needs_nothing_that_draws(settings: Settings) -> None:
    code = ("import sys, json; import portal.application; from portal.server.plain_presenter import plain; "
            "from portal.server.selection import select; from portal.server.snapshot import SnapshotStore; "
            "from portal.settings import read; "
            "from portal.brief.document import brief, options; from portal.brief.pdf import pdf; "
            "from portal.navigation import PAGES; chosen = select(SnapshotStore(read()).poll(), read(), {}); "
            "[plain(page, chosen) for page in PAGES]; "
            "assert pdf(brief(chosen, chosen.release, options({}, []))).startswith(b'%PDF'); "
            "heavy = {'pandas', 'altair', 'vl_convert', 'scipy', 'highspy', 'typst', 'pyarrow', 'pandera', 'openpyxl', "
            "'fontTools', 'portal.publish'}; "
            "print(json.dumps(sorted(heavy & set(sys.modules))))")
    process = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True,
                             env=settings.environment())
    assert json.loads(process.stdout) == []


def test_the_typefaces_are_served_for_ever_and_are_those_the_style_asks_for(site: TestClient) -> None:
    style = site.get("/site.css").text
    font_paths = re.findall(r'url\("(/fonts/[^"]+)"\)', style)
    assert len(font_paths) == 3
    for url in font_paths:
        answer = site.get(url)
        assert answer.content[:4] == b"wOF2"
        assert "immutable" in answer.headers["cache-control"]
    assert site.get("/fonts/README.md").status_code == 404
    assert site.get("/fonts/..%2fsettings.py").status_code == 404
    assert sum(path.stat().st_size for path in (ROOT / "portal" / "fonts").iterdir()) < 3_000_000


def test_what_is_explored_can_be_downloaded(site: TestClient) -> None:
    text = site.get("/plain/explore?measure=demand.received&by=month&kind=bars").text
    assert '<option value="demand.received" selected>' in text
    files = re.findall(r'href="(/download/[^"]+/table/demand\.received\.(?:csv|xlsx))"', text)
    assert len(files) == 2
    assert all(site.get(url).status_code == 200 for url in files)
    explore_link = re.search(r'href="(/plain/explore\?[^"]+)"', text)
    assert explore_link
    again = site.get(html.unescape(explore_link[1])).text
    tables = [re.findall(r"<table.*?</table>", character, re.DOTALL) for character in (text, again)]
    assert tables[0] == tables[1]


@pytest.mark.parametrize(("url", "kept"), [
    ("explore?measure=demand.received&kind=bars&color=red", "measure=demand.received&kind=bars"),
    ("accessibility?way=phone&aid-asl=yes&aid-x=yes&reply=pigeon", "way=phone&aid-asl=yes"),
    ("calls?measure=hours.staffed", ""),
])
def test_a_link_to_another_language_keeps_the_known_choices_of_a_form(
        site: TestClient, url: str, kept: str) -> None:
    links = re.search(r'<nav class="languages".*?</nav>', site.get(f"/plain/{url}").text, re.DOTALL)
    assert links
    assert f'href="?lang=es{"&" if kept else ""}{kept}"' in html.unescape(links[0])
    assert f'href="?{kept}"' in html.unescape(links[0])


@pytest.mark.parametrize(("url", "there"), [
    ("explore?measure=demand.received&kind=bars&color=red", "/explore?measure=demand.received&kind=bars"),
    ("accessibility?way=phone&aid-asl=yes&aid-x=yes", "/accessibility?way=phone&aid-asl=yes"),
    ("calls?period=2026-Q2", "/calls?period=2026-Q2"),
    ("calls?measure=hours.staffed", "/calls"),
])
def test_the_link_to_the_other_edition_keeps_the_choices_of_a_form(
        site: TestClient, url: str, there: str) -> None:
    text = html.unescape(site.get(f"/plain/{url}").text)
    assert re.findall(r'<a href="(/(?!plain)\w+[^"]*)">[^<]+</a></p></div>', text) == [there]


@pytest.mark.parametrize("query", ["way=phone&aid-asl=yes", "way=letter", "way=%3Cscript%3E&aid-%3Cb%3E=yes"])
def test_the_request_helper_needs_no_script_and_keeps_the_choice_in_the_address(site: TestClient, query: str) -> None:
    answer = site.get(f"/plain/accessibility?{query}")
    valid(answer.text)
    assert "Nothing is stored:" in answer.text
    assert ('id="request-aid-asl" name="aid-asl" value="yes" checked' in answer.text) == ("aid-asl" in query)
    assert "<script>" not in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("slug", SLUGS)
def test_every_page_leads_to_a_request_for_an_aid_and_to_complaints_about_a_visit(site: TestClient, slug: str) -> None:
    text = site.get(f"/plain/{slug}").text
    for page, anchor in (("accessibility", "request"), ("program", "complain")):
        assert f'href="/plain/{page}#{anchor}"' in text
        assert f'id="{anchor}"' in site.get(f"/plain/{page}").text


@pytest.mark.parametrize("slug", ["program", "timeline", "brief", "data", "accessibility"])
def test_the_answer_of_a_text_page_is_the_first_after_its_heading(site: TestClient, slug: str) -> None:
    assert re.search(r"</h1>\s*<p class=\"lead\">\s*\S", site.get(f"/plain/{slug}").text)


def test_the_words_of_the_city_stand_below_their_translation(settings: Settings) -> None:
    verbatim = html.escape(facts()["accessibility_contact"].says)
    with client_of(settings) as site:
        assert f'<p lang="en">{verbatim}</p>' in site.get("/plain/accessibility?lang=es").text
        english = site.get("/plain/accessibility").text
    assert english.count(verbatim) == 1
    assert '<p lang="en">' not in english
