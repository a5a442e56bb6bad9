"""What the illustrate command promises: one seed one file, the size asked for, and nobody's file lost."""

import hashlib
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from portal.errors import CantWrite, OptionWrong
from portal.publish.synthetic.illustrate import illustrate


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def moments(texts: pd.Series) -> pd.Series:
    return pd.to_datetime(texts, utc=True, format="ISO8601")


def team(calls: pd.DataFrame) -> pd.DataFrame:
    return calls[calls["answered_by"] == "team"]


def hours(roster: pd.DataFrame, kind: str) -> float:
    return float((moments(roster[f"{kind}_end"]) - moments(roster[f"{kind}_start"])).dt.total_seconds().sum() / 3600)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_one_seed_one_file(tmp_path: Path) -> None:
    first, again, other = (tmp_path / name for name in ("one.csv", "again.csv", "other.csv"))
    rosters = [illustrate(path, seed=seed) for path, seed in ((first, 7), (again, 7), (other, 8))]
    assert digest(first) == digest(again) != digest(other)
    assert digest(rosters[0]) == digest(rosters[1]) != digest(rosters[2])


def test_bytes_are_plain_on_every_platform(tmp_path: Path) -> None:
    for path in (tmp_path / "log.csv", illustrate(tmp_path / "log.csv", months=2)):
        written = path.read_bytes()
        assert written.isascii()
        assert b"\r" not in written
        assert written.endswith(b"\n")


def test_the_size_to_expect(tmp_path: Path) -> None:
    """Some 110 crisis calls a month, of which the team answers 3 to 8, whatever the seed."""
    for seed in range(1, 11):
        illustrate(tmp_path / "log.csv", seed=seed)
        calls = read(tmp_path / "log.csv")
        assert 100 <= len(calls) / 18 <= 120
        assert 3 <= len(team(calls)) / 17 <= 8, seed  # on duty from the second month


@pytest.mark.parametrize("per_week", [3, 10, 80, 168, 400])
def test_hours_a_week_scale(tmp_path: Path, per_week: float) -> None:
    roster = read(illustrate(tmp_path / "log.csv", months=13, per_month=20, hours_per_week=per_week))
    weeks = (date(2027, 5, 1) - date(2026, 5, 1)).days / 7
    assert hours(roster, "shift") / weeks == pytest.approx(per_week, rel=.03)


def test_ten_times_the_calls_and_hours(tmp_path: Path) -> None:
    illustrate(tmp_path / "log.csv", per_month=1_100, hours_per_week=80)
    calls = read(tmp_path / "log.csv")
    assert len(calls) == pytest.approx(18 * 1_100, rel=.03)
    assert len(team(calls)) / 17 > 60


def test_a_month_alone_and_no_hours_at_all(tmp_path: Path) -> None:
    roster = illustrate(tmp_path / "log.csv", months=1, per_month=1, start=date(2028, 2, 1))
    assert read(roster).empty
    assert read(illustrate(tmp_path / "log.csv", months=3, hours_per_week=0)).empty
    assert team(read(tmp_path / "log.csv")).empty


def test_progress_tells_each_month(tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    illustrate(tmp_path / "log.csv", months=3, progress=lambda done, of: steps.append((done, of)))
    assert steps == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("wrong", [
    {"months": 0}, {"months": 121}, {"per_month": 0}, {"per_month": 50_001}, {"hours_per_week": -1},
    {"hours_per_week": float("nan")}, {"hours_per_week": 4_001}, {"start": date(2026, 4, 2)},
    {"start": date(1900, 1, 1)}])
def test_an_option_out_of_range_is_refused_and_nothing_written(tmp_path: Path, wrong: dict[str, int]) -> None:
    with pytest.raises(OptionWrong, match="It takes"):
        illustrate(tmp_path / "log.csv", **wrong)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_no_csv_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OptionWrong, match=r"log\.xlsx"):
        illustrate(tmp_path / "log.xlsx")


@pytest.mark.parametrize("name", ["log.csv", "log-roster.csv"])
def test_a_file_made_by_others_is_not_replaced(tmp_path: Path, name: str) -> None:
    theirs = tmp_path / name
    theirs.write_text("call_id\n1\n", encoding="utf-8")
    with pytest.raises(OptionWrong, match=f"{name} is there already"):
        illustrate(tmp_path / "log.csv", months=1)
    assert theirs.read_text(encoding="utf-8") == "call_id\n1\n"


def test_an_earlier_made_up_extract_is_replaced(tmp_path: Path) -> None:
    illustrate(tmp_path / "log.csv", months=2, seed=1)
    before = digest(tmp_path / "log.csv")
    illustrate(tmp_path / "log.csv", months=2, seed=2)
    assert digest(tmp_path / "log.csv") != before


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(CantWrite, match="can't be written"):
        illustrate(tmp_path / "missing" / "log.csv", months=1)


def test_a_full_disk_leaves_the_earlier_file_and_no_half_one(tmp_path: Path) -> None:
    out = tmp_path / "log.csv"
    roster = illustrate(out, months=2)
    before = digest(out), digest(roster)

    def full(*_: int) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(CantWrite, match="No space left on device"):
        illustrate(out, months=2, seed=5, progress=full)
    assert (digest(out), digest(roster)) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["log-roster.csv", "log.csv"]
