"""Promises of the running server: a new release without a restart, nothing written, nothing told, nothing kept."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from portal.builder.rendered_parts import parts_in, read_part, write_part
from portal.navigation import PAGES
from tests.browser.server import Server, children
from tests.conftest import SMALLEST
from tests.hostile.served import publish, serving, visited
from tests.hostile.wire import until
from tests.site import built, settings_for
from tests.source import ROOT

OLD, NEW = SMALLEST
OF_A_RELEASE = re.compile(r"/(?:figure|download)/(\d{4}-Q\d)/")


def get(url: str, **headers: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_a_new_release_goes_live_in_a_running_server_and_no_page_mixes_two(tmp_path: Path, drawn_cache: Path) -> None:
    releases = tmp_path / "releases"
    releases.mkdir()
    publish(releases, OLD)
    few = ["sh", "-c", 'ulimit -Sn 256; exec "$@"', "sh"]
    with serving(tmp_path, releases, drawn_cache, before=few) as server:
        limits = Path(f"/proc/{server.pid}/limits")
        if limits.exists():  # Linux
            soft, hard = re.findall(r"Max open files\s+(\d+)\s+(\d+)", limits.read_text())[0]
            assert soft == hard, "a session holds four handles: 256 would be 60 visitors"
        publish(releases, NEW)
        deadline, seen = time.monotonic() + 180, []
        while not seen or (seen[-1] != {NEW} and time.monotonic() < deadline):
            status, page = get(f"{server.url}/plain/calls")
            assert status == 200
            seen.append({*OF_A_RELEASE.findall(page)})
        assert {*OF_A_RELEASE.findall(visited(server, "calls"))} == {NEW}
    assert seen[0] == {OLD}
    assert seen[-1] == {NEW}
    assert {len(answer) for answer in seen} == {1}
    assert not re.search("Traceback|Rendering release", server.log.read_text()), "how long it takes: make bench"


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="Linux tells a process's children")
def test_a_hung_a_killed_and_an_orphaned_builder_take_nothing_down(tmp_path: Path, drawn_cache: Path) -> None:
    releases = tmp_path / "releases"
    releases.mkdir()
    publish(releases, OLD)
    publish(releases, NEW)
    built(settings_for(releases, drawn_cache))  # else the builder might be stopped before it has copied both
    with serving(tmp_path, releases, drawn_cache) as server:
        until(lambda: get(f"{server.url}/readyz")[1] == f"ready: release {NEW}", 120)
        builder, = children(server.pid)
        assert os.getpgid(builder) != os.getpgid(server.pid), "Ctrl-C would end it in the middle of its work"
        os.kill(builder, signal.SIGSTOP)
        publish(releases, OLD)
        until(lambda: get(f"{server.url}/readyz")[1] == f"ready: release {OLD}", 60)
        assert get(f"{server.url}/download/{NEW}/release.sqlite")[0] == 404
        os.kill(builder, signal.SIGKILL)
        until(lambda: children(server.pid) not in ([], [builder]), 60)
        again, = children(server.pid)
        assert get(f"{server.url}/plain/")[0] == 200
        os.kill(server.pid, signal.SIGKILL)
        until(lambda: not Path(f"/proc/{again}").exists() or "Z" in Path(f"/proc/{again}/stat").read_text(), 60)


def read_only(writable: Path, without: Path | None = None) -> list[str]:
    """A command's beginning that lets it write into one folder alone, and see nothing of what lies in another."""
    hidden = f"mount -t tmpfs -o ro none {shlex.quote(str(without))} && " if without else ""
    script = ('mount --make-rprivate / && mount --bind "$0" "$0" && mount -o remount,ro,bind / && '
              f'{hidden}mount -t tmpfs -o ro none /dev/shm && exec "$@"')
    return ["unshare", *(() if os.geteuid() == 0 else ("-Ur",)), "-m", "sh", "-c", script, str(writable)]


def why_not_read_only(folder: Path) -> str:
    """Why this machine can't try it; empty where it can."""
    if not shutil.which("unshare"):
        return "no unshare here: it is Linux's own way to give a process a file system of its own"
    tried = subprocess.run([*read_only(folder), "sh", "-c", f"! touch {ROOT}/written && touch {folder}/written"],
                           text=True, capture_output=True, check=False)
    return f"this machine allows no file system of one's own: {tried.stderr}" if tried.returncode else ""


def test_the_server_runs_where_it_can_write_one_folder_alone_and_no_extract_is(
    tmp_path: Path, drawn_cache: Path
) -> None:
    releases, writable, private = tmp_path / "releases", tmp_path / "writable", tmp_path / "private"
    for folder in (releases, writable, private):
        folder.mkdir()
    (private / "calls.csv").write_text("call_id\n", encoding="utf-8")
    if reason := why_not_read_only(writable):
        pytest.skip(reason)
    publish(releases, OLD)
    shutil.copytree(drawn_cache, writable / "cache", ignore=shutil.ignore_patterns(".*"))
    before = read_only(writable, private)
    assert subprocess.check_output([*before, "ls", str(private)], text=True) == "", "the server sees no extract"
    with serving(tmp_path, releases, writable / "cache", before=before, temporary=writable) as server:
        for page in PAGES:
            assert get(f"{server.url}/plain/{page.slug}")[0] == 200
            assert f"{OLD} (made-up numbers)" in visited(server, page.slug)
        assert get(f"{server.url}/download/{OLD}/release.sqlite", Range="bytes=0-15")[0] == 206
        publish(releases, NEW)  # from outside, where the folder can be written
        until(lambda: NEW in get(f"{server.url}/readyz")[1], 180)
    said = server.log.read_text()
    assert not re.search("Traceback|Read-only|ERROR", said), said


AGENT, QUERY = "Distinct-User-Agent/77", "period=what-a-visitor-typed&q=and-searched"


def test_a_browsing_session_leaves_nothing_of_the_visitor_in_the_log(portal_server: Server) -> None:
    who = {"User-Agent": AGENT, "Referer": "http://127.0.0.1/from-here", "X-Forwarded-For": "203.0.113.77"}
    before = len(portal_server.log.read_text())
    for path in (f"/?{QUERY}", f"/plain/calls?{QUERY}", f"/download/nothing/x?{QUERY}", "/healthz", "/no/such?a=b"):
        get(f"{portal_server.url}{path}", **who)
    visited(portal_server, "calls", QUERY)
    get(f"{portal_server.url}/plain/", Host="evil.example", **who)
    said = portal_server.log.read_text()[before:]
    personal = r"Distinct|what-a-visitor|searched|from-here|203\.0\.113|127\.0\.0\.1|evil\.example|/plain"
    found = re.findall(personal, said)
    assert not found, said


def test_the_cookie_against_forged_requests_is_the_only_one(portal_server: Server) -> None:
    cookies = set()
    for path in ("/", "/calls", "/plain/", "/_stcore/health", "/_stcore/host-config", "/api/v1/", "/brief.pdf"):
        with urllib.request.urlopen(f"{portal_server.url}{path}", timeout=60) as answer:
            cookies |= {cookie.split("=")[0] for cookie in answer.headers.get_all("Set-Cookie", [])}
    assert cookies == {"_streamlit_xsrf"}


def test_a_page_that_breaks_is_told_by_a_number_everywhere_and_the_log_has_it(
        tmp_path: Path, drawn_cache: Path) -> None:
    releases, cache = tmp_path / "releases", tmp_path / "cache"
    releases.mkdir()
    publish(releases, OLD)
    shutil.copytree(drawn_cache, cache, ignore=shutil.ignore_patterns(".*"))
    for folder in cache.glob("*-en"):  # as if a page asked for a figure that was never rendered
        for part in set(parts_in(folder).values()):
            content = read_part(folder, part)
            if content.get("figures", {}).pop("demand.received", None):
                (folder / part).unlink()
                write_part(folder, content["part"], content)
    with serving(tmp_path, releases, cache, log="json") as server:
        status, plain = get(f"{server.url}/plain/calls")
        streamlit = visited(server, "calls")
        assert get(f"{server.url}/plain/data")[0] == 200
    lines = [json.loads(line) for line in server.log.read_text().splitlines() if line.startswith("{")]
    assert status == 500
    for shown in (plain, streamlit):
        assert not re.search(r"Traceback|\.py|KeyError", shown)
        number = re.search(r"The number of this fault is ([0-9a-f]{8})", shown)
        assert number
        assert [
            line for line in lines if line.get("reference") == number[1] and "KeyError" in line.get("traceback", "")
        ]
