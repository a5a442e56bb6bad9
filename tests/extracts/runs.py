"""Which clean extract each kind of damage is tried on, with which seed; and one such run."""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from tests.extracts.catalogue import ALL
from tests.extracts.clean import BUSY, CITIES, PILOT, SMALL, Volume, made_up, real
from tests.extracts.desk import Desk
from tests.extracts.judge import JudgedOutcome, Result, judged, outcome, yielding
from tests.extracts.kind import KINDS, ExtractKind
from tests.source import ROOT

VOLUMES = {volume.name: volume for volume in (PILOT, BUSY, SMALL)}


@dataclass(frozen=True)
class Task:
    """One run: a kind of damage on a clean extract: a city's, or a made-up one's volume."""

    kind: str
    source: str
    seed: int


@dataclass(frozen=True)
class ExtractRun:
    """What came of it: `result` as the mapping stands, `left_out` if the analyst leaves out what was refused, and
    `visible`, of damage that nobody can tell, whether the review shows it.
    """

    task: Task
    result: Result
    left_out: Result | None
    visible: bool
    said: str


def real_folder() -> Path | None:
    """The folder of other cities' extracts; None where it is not there."""
    folder = Path(os.environ.get("REALDATA") or ROOT.parent / "shared" / "realdata")
    return folder if (folder / "oakland" / "calls.csv.gz").is_file() else None


def tasks(seeds: range, cities: bool) -> Iterator[Task]:
    """Every kind on made-up extracts with these seeds, and on the cities' that have what it needs."""
    for kind in ALL:
        if kind.dress != "own":
            for seed in seeds:
                volume = (PILOT, BUSY, PILOT, SMALL)[seed % 4]
                yield Task(kind.name, volume.name, seed)
        if cities and kind.dress in ("", "own"):
            for city in CITIES:
                yield Task(kind.name, city, seeds.start)


def fits(kind: ExtractKind, desk: Desk) -> bool:
    """Whether a clean extract has the columns that a kind of damage needs."""
    return all(any(desk.has(column) for column in needed.split("|")) for needed in kind.needs)


def clean_desk(task: Task) -> Desk | None:
    """The clean extract of a run; None where it lacks the columns."""
    kind, folder = KINDS[task.kind], real_folder()
    if task.source in VOLUMES:
        desk = made_up(task.seed, VOLUMES[task.source], kind.dress or "iso")
    else:
        assert folder
        desk = real(task.source, folder)
    return desk if fits(kind, desk) else None


@cache
def clean_outcome(source: str, seed: int, dress: str) -> JudgedOutcome:
    """What comes of a clean extract."""
    folder = real_folder()
    desk = made_up(seed, VOLUMES[source], dress) if source in VOLUMES else real(source, folder or Path())
    found = in_a_folder(desk)
    assert not found.refusal + found.crash, f"a clean extract, {source} {seed} {dress}: {found.refusal}{found.crash}"
    return found


def in_a_folder(desk: Desk, *, review: bool = False) -> JudgedOutcome:
    """The outcome of an extract, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return outcome(desk, Path(folder), review=review)


def run(task: Task) -> ExtractRun | None:
    """One run; None where the extract lacks what the kind needs."""
    kind, desk = KINDS[task.kind], clean_desk(task)
    if desk is None:
        return None
    if kind.first:
        kind.first(desk, Random(f"{task.kind} {task.seed} first"))
    if kind.first or kind.untellable:
        clean = in_a_folder(desk, review=kind.untellable)
    else:
        clean = clean_outcome(task.source, task.seed, kind.dress or "iso")
    damage = kind.damage(desk, Random(f"{task.kind} {task.seed}"))
    found = in_a_folder(desk, review=kind.untellable)
    result = judged(found, clean, damage)
    left_out = None
    if result == "refused" and found.reasons:
        left_out = judged(in_a_folder(yielding(desk, found.reasons)), clean, damage)
    said = (
        found.refusal or found.crash or ", ".join(sorted(message.kind for message in found.messages - clean.messages))
    )
    return ExtractRun(task, result, left_out, found.review != clean.review, said)


def remarks_on_clean(seed: int, volume: str) -> tuple[int, tuple[str, ...]]:
    """The rows of a clean made-up extract, and the names of the remarks on it."""
    desk = made_up(seed, VOLUMES[volume])
    found = in_a_folder(desk)
    return len(desk.calls), tuple(sorted(message.kind for message in found.messages if message.remark))


__all__ = ["ExtractRun", "Task", "Volume", "clean_outcome", "remarks_on_clean", "run", "tasks"]
