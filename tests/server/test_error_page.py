"""What breaks is told in a sentence with a number; the log has the rest under that number, and nothing of visitors."""

import errno
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from markupsafe import Markup
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from portal import logs
from portal.application import ROUTES
from portal.language import DEFAULT, LANGUAGES, override_language
from portal.render.markup import Streamlit
from portal.server import error_page
from portal.server.cached_responses import CachedResponses
from portal.server.error_page import Failures
from portal.server.first_paint import FirstPaint
from portal.server.metrics import Counting
from portal.server.routes import metrics as metrics_page
from portal.server.security_headers import Headers
from portal.server.state import SNAPSHOT, WithState, state_for
from portal.settings import Settings

SECRET = "what-only-the-operator-may-see"
REFERENCE = re.compile(r"\b[0-9a-f]{8}\b")


def breaks(_: Request) -> Response:
    raise RuntimeError(SECRET)


class Unreadable:
    def __getattr__(self, name: str) -> object:
        raise RuntimeError(SECRET)


class Broken:
    """Puts a snapshot into each request that can't be read, whatever it is asked for."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[SNAPSHOT] = Unreadable()
        await self.app(scope, receive, send)


@pytest.fixture
def site() -> Iterator[TestClient]:
    with TestClient(breaking(metrics=True), base_url="http://127.0.0.1") as client:
        yield client


def breaking(metrics: bool) -> Starlette:
    """An application two of whose URLs break."""
    state = state_for(Settings(releases="/nowhere", metrics=metrics))
    routes = [Route("/plain/broken", breaks), Route("/api/v1/broken", breaks), Route("/metrics", metrics_page),
              Route("/fine", lambda _: PlainTextResponse("fine"))]
    return Starlette(routes=routes, middleware=[
        Middleware(WithState, state=state), Middleware(Counting, metrics=state.metrics),
        Middleware(Headers, settings=Settings()), Middleware(Failures)])


@pytest.mark.parametrize(("path", "kind"), [("/plain/broken?lang=%3Cscript%3E", "text/html"),
                                            ("/api/v1/broken", "application/problem+json")])
def test_a_fault_is_told_in_a_sentence_and_a_number_that_the_log_knows(
        site: TestClient, path: str, kind: str, caplog: pytest.LogCaptureFixture) -> None:
    answer = site.get(path)
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (500, kind)
    assert "Something went wrong on our side" in answer.text
    assert not re.search(rf"{SECRET}|Traceback|\.py|<script", answer.text)
    assert answer.headers["x-content-type-options"] == "nosniff"
    reference = REFERENCE.search(answer.text)
    assert reference
    noted = [record_ for record_ in caplog.records if getattr(record_, "reference", "") == reference[0]]
    assert len(noted) == 1
    assert SECRET in logs.JsonLines().format(noted[0])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", [
    "/plain/calls", "/calls", "/plain/figure/demand.received", "/figure/2026-Q2/en/0123456789abcdef0123.svg",
    "/brief.pdf", "/brief.html", "/projector", "/download/2026-Q2/release.sqlite", "/feed.atom", "/calendar.ics",
    "/download/2026-Q2/figure/demand.received.csv", "/api/v1/figures/demand.received", "/data.json",
])
def test_every_edition_tells_a_fault_in_the_visitors_language(
        path: str, language: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    async def pages(first: object, scope: dict[str, str]) -> Streamlit:
        return Streamlit(Markup(""), Markup(""))
    monkeypatch.setattr("portal.server.first_paint.loads", pages)
    state = state_for(Settings(releases="/nowhere"))
    app = Starlette(routes=ROUTES, middleware=[
        Middleware(WithState, state=state), Middleware(Headers, settings=Settings()), Middleware(Failures),
        Middleware(Broken), Middleware(CachedResponses), Middleware(FirstPaint)])
    with TestClient(app, base_url="http://127.0.0.1") as client:
        answer = client.get(f"{path}?lang={language if path.startswith('/api/') else language.lower()}")
    reference = REFERENCE.search(answer.text)
    assert reference
    with override_language(language):
        sentence = error_page.fault_sentence(reference[0])
    assert (answer.status_code, SECRET in answer.text) == (500, False)
    assert (sentence == error_page.fault_sentence(reference[0])) == (language == DEFAULT)
    if path.startswith("/api/"):
        assert answer.json() == {"type": "about:blank", "status": 500, "title": sentence, "reference": reference[0]}
    else:
        assert sentence in answer.text
        assert f'href="/plain/?lang={language}"' in answer.text
        assert "988" in answer.text
    noted = [record_ for record_ in caplog.records if getattr(record_, "reference", "") == reference[0]]
    assert [SECRET in logs.JsonLines().format(entry) for entry in noted] == [True]


def test_a_page_has_a_way_on_and_help(site: TestClient) -> None:
    text = site.get("/plain/broken").text
    assert 'href="/plain/?lang=en"' in text
    assert "988" in text


def test_counts_grow_and_are_told_only_where_they_are_switched_on(
        site: TestClient) -> None:
    site.get("/fine")
    site.get("/plain/broken")
    text = site.get("/metrics").text
    for count in ('answers_total{status="2xx"}', 'answers_total{status="5xx"}', "failures_total",
                  "request_seconds_count"):
        assert re.search(rf"^portal_{re.escape(count)} [1-9]", text, re.MULTILINE), count
    assert "process_resident_memory_bytes" in text
    with TestClient(breaking(metrics=False), base_url="http://127.0.0.1") as other:
        assert other.get("/metrics").status_code == 404
    assert {family.name for family in text_string_to_metric_families(text)} > {"portal_answers", "portal_threads"}


def record(message: str, error: BaseException | None = None) -> logging.LogRecord:
    return logging.LogRecord("portal", logging.ERROR, "x.py", 1, message, (), error and (type(error), error, None))


def test_what_a_visitor_sent_cannot_begin_a_line_of_the_log() -> None:
    forged = "fine\n2026-11-24 00:00:00 ERROR forged\r\x1b[2J"
    assert "\n" not in logs.OneLine().format(record(forged))
    assert "\x1b" not in logs.OneLine().format(record(forged))
    lines = logs.OneLine().format(record("met", RuntimeError(forged))).splitlines()
    assert len(lines) > 2
    assert all(line.startswith("    ") for line in lines[1:])
    assert json.loads(logs.JsonLines().format(record(forged)))["message"] == forged


def test_the_same_fault_again_and_again_does_not_fill_the_disk() -> None:
    few = logs.FewTracebacks()
    tracebacks = []
    for _ in range(50):
        entry = record("again", RuntimeError(SECRET))
        entry.reference = "3f9c01ab"
        assert few.filter(entry), "a visitor has its number"
        tracebacks.append(entry.exc_info)
    assert sum(entry is not None for entry in tracebacks) == logs.TRACEBACKS_A_MINUTE


def test_no_file_handles_left_does_not_fill_the_disk() -> None:
    few, full = logs.FewTracebacks(), OSError(errno.EMFILE, "Too many open files")
    passed = [few.filter(record("socket.accept() out of system resource", full)) for _ in range(50)]
    assert sum(passed) == logs.TRACEBACKS_A_MINUTE
    assert few.filter(record("something else", RuntimeError(SECRET)))


@pytest.fixture
def own_log() -> Iterator[None]:
    """Logging as it was, afterwards."""
    root = logging.getLogger()
    before = root.handlers, root.level
    yield
    for handler in root.handlers:
        handler.close()
    root.handlers, root.level = before


@pytest.mark.usefixtures("own_log")
def test_others_log_the_same_way_and_not_louder_than_they_may() -> None:
    logs.configure("text")
    assert logging.getLogger("uvicorn.error").level == logging.WARNING  # INFO holds URLs and queries
    assert logging.getLogger("uvicorn.access").level == logging.CRITICAL
    assert not logging.getLogger("streamlit.web").handlers


@pytest.mark.usefixtures("own_log")
def test_who_runs_a_command_reads_a_line_and_the_traceback_is_in_a_file(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("text", tmp_path / "build.log")
    logging.getLogger("portal").info("Rendering.")
    assert not (tmp_path / "build.log").exists(), "there is nothing in it to read"
    logging.getLogger("portal").error("It failed: %s", "KeyError", extra={"trace": f"Traceback\n  {SECRET}"})
    printed = capsys.readouterr().err
    assert "It failed: KeyError" in printed
    assert SECRET not in printed
    assert SECRET in (tmp_path / "build.log").read_text("utf-8")
