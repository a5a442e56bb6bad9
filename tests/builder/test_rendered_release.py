"""What is drawn is drawn once: servers that share an empty cache wait for the one that began."""

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from portal.builder import rendered_release
from portal.errors import ReleaseBroken
from tests.conftest import SHIPPED, SMALLEST

RELEASE = SHIPPED / SMALLEST[0]


def test_two_who_find_an_empty_cache_draw_once_and_read_the_same(
        drawn_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawing, drawn = threading.Barrier(2), []

    def make(release: Path, made: Path, language: str, _: bool) -> None:
        drawn.append(language)
        with suppress(threading.BrokenBarrierError):
            drawing.wait(1)  # if nobody waited, both would meet here
        shutil.copytree(rendered_release.place(release, drawn_cache, language), made, dirs_exist_ok=True)
    monkeypatch.setattr(rendered_release, "_make", make)
    with ThreadPoolExecutor(2) as two:
        first, second = two.map(lambda _: rendered_release.load(RELEASE, tmp_path), range(2))
    assert drawn == ["en"]
    assert first == second


def test_who_waited_for_one_that_failed_draws_itself(
        drawn_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def make(release: Path, made: Path, language: str, _: bool) -> None:
        tried.append(language)
        if len(tried) == 1:
            raise ReleaseBroken(release, "its figures can't be made")
        shutil.copytree(rendered_release.place(release, drawn_cache, language), made)
    monkeypatch.setattr(rendered_release, "_make", make)
    with pytest.raises(ReleaseBroken):
        rendered_release.load(RELEASE, tmp_path)
    assert rendered_release.load(RELEASE, tmp_path).shown.id == SMALLEST[0]


def test_what_has_gone_bad_is_made_anew(drawn_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def make(release: Path, made: Path, language: str, _: bool) -> None:
        drawn.append(language)
        shutil.copytree(rendered_release.place(release, drawn_cache, language), made)
    drawn: list[str] = []
    monkeypatch.setattr(rendered_release, "_make", make)
    first = rendered_release.load(RELEASE, tmp_path)
    picture = next(first.pictures.glob("*.svg"))
    for name, gone in ((picture.name, False), ("shelf.json", False), (rendered_release.SEAL, False),
                       ("shelf.json", True)):
        here, drawn = first.pictures / name, []
        before = here.read_bytes()
        here.unlink() if gone else here.write_bytes(bytes([before[0] ^ 1]) + before[1:])
        assert rendered_release.load(RELEASE, tmp_path) == first
        assert (drawn, here.read_bytes()) == (["en"], before), name
    drawn = []
    assert (rendered_release.load(RELEASE, tmp_path), drawn) == (first, [])


def test_one_is_drawn_after_the_other_and_what_a_killed_one_left_is_swept_up(
        drawn_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    together, met = threading.Barrier(2), []
    left = tmp_path / f"{rendered_release.STAGING}x"
    (left / "files").mkdir(parents=True)

    def make(release: Path, made: Path, language: str, _: bool) -> None:
        assert not left.exists()
        with suppress(threading.BrokenBarrierError):
            together.wait(1)
            met.append(language)
        shutil.copytree(rendered_release.place(release, drawn_cache, "en"), made)
    monkeypatch.setattr(rendered_release, "_make", make)
    with ThreadPoolExecutor(2) as two:
        list(two.map(lambda one: rendered_release.load(RELEASE, tmp_path, one), ("es", "ht")))
    assert met == []
