"""The first paint: the requested page in Streamlit's own index.html, with what search engines and previews read."""

import re
import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

import html5lib
import pytest
from starlette.middleware import Middleware
from starlette.responses import FileResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.file_util import get_static_dir

from portal.application import ROUTES
from portal.builder.streamlit_assets import at_once, files, for_elements
from portal.language import DEFAULT, LANGUAGES
from portal.navigation import PAGES
from portal.server.first_paint import FirstPaint
from portal.server.page_metadata import json_ld_script
from portal.settings import Settings
from tests.conftest import SMALLEST
from tests.site import app_of, built, client_of, releases_in, selection_for, settings_for

RELEASE = SMALLEST[0]
INDEX = Path(get_static_dir()) / "index.html"
SLUGS = [page.slug for page in PAGES]


def streamlit(_: object) -> FileResponse:
    """What Streamlit answers at every URL of a page."""
    return FileResponse(INDEX)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, drawn_cache: Path) -> Settings:
    return built(settings_for(releases_in(tmp_path_factory.mktemp("releases"), RELEASE), drawn_cache))


def first_paints(settings: Settings) -> TestClient:
    """The site with a Streamlit that answers its index.html everywhere."""
    routes = [*ROUTES, Route("/other.txt", lambda _: PlainTextResponse("other")), Route("/{path:path}", streamlit)]
    return TestClient(app_of(settings, Middleware(FirstPaint), routes=routes), base_url="http://portal.example.org")


@pytest.fixture
def site(settings: Settings) -> Iterator[TestClient]:
    with first_paints(settings) as client:
        yield client


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_is_there_before_streamlit_is(site: TestClient, slug: str) -> None:
    text = site.get(f"/{slug}").text
    html5lib.HTMLParser(strict=True).parse(text)
    main = re.search(r'<main id="main".*</main>', text, re.DOTALL)
    same = re.search(r'<main id="main".*</main>', site.get(f"/plain/{slug}").text, re.DOTALL)
    assert main
    assert same
    assert main[0] == same[0]
    assert text.index('id="first"') < text.index('<div id="root"></div>')
    assert "You need to enable JavaScript" not in text


def test_all_of_streamlit_is_loaded_and_from_any_address(site: TestClient) -> None:
    named = set(re.findall(r'\./(static/(?:js|css)/[^"]+)', INDEX.read_text(encoding="utf-8")))
    assert len(named) > 10
    assert {f"/{file}" for file in named} <= set(re.findall(r'(?:src|href)="([^"]+)"', site.get("/calls").text))


@pytest.mark.parametrize("path", ["", "/city"])
def test_the_page_names_the_style_that_its_live_form_imports(settings: Settings, path: str) -> None:
    with first_paints(replace(settings, address=f"https://portal.example.org{path}")) as site:
        named = re.search(rf'data-style="{path}(/site\.css\?\w+)"', site.get("/").text)
        assert named
        assert "immutable" in site.get(named[1]).headers["cache-control"]


def test_the_head_says_what_the_page_is(site: TestClient) -> None:
    text = site.get(f"/calls?period={RELEASE}").text
    matches = {name: re.search(pattern, text) for name, pattern in {
        "title": r"<title>(.+?)</title>", "description": r'<meta name="description" content="(.+?)">',
        "canonical": r'<link rel="canonical" href="(.+?)">', "image": r'property="og:image" content="(.+?)"',
        "width": r'og:image:width" content="(\d+)"', "height": r'og:image:height" content="(\d+)"'}.items()}
    values = {name: found[1] for name, found in matches.items() if found}
    assert values.keys() == matches.keys()
    assert "made-up" in values["title"]
    assert values["description"].startswith("Made-up numbers. ")
    assert values["canonical"] == f"http://portal.example.org/calls?period={RELEASE}"
    languages = dict(re.findall(r'<link rel="alternate" hreflang="(.+?)" href="(.+?)">', text))
    assert languages.keys() == {*LANGUAGES, "x-default"}
    assert all(re.fullmatch(rf"http://portal.example.org/calls\?(lang=[\w-]+&amp;)?period={RELEASE}", url)
               for url in languages.values()), languages
    picture = site.get(values["image"].removeprefix("http://portal.example.org"))
    assert picture.headers["content-type"] == "image/png"
    assert struct.unpack(">II", picture.content[16:24]) == (int(values["width"]), int(values["height"]))


def test_every_page_of_every_quarter_has_a_picture(
        tmp_path: Path, drawn_cache: Path) -> None:
    settings = built(settings_for(releases_in(tmp_path, SMALLEST[1]), drawn_cache))
    origins: dict[str, list[str]] = {}
    with client_of(settings, base_url="http://portal.example.org") as client:
        for url in (*(f"plain/{slug}" for slug in SLUGS), "plain/figure/service.reach"):
            for period in SMALLEST:
                found = re.search(r'property="og:image" content="http://[^/]+([^"]+)"',
                                  client.get(f"/{url}?period={period}").text)
                assert found and client.get(found[1]).content[1:4] == b"PNG", (url, period)
                origins.setdefault(url, []).append(found[1])
        reach, coverage = (client.get(f"/plain/figure/{name}?period={SMALLEST[0]}").text
                           for name in ("service.reach", "service.coverage"))
    assert origins["plain/outcomes"][0] in reach, "What happened draws nothing in the first quarter: reach stands in"
    assert origins["plain/calls"][0] in coverage, "the first figure of Calls"


def test_no_text_can_end_the_script_it_stands_in() -> None:
    assert "</" not in json_ld_script({"name": "</script><script>alert(1)</script>"})


def test_what_is_no_page_is_left_alone_and_a_page_is_not_sent_twice(site: TestClient) -> None:
    assert site.get("/other.txt").text == "other"
    assert site.post("/calls").status_code == 405
    first = site.get("/calls")
    assert site.get("/calls", headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    assert site.get("/calls", headers={"Accept-Encoding": "br"}).headers["content-encoding"] == "br"
    assert site.head("/calls").status_code == 200


def test_a_slash_at_the_end_changes_nothing(site: TestClient) -> None:
    assert site.get("/calls/").text == site.get("/calls").text


def test_a_streamlit_that_cannot_be_read_is_handed_on() -> None:
    routes = [Route("/{path:path}", lambda _: PlainTextResponse("a new kind of page"))]
    with TestClient(app_of(Settings(releases="/nowhere"), Middleware(FirstPaint), routes=routes)) as client:
        assert client.get("/calls").text == "a new kind of page"


@pytest.mark.parametrize("edition", ["/", "/plain/"])
def test_every_page_says_its_language_its_width_and_what_it_is(site: TestClient, edition: str) -> None:
    texts = []
    for page in PAGES:
        head = site.get(f"{edition}{page.slug}").text.split("</head>")[0]
        assert '<html lang="en">' in head
        assert re.search(r'<meta name="viewport" content="width=device-width, initial-scale=1">', head)  # zoom is free
        title = re.search(r"<title>(.+?)</title>", head)
        description = re.search(r'<meta name="description" content="([^"]{20,400})">', head)
        assert title
        assert description, page.slug
        texts.append((title[1], description[1]))
    assert len({title for title, _ in texts}) == len(PAGES)


@pytest.mark.parametrize("host", ['x"><script>', "a b", "", "a/b", "evil.example\\@b", "x" * 300])
def test_a_host_that_is_none_leaves_addresses_relative(site: TestClient, host: str) -> None:
    text = site.get("/calls", headers={"Host": host}).text
    assert '<link rel="canonical" href="/calls">' in text
    assert host not in text or not host or host == "a b"


def test_the_setting_is_the_address(
        settings: Settings) -> None:
    with first_paints(replace(settings, address="https://co-response.example.org")) as site:
        assert 'rel="canonical" href="https://co-response.example.org/calls"' in site.get("/calls").text


@pytest.mark.parametrize("slug", SLUGS)
def test_what_comes_before_the_number_is_small_and_the_files_that_follow_are_named(site: TestClient, slug: str) -> None:
    answer = site.get(f"/{slug}", headers={"Accept-Encoding": "br"})
    faces = re.findall(r'rel="preload" href="(/fonts/[^"]+)"', answer.text)
    size = int(answer.headers["content-length"]) + sum(len(site.get(face).content) for face in faces)
    assert len(faces) == 1
    assert size <= 60_000
    for path in (*at_once(files()), *for_elements(files())):
        assert f'="/{path}"' in answer.text


@pytest.fixture(scope="module")
def translated(tmp_path_factory: pytest.TempPathFactory, translated_cache: Path) -> Settings:
    """The release in every language."""
    releases = releases_in(tmp_path_factory.mktemp("translated"), RELEASE)
    return built(settings_for(releases, translated_cache, ahead=tuple(LANGUAGES)))


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != DEFAULT])
def test_a_link_preview_of_a_page_and_of_a_figure_is_in_their_language(translated: Settings, language: str) -> None:
    release = selection_for(translated).release
    assert release
    drawn = [name for name, figure in release.read_figures(release.default_period).items() if figure.preview]
    with first_paints(translated) as site:
        for url in ("calls", f"plain/figure/{drawn[0]}"):
            pages = [site.get(f"/{url}{query}").text for query in ("", f"?lang={language}")]
            english, said = (dict(re.findall(r'property="og:([a-z:_]+)" content="([^"]*)"', page)) for page in pages)
            assert said["locale"].startswith(language[:2])
            for name in ("title", "description", "url", "site_name", "image", "image:alt"):
                assert said[name] != english[name], name
            assert site.get(said["image"].removeprefix("http://portal.example.org")).content[1:4] == b"PNG"


def document(site: TestClient, url: str) -> Element:
    """A page as a browser without scripts reads it."""
    answer = site.get(url)
    assert answer.status_code == 200, url
    root: Element = html5lib.parse(answer.text, namespaceHTMLElements=False)
    return root


def choice(select: Element) -> str:
    """The value of a list that is chosen: the first where none is marked."""
    options = select.findall(".//option")
    return next((option for option in options if "selected" in option.attrib), options[0]).get("value", "")


def query_of(form: Element, **changed: str) -> str:
    """What a browser sends for a form in which some choices were changed."""
    fields = [(select.get("name", ""), choice(select)) for select in form.iter("select")]
    fields += [(box.get("name", ""), box.get("value", "")) for box in form.iter("input")
               if box.get("type") not in {"checkbox", "radio"} or "checked" in box.attrib]
    return urlencode([(name, value) for name, value in fields if name not in changed] + list(changed.items()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_script_links_and_forms_lead_on_in_every_language(translated: Settings, language: str) -> None:
    """Some of it in a browser: tests/browser/test_first_paint.py."""
    chosen = "" if language == DEFAULT else f"?lang={language}"
    with first_paints(translated) as site:
        footer = document(site, f"/{chosen}").find(".//*[@class='foot']")
        assert footer is not None
        links, lists = {link.get("href") for link in footer.iter("a")}, set()
        for slug in SLUGS:
            url = f"/{slug}{chosen}"
            assert url in links
            page = document(site, url)
            assert page.get("lang") == language
            assert len(page.findall(".//h1")) == 1 and page.find(".//noscript//p") is not None
            for form in page.findall(".//main//form[@action='']"):
                select = next(form.iter("select"))
                name, value = select.get("name", ""), select.findall(".//option")[-1].get("value", "")
                lists.add((slug, name))
                answer = document(site, f"/{slug}?{query_of(form, **{name: value})}")
                assert answer.get("lang") == language
                assert [choice(again) for again in answer.iter("select") if again.get("name") == name] == [value]
        assert lists == {*((slug, "period") for slug in ("", "calls", "outcomes", "equity")), ("data", "release"),
                         ("explore", "group"), ("accessibility", "way")}
        form = document(site, f"/brief{chosen}").find(".//form[@action='/brief-document']")
        assert form is not None
        brief = document(site, f"/brief-document?{query_of(form, **{'as': 'page'})}")
        assert brief.get("lang") == language
        assert brief.find(".//main//h1") is not None
