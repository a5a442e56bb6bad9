"""A release can't go bad in public: what does not verify is refused, what was good stays, and no page mixes two."""

import errno
import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from portal.application import ROUTES
from portal.builder import rendered_release
from portal.navigation import page_of
from portal.server import snapshot
from portal.server.plain_presenter import plain
from portal.server.routes import PAGES
from portal.server.selection import select
from portal.server.snapshot import Watch
from tests.conftest import SHIPPED, SMALLEST
from tests.source import ROOT

OLD, NEW = SMALLEST
OF_A_RELEASE = re.compile(r"/(?:figure|download)/(\d{4}-Q\d)/")
Fault = Callable[[Path], None]


def point(releases: Path, name: str) -> None:
    draft = releases / ".current"
    draft.write_text(f"{name}\n", encoding="utf-8")
    draft.replace(releases / "current")


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    """A folder in which the older of two releases is live, and the newer one is not there yet."""
    shutil.copytree(SHIPPED / OLD, tmp_path / "releases" / OLD)
    point(tmp_path / "releases", OLD)
    return tmp_path / "releases"


@pytest.fixture
def watch(releases: Path, drawn_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Watch:
    """The watch that the pages ask, after its first look."""
    monkeypatch.setenv("PORTAL_RELEASES", str(releases))
    monkeypatch.setenv("PORTAL_CACHE", str(drawn_cache))
    here = snapshot.watch()
    assert here.look().refused == ""
    return here


@pytest.fixture
def site(watch: Watch) -> Iterator[TestClient]:
    PAGES.pages.things.clear()  # a page that an earlier test has seen would not be made again
    with TestClient(Starlette(routes=ROUTES)) as client:
        yield client


def shown(watch: Watch) -> str:
    return watch.now.shelf.shown.id if watch.now.shelf else ""


def changed(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.chmod(0o644)
    path.write_bytes(change(path.read_bytes()))


def resealed(release: Path, statement: str) -> None:
    """A database changed by somebody who also knows to mend the list of hashes."""
    path, sums = release / "release.sqlite", release / "SHA256SUMS"
    old = hashlib.sha256(path.read_bytes()).hexdigest()
    path.chmod(0o644)
    database = sqlite3.connect(path)
    database.execute(statement)
    database.commit()
    database.close()
    changed(sums, lambda text: text.replace(old.encode(), hashlib.sha256(path.read_bytes()).hexdigest().encode()))


FAULTS: dict[str, tuple[Fault, str]] = {
    "truncated": (lambda at: changed(at / "release.sqlite", lambda old: old[:-1000]), "its hash differs"),
    "a bit flipped": (lambda at: changed(at / "csv" / "cells.csv", lambda old: bytes([old[0] ^ 1]) + old[1:]),
                      "csv/cells.csv is not the file"),
    "half copied": (lambda at: (at / "csv" / "states.csv").unlink(), "csv/states.csv is missing"),
    "another schema": (lambda at: resealed(at, "CREATE TABLE people (name TEXT)"), "tables of the contract"),
    "a newer contract": (lambda at: resealed(at, "UPDATE meta SET value = '99' WHERE key = 'contract_version'"),
                         "version 99 of the contract"),
    "empty": (lambda at: changed(at / "release.sqlite", lambda _: b""), "hash differs"),
    "an empty list of hashes": (lambda at: changed(at / "SHA256SUMS", lambda _: b""), "not listed in SHA256SUMS"),
    "no list of hashes": (lambda at: (at / "SHA256SUMS").unlink(), "SHA256SUMS can't be read"),
    "missing": (shutil.rmtree, "it is not there"),
    "a file too many": (lambda at: (at / "notes.txt").write_text("x") and None, "notes.txt is not listed"),
    "a number changed": (lambda at: resealed(at, "UPDATE cells SET value = value + 1"), "is not the sum"),
}


@pytest.mark.parametrize("what", FAULTS)
def test_a_bad_release_is_refused_and_the_last_good_one_stays(
        what: str, watch: Watch, site: TestClient, releases: Path, drawn_cache: Path,
        caplog: pytest.LogCaptureFixture) -> None:
    fault, told = FAULTS[what]
    shutil.copytree(SHIPPED / NEW, releases / NEW)
    fault(releases / NEW)
    point(releases, NEW)
    watch.look()
    assert shown(watch) == OLD
    assert told in watch.now.refused
    assert told in caplog.text
    ready = site.get("/readyz")
    assert (ready.status_code, told in ready.text, OLD in ready.text) == (200, True, True)
    page = site.get("/plain/calls").text
    assert "This page is showing the release of August" in page
    assert {*OF_A_RELEASE.findall(page)} == {OLD}
    assert site.get(f"/download/{NEW}/release.sqlite").status_code == 404
    after_a_start = Watch(releases, drawn_cache)
    assert after_a_start.look().refused == watch.now.refused
    assert shown(after_a_start) == OLD
    shutil.rmtree(releases / NEW, ignore_errors=True)
    shutil.copytree(SHIPPED / NEW, releases / NEW)
    watch.look()
    assert (shown(watch), watch.now.refused) == (NEW, "")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"../2026-Q2", b"2199-Q1", b"a\nb"])
def test_a_current_that_names_nothing_changes_nothing(content: bytes, watch: Watch, releases: Path) -> None:
    (releases / "current").write_bytes(content)
    watch.look()
    assert (shown(watch), bool(watch.now.refused)) == (OLD, True)
    (releases / "current").unlink()
    watch.look()
    assert (shown(watch), "it was there, and is gone" in watch.now.refused) == (OLD, True)


def test_a_live_release_that_goes_bad_is_still_served_as_it_was_verified(
        watch: Watch, site: TestClient, releases: Path) -> None:
    assert not watch.now.copies[OLD].is_relative_to(releases), "only a copy is read"
    before = {name: site.get(f"/download/{OLD}/{name}").content for name in ("release.sqlite", "csv/cells.csv")}
    for name in before:
        changed(releases / OLD / name, lambda old: old[:-1] + b"\0")
    watch.look()
    assert {name: site.get(f"/download/{OLD}/{name}").content for name in before} == before
    assert "hash differs" in site.get("/readyz").text
    assert site.get("/plain/").status_code == 200


def test_going_back_hides_the_newer_release(watch: Watch, site: TestClient, releases: Path) -> None:
    shutil.copytree(SHIPPED / NEW, releases / NEW)
    point(releases, NEW)
    watch.look()
    assert (shown(watch), tuple(watch.now.copies)) == (NEW, (NEW, OLD))
    point(releases, OLD)
    watch.look()
    assert (shown(watch), tuple(watch.now.copies), watch.now.refused) == (OLD, (OLD,), "")
    assert NEW not in site.get("/plain/data").text


def test_an_old_release_that_rots_does_not_take_the_live_one_along(releases: Path, drawn_cache: Path) -> None:
    shutil.copytree(SHIPPED / NEW, releases / NEW)
    point(releases, NEW)
    changed(releases / OLD / "release.sqlite", lambda old: old[:5000])
    after_a_start = Watch(releases, drawn_cache)
    after_a_start.look()
    assert (shown(after_a_start), tuple(after_a_start.now.copies)) == (NEW, (NEW,))


def test_a_kept_copy_that_has_gone_bad_is_made_anew(releases: Path, drawn_cache: Path) -> None:
    kept = Watch(releases, drawn_cache).look().copies[OLD] / "csv" / "cells.csv"
    before = kept.read_bytes()
    changed(kept, lambda old: old[:-1] + b"\0")
    Watch(releases, drawn_cache).look()
    assert kept.read_bytes() == before


def test_a_start_on_a_full_disk_shows_what_was_copied_and_drawn_before(
        releases: Path, drawn_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")
    Watch(releases, drawn_cache).look()
    monkeypatch.setattr(tempfile, "mkdtemp", full)
    assert Watch(releases, drawn_cache).look().refused == ""
    assert "No space left" in Watch(releases, drawn_cache / "empty").look().refused


def test_what_is_swept_away_while_the_server_runs_is_made_anew(
        releases: Path, drawn_cache: Path, tmp_path: Path) -> None:
    cache = Path(shutil.copytree(drawn_cache, tmp_path / "cache", ignore=shutil.ignore_patterns(".*")))
    watch = Watch(releases, cache)
    copy = watch.look().copies[OLD]
    copy.joinpath("release.sqlite").unlink()
    watch.look()
    assert copy.joinpath("release.sqlite").is_file()
    shutil.rmtree(cache / "releases")
    watch.look()
    assert copy.joinpath("csv", "cells.csv").is_file()
    assert (shown(watch), watch.now.refused) == (OLD, "")


def test_older_releases_in_other_languages_do_not_fill_the_memory(
        releases: Path, drawn_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = Watch(releases, drawn_cache)
    english = watch.look().shelf
    assert english
    monkeypatch.setattr(snapshot, "load", lambda *_: english)
    watch.in_language(english, "es")
    for number in range(3 * snapshot.TRANSLATED):
        older = replace(english, folder=Path(f"older-{number}"))
        assert watch.in_language(older, "es") is english
    kept = [folder for folder, _ in watch._translated]
    last = range(2 * snapshot.TRANSLATED, 3 * snapshot.TRANSLATED)
    assert kept == [english.folder, *(Path(f"older-{one}") for one in last)]


def test_a_release_that_can_be_written_to_is_refused(
        watch: Watch, releases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.release.queries.can_write", lambda release: release.id == NEW)
    shutil.copytree(SHIPPED / NEW, releases / NEW)
    point(releases, NEW)
    watch.look()
    assert (shown(watch), "could be written to" in watch.now.refused) == (OLD, True)


def test_figures_that_cannot_be_made_keep_the_release_before(
        watch: Watch, releases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def fails(copy: Path, _: Path) -> None:
        tried.append(copy.name)
        raise snapshot.ReleaseBroken(copy, "its figures can't be made")
    monkeypatch.setattr(snapshot, "load", fails)
    shutil.copytree(SHIPPED / NEW, releases / NEW)
    point(releases, NEW)
    watch.look()
    watch.look()
    assert (shown(watch), "figures can't be made" in watch.now.refused) == (OLD, True)
    assert tried == [NEW], "it is not tried again at every look"
    monkeypatch.setattr(snapshot, "AGAIN", 0.0)
    watch.look()
    assert tried == [NEW, NEW]


@pytest.fixture
def drawings(drawn_cache: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is drawn, in order. In place of the process that draws, the session's drawings are taken."""
    seen: list[str] = []

    def make(release: Path, made: Path, language: str, patient: bool) -> None:
        seen.append(f"{release.name} {language}{', patiently' if patient else ''}")
        shutil.copytree(rendered_release.place(release, drawn_cache, "en"), made)
    monkeypatch.setattr(rendered_release, "_make", make)
    monkeypatch.setenv("PORTAL_AHEAD", "es")
    return seen


@pytest.mark.parametrize(("named", "ahead"), [
    (OLD, [f"{OLD} en", f"{NEW} en", f"{OLD} es", f"{NEW} es"]),
    (NEW, [f"{NEW} en", f"{NEW} es", f"{OLD} en", f"{OLD} es"]),
])
def test_a_release_that_may_be_named_next_is_drawn_ahead_so_that_naming_it_draws_nothing(
        named: str, ahead: list[str], releases: Path, tmp_path: Path, drawings: list[str]) -> None:
    shutil.copytree(SHIPPED / NEW, releases / NEW)
    point(releases, named)
    watch = Watch(releases, tmp_path / "cache")
    watch.look()
    watch.running = True
    while first := next(watch.missing(), None):
        watch.prepare(*first)
    assert drawings == ahead
    for name in (NEW, OLD, NEW):  # forward, back, and forward again
        point(releases, name)
        watch.look()
        assert (shown(watch), watch.now.coming, watch.now.refused) == (name, "", "")
    assert drawings == ahead


def test_what_is_older_than_a_roll_back_leads_to_lets_everything_else_go_first(
        releases: Path, tmp_path: Path, drawings: list[str]) -> None:
    shutil.copytree(SHIPPED / NEW, releases / NEW)
    point(releases, NEW)
    watch = Watch(releases, tmp_path / "cache")
    watch.look()
    copies = watch.now.copies
    watch.now = replace(watch.now, copies={NEW: copies[NEW], "2026-Q2a": releases, OLD: copies[OLD]})
    watch.prepare(copies[OLD], "en")
    assert drawings == [f"{NEW} en", f"{OLD} en, patiently"]


def test_nothing_is_drawn_ahead_where_the_setting_says_so(
        releases: Path, tmp_path: Path, drawings: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_AHEAD", "none")
    shutil.copytree(SHIPPED / NEW, releases / NEW)
    watch = Watch(releases, tmp_path / "cache")
    watch.look()
    assert (drawings, list(watch.missing())) == ([f"{OLD} en"], [])


def test_a_look_waits_for_no_drawing_and_sees_a_roll_back_meanwhile(
        watch: Watch, site: TestClient, releases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, may_end, drawn = threading.Event(), threading.Event(), []

    def slow(copy: Path, cached: Path) -> rendered_release.RenderedRelease:
        drawn.append(copy.name)
        begun.set()
        assert may_end.wait(60)
        return rendered_release.load(copy, cached)
    monkeypatch.setattr(snapshot, "drawn", lambda copy, *_: copy.name == OLD or may_end.is_set())
    monkeypatch.setattr(snapshot, "load", slow)
    watch.running = True
    try:
        shutil.copytree(SHIPPED / NEW, releases / NEW)
        point(releases, NEW)
        watch.look()
        assert begun.wait(60)
        assert (shown(watch), watch.now.coming, watch.now.refused) == (OLD, NEW, "")
        assert site.get("/readyz").text == f"ready: release {OLD}; being drawn: {NEW}"
        point(releases, OLD)
        assert (watch.look().coming, shown(watch)) == ("", OLD)
        point(releases, NEW)
        assert watch.look().coming == NEW
        may_end.set()
        assert watch._wake.wait(60)
        watch.look()
        assert (shown(watch), watch.now.coming, drawn) == (NEW, "", [NEW])
    finally:
        may_end.set()
        watch.running = False


def test_before_the_first_look_the_server_is_not_ready(
        releases: Path, drawn_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_RELEASES", str(releases))
    monkeypatch.setenv("PORTAL_CACHE", str(drawn_cache))
    snapshot.watch().running = True
    try:
        with TestClient(Starlette(routes=ROUTES)) as site:
            assert (site.get("/readyz").status_code, site.get("/healthz").status_code) == (503, 200)
            assert "being verified" in site.get("/readyz").text
            assert "can&#39;t be shown at the moment" in site.get("/plain/").text
            snapshot.watch().look()
            assert site.get("/readyz").status_code == 200
    finally:
        snapshot.watch().running = False


@pytest.mark.parametrize("slug", ["data", "calls"])
def test_a_page_during_which_a_release_goes_live_is_wholly_of_the_old_one(
        slug: str, watch: Watch, site: TestClient, releases: Path) -> None:
    page = page_of(slug)
    assert page
    selection = select({})  # a request takes it once
    shutil.copytree(SHIPPED / NEW, releases / NEW)
    point(releases, NEW)
    watch.look()
    assert {*OF_A_RELEASE.findall(site.get(f"/plain/{slug}").text)} == {NEW}
    old = plain(page, selection)
    assert {*OF_A_RELEASE.findall(old)} == {OLD}
    assert NEW not in old


def of_one(page: str) -> frozenset[str]:
    return frozenset(OF_A_RELEASE.findall(page))


def test_no_answer_mixes_two_releases_while_they_are_swapped_again_and_again(
        watch: Watch, site: TestClient, releases: Path) -> None:
    shutil.copytree(SHIPPED / NEW, releases / NEW)
    done, swaps = threading.Event(), [shown(watch)]

    def swapping() -> None:
        while not done.is_set():
            point(releases, OLD if swaps[-1] == NEW else NEW)
            watch.look()
            swaps.append(shown(watch))

    seen: set[frozenset[str]] = set()
    with ThreadPoolExecutor(3) as pool:
        swapper = pool.submit(swapping)
        for _ in range(2000):  # far more than it takes: until both were seen, and three swaps fell among the pages
            pages = pool.map(lambda slug: site.get(f"/plain/{slug}").text, ["", "calls", "data"])
            seen.update(map(of_one, pages))
            if len(swaps) > 3 and len(seen) > 1:
                break
        done.set()
        swapper.result()
    assert len(swaps) > 3
    assert all(before != after for before, after in pairwise(swaps)), swaps
    assert all(len(one) == 1 for one in seen), seen
    assert set().union(*seen) == {OLD, NEW}, f"{len(swaps)} swaps"


# Root may read everything: what is forbidden is tried as another user, in a process of its own.
AS_ANOTHER = """
import json, os, sys
from pathlib import Path
from portal.server.selection import select
from portal.server.snapshot import Watch
os.setgid(65534), os.setuid(65534)
now = Watch(Path(sys.argv[1]), Path(sys.argv[2])).look()
print(json.dumps([now.shelf and now.shelf.shown.id, now.refused]))
"""


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root may become another user")
@pytest.mark.parametrize(("forbidden", "told", "stays"), [
    (f"{NEW}/release.sqlite", "Permission denied", OLD), (f"{NEW}/SHA256SUMS", "can't be read", OLD),
    (NEW, "can't be read", OLD), ("current", "Permission denied", None), ("", "Permission denied", None),
])
def test_what_may_not_be_read_is_refused_with_that_reason(
        forbidden: str, told: str, stays: str | None, releases: Path, drawn_cache: Path, tmp_path: Path) -> None:
    shutil.copytree(SHIPPED / NEW, releases / NEW)
    point(releases, NEW)
    for above in (tmp_path, *tmp_path.parents):  # pytest's own folders are for root alone
        above.chmod(above.stat().st_mode | 0o111)
    cache = Path(shutil.copytree(drawn_cache, tmp_path / "cache", ignore=shutil.ignore_patterns(".*")))
    for path in (cache, *cache.rglob("*")):
        os.chown(path, 65534, 65534)
    (releases / forbidden).chmod(0)
    try:
        done = subprocess.run([sys.executable, "-c", AS_ANOTHER, str(releases), str(cache)], cwd=ROOT, text=True,
                              capture_output=True, check=True, timeout=60)
    finally:
        (releases / forbidden).chmod(0o755)
    live_id, refused = json.loads(done.stdout)
    assert live_id == stays
    assert told in refused


def test_many_who_wait_for_a_language_do_not_keep_all_threads_waiting(
        releases: Path, drawn_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watch, drawing, waited = Watch(releases, drawn_cache), threading.Event(), []
    english = watch.look().shelf
    assert english

    def slow(*_: object) -> object:
        drawing.wait(60)
        return english
    monkeypatch.setattr(snapshot, "load", slow)
    pool = [threading.Thread(target=lambda: waited.append(watch.in_language(english, "es")))
            for _ in range(snapshot.WAITING)]
    for one in pool:
        one.start()
    while watch._seats._value:  # type: ignore[attr-defined]
        drawing.wait(0.01)
    told = watch.in_language(english, "es")
    assert not waited  # it was told while all the others still wait
    assert told is not english
    assert 'lang="en"' in next(iter(told.figures.values()))["html"]
    drawing.set()
    for one in pool:
        one.join(60)
    assert len(waited) == snapshot.WAITING
    assert watch.in_language(english, "es") is english
