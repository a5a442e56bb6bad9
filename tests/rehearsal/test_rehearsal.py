"""The way from the first real release to the pilot's end, as docs/publishing/ leads through it, works word for word."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from portal.navigation import PAGES
from tests.rehearsal.lifecycle import FOLDER, steps, steps_of
from tests.rehearsal.rehearse import Done, rehearse

ENTRY = "{http://www.w3.org/2005/Atom}entry"
LAST = "2025-Q1"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the rehearsal takes place."""
    return tmp_path_factory.mktemp("rehearsal")


@pytest.fixture(scope="module")
def done(folder: Path) -> list[Done]:
    """Every step, with what became of it."""
    return list(rehearse(folder, steps()))


@pytest.fixture
def archive(folder: Path, done: list[Done]) -> Path:
    """The static edition that is left at the end."""
    assert done
    return folder / "private" / "archive"


def printed(done: list[Done], page: str, word: str) -> Iterator[str]:
    """What the commands of a page that hold a word printed."""
    return (step.printed for step in done if step.step.page == page and word in step.step.text)


def test_every_step_does_what_its_page_says(done: list[Done]) -> None:
    last = done[-1]
    assert last.code == last.step.exit_code, f"{last.step.page}: {last.step.text}\n{last.printed}"
    assert len(done) == len(steps())


def test_each_stage_of_the_life_of_a_site_has_a_page_with_its_commands() -> None:
    pages = sorted(FOLDER.glob("*.md"))
    assert [page.stem for page in pages] == ["1-first", "2-second", "3-correction", "4-withdrawal", "5-erratum",
                                             "6-pause", "7-end"]
    assert all(steps_of(page) for page in pages)
    manual = (FOLDER.parent / "publishing.md").read_text("utf-8")
    assert [page.name for page in pages if f"publishing/{page.name}" not in manual] == []


def test_the_chain_is_whole_after_each_release_and_each_withdrawal(done: list[Done]) -> None:
    verified = [step.printed.splitlines()[0] for step in done if "portal verify" in step.step.text]
    assert verified
    assert set(verified) == {"ok"}


def test_nothing_is_made_up_any_more(archive: Path) -> None:
    overview = (archive / "index.html").read_text("utf-8")
    assert "Made-up numbers" not in overview
    assert json.loads((archive / "api" / "v1" / "index.json").read_text("utf-8"))["made_up"] is False


def test_corrections_withdrawals_and_errata_stay_in_sight(archive: Path) -> None:
    page = (archive / "corrections" / "index.html").read_text("utf-8")
    for words in ("some calls were entered twice", "Release 2024-Q4 was withdrawn", "Two shifts of May 2024"):
        assert words in page
    assert not (archive / "download" / "2024-Q4").exists()
    assert (archive / "download" / "2024-Q4-b" / "release.sqlite").is_file()


def test_a_running_server_shows_a_withdrawn_release_before_and_nothing_of_it_afterwards(
        folder: Path, done: list[Done]) -> None:
    before, after = (step for step in done if "portal withdrawn" in step.step.text)
    assert before.code == 1
    listed = (folder / "private" / "urls.txt").read_text("utf-8").splitlines()
    for beginning in ("/download/2024-Q4/release.sqlite", "/download/2024-Q4/csv/", "/figure/2024-Q4/en/",
                      "/api/v1/releases/2024-Q4/cells", "/api/v1/figures/", "/plain/calls?release=2024-Q4&lang=es",
                      "/outcomes?release=2024-Q4", "/brief.pdf?release=2024-Q4"):
        assert any(line.startswith(beginning) for line in listed), beginning
    assert after.printed.startswith("Nothing of 2024-Q4 answers")
    assert "refused" not in (folder / "server.log").read_text("utf-8")  # to take a release away is no fault of it


def test_a_pause_is_shown_on_the_city_s_word(done: list[Done]) -> None:
    assert list(printed(done, "6-pause", "portal status")) == [
        "The City says that the pilot paused on March 3, 2025. (City notice)\n"]


def test_after_the_end_every_page_says_so_and_nothing_more_is_promised(archive: Path) -> None:
    said = "The City says that the pilot ended on March 31, 2025."
    pages = [archive / page.slug / "index.html" for page in PAGES]
    assert [path for path in pages if said not in path.read_text("utf-8")] == []
    assert "31 mas 2025" in (archive / "ht" / "index.html").read_text("utf-8")
    entries = ElementTree.parse(archive / "feed.atom").getroot().findall(ENTRY)
    assert any(said in "".join(entry.itertext()) for entry in entries)
    calendar = (archive / "calendar.ics").read_text("utf-8")
    assert f"Release {LAST} due" in calendar
    assert "Next release due" not in calendar
    assert not re.search(r"The next (release|one) is due", (archive / "timeline" / "index.html").read_text("utf-8"))
