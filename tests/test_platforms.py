"""What the portal does on macOS and Windows, played by stubs of their calls on Linux."""

import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from portal import platforms

UNLIMITED = resource.RLIM_INFINITY


def system(monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, most: int) -> list[int]:
    """A system with these limits of open files, which takes no soft limit above `most`; the list grows by those set."""
    taken: list[int] = []

    def setrlimit(_: int, limits: tuple[int, int]) -> None:
        wanted = limits[0]
        if limits[1] != hard:
            raise ValueError("not allowed to raise maximum limit")
        if wanted == UNLIMITED or wanted > most:
            raise ValueError("current limit exceeds maximum limit")
        taken.append(wanted)

    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", setrlimit)
    return taken


@pytest.mark.parametrize(("soft", "hard", "most", "raised_to"), [
    (1024, 524_288, 524_288, 524_288),  # Debian
    (256, UNLIMITED, 10_240, 10_240),  # macOS: says unlimited, and takes OPEN_MAX
    (256, UNLIMITED, 245_760, 65_536),  # macOS with kern.maxfilesperproc raised
    (20_000, UNLIMITED, 10_240, 20_000),  # never lowered
    (1024, 1024, 1024, 1024),
    (256, UNLIMITED, 256, 256),  # nothing more to be had
])
def test_a_server_takes_as_many_file_handles_as_its_system_lets_it(
        monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, most: int, raised_to: int) -> None:
    taken = system(monkeypatch, soft, hard, most)
    assert platforms.raise_file_limit() == raised_to
    assert taken == ([raised_to] if raised_to != soft else [])


def test_a_limit_that_is_infinite_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not system(monkeypatch, UNLIMITED, UNLIMITED, UNLIMITED)
    assert platforms.raise_file_limit() == UNLIMITED


def test_windows_is_asked_for_nothing_it_does_not_have(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(platforms, "os", SimpleNamespace(name="nt"))  # every other call is an AttributeError
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(platforms.ctypes, "CDLL", None)
    assert platforms.raise_file_limit() == 0
    assert not platforms.belongs_to_another(tmp_path)
    platforms.sync_folder(tmp_path)
    platforms.return_freed_memory()


def test_a_linux_without_glibc_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_such_library(_: str) -> object:
        raise OSError
    monkeypatch.setattr(platforms.ctypes, "CDLL", no_such_library)
    platforms.return_freed_memory()


def as_windows_deletes(unlink: Callable[..., None]) -> Callable[..., None]:
    def refusing(path: str, *, dir_fd: int | None = None) -> None:
        if not os.stat(path, dir_fd=dir_fd).st_mode & 0o200:
            raise PermissionError(13, "Access is denied", path)
        unlink(path, dir_fd=dir_fd)
    return refusing


def test_a_copy_that_nobody_may_write_can_be_removed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "2027-Q3"
    (folder / "csv").mkdir(parents=True)
    for name in ("release.sqlite", "csv/cells.csv"):
        (folder / name).write_text("x")
        (folder / name).chmod(0o444)
    monkeypatch.setattr(os, "unlink", as_windows_deletes(os.unlink))
    platforms.remove_tree(folder)
    assert not folder.exists()
    platforms.remove_tree(folder)  # nothing there, nothing to do
