"""Three real cities' extracts, published: each visible number is counted again independently.

The recounts use the csv module alone, nothing of portal.publish, so that the two can't be wrong together.
"""

import csv
import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from portal.contract.contract import DIMENSIONS, MEASURES
from portal.publish.publish import publish
from portal.release import queries
from portal.release.store import Release
from portal.release.verify import verify
from tests.source import ROOT

Raw = list[dict[str, str]]
PERIOD_ENDS = {"oakland": date(2024, 3, 31), "milwaukee": date(2018, 6, 30), "dallas": date(2019, 12, 31)}
FILES = {"oakland": "calls", "milwaukee": "calls", "dallas": "force"}
USED = {"oakland": ("CALL_ID", "CALL_DATE_STR"), "milwaukee": ("nature", "status", "time"),
        "dallas": ("FILENUM", "OCCURRED_D", "OCCURRED_T", "CIT_INFL_A", "CIT_ARREST", "CitRace", "CitSex")}
# The tables of which a city's release shows a number: every one is counted again below.
SHOWN = {"oakland": {"demand.received", "demand.by_type", "demand.by_time"},
         "milwaukee": {"demand.received", "demand.by_time", "response.met", "response.on_duty", "outcome.arrest",
                       "outcome.kind", "quality.missing"},
         "dallas": {"demand.received", "demand.by_time", "response.met", "response.on_duty", "outcome.arrest",
                    "equity.race_ethnicity", "equity.gender", "quality.missing"}}


@dataclass(frozen=True)
class City:
    """One city's rows as the file has them, as the portal reads them, and as it publishes them."""

    raw: Raw = field(repr=False)  # a failing test doesn't print an extract
    release: Release
    wrong: list[str]

    def table(self, name: str) -> tuple[dict[str, Any], ...]:
        return queries.table(self.release, name).records

    def cells(self, table_id: str, measure_id: str, *grains: str) -> dict[tuple[str, str], int]:
        """The published numbers of one value, by period and category; of these grains alone."""
        grain = {row["period_id"]: row["grain"] for row in self.table("periods")}
        return {(row["period_id"], row["category_1"]): row["value"] for row in self.table("cells")
                if (row["table_id"], row["measure_id"], row["status"]) == (table_id, measure_id, "published")
                and (not grains or grain[row["period_id"]] in grains)}

    def parts(self, table_id: str, period_id: str) -> list[str]:
        """The runs that a number of a period adds up; a run is its own only part."""
        named = [row["part_id"] for row in self.table("sums")
                 if (row["table_id"], row["period_id"]) == (table_id, period_id)]
        return named or [period_id]

    def statuses(self, table_id: str) -> set[str]:
        return {row["status"] for row in self.table("states") if row["table_id"] == table_id}


def city(name: str, realdata: Path, folder: Path) -> City:
    path, mapping = realdata / name / f"{FILES[name]}.csv.gz", ROOT / "tests" / "mappings" / f"{name}.toml"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        raw = [{column: row[column] for column in USED[name]} for row in csv.DictReader(file)]
    end = PERIOD_ENDS[name]
    published = publish(path, mapping, name, "preliminary", folder, period_end=end, published_on=date(2024, 11, 15),
                        recorded_through=max(end, date(2024, 5, 19)))
    assert published.folder is not None
    return City(raw, Release(published.folder), verify(published.folder))


@pytest.fixture(scope="module")
def oakland(realdata: Path, tmp_path_factory: pytest.TempPathFactory) -> City:
    return city("oakland", realdata, tmp_path_factory.mktemp("oakland"))


@pytest.fixture(scope="module")
def milwaukee(realdata: Path, tmp_path_factory: pytest.TempPathFactory) -> City:
    return city("milwaukee", realdata, tmp_path_factory.mktemp("milwaukee"))


@pytest.fixture(scope="module")
def dallas(realdata: Path, tmp_path_factory: pytest.TempPathFactory) -> City:
    return city("dallas", realdata, tmp_path_factory.mktemp("dallas"))


def in_periods(found: City, days: Iterable[date], *grains: str) -> Counter[str]:
    """How many of these days lie in each period."""
    spans = [(row["period_id"], row["start"], row["end"]) for row in found.table("periods") if row["grain"] in grains]
    assert spans
    counts: Counter[str] = Counter()
    for day in days:
        counts.update(name for name, start, end in spans if start <= day.isoformat() <= end)
    return counts


@pytest.mark.parametrize("name", FILES)
def test_a_release_of_a_real_extract_verifies(name: str, request: pytest.FixtureRequest) -> None:
    found: City = request.getfixturevalue(name)
    assert found.wrong == []


@pytest.mark.parametrize("name", FILES)
def test_every_table_that_is_shown_is_counted_again_here(name: str, request: pytest.FixtureRequest) -> None:
    found: City = request.getfixturevalue(name)
    assert {row["table_id"] for row in found.table("cells") if row["status"] == "published"} == SHOWN[name]


def recount(found: City, table_id: str, people: dict[str, list[date]]) -> None:
    """Every number of a table of groups is that of the days of its categories, and has 11 or more."""
    cells = found.cells(table_id, next(iter(MEASURES[table_id].values)))
    assert cells
    dimension = DIMENSIONS[MEASURES[table_id].dimension]
    counts = {category: in_periods(found, days, "run") for category, days in people.items()}
    for (period, block), number in cells.items():
        again = sum(counts[category][run] for run in found.parts(table_id, period)
                    for category in dimension.covers[block] if category in people)
        assert (period, block, number) == (period, block, again)
        assert number >= 11


def time_of_week(when: datetime | None) -> str:
    """Four hours of the day in one of two parts of the week."""
    return f"{'weekend' if when.weekday() > 4 else 'weekday'}_{when.hour // 4 * 4}" if when else "not_recorded"


def by_category(days: Iterable[tuple[str, date]]) -> dict[str, list[date]]:
    found: dict[str, list[date]] = defaultdict(list)
    for category, day in days:
        found[category].append(day)
    return found


@pytest.mark.parametrize("name", ["milwaukee", "dallas"])
def test_who_came_is_every_call(name: str, request: pytest.FixtureRequest) -> None:
    """The mappings say that the team always came, so that every call is a response."""
    found: City = request.getfixturevalue(name)
    for table_id, value in (("response.met", "responses"), ("response.on_duty", "responses")):
        received = found.cells("demand.received", "calls")
        assert all(number == received[period] for period, number in found.cells(table_id, value).items())
    assert set(found.cells("quality.missing", "missing").values()) == {0}


def collected_tables(found: City) -> set[str]:
    return {measure.id for measure in MEASURES.values() if found.statuses(measure.id) - {"not_collected"}}


# ---- Oakland ----

CRISIS = {"5150", "5150B", "WELCK"}


def clock(row: dict[str, str]) -> datetime:
    """The city writes the local clock twice; the text is read here, the number by the portal."""
    return datetime.strptime(row["CALL_DATE_STR"], "%m/%d/%y %I:%M:%S %p")  # noqa: DTZ007 - the clock itself is compared




def test_oakland_s_gaps_are_stated_in_the_release(oakland: City) -> None:
    days = {clock(row).date() for row in oakland.raw}
    counts = in_periods(oakland, days, "month", "quarter")
    for row in oakland.table("coverage"):
        assert row["days_without_records"] == row["days"] - counts[row["period_id"]], row["period_id"]
    assert counts["2023-03"] == 0, "a month of the longest gap but one"


def test_oakland_s_visible_counts_are_the_recount(oakland: City) -> None:
    grains = ("month", "quarter", "pilot", "year")
    counts = in_periods(oakland, (clock(row).date() for row in oakland.raw if row["CALL_ID"] in CRISIS), *grains)
    cells = oakland.cells("demand.received", "calls")
    assert {period: int(value) for (period, _), value in cells.items()} == dict(counts), "no period is lost, none added"
    assert ("2023-03", "") not in cells, "a month without any record is no 0"


def test_oakland_s_visible_call_types_are_the_recount(oakland: City) -> None:
    types = {"5150": "mental_health", "5150B": "mental_health", "WELCK": "welfare_check"}
    recount(oakland, "demand.by_type", by_category(
        (types[row["CALL_ID"]], clock(row).date()) for row in oakland.raw if row["CALL_ID"] in types))


@pytest.mark.parametrize("name", FILES)
def test_people_are_shown_in_no_small_block(name: str, request: pytest.FixtureRequest) -> None:
    found: City = request.getfixturevalue(name)
    people = {measure.id for measure in MEASURES.values() if measure.kind == "people"}
    cells = [row for row in found.table("cells") if row["table_id"] in people and row["status"] == "published"]
    # This table needs nothing but when calls came.
    other_cells = [cell for cell in cells if cell["table_id"] != "demand.by_time"]
    assert other_cells
    assert not [cell["period_id"] for cell in cells if cell["value"] < 11]


def test_what_oakland_does_not_collect_is_stated_and_never_0(oakland: City) -> None:
    assert collected_tables(oakland) == {"demand.received", "demand.by_type", "demand.by_time", "demand.by_time_detail",
                                        "promise.punctual"}
    values = {row["value"] for row in oakland.table("cells") if row["status"] == "not_collected"}
    assert values == {None}
    for absent in ("response.time_to_scene", "outcome.kind", "outcome.arrest", "equity.age", "equity.race_ethnicity"):
        assert oakland.statuses(absent) == {"not_collected"}


# ---- Milwaukee ----



def test_milwaukee_s_visible_counts_are_the_recount(milwaukee: City) -> None:
    checks = [row for row in milwaukee.raw if row["nature"] == "WELFARE CITIZEN"]
    arrests = sum(row["status"] == "Cleared by Arrest" for row in checks)
    unknown = sum(row["status"] in {"Service in Progress", "To be Filed", "Open Investigation"} for row in checks)
    assert len(checks) == 918
    assert milwaukee.cells("demand.received", "calls", "month") == {("2018-05", ""): 918}
    assert milwaukee.cells("response.met", "responses", "quarter") == {("2018-Q2", ""): 918}
    run = ("run-2018-Q2", "")
    assert milwaukee.cells("outcome.arrest", "arrests", "run") == {run: arrests}
    assert milwaukee.cells("outcome.arrest", "responses", "run") == {run: len(checks)}
    assert milwaukee.cells("outcome.arrest", "not_recorded", "run") == {run: unknown}



def test_milwaukee_s_visible_outcomes_are_the_recount(milwaukee: City) -> None:
    codes = {"Assignment Completed": "resolved_on_scene", "Advised": "resolved_on_scene",
             "False Alarm": "resolved_on_scene", "Advised/Referral": "voluntary_care", "Referral": "voluntary_care",
             "Unable to Locate Complainant": "no_contact"}
    checks = [row for row in milwaukee.raw if row["nature"] == "WELFARE CITIZEN"]
    recount(milwaukee, "outcome.kind", by_category(
        (codes.get(row["status"], "not_recorded"), date.fromisoformat(row["time"][:10])) for row in checks
        if row["status"] != "Cleared by Arrest"))
    times = [datetime.fromisoformat(row["time"]) for row in checks]
    recount(milwaukee, "demand.by_time", by_category((time_of_week(when), when.date()) for when in times))


def test_milwaukee_s_quarter_is_partial(milwaukee: City) -> None:
    listed = {row["period_id"]: row["days_without_records"] for row in milwaukee.table("coverage")}
    assert listed == {"2018-04": 30, "2018-05": 10, "2018-06": 30, "2018-Q2": 70}


# ---- Dallas ----

def incidents(raw: Raw) -> dict[str, list[dict[str, str]]]:
    """Each incident's rows in which the person is said to be mentally unstable."""
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in raw:
        if row["CIT_INFL_A"].strip() == "Mentally unstable":
            found[row["FILENUM"].strip()].append(row)
    return found


def first_day(rows: Raw) -> date:
    days = (row["OCCURRED_D"].strip().split("/") for row in rows)
    return min(date(int(year), int(month), int(day)) for month, day, year in days)




def test_dallas_s_visible_counts_are_the_recount(dallas: City) -> None:
    days = [first_day(rows) for rows in incidents(dallas.raw).values()]
    counts = in_periods(dallas, days, "month", "quarter", "year", "pilot")
    for table_id, value in (("demand.received", "calls"), ("response.met", "responses")):
        cells = dallas.cells(table_id, value)
        assert {period: int(number) for (period, _), number in cells.items()} == dict(counts)


@pytest.mark.parametrize(("table_id", "column", "codes"), [
    ("equity.race_ethnicity", "CitRace", {"Asian": "asian", "Black": "black", "Hispanic": "hispanic", "White": "white",
                                          "American Ind": "another", "Other": "another"}),
    ("equity.gender", "CitSex", {"Female": "woman", "Male": "man"}),
])
def test_dallas_s_visible_blocks_are_the_recount(table_id: str, column: str, codes: dict[str, str],
                                                dallas: City) -> None:
    def category(rows: Raw) -> str:
        answers = {codes[row[column].strip()] for row in rows if row[column].strip() in codes}
        return answers.pop() if len(answers) == 1 else "not_recorded"
    recount(dallas, table_id, by_category((category(rows), first_day(rows)) for rows in incidents(dallas.raw).values()))


def occurred(row: dict[str, str]) -> datetime | None:
    """When it happened; nothing where only the day is known, or midnight stands for that."""
    text = f"{row['OCCURRED_D'].strip().split()[0]} {row['OCCURRED_T'].strip()}"
    forms = {2: "%m/%d/%Y %I:%M %p", 3: "%m/%d/%Y %I:%M:%S %p"}
    found = re.fullmatch(r"\S+ [0-9]+((?::[0-9]+)+) [AP]M", text)
    when = datetime.strptime(text, forms[found[1].count(":") + 1]) if found else None  # noqa: DTZ007 - the clock itself
    return None if when and (when.hour, when.minute, when.second) == (0, 0, 0) else when


def test_dallas_s_visible_times_are_the_recount(dallas: City) -> None:
    def category(rows: Raw) -> str:
        return time_of_week(min((when for row in rows if (when := occurred(row))), default=None))
    recount(dallas, "demand.by_time",
            by_category((category(rows), first_day(rows)) for rows in incidents(dallas.raw).values()))


def test_dallas_s_visible_arrests_are_the_recount(dallas: City) -> None:
    arrested = [first_day(rows) for rows in incidents(dallas.raw).values()
                if any(row["CIT_ARREST"].strip() in {"Yes", "true"} for row in rows)]
    counts = in_periods(dallas, arrested, "run")
    cells = dallas.cells("outcome.arrest", "arrests", "run")
    assert cells
    assert all(value == counts[period] for (period, _), value in cells.items())


def test_oakland_s_calls_by_the_time_of_the_week_are_the_recount(oakland: City) -> None:
    times = [clock(row) for row in oakland.raw if row["CALL_ID"] in CRISIS]
    recount(oakland, "demand.by_time", by_category((time_of_week(when), when.date()) for when in times))
