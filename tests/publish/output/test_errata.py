"""An erratum: wrong numbers of the service are replaced, those on people are withdrawn, and readers are told."""

from pathlib import Path
from typing import Any

import pytest

from portal.errors import ReleaseRefused
from portal.figures import build
from portal.language import override_language
from portal.publish.output.errata import errata_of
from portal.publish.protection.attack import attack, attacker_knowledge
from portal.publish.publish import Published
from portal.release import queries
from portal.release.store import Release
from portal.release.verify import verify
from tests.attack.histories import public
from tests.publish import made

ENDS = made.quarter_ends(3)
WHY = "Until May 2026 the form had no box for it."
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def rows() -> Rows:
    return made.rows((150, 150, 150))


def publish(rows: Rows, quarter: int, folder: Path, table: str = "", hours: int = 4) -> Published:
    duty = made.roster(made.FIRST, ENDS[-1])
    duty["covered_end"] = duty["covered_start"] + (duty["covered_end"] - duty["covered_start"]) / 4 * hours
    return made.publish(made.extract(rows, duty=duty), ENDS[quarter], folder, state="illustrative",
                        errata=errata_of(table, WHY) if table else ())


def numbers(published: Published, table: str, period: str) -> dict[tuple[str, str], float]:
    assert published.folder
    return {(value, category): number
            for value, category, number in queries.values(Release(published.folder), table, period).rows}


def test_wrong_numbers_on_people_are_withdrawn_for_good_and_never_restated(rows: Rows, tmp_path: Path) -> None:
    first = publish(rows, 0, tmp_path)
    assert first.folder
    before = made.contents(first.folder)
    assert numbers(first, "outcome.kind", "run-2026-Q2")
    mended = [row | {"outcome": "voluntary_care"} if row["outcome"] == "declined" and row["received"].day < 15 else row
              for row in rows]
    second, third = publish(mended, 1, tmp_path, "outcome.kind"), publish(mended, 2, tmp_path)
    assert made.contents(first.folder) == before
    for published in (second, third):
        assert published.folder
        assert verify(published.folder) == []
        book = public(published.folder)
        for table in ("outcome.kind", "outcome.contact", "outcome.involuntary"):
            assert book.states[table, "run-2026-Q2"]["reason"] == "withdrawn"
        assert not numbers(published, "outcome.kind", "run-2026-Q2")
        assert numbers(published, "outcome.kind", "run-2026-Q3"), "what is new is counted by the mended mapping"
        assert numbers(published, "equity.gender", "run-2026-Q2"), "other tables stay"
    assert not [difference for difference in second.differences if difference.table.startswith("outcome.kind")]
    assert attack(attacker_knowledge([public(folder) for folder in (first.folder, second.folder) if folder])).safe


def test_wrong_numbers_of_the_service_are_replaced_with_the_rest_as_it_was(rows: Rows, tmp_path: Path) -> None:
    first, unchanged = publish(rows, 0, tmp_path), publish(rows, 0, tmp_path / "again")
    plain = publish(rows, 1, tmp_path / "again", hours=2)
    second = publish(rows, 1, tmp_path, "hours.staffed", hours=2)
    assert first.folder and second.folder and plain.folder and unchanged.folder
    assert verify(second.folder) == []
    assert numbers(first, "hours.staffed", "2026-Q2")["covered_hours", ""] == 91 * 4
    assert numbers(plain, "hours.staffed", "2026-Q2")["covered_hours", ""] == 91 * 4, "without an erratum it stays"
    assert numbers(second, "hours.staffed", "2026-Q2")["covered_hours", ""] == 91 * 2
    assert numbers(second, "hours.staffed", "pilot-to-2026-Q3")["covered_hours", ""] == (91 + 92) * 2
    lasting = [set(made.lasting(folder, "cells")) for folder in (first.folder, second.folder)]
    assert {line.split(",")[0] for line in lasting[0] - lasting[1]} == {"hours.staffed"}


def test_tables_that_follow_from_each_other_are_replaced_together(rows: Rows, tmp_path: Path) -> None:
    publish(rows, 0, tmp_path)
    others = [row | {"eligibility": "not_eligible"} if row["answered_by"] != "team" and row["received"].day % 2 else row
              for row in rows]
    second = publish(others, 1, tmp_path, "demand.eligible")
    assert second.folder
    assert verify(second.folder) == []
    eligible = sum(row["received"].date() <= ENDS[0] and (row["answered_by"] == "team" or row["received"].day % 2 == 0)
                   for row in rows)
    assert numbers(second, "demand.eligible", "2026-Q2")["calls", "eligible"] == eligible
    assert numbers(second, "response.on_duty", "2026-Q2")["eligible_on_duty", ""] == eligible


def test_the_corrected_numbers_are_not_shown_where_they_would_tell_that_the_team_came(rows: Rows, tmp_path: Path
                                                                                     ) -> None:
    publish(rows, 0, tmp_path)
    none = [row | {"eligibility": "not_eligible"} if row["answered_by"] != "team" else row for row in rows]
    with pytest.raises(ReleaseRefused, match="nearly every call that the team could have taken"):
        publish(none, 1, tmp_path, "demand.eligible")


def test_readers_are_told_beside_every_number_and_in_the_notes(rows: Rows, tmp_path: Path) -> None:
    publish(rows, 0, tmp_path)
    second = publish(rows, 1, tmp_path, "outcome.kind")
    assert second.folder
    release = Release(second.folder)
    assert f"they are no longer shown. {WHY}" in (second.folder / "NOTES.md").read_text("utf-8")
    with override_language("en"):
        assert any(WHY in caveat for caveat in build(release, "outcome.kind", "2026-Q2").caveats)
        assert any(WHY in caveat for caveat in build(release, "outcome.contact", "2026-Q2").caveats)
        assert not any(WHY in caveat for caveat in build(release, "equity.gender", "2026-Q2").caveats)


@pytest.mark.parametrize(("table", "because", "expected"), [
    ("demand.received", WHY, "other published tables add up to it"), ("outcome.arrest", WHY, "add up to it"),
    ("outcome.kinds", WHY, "is no table that can be superseded"), ("outcome.kind", " ", "without a reason"),
    ("outcome.contact", WHY, "is no table that can be superseded"),
])
def test_what_can_not_be_superseded_is_refused_with_what_to_do(table: str, because: str, expected: str) -> None:
    with pytest.raises(ReleaseRefused, match=expected) as refused:
        errata_of(table, because)
    assert refused.value.next_step
