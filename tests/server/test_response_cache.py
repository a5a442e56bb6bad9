"""A page is rendered and compressed once: after that a view is a look-up, without a question to a database."""

import gc
import re
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route, Router
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.application import ROUTES
from portal.navigation import PAGES
from portal.render.rendered import Snapshot
from portal.server import responses, routes
from portal.server.cached_responses import LONGEST, cached
from portal.server.response_cache import ENTRY, CachedResponse, ResponseCache, weight
from portal.server.responses import WITHDRAWABLE
from portal.settings import Settings
from tests.conftest import SHIPPED, SMALLEST
from tests.publish import made
from tests.site import app_of, built, point, releases_in, settings_for, statements


def two_releases(folder: Path, cache: Path) -> Settings:
    return built(settings_for(releases_in(folder, *SMALLEST), cache))


@pytest.fixture(scope="module")
def settings(drawn_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return two_releases(tmp_path_factory.mktemp("releases"), drawn_cache)


@pytest.fixture
def app(settings: Settings) -> Starlette:
    return app_of(settings)


@pytest.fixture
def site(app: Starlette) -> Iterator[TestClient]:
    with TestClient(app) as client:
        yield client


class ReachedApp:
    """Routes that write down what they were asked for."""

    def __init__(self, app: ASGIApp, asked: list[str]) -> None:
        self.app, self.asked = app, asked

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append(scope["path"])
        await self.app(scope, receive, send)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done: pages written, bytes compressed."""
    done: list[str] = []

    def count(where: object, name: str, what: str) -> None:
        real = getattr(where, name)
        monkeypatch.setattr(where, name, lambda *args, **given: done.append(what) or real(*args, **given))
    count(routes, "plain", "written")
    count(responses, "brotli_form", "compressed")
    count(responses.gzip, "compress", "compressed")
    return done


@pytest.mark.parametrize("page", PAGES, ids=[page.id for page in PAGES])
def test_the_second_view_of_a_page_does_nothing_but_look_up(site: TestClient, page: object, work: list[str]) -> None:
    url = f"/plain/{page.slug}?period={SMALLEST[0]}"  # type: ignore[attr-defined]
    first = site.get(url)
    assert "written" in work
    work.clear()
    assert site.get(url).content == first.content
    assert work == []
    again = site.get(url, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, work) == (304, b"", [])


def drawing(site: TestClient) -> str:
    """The URL of a drawing of a page."""
    found = re.search(r'"(/figure/[^"]+\.svg)"', site.get("/plain/calls").text)
    assert found
    return found[1]


@pytest.mark.parametrize("path", ["", "openapi.json", "releases", f"releases/{SMALLEST[0]}/measures",
                                  "figures/response.met", f"releases/{SMALLEST[0]}/cells?table=demand.received",
                                  "/feed.atom", "/data.json", "a drawing"])
def test_the_second_answer_of_an_address_is_looked_up_before_any_route(
        site: TestClient, work: list[str], path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    url = drawing(site) if path == "a drawing" else path if path.startswith("/") else f"/api/v1/{path}"
    first = site.get(url)
    monkeypatch.setattr(Router, "__call__", None)
    work.clear()
    again = site.get(url)
    assert (again.status_code, again.content) == (200, first.content)
    assert {**again.headers} == {**first.headers}
    assert site.get(url, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    assert work == []


def test_what_an_address_got_before_is_not_given_when_the_releases_have_changed(
        tmp_path: Path, drawn_cache: Path) -> None:
    app = app_of(two_releases(tmp_path, drawn_cache))
    with TestClient(app) as site:
        newest = [site.get("/api/v1/").json()["release"]]
        point(tmp_path, SMALLEST[0])
        app.state.portal.snapshots.poll()
        newest.append(site.get("/api/v1/").json()["release"])
    assert newest == [SMALLEST[1], SMALLEST[0]]


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/figure/1999-Q1/en/x.svg", "/healthz",
                                  f"/api/v1/?{'x' * LONGEST}"])
def test_what_may_change_or_is_not_there_is_not_cached(site: TestClient, path: str) -> None:
    asked: list[str] = []
    site.app.routes[:] = [Mount("/", ReachedApp(Router(ROUTES), asked))]  # type: ignore[attr-defined]
    assert site.get(path).content == site.get(path).content
    assert asked == [path.partition("?")[0]] * 2


def test_a_page_is_in_english_marked_until_its_language_is_rendered(translated_cache: Path, tmp_path: Path) -> None:
    settings = built(settings_for(releases_in(tmp_path, SMALLEST[0]), translated_cache))
    app = app_of(settings)
    with TestClient(app) as site:
        waiting = site.get("/plain/calls?lang=es").text
        built(replace(settings, ahead=("es",)))
        app.state.portal.snapshots.poll()
        ready = site.get("/plain/calls?lang=es").text
    assert 'class="in-english"' in waiting
    assert 'class="in-english"' not in ready


def test_the_files_of_a_release_were_compressed_when_it_was_drawn_and_are_revalidated(
        site: TestClient, work: list[str]) -> None:
    site.get("/plain/")
    work.clear()
    names = [line.split("  ")[1] for line in (SHIPPED / SMALLEST[1] / "SHA256SUMS").read_text("utf-8").splitlines()]
    for name in (*names, "SHA256SUMS"):
        content = (SHIPPED / SMALLEST[1] / name).read_bytes()
        answer = site.get(f"/download/{SMALLEST[1]}/{name}", headers={"Accept-Encoding": "br"})
        assert answer.content == content
        assert answer.headers["cache-control"] == WITHDRAWABLE
        assert answer.headers["content-disposition"] == f'attachment; filename="{SMALLEST[1]}-{name.replace("/", "-")}"'
        assert len(content) < 2000 or int(answer.headers["content-length"]) < len(content) / 2
        plain = site.get(f"/download/{SMALLEST[1]}/{name}", headers={"Accept-Encoding": "identity"})
        assert plain.content == content
        assert "content-encoding" not in plain.headers
    assert work == []


def test_a_page_view_asks_a_database_nothing(site: TestClient) -> None:
    with statements() as sent:
        for page in PAGES:
            assert site.get(f"/plain/{page.slug}").status_code == 200
    assert sent == []


def test_addresses_that_show_the_same_share_a_page(site: TestClient, work: list[str]) -> None:
    assert site.get("/plain/calls").content == site.get("/plain/calls?utm=1").content
    assert work.count("written") <= 1


def test_what_a_form_is_told_is_another_page(site: TestClient) -> None:
    shown = [site.get(f"/plain/explore?measure={name}").text for name in ("hours.staffed", "equity.gender")]
    assert shown[0] != shown[1]


def test_another_release_and_another_quarter_are_other_pages(site: TestClient) -> None:
    seen = {site.get(f"/plain/calls{query}").text
            for query in ("", f"?period={SMALLEST[0]}", f"?release={SMALLEST[0]}", "?lang=es", "?period=1999")}
    assert len(seen) == 5


def test_a_real_release_that_is_late_is_told_from_the_day_after_on(
        drawn_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "The release due on November 14, 2026 is not out yet."
    releases = tmp_path / "releases"
    end, = made.quarter_ends(1)
    made.publish(made.extract(made.rows([45])), end, releases, state="official")

    def at(hour: str) -> None:
        monkeypatch.setattr("portal.clock.clock", lambda: datetime.fromisoformat(f"{hour}+00:00"))

    at("2026-11-01T12:00")
    app = app_of(built(settings_for(releases, drawn_cache)))
    known = app.state.portal.snapshots.snapshot.live.known
    assert (known.next_due, known.zone) == ("2026-11-14", "America/New_York")

    def told(hour: str) -> list[bool]:
        at(hour)
        app.state.portal.snapshots.poll()
        with TestClient(app) as site:
            return [said in site.get(name).text for name in ("/plain/", "/plain/timeline", "/brief.html", "/feed.atom")]
    assert told("2026-11-15T04:59") == [False] * 4  # a minute before midnight there, and one after
    assert told("2026-11-15T05:01") == [True] * 4


def body(size: int) -> CachedResponse:
    return CachedResponse(responses.body(b"x" * size, "text/plain", compress=False), responses.FRESH, {})


def test_what_was_used_longest_ago_is_let_go_and_what_is_served_next_begins_anew() -> None:
    cache, first, second = ResponseCache(2 * ENTRY + 100), Snapshot(), Snapshot(coming="x")
    answers = cache.of(first)
    answers["a"], answers["b"] = body(10), body(20)
    assert answers["a"]
    answers["c"] = body(30)
    assert set(answers) == {"a", "c"}
    assert cache.of(first) is answers
    assert not cache.of(second)
    answers["late"] = body(10)  # of a request that began before the swap
    assert not cache.of(second)


def test_whatever_strangers_ask_for_does_not_fill_the_memory(app: Starlette, site: TestClient) -> None:
    size = weight(CachedResponse(responses.body(site.get("/plain/explore").content, "text/html"), "", {}))
    cache = app.state.portal.responses
    cache.size = 3 * size
    app.state.portal.snapshots.snapshot = replace(app.state.portal.snapshots.snapshot, coming="another")
    for number in range(40):
        assert site.get(f"/plain/explore?anything={number}&more={'x' * number}").status_code == 200
    site.get(f"/plain/explore?long={'x' * LONGEST}")
    answers = cache.of(app.state.portal.snapshots.snapshot)
    assert 0 < len(answers) <= 4
    assert sum(map(weight, answers.values())) <= 3 * size


def test_tiny_answers_to_long_addresses_do_not_fill_the_memory_either(settings: Settings) -> None:
    tiny = responses.body(b"{}", "application/json")

    async def answer(request: Request) -> Response:
        return cached(request, tiny)
    app = app_of(settings, routes=[Route("/cells", answer)])
    cache = app.state.portal.responses
    cache.size = 40 * ENTRY
    with TestClient(app) as client:
        client.get("/cells")
        tracemalloc.start()
        try:
            for number in range(120):
                assert client.get("/cells", params={"q": f"{number:0{LONGEST - 200}}"}).text == "{}"
            gc.collect()  # the client's own
            held, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert len(cache.of(app.state.portal.snapshots.snapshot)) == 39
    assert held < 60 * ENTRY
