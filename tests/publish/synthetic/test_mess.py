"""`illustrate --mess`: each kind of damage is found, or does no harm."""

import shutil
from datetime import date
from pathlib import Path
from random import Random

import pandas as pd
import pytest

from portal.errors import ExtractRefused, OptionWrong
from portal.publish.ingest.extract import Extract, read_extract
from portal.publish.ingest.mapping import read_mapping
from portal.publish.synthetic.illustrate import illustrate
from portal.publish.synthetic.mess import KINDS, MOST, damage, mess
from tests.source import ROOT

MAPPED = read_mapping(ROOT / "data" / "mappings" / "somerville.toml")
DAY = date(2027, 11, 12)


@pytest.fixture(scope="module")
def undamaged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A made-up extract and its roster."""
    calls = tmp_path_factory.mktemp("undamaged") / "calls.csv"
    return calls, illustrate(calls)


@pytest.fixture(scope="module")
def clean(undamaged: tuple[Path, Path]) -> Extract:
    """The same as `publish` reads it."""
    return read(undamaged)


@pytest.fixture
def log(undamaged: tuple[Path, Path], tmp_path: Path) -> tuple[Path, Path]:
    """A copy of them, for a test to damage."""
    calls, roster = (Path(shutil.copy(file, tmp_path)) for file in undamaged)
    return calls, roster


def read(log: tuple[Path, Path]) -> Extract:
    """The log as `publish` reads it; what is refused is raised."""
    calls, roster = log
    return read_extract([calls], MAPPED, roster, None, DAY)


def found(log: tuple[Path, Path]) -> set[str]:
    """The names of the remarks on a log; of one that is refused what the table of reasons says."""
    try:
        return {remark.name for remark in read(log).report.remarks}
    except ExtractRefused as refused:
        return set(refused.table.splitlines())


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_refused_or_remarked_or_harmless(kind: str, log: tuple[Path, Path], clean: Extract) -> None:
    damage(*log, [kind], Random("x"))
    if kind.endswith(": harmless"):
        pd.testing.assert_frame_equal(read(log).calls, clean.calls)
        return
    assert found(log) - {remark.name for remark in clean.report.remarks}


def test_the_same_seed_does_the_same_and_says_what_it_did(log: tuple[Path, Path]) -> None:
    answers = mess(*log, 3, seed=5)
    first = log[0].read_bytes()
    illustrate(log[0])
    assert mess(*log, 3, seed=5) == answers
    assert log[0].read_bytes() == first
    kinds = answers.read_text("utf-8").splitlines()
    assert len(kinds) == 3
    assert set(kinds) <= set(KINDS)


def test_all_kinds_at_once_and_the_command_makes_a_clean_one_of_it_again(log: tuple[Path, Path]) -> None:
    mess(*log, MOST, seed=1)
    with pytest.raises(ExtractRefused):
        read(log)
    illustrate(log[0])
    assert read(log)


@pytest.mark.parametrize("number", [-1, 0, MOST + 1])
def test_a_number_out_of_range_is_refused(number: int, log: tuple[Path, Path]) -> None:
    before = log[0].read_bytes()
    with pytest.raises(OptionWrong, match=f"from 1 to {MOST}"):
        mess(*log, number, seed=1)
    assert log[0].read_bytes() == before


def test_a_refusal_says_what_to_write_into_the_mapping(log: tuple[Path, Path]) -> None:
    damage(*log, ["some calls have no key"], Random("x"))
    with pytest.raises(ExtractRefused, match=r'\[problems\]\nmissing_required = "leave_out"$'):
        read(log)
