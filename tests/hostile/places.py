"""Where a server's releases are published while it is tried, a folder or a real PostgreSQL, and what befalls it."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from portal.replicate import replicate
from tests.hostile.served import publish
from tests.postgres.running import url_of

ROOM = 40 << 20  # bytes that a small disk has beside what lies on it


@dataclass(frozen=True)
class Trouble:
    """What befalls a site for a while, how it begins and ends (also twice), and whether one can publish meanwhile."""

    name: str
    begin: Callable[[], object]
    end: Callable[[], object]
    publishing: bool


class Folder:
    """Releases are published by writing them into a folder."""

    def __init__(self, releases: Path) -> None:
        self.releases = releases
        self.url = str(releases)
        self.troubles: list[Trouble] = []

    def publish(self, release: str) -> None:
        """Let a shipped release go live, a new one or one that is there already."""
        publish(self.releases, release)


class Database(Folder):
    """Releases are published in a folder and loaded into a PostgreSQL, which servers read."""

    def __init__(self, releases: Path, postgres: Any) -> None:
        super().__init__(releases)
        self.url = url_of(postgres)
        self.troubles = [Trouble("the database is away", postgres.stop, postgres.ensure_postgres_running,
                                 publishing=False)]

    def publish(self, release: str) -> None:
        super().publish(release)
        replicate(self.url, self.releases)


def why_no_small_disk() -> str:
    """Why this machine can't try a full disk; "" where it can."""
    return "" if os.geteuid() == 0 and shutil.which("mount") else "only root can mount a disk of its own"


@contextmanager
def small_disk(folder: Path, content: Path) -> Iterator[Trouble]:
    """Mount a small disk at a folder and copy a cache onto it. The trouble is that the disk is full."""
    used = sum(path.stat().st_size for path in content.rglob("*") if path.is_file())
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={used * 2 + ROOM}", "tmpfs", folder], check=True)
    filler = folder / "filler"

    def fill() -> None:
        with Path("/dev/zero").open("rb") as zeros, filler.open("wb") as file, pytest.raises(OSError, match="No space"):
            shutil.copyfileobj(zeros, file)

    try:
        shutil.copytree(content, folder / "cache", ignore=shutil.ignore_patterns(".*"))
        yield Trouble("the disk is full", fill, lambda: filler.unlink(missing_ok=True), publishing=True)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
