"""A release can't go bad in public: what does not verify is refused, what was good stays, and no page mixes two."""

import gc
import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from itertools import pairwise
from pathlib import Path
from weakref import ref

import pytest
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from portal.builder.cache_layout import CacheLayout
from portal.builder.index import PICTURES, SUMMARY, Attempts, Rendering, read_index, write_index
from portal.builder.rendered_parts import parts_in, write_part
from portal.render.rendered import Snapshot
from portal.server.rendered_reader import PERIODS, RenderedReader
from portal.server.snapshot import SnapshotStore
from portal.settings import Settings
from tests.conftest import SHIPPED, SMALLEST
from tests.site import app_of, built, point, releases_in, settings_for
from tests.source import ROOT

OLD, NEW = SMALLEST
OF_A_RELEASE = re.compile(r"/(?:figure|download)/(\d{4}-Q\d)/")
Fault = Callable[[Path], None]


@pytest.fixture
def settings(tmp_path: Path, drawn_cache: Path) -> Settings:
    """A folder in which the older of two releases is live, and the newer one is not there yet."""
    return built(settings_for(releases_in(tmp_path / "releases", OLD), drawn_cache))


@pytest.fixture
def releases(settings: Settings) -> Path:
    return Path(settings.releases)


@pytest.fixture
def site(settings: Settings) -> Iterator[TestClient]:
    with TestClient(app_of(settings)) as client:
        yield client


@pytest.fixture
def store(site: TestClient) -> SnapshotStore:
    """What the site's poller polls."""
    store: SnapshotStore = site.app.state.portal.snapshots  # type: ignore[attr-defined]
    return store


def live_id(snapshot: Snapshot) -> str:
    return snapshot.live.facts.id if snapshot.live else ""


def add(releases: Path, name: str = NEW) -> Path:
    return Path(shutil.copytree(SHIPPED / name, releases / name))


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
        what: str, settings: Settings, store: SnapshotStore, site: TestClient, releases: Path,
        caplog: pytest.LogCaptureFixture) -> None:
    fault, told = FAULTS[what]
    fault(add(releases))
    point(releases, NEW)
    built(settings)
    snapshot = store.poll()
    assert live_id(snapshot) == OLD
    assert told in snapshot.refused
    assert told in caplog.text
    readiness = site.get("/readyz")
    assert (readiness.status_code, told in readiness.text, OLD in readiness.text) == (200, True, True)
    page = site.get("/plain/calls").text
    assert "This page is showing the release of August" in page
    assert {*OF_A_RELEASE.findall(page)} == {OLD}
    assert site.get(f"/download/{NEW}/release.sqlite").status_code == 404
    after_a_start = SnapshotStore(settings).poll()
    assert (live_id(after_a_start), after_a_start.refused) == (OLD, snapshot.refused)
    shutil.rmtree(releases / NEW, ignore_errors=True)
    add(releases)
    built(settings)
    snapshot = store.poll()
    assert (live_id(snapshot), snapshot.refused) == (NEW, "")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"../2026-Q2", b"2199-Q1", b"a\nb"])
def test_a_current_that_names_nothing_changes_nothing(content: bytes, store: SnapshotStore, releases: Path) -> None:
    (releases / "current").write_bytes(content)
    snapshot = store.poll()
    assert (live_id(snapshot), bool(snapshot.refused)) == (OLD, True)
    (releases / "current").unlink()
    snapshot = store.poll()
    assert (live_id(snapshot), "was there, and is gone" in snapshot.refused) == (OLD, True)


def test_a_live_release_that_goes_bad_is_still_served_as_it_was_verified(
        settings: Settings, store: SnapshotStore, site: TestClient, releases: Path) -> None:
    assert not store.snapshot.copies[OLD].is_relative_to(releases), "only a copy is read"
    before = {name: site.get(f"/download/{OLD}/{name}").content for name in ("release.sqlite", "csv/cells.csv")}
    for name in before:
        changed(releases / OLD / name, lambda old: old[:-1] + b"\0")
    built(settings)
    store.poll()
    assert {name: site.get(f"/download/{OLD}/{name}").content for name in before} == before
    assert "hash differs" in site.get("/readyz").text
    assert site.get("/plain/").status_code == 200


def test_going_back_needs_no_builder_and_hides_the_newer_release(
        settings: Settings, store: SnapshotStore, site: TestClient, releases: Path) -> None:
    add(releases)
    point(releases, NEW)
    built(settings)
    assert (live_id(store.poll()), tuple(store.snapshot.copies)) == (NEW, (NEW, OLD))
    point(releases, OLD)
    snapshot = store.poll()
    assert (live_id(snapshot), tuple(snapshot.copies), snapshot.refused) == (OLD, (OLD,), "")
    assert NEW not in site.get("/plain/data").text
    assert site.get(f"/download/{NEW}/release.sqlite").status_code == 404


def test_a_release_that_was_deleted_is_no_longer_served_though_no_builder_runs(
        settings: Settings, store: SnapshotStore, site: TestClient, releases: Path) -> None:
    add(releases)
    point(releases, NEW)
    built(settings)
    store.poll()
    assert site.get(f"/download/{OLD}/release.sqlite").status_code == 200
    shutil.rmtree(releases / OLD)
    assert tuple(store.poll().copies) == (NEW,)
    assert site.get(f"/download/{OLD}/release.sqlite").status_code == 404
    assert site.get(f"/plain/figure/demand.received?release={OLD}").status_code == 404


def test_an_old_release_that_rots_does_not_take_the_live_one_along(tmp_path: Path, drawn_cache: Path) -> None:
    releases = releases_in(tmp_path / "releases", OLD, NEW)
    changed(releases / OLD / "release.sqlite", lambda old: old[:5000])
    snapshot = SnapshotStore(built(settings_for(releases, drawn_cache))).poll()
    assert (live_id(snapshot), tuple(snapshot.copies), snapshot.refused) == (NEW, (NEW,), "")


def test_what_is_being_built_leaves_the_release_before_in_its_place_and_is_said(
        settings: Settings, store: SnapshotStore, site: TestClient, releases: Path) -> None:
    add(releases)
    point(releases, NEW)  # the builder has not looked yet, or hangs
    snapshot = store.poll()
    assert (live_id(snapshot), snapshot.coming, snapshot.refused) == (OLD, NEW, "")
    assert site.get("/readyz").text == f"ready: release {OLD}; being prepared: {NEW}"
    built(settings)
    assert (live_id(store.poll()), store.snapshot.coming) == (NEW, "")


def index_without(settings: Settings, release: str, *parts: str, reason: str = "") -> None:
    """Take parts of a release's rendering out of the index, as if they were not rendered yet, or could not be."""
    path = CacheLayout(settings.cache, settings.releases).index
    index = read_index(path)
    rendering = index.releases[release].renderings["en"]
    remaining = {part: name for part, name in rendering.parts.items() if part not in parts}
    attempts = Attempts(1, reason, 2e9) if reason else Attempts()
    write_index(path, index.with_rendering(release, "en", replace(rendering, parts=remaining, attempts=attempts)))


def test_figures_that_cannot_be_rendered_keep_the_release_before(
        settings: Settings, store: SnapshotStore, releases: Path) -> None:
    add(releases)
    point(releases, NEW)
    built(settings)
    index_without(settings, NEW, "start", reason="its process was killed")
    snapshot = store.poll()
    assert (live_id(snapshot), "its process was killed" in snapshot.refused) == (OLD, True)
    built(settings)  # a later attempt works
    assert (live_id(store.poll()), store.snapshot.refused) in {(NEW, ""), (OLD, snapshot.refused)}


def test_a_period_that_is_not_rendered_yet_is_said_to_be_coming(
        settings: Settings, store: SnapshotStore, site: TestClient, releases: Path) -> None:
    add(releases)
    point(releases, NEW)
    built(settings)
    index_without(settings, NEW, OLD)  # the older of its two quarters
    assert live_id(store.poll()) == NEW
    page = site.get(f"/plain/calls?period={OLD}")
    assert page.status_code == 200
    assert "are being made ready" in page.text
    figure = site.get(f"/api/v1/figures/demand.received?period={OLD}")
    assert (figure.status_code, figure.headers["retry-after"]) == (503, "60")


def test_a_picture_to_take_along_comes_after_the_pages_and_is_said_to_be_coming(
        settings: Settings, store: SnapshotStore, site: TestClient) -> None:
    live = store.poll().live
    assert live
    preview = next(figure.preview for figure in live.read_figures("start").values() if figure.preview)
    url = preview.url
    assert site.get(url).content[1:4] == b"PNG"
    other = url.replace(url[-24:], f"{'0' * 20}.png")
    assert site.get(other).status_code == 404
    index_without(settings, live.facts.id, PICTURES)
    store.poll()
    answer = site.get(other)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert "is being made ready" in answer.text


def test_before_anything_is_built_the_server_is_not_ready_and_says_why(tmp_path: Path) -> None:
    settings = settings_for(releases_in(tmp_path / "releases", OLD), tmp_path / "cache")
    app = app_of(settings)
    with TestClient(app) as site:
        assert (site.get("/readyz").status_code, site.get("/healthz").status_code) == (503, 200)
        assert "being verified" in site.get("/readyz").text
        assert "can&#39;t be shown at the moment" in site.get("/plain/").text
        app.state.portal.snapshots.poll("nothing can be written to PORTAL_CACHE")
        assert site.get("/readyz").text == "not ready: nothing can be written to PORTAL_CACHE"


def test_a_part_that_rots_on_the_disk_is_not_shown_and_is_shown_again_once_it_is_rendered_anew(
        tmp_path: Path, drawn_cache: Path) -> None:
    cache = Path(shutil.copytree(drawn_cache, tmp_path / "cache", ignore=shutil.ignore_patterns(".*", "accepted*")))
    settings = built(settings_for(releases_in(tmp_path / "releases", OLD), cache))
    store = SnapshotStore(settings)
    live = store.poll().live
    assert live
    part = live.folder / parts_in(live.folder)["start"]
    part.write_bytes(part.read_bytes().replace(b"0", b"1"))
    with TestClient(app_of(settings), raise_server_exceptions=False) as site:
        other = site.app.state.portal.snapshots  # type: ignore[attr-defined]
        assert site.get("/plain/calls").status_code == 500
        assert other.damaged == {part}
        other.poll()
        assert site.get("/readyz").status_code == 503
        part.unlink()
        built(settings)
        assert live_id(other.poll()) == OLD
        assert site.get("/plain/calls").status_code == 200


def test_rendered_releases_do_not_fill_the_memory_however_many_there_are(settings: Settings, tmp_path: Path) -> None:
    live = SnapshotStore(settings).poll().live
    assert live
    figures = {name: asdict(figure) for name, figure in live.read_figures(OLD).items()}
    reader = RenderedReader(tmp_path, lambda _: None)
    snapshots = []
    for number in range(PERIODS + 4):
        rows = {name: row | {"title": f"{number}"} for name, row in figures.items()}
        parts = {SUMMARY: parts_in(live.folder)[SUMMARY], OLD: write_part(tmp_path, OLD, {"figures": rows})}
        shutil.copy(live.folder / parts[SUMMARY], tmp_path)
        figure = reader.release(Rendering("", parts), live.copy).figure("demand.received", OLD)
        snapshots.append(ref(figure))
        del figure
    gc.collect()
    assert sum(figure() is not None for figure in snapshots) == PERIODS


@pytest.mark.skipif(os.name == "nt", reason="there, files that may only be read are another thing")
def test_a_cache_that_may_only_be_read_serves_what_was_built_before(tmp_path: Path, drawn_cache: Path) -> None:
    cache = Path(shutil.copytree(drawn_cache, tmp_path / "cache", ignore=shutil.ignore_patterns(".*")))
    settings = built(settings_for(releases_in(tmp_path / "releases", OLD), cache))
    before = {path: path.stat().st_mtime_ns for path in cache.rglob("*")}
    with TestClient(app_of(settings)) as site:
        for path in ("/plain/", "/plain/explore", f"/download/{OLD}/release.sqlite", "/api/v1/", "/brief.html"):
            assert site.get(path).status_code == 200
    assert {path: path.stat().st_mtime_ns for path in cache.rglob("*")} == before


def test_a_request_takes_one_snapshot_and_is_wholly_of_that_release(
        settings: Settings, store: SnapshotStore, releases: Path) -> None:
    add(releases)
    built(settings)
    script = str(ROOT / "portal" / "streamlit_site" / "script.py")
    for live in (OLD, NEW, OLD):
        point(releases, live)
        store.poll()
        app = AppTest.from_file(script, default_timeout=30).run()
        text = "\n".join(str(element.proto.body) for element in app.get("html"))
        assert not app.exception
        assert {*OF_A_RELEASE.findall(text)} == {live}


def of_one(page: str) -> frozenset[str]:
    """The releases that a page's numbers, files and drawings are of; Data also lists the hashes of all."""
    return frozenset(OF_A_RELEASE.findall(re.sub(r"/download/[^/]+/SHA256SUMS", "", page)))


def test_no_answer_mixes_two_releases_while_they_are_swapped_again_and_again(
        settings: Settings, store: SnapshotStore, site: TestClient, releases: Path) -> None:
    add(releases)
    built(settings)
    finished, swaps = threading.Event(), [live_id(store.poll())]

    def swapping() -> None:
        while not finished.is_set():
            point(releases, OLD if swaps[-1] == NEW else NEW)
            swaps.append(live_id(store.poll()))

    observed: set[frozenset[str]] = set()
    with ThreadPoolExecutor(3) as pool:
        swapper = pool.submit(swapping)
        for _ in range(2000):  # far more than it takes: until both were seen, and three swaps fell among the pages
            pages = pool.map(lambda slug: site.get(f"/plain/{slug}").text, ["", "calls", "data"])
            observed.update(map(of_one, pages))
            if len(swaps) > 3 and len(observed) > 1:
                break
        finished.set()
        swapper.result()
    assert len(swaps) > 3
    assert all(before != after for before, after in pairwise(swaps)), swaps
    assert all(len(answer) == 1 for answer in observed), observed
    assert set().union(*observed) == {OLD, NEW}, f"{len(swaps)} swaps"


# Root may read everything: what is forbidden is tried as another user, in a process of its own.
AS_ANOTHER = """
import os
from portal.builder.cache_layout import CacheLayout
from portal.builder.child_process import run
from portal.builder.process import build
from portal.server.rendered_reader import PERIODS, RenderedReader
from portal.server.snapshot import SnapshotStore
from portal.settings import read
# What Python loads late is loaded while its own files may still be read.
list(run(iter, ())), CacheLayout(read().cache, read().releases).streamlit
os.setgid(65534), os.setuid(65534)
build(read())
snapshot = SnapshotStore(read()).poll()
print(snapshot.live.facts.id if snapshot.live else None, snapshot.refused, sep="|")
"""


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root may become another user")
@pytest.mark.parametrize(("forbidden", "told", "stays"), [
    (f"{NEW}/release.sqlite", "Permission denied", OLD), (f"{NEW}/SHA256SUMS", "can't be read", OLD),
    (NEW, "can't be read", OLD), ("current", "Permission denied", "None"), ("", "Permission denied", "None"),
])
def test_what_may_not_be_read_is_refused_with_that_reason(
        forbidden: str, told: str, stays: str, releases: Path, drawn_cache: Path, tmp_path: Path) -> None:
    add(releases)
    point(releases, NEW)
    for above in (tmp_path, *tmp_path.parents):  # pytest's own folders are for root alone
        above.chmod(above.stat().st_mode | 0o111)
    cache = Path(shutil.copytree(drawn_cache, tmp_path / "cache", ignore=shutil.ignore_patterns(".builder*", "index*")))
    for path in (cache, *cache.rglob("*")):
        os.chown(path, 65534, 65534)
    (releases / forbidden).chmod(0)
    try:
        process = subprocess.run([sys.executable, "-c", AS_ANOTHER], cwd=ROOT, text=True, capture_output=True,
                                 check=True,
                                 env=settings_for(releases, cache).environment(), timeout=120)
    finally:
        (releases / forbidden).chmod(0o755)
    live, _, refused = process.stdout.strip().partition("|")
    assert live == stays
    assert told in refused
