"""A page is rendered and compressed once: after that a view is a look-up, without a question to a database."""

import gc
import re
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Semaphore

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route, Router
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.application import ROUTES
from portal.navigation import PAGES
from portal.release import queries
from portal.server import response_cache, responses, routes
from portal.server.responses import WITHDRAWABLE
from portal.server.snapshot import now, watch
from tests.conftest import SHIPPED, SMALLEST


@pytest.fixture
def site(drawn_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    (tmp_path / "current").write_text(f"{SMALLEST[1]}\n", encoding="utf-8")
    for name in SMALLEST:
        (tmp_path / name).mkdir()
        for file in (SHIPPED / name).rglob("*"):
            target = tmp_path / name / file.relative_to(SHIPPED / name)
            target.mkdir(exist_ok=True) if file.is_dir() else target.write_bytes(file.read_bytes())
    monkeypatch.setenv("PORTAL_RELEASES", str(tmp_path))
    monkeypatch.setenv("PORTAL_CACHE", str(drawn_cache))
    with TestClient(Starlette(routes=ROUTES, middleware=[Middleware(response_cache.Answered)])) as client:
        yield client


class Reached:
    """Routes that write down what they were asked for."""

    def __init__(self, app: ASGIApp, asked: list[str]) -> None:
        self.app, self.asked = app, asked

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append(scope["path"])
        await self.app(scope, receive, send)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done: pages written, bytes compressed, questions asked."""
    done: list[str] = []

    def count(where: object, name: str, what: str) -> None:
        real = getattr(where, name)
        monkeypatch.setattr(where, name, lambda *args, **given: done.append(what) or real(*args, **given))
    count(routes.PAGES, "write", "written")
    count(response_cache, "select", "selected")
    count(queries, "_ask", "asked")
    count(responses, "shrunk", "compressed")
    count(responses.gzip, "compress", "compressed")
    return done


@pytest.mark.parametrize("page", PAGES, ids=[page.id for page in PAGES])
def test_the_second_view_of_a_page_does_nothing_but_look_up(site: TestClient, page: object, work: list[str]) -> None:
    address = f"/plain/{page.slug}?period={SMALLEST[0]}"  # type: ignore[attr-defined]
    first = site.get(address)
    assert "written" in work
    work.clear()
    assert site.get(address).content == first.content
    assert work == []
    again = site.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, work) == (304, b"", [])


def drawing(site: TestClient) -> str:
    """The address of a drawing of a page."""
    found = re.search(r'"(/figure/[^"]+\.svg)"', site.get("/plain/calls").text)
    assert found
    return found[1]


@pytest.mark.parametrize("path", ["", "openapi.json", "releases", f"releases/{SMALLEST[0]}/measures",
                                  "figures/response.met", f"releases/{SMALLEST[0]}/cells?table=demand.received",
                                  "/feed.atom", "/data.json", "a drawing"])
def test_the_second_answer_of_an_address_is_looked_up_before_any_route(
        site: TestClient, work: list[str], path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    address = drawing(site) if path == "a drawing" else path if path.startswith("/") else f"/api/v1/{path}"
    first = site.get(address)
    monkeypatch.setattr(Router, "__call__", None)
    work.clear()
    again = site.get(address)
    assert (again.status_code, again.content) == (200, first.content)
    assert {**again.headers} == {**first.headers}
    assert site.get(address, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    assert work == []


def test_what_an_address_got_before_is_not_given_when_the_releases_have_changed(
        site: TestClient, tmp_path: Path) -> None:
    newest = [site.get("/api/v1/").json()["release"]]
    (tmp_path / "current").write_text(f"{SMALLEST[0]}\n", encoding="utf-8")
    watch().look()
    newest.append(site.get("/api/v1/").json()["release"])
    assert newest == [SMALLEST[1], SMALLEST[0]]


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/figures/response.met?lang=es", "/figure/1999-Q1/en/x.svg",
                                  "/healthz", f"/feed.atom?{'x' * response_cache.LONGEST}"])
def test_what_may_change_or_is_not_there_is_not_kept(site: TestClient, path: str) -> None:
    asked: list[str] = []
    site.app.routes[:] = [Mount("/", Reached(Router(ROUTES), asked))]  # type: ignore[attr-defined]
    assert site.get(path).content == site.get(path).content
    assert asked == [path.partition("?")[0]] * 2


def test_a_page_that_is_in_english_until_its_language_is_ready_is_not_kept(
        site: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    site.get("/plain/calls")
    with monkeypatch.context() as patch:
        patch.setattr(watch(), "_seats", Semaphore(0))
        waiting = site.get("/plain/calls?lang=es").text
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


def test_a_page_view_asks_a_database_nothing(site: TestClient, work: list[str]) -> None:
    site.get("/plain/")  # the release is verified: that asks
    work.clear()
    for page in PAGES:
        site.get(f"/plain/{page.slug}")
    assert "asked" not in work


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
        site: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    said, made_up = "The release due on February 14, 2027 is not out yet.", now()
    assert made_up.shelf
    assert made_up.shelf.known.next_due == ""  # nobody promised a release after a made-up one
    assert made_up.shelf.known.zone == "America/New_York"  # as the mapping has it
    known = replace(made_up.shelf.known, next_due="2027-02-14")

    def told(hour: str, zone: str) -> list[bool]:
        real = replace(made_up.shelf, known=replace(known, zone=zone))  # type: ignore[type-var]
        monkeypatch.setattr(watch(), "now", replace(made_up, shelf=real))
        monkeypatch.setattr("portal.clock.clock", lambda: datetime.fromisoformat(f"{hour}+00:00"))
        return [said in site.get(one).text for one in ("/plain/", "/plain/timeline", "/brief.html", "/feed.atom")]
    assert told("2027-02-15T04:59", known.zone) == [False] * 4  # a minute before midnight there, and one after
    assert told("2027-02-15T05:01", known.zone) == [True] * 4
    assert told("2027-02-15T05:01", "America/Los_Angeles") == [False] * 4  # another city's clocks


def test_what_was_used_longest_ago_is_let_go() -> None:
    recent: response_cache.Recent[responses.Body] = response_cache.Recent(2, lambda one: len(one.content))
    bodies = {name: responses.body(name.encode(), "text/plain") for name in "abc"}
    recent.keep("a", bodies["a"])
    recent.keep("b", bodies["b"])
    assert recent.find("a") is bodies["a"]
    recent.keep("c", bodies["c"])
    recent.keep("large", responses.body(b"abc", "text/plain"))
    assert [recent.find(name) for name in ("a", "b", "c", "large")] == [bodies["a"], None, bodies["c"], None]


def test_whatever_strangers_ask_for_does_not_fill_the_memory(site: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    one = response_cache.weight(responses.body(site.get("/plain/explore").content, "text/html"))
    monkeypatch.setattr(routes.PAGES, "pages", response_cache.Recent(3 * one, response_cache.weight))
    monkeypatch.setattr(routes.PAGES, "asked", response_cache.Lately(30))
    for number in range(40):
        assert site.get(f"/plain/explore?anything={number}&more={'x' * number}").status_code == 200
    site.get(f"/plain/explore?long={'x' * response_cache.LONGEST}")
    pages, asked = routes.PAGES.pages.things, routes.PAGES.asked.here().things
    assert 0 < len(pages) <= 4
    assert sum(map(response_cache.weight, pages.values())) <= 3 * one
    assert len(asked) == 30
    assert not any("long=" in str(each) for each in asked)
    assert site.get("/plain/explore?anything=0").status_code == 200


def test_tiny_answers_to_long_addresses_do_not_fill_the_memory_either(monkeypatch: pytest.MonkeyPatch) -> None:
    tiny = responses.body(b"{}", "application/json")

    async def answer(request: Request) -> Response:
        return response_cache.again(request, tiny)
    answered = response_cache.Answered(Router([Route("/cells", answer)]))
    answered.answers = response_cache.Lately(40 * response_cache.ENTRY, lambda one: response_cache.weight(one.body))
    with TestClient(answered) as client:
        client.get("/cells")
        tracemalloc.start()
        try:
            for number in range(120):
                assert client.get("/cells", params={"q": f"{number:0{response_cache.LONGEST - 200}}"}).text == "{}"
            gc.collect()  # the client's own
            held, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert len(answered.answers.here().things) == 39
    assert held < 60 * response_cache.ENTRY
