"""Clean extracts: made-up ones in several dresses, and those of other cities, thinned so that hundreds can be read."""

import gzip
import tempfile
import tomllib
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd

from portal.publish.synthetic.illustrate import illustrate
from tests.extracts.desk import Desk
from tests.extracts.dress import CAD, DRESSES, EPOCH, ISO, OWN, TIMES
from tests.source import ROOT

MAPPING = ROOT / "data" / "mappings" / "somerville.toml"
OTHER_TYPES = ("TRAFFIC", "ALARM", "NOISE", "PARKING", "MEDICAL")


@dataclass(frozen=True)
class Volume:
    """How large a made-up extract is."""

    name: str
    months: int
    per_month: int
    hours_per_week: float


PILOT = Volume("pilot", 18, 110, 8)  # what the pilot is planned to be
BUSY = Volume("busy", 12, 250, 40)
SMALL = Volume("small", 24, 60, 16)


def made_up(seed: int, volume: Volume = PILOT, dress: str = "iso") -> Desk:
    """A made-up extract with its roster; the same each time, and a copy."""
    desk = _made_up(seed, volume, dress).copy()
    desk.name = f"{volume.name} {seed}"
    return desk


@cache
def _made_up(seed: int, volume: Volume, dress: str) -> Desk:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "calls.csv"
        roster = illustrate(path, months=volume.months, per_month=volume.per_month,
                            hours_per_week=volume.hours_per_week, seed=seed)
        calls, shifts = (pd.read_csv(file, dtype=str, keep_default_na=False) for file in (path, roster))
    clock = ISO.read(calls["received"])
    calls["_day"], calls["_hour"] = clock.dt.date, clock.dt.hour
    last = (max(calls["_day"]).replace(day=1) + pd.DateOffset(months=1)).date()
    desk = Desk(calls, tomllib.loads(MAPPING.read_text("utf-8")), ISO, _days_after(last, 45), shifts)
    return desk if dress == "iso" else _dressed(desk, dress, Random(seed))


def _days_after(day: date, count: int) -> date:
    return date.fromordinal(day.toordinal() + count)


def _dressed(desk: Desk, name: str, chance: Random) -> Desk:
    """The same extract with its times written in another way."""
    dress, roster = DRESSES[name], desk.roster
    assert roster is not None
    for frame, columns in ((desk.calls, TIMES), (roster, tuple(roster.columns))):
        for column in columns:
            frame[column] = dress.write(ISO.read(frame[column]))
    for column in TIMES:
        desk.mapping["columns"][column]["format"] = dress.format
    columns = {column: {"from": column, "format": dress.format} for column in roster.columns}
    desk.mapping["roster"] = {"columns": columns}
    desk.dress = dress
    return _with_other_calls(desk, chance) if dress is CAD else desk


def _with_other_calls(desk: Desk, chance: Random) -> Desk:
    """Calls of other types beside the crisis calls, taken by `not_counted = "*"`, as in a whole CAD export."""
    other_calls = desk.calls.sample(frac=.5, random_state=chance.randrange(10_000)).copy()
    other_calls[[name for name in other_calls.columns if name not in ("received", "recorded_on", "_day", "_hour")]] = ""
    other_calls["call_id"] = [f"MADE-UP-X{at:06d}" for at in range(len(other_calls))]
    other_calls["call_type"] = [chance.choice(OTHER_TYPES) for _ in range(len(other_calls))]
    both = pd.concat([desk.calls, other_calls]).sort_values(["_day", "_hour"], kind="stable").reset_index(drop=True)
    both["call_type"] = both["call_type"].replace({"mental_health": "MH", "welfare_check": "WELCK",
                                                   "substance_use": "OD", "disturbance": "DIST"})
    desk.calls = both
    desk.mapping["columns"]["call_type"]["codes"] = {
        "mental_health": ["MH"], "welfare_check": ["WELCK"], "substance_use": ["OD"], "disturbance": ["DIST"],
        "not_counted": "*"}
    return desk


# ---- other cities ----

def real(city: str, folder: Path) -> Desk:
    """One of the real extracts, thinned."""
    return _real(city, folder).copy()


@cache
def _real(city: str, folder: Path) -> Desk:
    read, thin, day = CITIES[city]
    with gzip.open(folder / city / read, "rt", encoding="utf-8", newline="") as file:
        calls = pd.read_csv(file, dtype=str, keep_default_na=False)
    mapping: dict[str, Any] = tomllib.loads((ROOT / "tests" / "mappings" / f"{city}.toml").read_text("utf-8"))
    calls = thin(calls).reset_index(drop=True)
    clock = day(calls)
    calls["_day"], calls["_hour"] = clock.dt.date, clock.dt.hour
    last = deepcopy(mapping["coverage"]["end"])
    quarter = (pd.Timestamp(last) + pd.offsets.QuarterEnd(0)).date()
    return Desk(calls, mapping, OWN, _days_after(quarter, 45), None, city, quarter)


def _one_in(calls: pd.DataFrame, counted: pd.Series, every: int) -> pd.DataFrame:
    return calls[counted | (pd.Series(range(len(calls)), calls.index) % every == 0)]


CITIES: dict[str, tuple[str, Callable[[pd.DataFrame], pd.DataFrame], Callable[[pd.DataFrame], pd.Series]]] = {
    "oakland": ("calls.csv.gz",
                lambda calls: _one_in(calls, calls["CALL_ID"].isin(["5150", "5150B", "WELCK"]), 40),
                lambda calls: pd.to_datetime(pd.to_numeric(calls["CALL_DATE"]), unit="ms")),
    "milwaukee": ("calls.csv.gz", lambda calls: _one_in(calls, calls["nature"] == "WELFARE CITIZEN", 8),
                  lambda calls: pd.to_datetime(calls["time"])),
    "dallas": ("force.csv.gz", lambda calls: _one_in(calls, calls["CIT_INFL_A"] == "Mentally unstable", 3),
               lambda calls: pd.to_datetime(calls["OCCURRED_D"].str.slice(0, 10), format="mixed")),
}
__all__ = ["BUSY", "CITIES", "EPOCH", "PILOT", "SMALL", "Volume", "made_up", "real"]
