"""Histories in which records are corrected in every way, in short; `make histories` replays 200 of 8 quarters."""

from pathlib import Path

import pytest

from tests.publish.replay import KINDS, ReplayLog, log_of, replay


@pytest.mark.parametrize(("seed", "a_month", "responses"), [(0, 3, 9), (1, 8, 24), (2, 20, 60)])
def test_records_are_corrected_in_every_way_and_every_release_comes_out(
        seed: int, a_month: int, responses: int, tmp_path: Path) -> None:
    found = replay(seed, a_month, tmp_path, responses=responses, quarters=4)
    assert (found.refused, found.faults, found.releases) == ([], [], 4)
    assert found.reasons["shown"]
    assert found.kinds.total() >= 9 * a_month


@pytest.mark.parametrize("kind", KINDS)
def test_a_correction_changes_the_log(kind: str) -> None:
    log, same = log_of(3, 24, 2), log_of(3, 24, 2)
    until = max(row["received"].date() for row in log.rows.values())

    def times(corrected: ReplayLog) -> str:
        return repr(sorted(corrected.rows.items(), key=lambda item: item[0]))
    for _ in range(3):
        KINDS[kind](log, until)
    assert times(log) != times(same)
