"""The browser tests stand on this: a server is waited for, shared, ended; a page that asks a third party is caught."""

import os
import select
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Error

from tests.browser.conftest import Contexts, NewPage
from tests.browser.server import Server, alive, answers, free_port, shared, start, stop
from tests.source import ROOT

# A server that answers 503 twice before it is ready, and starts a helper that must not outlive it.
SLOW_TO_BE_READY = """
import http.server, subprocess, sys
helper = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
open(sys.argv[2], "w").write(str(helper.pid))
class Answer(http.server.BaseHTTPRequestHandler):
    asked = 0
    def do_GET(self):
        Answer.asked += 1
        body = b"<!doctype html><html lang=en><title>t</title><h1>Hello</h1>"
        if self.path == "/elsewhere":
            body += b"<img alt='' src='http://third-party.invalid/x.png'>"
        self.send_response(200 if Answer.asked > 2 else 503)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
print("listening", flush=True)
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""
pytestmark = pytest.mark.skipif(os.name == "nt", reason="process groups are not part of Windows")


def ended(pid: int) -> bool:
    """Whether a process ends within a minute: a killed one takes a moment, on a busy machine a long one."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([process], [], [], 60)[0])
    finally:
        os.close(process)


def stand_in(folder: Path) -> tuple[list[str], str, Path]:
    port, helper = free_port(), folder / "helper"
    return [sys.executable, "-c", SLOW_TO_BE_READY, str(port), str(helper)], f"http://127.0.0.1:{port}", helper


def test_a_server_is_waited_for_and_ended_with_what_it_started(tmp_path: Path) -> None:
    command, url, helper = stand_in(tmp_path)
    server = start(command, url, tmp_path / "log")
    try:
        assert answers(url + "/readyz")
        assert "listening" in server.said()
        assert alive(int(helper.read_text(encoding="utf-8")))
    finally:
        stop(server.pid)
    assert not alive(server.pid)
    assert ended(int(helper.read_text(encoding="utf-8")))


def test_a_server_that_dies_is_reported_with_its_log(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"ended with 3 before it was ready:\nno releases here"):
        start([sys.executable, "-c", "print('no releases here'); raise SystemExit(3)"],
              f"http://127.0.0.1:{free_port()}", tmp_path / "log")


def test_a_server_that_is_never_ready_is_ended(tmp_path: Path) -> None:
    command, url, helper = stand_in(tmp_path)
    with pytest.raises(RuntimeError, match="not ready"):
        start(command, url, tmp_path / "log", rounds=1)
    assert not helper.exists() or ended(int(helper.read_text(encoding="utf-8")))


def test_two_test_processes_share_a_server_and_the_last_one_ends_it(tmp_path: Path) -> None:
    command, url, _ = stand_in(tmp_path)
    other_asks = ("import sys, pathlib\nfrom tests.browser.server import shared, answers\n"
                  "with shared(pathlib.Path(sys.argv[1]), ['false'], 'http://nowhere.invalid') as server:\n"
                  "    print(server.url, answers(server.url))")
    with shared(tmp_path / "server", command, url) as server:
        other = subprocess.run([sys.executable, "-c", other_asks, str(tmp_path / "server")], cwd=ROOT, check=True,
                               capture_output=True, text=True)
        assert other.stdout.split() == [url, "True"]
        assert answers(url), "the other process ended the server while this one still used it"
    assert not answers(url)
    assert server.url == url


@pytest.fixture
def hello(tmp_path: Path) -> object:
    command, url, _ = stand_in(tmp_path)
    with shared(tmp_path / "server", command, url) as server:
        yield server


@pytest.mark.parametrize(("width", "theme"), [(320, "dark"), (1280, "light")])
def test_a_page_has_the_width_theme_and_language_asked_for(
        hello: Server, new_page: NewPage, width: int, theme: str) -> None:
    page = new_page(width=width, theme=theme, locale="es-US")  # type: ignore[arg-type]
    page.goto(hello.url)
    assert page.locator("h1").inner_text() == "Hello"
    assert page.evaluate("innerWidth") == width
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") is (theme == "dark")
    assert page.evaluate("navigator.language") == "es-US"


def test_without_javascript_no_script_runs(hello: Server, new_page: NewPage) -> None:
    page = new_page(javascript=False)
    page.set_content("<h1>as served</h1><script>document.querySelector('h1').textContent = 'changed'</script>")
    assert page.locator("h1").inner_text() == "as served"


def asks_others(contexts: Contexts, *urls: str) -> None:
    with contexts.opened() as open_page:
        for url in urls:
            with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
                open_page().goto(url)


def test_a_page_can_t_reach_a_third_party_and_is_seen_to_try(hello: Server, contexts: Contexts) -> None:
    near = hello.url.replace("127.0.0.1", "elsewhere.localhost")  # without ALONE, Chromium takes it for this machine
    with pytest.raises(AssertionError, match=f"third party: {near}/, http://third-party.invalid/"):
        asks_others(contexts, near, "http://third-party.invalid/")


def test_what_a_page_loads_from_a_third_party_is_seen_too(hello: Server, contexts: Contexts) -> None:
    with contexts.opened() as open_page:
        open_page().goto(f"{hello.url}/elsewhere")
        assert contexts.asked == ["http://third-party.invalid/x.png"]
        contexts.asked.clear()


def test_a_page_knows_nothing_of_the_test_before(hello: Server, contexts: Contexts) -> None:
    for _ in range(2):
        with contexts.opened() as open_page:
            page = open_page()
            page.goto(hello.url)
            assert page.evaluate("[document.cookie, localStorage.length, innerWidth]") == ["", 0, 1280]
            page.evaluate("localStorage.setItem('known', document.cookie = 'known=1')")
            page.set_viewport_size({"width": 320, "height": 640})
