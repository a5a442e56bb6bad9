"""Two real cities' extracts, published and attacked: nothing is cracked, and something is left to see."""

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from portal.contract.contract import DIMENSIONS, MEASURES, Dimension
from portal.publish.ingest.extract import Extract, read_extract
from portal.publish.ingest.mapping import read_mapping
from portal.publish.output import describe
from portal.publish.protection.attack import attack, attacker_knowledge
from tests.attack import histories
from tests.source import ROOT


def extract(realdata: Path, name: str, file: str, last: date) -> Extract:
    """A city's extract up to a quarter's end."""
    mapping = read_mapping(ROOT / "tests" / "mappings" / f"{name}.toml")
    return replace(read_extract(realdata / name / file, mapping), last_day=last)


def area(beat: str) -> str:
    """Beats 01 to 35 in five areas of neighbouring numbers."""
    return f"area_{min(4, (int(beat[:2]) - 1) // 7)}" if beat[:2].isdigit() else "elsewhere"


def by_beat(beats: list[str]) -> Dimension:
    """Beat as an attribute: all beats, five areas (the first with the unplaced ones), two halves; with equal planned
    shares of all beats.
    """
    areas: dict[str, list[str]] = {}
    for beat in beats:
        areas.setdefault(area(beat), []).append(beat)
    unplaced = areas.pop("elsewhere", [])
    first = min(areas)
    areas[first] += unplaced
    half = sorted(areas)[:len(areas) // 2]
    halves = {"north": [b for a in half for b in areas[a]], "south": [b for a in areas if a not in half
                                                                      for b in areas[a]]}
    covers = {beat: (beat,) for beat in beats} | {
        name: tuple(inside) for name, inside in {**areas, **halves}.items()}
    return Dimension("beat", "Beat", {name: name for name in covers}, dict.fromkeys(beats, 1 / len(beats)), covers,
                     (tuple(beats), tuple(areas), tuple(halves)))


@pytest.fixture
def measures() -> Iterator[None]:
    """The measures may be changed: afterwards they stand as before, and in that order."""
    before = dict(MEASURES)
    yield
    MEASURES.clear()
    MEASURES.update(before)


@pytest.mark.usefixtures("measures")
def test_oakland_by_beat(realdata: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = extract(realdata, "oakland", "calls.csv.gz", date(2024, 3, 31))
    with gzip.open(realdata / "oakland" / "calls.csv.gz", "rt", encoding="utf-8", newline="") as file:
        where = {row["I_EVENTNUMBER"].strip(): row["ILO_BEAT"].strip() or "none" for row in csv.DictReader(file)}
    calls = read.calls[read.calls["call_type"] == "mental_health"].assign(
        beat=lambda frame: frame["call_id"].map(where))
    small = Counter(Counter(zip(calls["received_on"].dt.strftime("%Y-%m"), calls["beat"], strict=True)).values())
    assert sum(small[count] for count in (1, 2, 3, 4)) > 300, "by month and beat most of it would point to somebody"
    monkeypatch.setitem(DIMENSIONS, "beat", by_beat(sorted(set(calls["beat"]))))
    MEASURES["demand.by_beat"] = replace(MEASURES.pop("demand.by_type"), id="demand.by_beat", dimension="beat")
    monkeypatch.setitem(describe.ORDER, "demand.by_beat", len(describe.ORDER))
    book, passed = histories.gated_release(replace(read, calls=calls.reset_index(drop=True)))
    assert passed.outcome.safe
    assert passed.outcome.targets > 200
    runs = book.published("demand.by_beat", "run")
    groups_shown = [len(book.values(("demand.by_beat", run.period_id))) for run in runs]
    print(groups_shown, passed.outcome.targets, passed.outcome.seconds, passed.left_out, histories.numbers(book))
    assert len(groups_shown) >= 3


def test_dallas_with_its_attributes(realdata: Path) -> None:
    read = extract(realdata, "dallas", "force.csv.gz", date(2019, 12, 31))
    book, passed = histories.gated_release(read)
    assert passed.outcome.safe
    assert passed.outcome.targets > 300
    numbers, shown, pairs = histories.numbers(book)
    print(numbers, shown, pairs, passed.outcome.targets, passed.outcome.seconds, passed.left_out)
    assert numbers > 50
    assert shown > .7 * pairs
    assert attack(attacker_knowledge([book])).safe
