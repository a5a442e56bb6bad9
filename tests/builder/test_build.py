"""The builder's promises: only verified copies, each failure tried again, nobody blocked, no release replaced."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.builder.accepted import accepted
from portal.builder.ahead import build_ahead
from portal.builder.build import Builder, at_work
from portal.builder.cache_layout import CacheLayout
from portal.builder.child_process import Stopped, TaskFailed, run
from portal.builder.index import Attempts, BuildIndex, IndexedRelease, read_index, write_index
from portal.builder.process import build
from portal.errors import CantWrite, ReleaseRefused
from portal.settings import Settings
from tests.builder.child_tasks import at_a_figure, counted, killed, patient, raising
from tests.conftest import SHIPPED, SMALLEST
from tests.publish import made
from tests.site import built, point, releases_in, settings_for
from tests.source import ROOT

OLD, NEW = SMALLEST
Change = Callable[[Path], object]


@pytest.fixture
def settings(tmp_path: Path, drawn_cache: Path) -> Settings:
    """Two releases; everything that is rendered of them is in the cache already."""
    return settings_for(releases_in(tmp_path / "releases", OLD, NEW), drawn_cache)


def index_of(settings: Settings) -> BuildIndex:
    return read_index(CacheLayout(settings.cache, settings.releases).index)


def test_everything_is_in_the_index_and_what_is_rendered_already_is_not_rendered_again(settings: Settings) -> None:
    before = {path: path.stat().st_mtime_ns for path in settings.cache.glob("*-en/*.json")}
    built(settings)
    found = index_of(settings)
    assert set(found.releases) == {OLD, NEW}
    assert all(release.renderings["en"].complete and not release.refused for release in found.releases.values())
    assert {path: path.stat().st_mtime_ns for path in settings.cache.glob("*-en/*.json")} == before


def test_only_a_verified_copy_is_named_and_one_that_has_gone_bad_is_copied_again(settings: Settings) -> None:
    copy = settings.cache / index_of(built(settings)).releases[OLD].copy
    assert copy.is_dir() and not copy.is_relative_to(settings.releases)
    file = copy / "csv" / "cells.csv"
    content = file.read_bytes()
    file.chmod(0o644)
    file.write_bytes(content[:-1] + b"\0")
    build(settings)
    assert file.read_bytes() == content
    shutil.rmtree(copy.parent)
    build(settings)
    assert file.read_bytes() == content


def test_what_was_rendered_and_has_gone_bad_is_rendered_again(tmp_path: Path, drawn_cache: Path) -> None:
    cache = Path(shutil.copytree(drawn_cache, tmp_path / "cache", ignore=shutil.ignore_patterns(".*", "accepted*")))
    settings = built(settings_for(releases_in(tmp_path / "releases", OLD), cache))
    folder = cache / index_of(settings).releases[OLD].renderings["en"].folder
    drawing = next(folder.glob("*.svg"))
    content = drawing.read_bytes()
    drawing.unlink()
    drawing.write_bytes(content[:-1])
    build(settings)
    assert drawing.read_bytes() == content
    assert index_of(settings).releases[OLD].renderings["en"].complete


def test_a_release_that_does_not_verify_blocks_no_other_and_is_tried_again_when_it_changes(settings: Settings) -> None:
    database = Path(settings.releases) / NEW / "release.sqlite"
    content = database.read_bytes()
    database.chmod(0o644)
    database.write_bytes(content[:-1000])
    assert any("its hash differs" in reason for reason in build(settings))
    assert index_of(settings).releases[NEW].copy == ""
    assert index_of(settings).releases[OLD].renderings["en"].complete
    database.write_bytes(content)
    assert build(settings) == []
    assert index_of(settings).releases[NEW].copy


def test_what_is_deleted_where_releases_are_published_leaves_the_index(settings: Settings) -> None:
    built(settings)
    shutil.rmtree(Path(settings.releases) / OLD)
    build(settings)
    assert set(index_of(settings).releases) == {NEW}


def test_a_release_that_is_taken_away_while_it_is_verified_is_no_failure(
        settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    shutil.rmtree(Path(settings.releases) / OLD)
    builder = Builder(settings)
    builder.verify(OLD)
    assert set(builder.index.releases) == set()
    assert not caplog.records
    assert builder.step(streamlit=False)  # and the other one is built


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two official releases of the same name with different numbers."""
    end, = made.quarter_ends(1)
    folders = []
    for number, responses in enumerate((45, 46)):
        folder = tmp_path_factory.mktemp(f"official-{number}")
        made.publish(made.extract(made.rows((responses,))), end, folder, state="official", name="2026-Q2")
        folders.append(folder / "2026-Q2")
    return folders[0], folders[1]


def replaced(settings: Settings, release: Path) -> None:
    """Put a release into the folder under the name of the one that is there."""
    target = Path(settings.releases) / release.name
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(release, target)
    point(Path(settings.releases), release.name)


@pytest.fixture
def own_cache(tmp_path: Path) -> Settings:
    """An empty cache of one's own."""
    (tmp_path / "releases").mkdir()
    return settings_for(tmp_path / "releases", tmp_path / "cache")


def verified(settings: Settings) -> Builder:
    """A builder that has looked at every release, and rendered none."""
    builder = Builder(settings)
    for name in builder.source.ids():
        builder.verify(name)
    return builder


def test_another_official_release_of_the_same_name_is_refused_and_the_first_one_stays(
        own_cache: Settings, official: tuple[Path, Path]) -> None:
    first, second = official
    replaced(own_cache, first)
    before = verified(own_cache).index.releases["2026-Q2"]
    assert before.refused == ""
    replaced(own_cache, second)
    after = verified(own_cache).index.releases["2026-Q2"]
    assert "another release was published as 2026-Q2 before" in after.refused
    assert (after.copy, after.digest) == (before.copy, before.digest)
    assert verified(own_cache).index.releases["2026-Q2"].refused, "a builder that starts anew remembers"
    replaced(own_cache, first)
    assert verified(own_cache).index.releases["2026-Q2"].refused == ""


def test_a_made_up_release_may_be_made_again_but_none_takes_the_place_of_an_official_one(
        own_cache: Settings, official: tuple[Path, Path], tmp_path: Path) -> None:
    replaced(own_cache, SHIPPED / OLD)
    assert verified(own_cache).index.releases[OLD].refused == ""
    replaced(own_cache, official[0])  # the same name
    assert verified(own_cache).index.releases[OLD].refused == ""
    assert set(accepted(CacheLayout(own_cache.cache, own_cache.releases))) == {OLD}
    replaced(own_cache, SHIPPED / OLD)
    assert "another release was published" in verified(own_cache).index.releases[OLD].refused


def test_while_another_builder_is_at_work_one_waits_and_its_end_lets_the_next_begin(own_cache: Settings) -> None:
    layout = CacheLayout(own_cache.cache, own_cache.releases)
    with at_work(layout) as first, at_work(layout) as second:
        assert (first, second) == (True, False)
    with at_work(layout) as third:
        assert third


def test_what_killed_builders_left_is_swept_up(own_cache: Settings) -> None:
    left = own_cache.cache / ".copying-x"
    (left / "2026-Q2").mkdir(parents=True)
    built(own_cache)
    assert not left.exists()


def test_a_cache_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(CantWrite, match="file"):
        build(settings_for(tmp_path, tmp_path / "file" / "cache"))


def test_an_index_that_cannot_be_read_is_made_again(tmp_path: Path) -> None:
    index = BuildIndex({OLD: IndexedRelease(OLD, "abc", "releases/abc", "official", renderings={})})
    write_index(tmp_path / "index.json", index)
    assert read_index(tmp_path / "index.json") == index
    for content in ("", "[]", '{"releases": {"x": {"unknown": 1}}}', "\x00"):
        (tmp_path / "index.json").write_text(content, "utf-8")
        assert read_index(tmp_path / "index.json") == BuildIndex()
    assert read_index(tmp_path / "nothing.json") == BuildIndex()


def test_what_fails_is_tried_again_later_each_time() -> None:
    attempts, waits = Attempts(), []
    for _ in range(12):
        attempts = attempts.after("it failed", now=1000.0)
        waits.append(attempts.retry_at - 1000.0)
    assert waits[:3] == [30.0, 60.0, 120.0]
    assert waits[-1] == 3600.0
    assert attempts.failures == 12


@pytest.mark.parametrize(("task", "why"), [(killed, "killed"), (raising, "ValueError: what went wrong")])
def test_a_task_that_dies_takes_nothing_along_and_says_how(task: Callable[[], Iterator[int]], why: str) -> None:
    assert list(run(counted)) == [1, 2]
    found = []
    with pytest.raises(TaskFailed, match=why):
        found.extend(run(task))
    assert list(run(counted)) == [1, 2]


def test_a_task_that_raises_says_what_it_was_at_and_hands_its_traceback_over() -> None:
    with pytest.raises(TaskFailed) as failed:
        list(run(at_a_figure))
    assert str(failed.value) == "ValueError: what went wrong (figure response.met, part start)"
    assert "in at_a_figure" in failed.value.trace


def test_a_release_that_can_not_be_built_is_refused_in_a_sentence_that_names_the_file_with_the_rest(
        tmp_path: Path) -> None:
    own_cache = settings_for(releases_in(tmp_path / "releases", OLD), tmp_path / "cache")
    release = Path(own_cache.releases) / OLD
    (release / "NOTES.md").unlink()
    with pytest.raises(ReleaseRefused) as refused:
        build_ahead(release, own_cache)
    text = str(refused.value)
    assert f"The release {OLD} is written, but its pages can't be built" in text
    assert "NOTES.md" in text
    assert "Traceback" not in text
    assert str(CacheLayout(own_cache.cache, own_cache.releases).tracebacks) in text
    assert CacheLayout(own_cache.cache, own_cache.releases).tracebacks.is_file()


def test_where_the_cache_can_not_be_written_a_release_is_left_to_the_servers(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    assert "the servers build it" in build_ahead(SHIPPED / OLD, settings_for(SHIPPED, tmp_path / "file" / "cache"))


def test_a_task_ends_with_whoever_started_the_builder() -> None:
    with subprocess.Popen(["sleep", "600"], stdout=subprocess.PIPE) as server:
        assert server.stdout
        messages = run(patient, lifeline=server.stdout.fileno())
        assert next(messages) == 1
        server.kill()
        server.wait()
        with pytest.raises(Stopped):
            next(messages)


def test_a_builder_ends_when_its_server_does(settings: Settings) -> None:
    with subprocess.Popen([sys.executable, "-m", "portal.builder"], cwd=ROOT, stdin=subprocess.PIPE,
                          env=built(settings).environment()) as process:
        assert process.stdin
        process.stdin.close()
        assert process.wait(60) == 0, "it would outlive a server that was killed"


def test_the_command_builds_one_release_and_says_what_it_can_not(settings: Settings) -> None:
    built(settings)
    command = [sys.executable, "-m", "portal", "build", "--releases", settings.releases, "--release"]
    process = subprocess.run([*command, NEW], cwd=ROOT, env=settings.environment(), text=True, capture_output=True,
                             check=False)
    assert (process.returncode, process.stdout) == (0, ""), process.stderr
    process = subprocess.run([*command, "1999-Q1"], cwd=ROOT, env=settings.environment(), text=True,
                             capture_output=True,
                             check=False)
    assert (process.returncode, "1999-Q1" in process.stderr) == (1, True)


def test_the_index_is_small_and_has_an_entry_for_each_release_language_and_period(settings: Settings) -> None:
    index = CacheLayout(settings.cache, settings.releases).index
    rows = json.loads((built(settings) and index).read_text("utf-8"))["releases"]
    assert rows[NEW]["renderings"]["en"]["parts"].keys() > {"2026-Q2", "2026-Q3"}
    assert index.stat().st_size < 20_000
