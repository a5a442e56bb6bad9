"""Records corrected after a release: the next one comes out, and only what needs the changed run is left out."""

from pathlib import Path
from typing import Any

import pytest

from portal.release.store import Release
from portal.release.verify import verify
from tests.attack.histories import public
from tests.publish import made

ENDS = made.quarter_ends(2)
Rows = list[dict[str, Any]]
CHANGES: dict[str, dict[str, Any]] = {
    "an outcome": {"outcome": "declined"}, "an age": {"age_band": "25_44"}, "an arrest entered late": {"arrest": True},
    "a referral": {"referral_offered": True, "referral_accepted": True, "appointment_kept": True},
    "a person": {"person_key": "P1"},
}


@pytest.fixture(scope="module")
def rows() -> Rows:
    return made.rows((150, 150))


def corrected(rows: Rows, change: dict[str, Any]) -> Rows:
    """One response of the first quarter, changed where that makes a difference."""
    found = [dict(row) for row in rows]
    one = next(row for row in found if row["answered_by"] == "team" and row["received"].date() <= ENDS[0] and any(
        row[name] != value for name, value in change.items()))
    one |= change
    return found


@pytest.mark.parametrize("what", CHANGES)
def test_a_correction_refuses_no_release(what: str, rows: Rows, tmp_path: Path) -> None:
    first = made.publish(made.extract(rows), ENDS[0], tmp_path, state="illustrative")
    assert first.folder
    before = made.contents(first.folder)
    second = made.publish(made.extract(corrected(rows, CHANGES[what])), ENDS[1], tmp_path, state="illustrative")
    assert second.folder
    assert made.contents(first.folder) == before
    assert verify(second.folder) == []
    states = public(second.folder).states
    changed = {table for (table, _), state in states.items() if state["reason"] == "changed"}
    assert changed <= {"outcome.detail", "outcome.arrest_possible", "equity.age_detail", "care.referral_detail"}
    assert bool(changed) or what == "a person"
    assert Release(second.folder).checksums
