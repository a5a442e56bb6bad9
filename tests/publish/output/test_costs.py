"""What the City says a quarter cost: published as it is given, said anew by a later release, never worked out."""

from pathlib import Path

from portal.figures import build
from portal.language import LANGUAGES, override_language
from portal.publish.ingest.costs import Cost
from portal.release import queries
from portal.release.store import Release
from portal.release.verify import verify
from tests.publish import made

ENDS = made.quarter_ends(2)
PAY = Cost("2026-Q2", 41250.5, "Pay of the team", "Budget office")


def test_amounts_are_published_once_and_stated_again_when_they_change(tmp_path: Path) -> None:
    extract = made.extract(made.rows((45, 45)))
    first = made.publish(extract, ENDS[0], tmp_path, costs=[PAY, Cost("2026-Q4", 1.0, "x", "y")])
    assert first.folder and verify(first.folder) == []
    assert queries.table(Release(first.folder), "costs").rows == (("2026-Q2", *PAY),), "Q4 waits for its release"
    mended = Cost("2026-Q2", 43000.0, "Pay of the team, and training", "Budget office")
    later = Cost("2026-Q3", 40000.0, "Pay of the team", "Budget office")
    second = made.publish(extract, ENDS[1], tmp_path, costs=[mended, later])
    assert second.folder and verify(second.folder) == []
    assert queries.table(Release(second.folder), "costs").rows == (
        ("2026-Q2", *PAY), ("2026-Q3", *mended), ("2026-Q3", *later))
    notes = (second.folder / "NOTES.md").read_text("utf-8")
    assert "- 2026-Q2: 43,000.00 dollars. Pay of the team, and training Source: Budget office" in notes
    figure = build(Release(second.folder), "service.cost")
    assert figure.headline.plain == "40,000 dollars from July to September 2026"
    assert figure.table and [row[1].value for row in figure.table.rows] == [43000.0, 40000.0]
    for language in LANGUAGES:
        with override_language(language):
            sentence = build(Release(second.folder), "service.cost").answer.plain
            assert "Pay of the team" in sentence and (language == "en" or "dollars from" not in sentence)


def test_the_same_file_given_again_says_nothing_new(tmp_path: Path) -> None:
    extract = made.extract(made.rows((45, 45)))
    made.publish(extract, ENDS[0], tmp_path, costs=[PAY])
    second = made.publish(extract, ENDS[1], tmp_path, costs=[PAY])
    assert second.folder
    assert queries.table(Release(second.folder), "costs").rows == (("2026-Q2", *PAY),)
    assert "## Costs" not in (second.folder / "NOTES.md").read_text("utf-8")


def test_without_a_file_the_cost_is_not_collected(tmp_path: Path) -> None:
    published = made.publish(made.extract(made.rows((45,))), ENDS[0], tmp_path)
    assert published.folder
    figure = build(Release(published.folder), "service.cost")
    assert not figure.shown
    assert [(gap.kind, gap.what, gap.why) for gap in figure.gaps] == [
        ("not-collected", "What it costs, and who pays", "The City has not said.")]


def test_what_is_left_open_at_the_pilots_end_is_stated(tmp_path: Path) -> None:
    published = made.publish(made.extract(made.rows((130, 9))), ENDS[1], tmp_path, pilot_ended=ENDS[1])
    assert published.folder and verify(published.folder) == []
    notes = (published.folder / "NOTES.md").read_text("utf-8").partition("## Left open at the pilot's end")[2]
    assert "- open-2026-Q3, never shown, since the pilot ended before there were enough responses: " in notes
    assert "How old" in notes or "gender" in notes.lower()
    release = Release(published.folder)
    figure = build(release, "outcome.arrest")
    assert any(gap.why == "The pilot ended before there were enough." for gap in figure.gaps)
    reasons = build(release, "data.not_shown").table
    words = {cell.text for row in reasons.rows for cell in row} if reasons else set()
    assert "the pilot ended before there were enough" in words
