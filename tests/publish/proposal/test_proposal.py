"""A proposed mapping: what it is sure of is right, all else is marked, and publish waits for the answers."""

import re
from pathlib import Path

import pytest

from portal.errors import ExtractUnreadable, MappingWrong, OptionWrong
from portal.publish.ingest.extract import Extract, read_extract
from portal.publish.ingest.mapping import read_mapping
from portal.publish.proposal.command import write_mapping
from portal.publish.proposal.proposal import Proposal, propose
from portal.publish.proposal.write import count_checks, mapping_text
from tests.publish.proposal.judged import decided, differing, of_real, of_system
from tests.publish.proposal.systems import SYSTEMS, System, clean, written_by
from tests.source import ROOT

SEED = 11
MAPPINGS = ROOT / "tests" / "mappings"
REAL = {"dallas": "dallas/force.csv.gz", "milwaukee": "milwaukee/calls.csv.gz", "oakland": "oakland/calls.csv.gz"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clean")


@pytest.fixture(scope="module")
def rows(folder: Path) -> list[dict[str, str]]:
    return clean(folder, SEED)


@pytest.fixture(scope="module")
def truth(rows: list[dict[str, str]], folder: Path) -> Extract:
    """The clean extract, in the portal's own columns."""
    assert rows
    return read_extract(folder / f"clean-{SEED}.csv", read_mapping(ROOT / "data" / "mappings" / "somerville.toml"))


@pytest.fixture(scope="module")
def exports(rows: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same rows as each system writes them."""
    folder = tmp_path_factory.mktemp("exports")
    return {system.name: written_by(system, rows, folder / f"{system.name}.csv") for system in SYSTEMS}


@pytest.fixture(scope="module")
def proposals(exports: dict[str, Path]) -> dict[str, Proposal]:
    """What is proposed for each system's export."""
    return {name: propose(export) for name, export in exports.items()}


def test_a_system_that_came_to_write_times_otherwise_is_read_to_its_end(tmp_path: Path) -> None:
    """Seconds until the year's end, none afterwards, and days whose time of day is missing."""
    days = [f"{month:02}/{day:02}/{year}" for year in (2026, 2027) for month in range(1, 13) for day in range(1, 29)]
    clocks = [f"{1 + number % 12}:{number % 60:02}" + (":07 PM" if number < len(days) / 2 else " AM")
              for number in range(len(days))]
    rows = [f"A{number},{day},{'' if number % 40 == 39 else clock},WELFARE CHECK"
            for number, (day, clock) in enumerate(zip(days, clocks, strict=True))]
    (tmp_path / "log.csv").write_text("\n".join(["incident number,call_date,call_time,nature", *rows]) + "\n", "utf-8")
    proposal = propose(tmp_path / "log.csv")
    how = proposal.matches["received"].times
    assert how is not None
    assert set(how.formats) == {"%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%m/%d/%Y"}
    assert "Calls from 2026-01-01 to 2027-12-28" in mapping_text(proposal)


@pytest.mark.parametrize("system", SYSTEMS, ids=[system.name for system in SYSTEMS])
def test_what_is_proposed_without_a_mark_is_right(system: System, proposals: dict[str, Proposal]) -> None:
    sure = {name: match.names for name, match in proposals[system.name].matches.items() if not match.doubts}
    wrong = {name: names for name, names in sure.items() if system.truth.get(name) != names}
    assert not wrong, f"proposed without # check: {wrong}; the truth is {system.truth}"


@pytest.mark.parametrize("system", SYSTEMS, ids=[system.name for system in SYSTEMS])
def test_the_key_the_time_and_most_columns_are_recognized(system: System, proposals: dict[str, Proposal]) -> None:
    found = {name: match.names for name, match in proposals[system.name].matches.items()}
    right = [name for name, names in system.truth.items() if found.get(name) == names]
    assert {"call_id", "received", "call_type"} <= set(right)
    assert len(right) >= 0.8 * len(system.truth), f"{sorted(set(system.truth) - set(right))} were not recognized"


@pytest.mark.parametrize("system", SYSTEMS, ids=[system.name for system in SYSTEMS])
def test_a_mapping_whose_questions_are_answered_reads_every_call_as_it_was(
    system: System, exports: dict[str, Path], proposals: dict[str, Proposal], truth: Extract, tmp_path: Path
) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(decided(mapping_text(proposals[system.name])), encoding="utf-8")
    extract = read_extract(exports[system.name], read_mapping(mapping))
    assert len(extract.calls) == len(truth.calls)
    judged = of_system(system, proposals[system.name], exports[system.name], truth, tmp_path)
    assert judged.key_is_right
    assert not judged.wrong, f"wrong, and not marked: {judged.wrong}"


def test_codes_that_are_swapped_and_a_clock_that_is_off_are_found_by_the_comparison(
    exports: dict[str, Path], proposals: dict[str, Proposal], truth: Extract, tmp_path: Path
) -> None:
    text = decided(mapping_text(proposals["records"]))
    for before, now in (('woman = ["F"]', 'woman = ["M"]'), ('man = ["M"]', 'man = ["F"]'),
                        ('time_zone = "America/New_York"', 'time_zone = "America/Chicago"')):
        assert before in text
        text = text.replace(f"\n{before}", f"\n{now}")
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(text, encoding="utf-8")
    assert {"gender", "received"} <= set(differing(read_extract(exports["records"], read_mapping(mapping)), truth))


def test_publish_refuses_a_mapping_that_still_asks_something(exports: dict[str, Path], tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.toml"
    report = write_mapping(exports["motorola"], out=mapping)
    open_checks = count_checks(mapping.read_text("utf-8"))
    assert f"{open_checks} places to check" in report
    with pytest.raises(MappingWrong, match=rf'{open_checks} places are still marked "# check:"'):
        read_mapping(mapping)


def test_no_small_count_of_the_extract_gets_into_the_file(
    proposals: dict[str, Proposal], rows: list[dict[str, str]]
) -> None:
    text = mapping_text(proposals["centralsquare"])
    numbers = {int(number.replace(",", "")) for number in re.findall(r"(?<![\w.%-])(\d[\d,]*) (?:rows|of)", text)}
    assert numbers <= {len(rows)}


def test_no_text_of_a_free_text_column_gets_into_the_file(
    proposals: dict[str, Proposal], rows: list[dict[str, str]]
) -> None:
    text = mapping_text(proposals["clinic log"])
    assert "free text" not in text
    assert not any(row["person_key"] in text for row in rows if row["person_key"])


def test_a_mapping_is_never_written_over(exports: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "mapping.toml"
    out.write_text("mine", encoding="utf-8")
    with pytest.raises(OptionWrong, match=r"mapping\.toml is there already"):
        write_mapping(exports["motorola"], out=out)
    assert out.read_text("utf-8") == "mine"


def test_a_file_without_anything_like_a_call_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "budget.csv"
    file.write_text("Department,Amount\nParks,100\nRoads,200\n", encoding="utf-8")
    with pytest.raises(ExtractUnreadable, match="no column of it looks like call_id"):
        propose(file)


@pytest.mark.parametrize("name", REAL)
def test_the_columns_of_other_cities_are_recognized(name: str, realdata: Path) -> None:
    judged = of_real(name, propose(realdata / REAL[name]), MAPPINGS / f"{name}.toml")
    assert judged.key_is_right
    assert not judged.wrong
    assert len(judged.edits) <= 1
