"""The log of corrections holds what the releases themselves say, the newest first, and no number of records."""

from pathlib import Path

import pytest

from portal.release.corrections import Correction, corrections, notes
from tests.publish import made

WITHDRAWN = ("outcome.kind", "withdrawn", "Codes were read wrongly.")


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three releases: the second with a note, the third with an erratum."""
    folder = tmp_path_factory.mktemp("corrected")
    calls = made.extract(made.rows((130, 60, 12)))
    ends = made.quarter_ends(3)
    made.publish(calls, ends[0], folder, state="illustrative")
    made.publish(calls, ends[1], folder, state="illustrative", notes=["May was 80, not 82."])
    made.publish(calls, ends[2], folder, state="illustrative", errata=[WITHDRAWN])
    return folder


def offered(releases: Path, *names: str) -> tuple[tuple[str, Path], ...]:
    return tuple((name, releases / name) for name in names)


def test_every_note_erratum_and_word_on_records_stands_in_it_newest_first(releases: Path) -> None:
    log = corrections(releases / "2026-Q4", offered(releases, "2026-Q4", "2026-Q3", "2026-Q2"))
    assert [entry.release for entry in log] == sorted((entry.release for entry in log), reverse=True)
    assert ("2026-Q4", *WITHDRAWN) in {(entry.release, entry.table, entry.kind, entry.text) for entry in log}
    assert [entry.text for entry in log if entry.kind == "note"] == ["May was 80, not 82."]
    assert [entry.release for entry in log if entry.kind == "records"] == ["2026-Q4", "2026-Q3", "2026-Q2"]


def test_of_records_it_says_two_words_and_no_number(releases: Path) -> None:
    log = corrections(releases / "2026-Q4", offered(releases, "2026-Q4", "2026-Q3", "2026-Q2"))
    sizes = {size for entry in log for _, size in entry.records}
    assert sizes <= {"fewer than 11", "11 or more"}
    assert not Correction("2026-Q2", "", "records", records=(("late", "fewer than 11"),)).tells_of_a_change
    assert Correction("2026-Q2", "", "records", records=(("late", "11 or more"),)).tells_of_a_change


def test_a_listed_release_that_nobody_can_read_any_more_is_named(releases: Path) -> None:
    log = corrections(releases / "2026-Q4", offered(releases, "2026-Q4", "2026-Q2"))
    assert [entry.release for entry in log if entry.kind == "not_offered"] == ["2026-Q3"]
    assert not [entry for entry in log if entry.kind == "note"], "its notes can't be read"


def test_only_the_section_of_corrections_is_read_from_the_notes(tmp_path: Path) -> None:
    (tmp_path / "NOTES.md").write_text("# Release\n\n## Corrections\n\n- May was 80, not 82.\n\n## Other\n\n- no\n")
    assert notes(tmp_path) == ("May was 80, not 82.",)
