"""What is asked: answered without script, shown with help first in a crisis, and left nowhere."""

import gc
import logging
import traceback
from collections.abc import ItemsView, Iterator, Mapping
from pathlib import Path

import pytest
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from portal.render.rendered import Snapshot
from portal.search.index import SearchIndex
from portal.server.asking import AskFailed, Indexes, answers
from portal.server.metrics import Counting
from portal.server.security_headers import Headers
from portal.server.selection import select
from portal.server.state import installed
from portal.settings import Settings
from tests.conftest import SMALLEST
from tests.site import built, client_of, releases_in, settings_for

QUESTION = "zzyzx will they arrest my brother"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, drawn_cache: Path) -> Iterator[TestClient]:
    releases = releases_in(tmp_path_factory.mktemp("asked"), *SMALLEST)
    with client_of(built(settings_for(releases, drawn_cache)), Middleware(Headers, settings=Settings()),
                   base_url="http://127.0.0.1") as client:
        yield client


@pytest.mark.parametrize(("edition", "target"), [("", "/outcomes#outcome.conduct"),
                                                 ("/plain", "/plain/outcomes#outcome.conduct")])
def test_a_question_gets_three_places_with_their_answers(site: TestClient, edition: str, target: str) -> None:
    page = site.get(f"{edition}/ask", params={"q": "how many arrests"}).text
    assert page.count('<li><h2><a href="') == 3
    assert f'href="{target}"' in page
    assert 'value="how many arrests"' in page
    figure = site.get("/api/v1/figures/outcome.arrest").json()
    assert figure["answer"][:60] in page


@pytest.mark.parametrize("url", ["/ask", "/plain/ask", "/api/v1/ask"])
def test_a_question_goes_into_no_cache_no_referrer_and_no_index(site: TestClient, url: str) -> None:
    answer = site.get(url, params={"q": QUESTION})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "etag" not in answer.headers
    assert "noindex" in answer.text + answer.headers.get("x-robots-tag", "")
    assert "<title>" not in answer.text or "zzyzx" not in answer.text.partition("</title>")[0]


def test_no_word_of_a_question_stays_in_a_cache_of_the_process(site: TestClient) -> None:
    def sizes() -> dict[str, int]:
        caches = [function for function in gc.get_objects() if type(function).__name__ == "_lru_cache_wrapper"]
        return {f"{cache.__module__}.{cache.__qualname__}": cache.cache_info().currsize for cache in caches
                if str(cache.__module__).startswith("portal.")}
    site.get("/ask", params={"q": "is anybody there"})  # fills what is kept of the texts themselves
    before = sizes()
    site.get("/ask", params={"q": "qzxvword jkwpword"})
    assert before and sizes() == before


def test_a_question_is_in_no_log_and_no_count(site: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    state = installed()
    with TestClient(Counting(site.app, state.metrics), base_url="http://127.0.0.1") as counted:
        counted.get("/healthz")
        before = state.metrics.read()
        assert before["answers_total_2xx"]
        for url in ("/ask", "/plain/ask", "/api/v1/ask"):
            counted.get(url, params={"q": QUESTION})
    after = state.metrics.read()
    assert {name: value for name, value in after.items() if name.startswith(("answers", "request_seconds"))} == {
        name: value for name, value in before.items() if name.startswith(("answers", "request_seconds"))}
    portal_messages = [record.getMessage() for record in caplog.records if record.name.startswith("portal")]
    assert not [line for line in portal_messages if "zzyzx" in line]


@pytest.mark.parametrize(("question", "language"), [("I want to die", "en"), ("quiero morir", "es"),
                                                    ("mwen vle mouri", "ht"), ("म मर्न चाहन्छु", "ne")])
def test_help_comes_first_in_the_language_of_the_question(site: TestClient, question: str, language: str) -> None:
    page = site.get("/ask", params={"q": question}).text
    assert f'<html lang="{language}">' in page
    assert 'class="help urgent"' in page
    assert "<details open>" in page
    assert page.index("tel:988") < page.index("<h1>")
    help_first = site.get("/api/v1/ask", params={"q": question}).json()["help_first"]
    assert [contact["call"] for contact in help_first][:2] == [
        "911", "988"]


def test_what_the_city_has_not_said_is_said_above_the_places(site: TestClient) -> None:
    page = site.get("/ask", params={"q": "do they bring guns"}).text
    assert page.index("The City has not said.") < page.index('<ol class="places">')


def test_the_places_are_in_the_language_of_the_question_with_a_way_back(site: TestClient) -> None:
    page = site.get("/ask", params={"q": "¿la policía va a venir?"}).text
    assert '<div lang="es">' in page
    back = site.get("/ask", params={"q": "¿la policía va a venir?", "stay": "yes"}).text
    assert '<div lang="es">' not in back
    assert "stay=yes" in page


def test_without_a_fit_it_says_what_the_site_is_about_and_never_shows_an_empty_page(site: TestClient) -> None:
    page = site.get("/ask", params={"q": "qqqq wwww"}).text
    assert "call 311" in page
    assert page.count('<li><h2><a href="') == 3
    assert site.get("/ask").status_code == 200
    assert site.get("/ask", params={"q": "x" * 5000}).status_code == 200


@pytest.mark.parametrize("markup", ["<script>alert(1)</script>", '"><img src=x>', "{{ 7*7 }}", "' OR 1=1 --"])
def test_what_is_typed_is_text(site: TestClient, markup: str) -> None:
    page = site.get("/ask", params={"q": markup}).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize(("page", "shown"), [("/plain/", 'id="ask"'), ("/plain/explore", 'id="ask"'),
                                             ("/plain/calls", 'id="ask-small"')])
def test_the_field_stands_once_on_every_page(site: TestClient, page: str, shown: str) -> None:
    text = site.get(page).text
    assert text.count('role="search"') == 1
    assert shown in text


class Broken(Indexes):
    """Indexes that fail with the question in their words, as a KeyError would."""

    def of(self, snapshot: Snapshot) -> Mapping[str, SearchIndex]:
        class Failing(dict[str, SearchIndex]):
            def items(self) -> ItemsView[str, SearchIndex]:
                raise KeyError(QUESTION)
        return Failing()


def test_a_fault_while_a_question_is_looked_up_says_nothing_of_it(site: TestClient) -> None:
    selection = select(installed().snapshots.snapshot, installed().settings, {})
    with pytest.raises(AskFailed) as failed:
        answers(QUESTION, selection, Broken(), "")
    shown = "".join(traceback.format_exception(failed.value))
    assert "zzyzx" not in shown.replace("QUESTION", "")
    assert "KeyError" in shown
