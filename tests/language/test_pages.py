"""Every page in every language, in both editions: the words translated, the numbers and telephone numbers the same."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import cycle
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from portal.language import DEFAULT, LANGUAGES, PSEUDO, override_language, t
from portal.language.gather import messages
from portal.navigation import PAGES
from portal.page import Page
from portal.settings import Settings
from tests.site import built, client_of, releases_in, settings_for
from tests.source import ROOT

RELEASES = ROOT / "data" / "releases"
SHOWN = min(path.name for path in RELEASES.iterdir() if path.is_dir())
OTHERS = [code for code in LANGUAGES if code != DEFAULT]
NAMES = {"English", "Espa", "Portugu", "Krey", "ayisyen", "sha", "CSV", "Excel", "JSON", "PDF"}  # languages, formats
READ_OUT = ("alt", "aria-label", "title", "placeholder", "content")
IN_ENGLISH = {"code", "style", "script", "link"}
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
# Said the same everywhere: URLs, files, names in files, and the English that the stretched language dates with.
NO_WORDS = re.compile(r"[a-z_]+\.[a-z_]+(?: / \w*)?|https?://\S+|[\w./-]+\.(?:csv|json|sqlite|md|toml|com|org|gov)\b\S*"
                      rf"|\b\w+@[\w.]+|\b(?:{MONTHS})\b")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, translated_cache: Path) -> Settings:
    """The oldest release as the only one, in every language."""
    releases = releases_in(tmp_path_factory.mktemp("languages"), SHOWN)
    return built(settings_for(releases, translated_cache, ahead=(*LANGUAGES, PSEUDO), pseudo=True))


@pytest.fixture(autouse=True)
def site(settings: Settings) -> Iterator[TestClient]:
    with client_of(settings, raise_server_exceptions=False) as client:
        yield client


def plain(site: TestClient, page: Page, language: str, **headers: str) -> str:
    answer = site.get(f"/plain/{page.slug}" + ("" if language == DEFAULT else f"?lang={language}"), headers=headers)
    assert answer.status_code == 200
    return answer.text


def streamlit(page: Page, language: str) -> str:
    """The page's parts as Streamlit shows them."""
    app = AppTest.from_string(
        "from portal.language import override_language\nfrom portal.navigation import page_of\n"
        "from portal.server.selection import select\nfrom portal.server.state import installed\n"
        "from portal.streamlit_site.presenter import show\nstate = installed()\n"
        f"with override_language({language!r}):\n"
        f"    query = {{'lang': {language!r}}}\n"
        f"    show(page_of({page.slug!r}), select(state.snapshots.snapshot, state.settings, query))\n",
        default_timeout=60).run()
    assert not app.exception
    return "\n".join(str(element.proto.body) for element in app.get("html"))


def heard(node: Element, found: list[str]) -> list[str]:
    """What is read out of a page in its own language, also for its pictures; not what is marked as English."""
    if node.tag in IN_ENGLISH or node.get("lang") == DEFAULT:
        return found
    found += [str(node.get(name)) for name in READ_OUT if node.get(name)]
    found.append(node.text or "")
    for child in node:
        heard(child, found)
        found.append(child.tail or "")
    return found


def texts(markup: str) -> list[str]:
    body = html5lib.parse(markup, namespaceHTMLElements=False).find("body")
    return [" ".join(text.split()) for text in heard(body, []) if text.strip()]


@cache
def english(language: str) -> frozenset[str]:
    """The English messages of several words that this language says otherwise, without those that hold a name."""
    whole = {
        message.id
        for message in messages()
        if isinstance(message.id, str) and " " in message.id and "{" not in message.id
    }
    with override_language(language):
        return frozenset(text for text in whole if t(text) != text)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("page", PAGES, ids=[page.id for page in PAGES])
def test_a_page_is_in_its_language_and_has_the_numbers_of_the_english_one(
        site: TestClient, page: Page, language: str) -> None:
    here, there = plain(site, page, language), plain(site, page, DEFAULT)
    assert f'<html lang="{language}">' in here
    assert sorted(english(language) & set(texts(here))) == []
    assert 'class="in-english"' not in here
    for same in (r'<data value="([^"]+)"', r'href="tel:([^"]+)"', r'href="mailto:([^"?]+)',
                 r'<article class="card[^"]*"[^>]* id="([^"]+)"', r"<code>(SELECT[^<]+)</code>"):
        assert sorted(re.findall(same, here)) == sorted(re.findall(same, there)), same
    assert site.get("/figure/" + SHOWN + f"/{language}/" + "0" * 20 + ".svg").status_code == 404


# Each page in one language, each language on several pages: the plain edition's are tested above in all of them.
@pytest.mark.parametrize(("page", "language"), list(zip(PAGES, cycle(OTHERS), strict=False)),
                         ids=lambda value: value if isinstance(value, str) else value.id)
def test_streamlit_says_it_in_the_same_words(site: TestClient, page: Page, language: str) -> None:
    shown = streamlit(page, language)
    assert set(re.findall(r'<div class="portal" lang="([^"]+)">', shown)) == {language}
    assert sorted(english(language) & set(texts(f"<body>{shown}"))) == []
    told = re.compile(r'<p class="(?:answer|lead)">.*?</p>|<h1.*?</h1>|<table><caption>.*?</table>', re.DOTALL)
    alike = plain(site, page, language).replace('href="/plain/', 'href="/')  # each edition links within itself
    assert told.findall(shown) == told.findall(alike)


@pytest.mark.parametrize("page", PAGES, ids=[page.id for page in PAGES])
def test_no_word_of_ours_bypasses_the_catalogues(site: TestClient, page: Page) -> None:
    """In the stretched language each message stands in brackets: what is outside was never looked up."""
    said = re.sub(r'<data value="[^"]*">(.*?)</data>', r"\1", plain(site, page, PSEUDO))
    body = html5lib.parse(said, namespaceHTMLElements=False).find("body")
    joined, outside, depth = " ".join(heard(body, [])), [], 0
    for letter in joined:
        depth += (letter == "[") - (letter == "]")
        outside.append(letter if not depth else " ")
    words = re.findall(r"[A-Za-z]{3,}", NO_WORDS.sub("", "".join(outside)))
    assert sorted(set(words) - NAMES) == []


@pytest.mark.parametrize("language", OTHERS)
def test_languages_are_links_with_their_own_names_and_a_draft_says_so(site: TestClient, language: str) -> None:
    text = plain(site, PAGES[1], language)
    nav = re.search(r'<nav class="languages".*?</nav>', text, re.DOTALL)
    assert nav
    assert re.findall(r'lang="([^"]+)" hreflang="([^"]+)"', nav[0]) == [(code, code) for code in LANGUAGES]
    assert re.findall(r'aria-current="true">([^<]+)', nav[0]) == [LANGUAGES[language]]
    assert f'href="/plain/outcomes?lang={language}"' in text
    with override_language(language):
        assert t("Draft translation, not yet reviewed") in text
    assert "Draft translation" not in plain(site, PAGES[1], DEFAULT)


def test_the_browsers_language_is_offered_in_its_own_words_and_never_forced(site: TestClient) -> None:
    text = plain(site, PAGES[1], DEFAULT, **{"accept-language": "ht-HT,fr;q=0.8,en;q=0.5"})
    assert '<html lang="en">' in text
    assert re.search(r'<a href="\?lang=ht"[^>]*lang="ht"[^>]*>Paj sa a an kreyòl ayisyen tou\.</a></p>', text)
    for none in ("en-US,en", "de", ""):
        assert 'class="offer"' not in plain(site, PAGES[1], DEFAULT, **{"accept-language": none})
    assert 'class="offer"' not in plain(site, PAGES[1], "es", **{"accept-language": "ht"})
    assert "Accept-Language" in site.get("/plain/calls").headers["vary"]


def test_what_is_not_translated_stands_in_english_and_says_so() -> None:
    text = streamlit(PAGES[1], PSEUDO)  # the language in which there are no long texts
    part = re.search(r'<div class="in-english">(.*?)<div lang="en">(.*)', text, re.DOTALL)
    assert part
    with override_language(PSEUDO):
        assert str(t("This part is not translated yet. It is in English.")) in part[1]
    assert "How to read these numbers" in part[2]


def test_a_session_keeps_its_language_where_streamlits_own_links_leave_it_out() -> None:
    app = AppTest.from_file(str(ROOT / "portal" / "streamlit_site" / "script.py"), default_timeout=60)
    app.query_params["lang"] = "es"
    app.run()
    app.query_params.clear()
    app.run()
    assert not app.exception
    assert app.query_params["lang"] in ("es", ["es"])
    assert "¿Cómo va el programa piloto?" in "\n".join(str(element.proto.body) for element in app.get("html"))
