"""Extracts of other cities, that nobody on this project made, are read to answers that were counted independently."""

import csv
import gzip
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from portal.publish.ingest.columns import COLUMNS
from portal.publish.ingest.extract import Extract, read_extract
from portal.publish.ingest.mapping import read_mapping
from tests.source import ROOT

MAPPINGS = ROOT / "tests" / "mappings"


def raw(path: Path) -> Iterator[dict[str, str]]:
    """The rows, read by other means than the portal's."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@pytest.fixture(scope="module")
def oakland(realdata: Path) -> Extract:
    return read_extract(realdata / "oakland" / "calls.csv.gz", read_mapping(MAPPINGS / "oakland.toml"))


@pytest.fixture(scope="module")
def milwaukee(realdata: Path) -> Extract:
    return read_extract(realdata / "milwaukee" / "calls.csv.gz", read_mapping(MAPPINGS / "milwaukee.toml"))


@pytest.fixture(scope="module")
def dallas(realdata: Path) -> Extract:
    return read_extract(realdata / "dallas" / "force.csv.gz", read_mapping(MAPPINGS / "dallas.toml"))


def test_oakland_has_its_known_calls(oakland: Extract) -> None:
    counts = Counter(oakland.calls["call_type"])
    assert counts == {"mental_health": 4_766 + 122, "welfare_check": 4_411}
    report = oakland.report
    assert (report.rows_read, report.calls, report.rows_left_out) == (280_661, 4_766 + 122 + 4_411, 0)
    assert report.rows_not_counted == 280_661 - report.calls
    assert report.problems == ()


def test_oaklands_clock_is_read_right(oakland: Extract, realdata: Path) -> None:
    """The source writes each time twice; the other way of writing says the same local clock."""
    written = {row["I_EVENTNUMBER"]: row["CALL_DATE_STR"] for row in raw(realdata / "oakland" / "calls.csv.gz")
               if row["CALL_ID"] in ("5150", "5150B", "WELCK")}
    calls = oakland.calls.set_index("call_id")["received"]
    assert len(calls) == len(written)
    local = calls.dt.tz_localize(None)
    for key, text in written.items():
        clock = datetime.strptime(text, "%m/%d/%y %I:%M:%S %p")  # noqa: DTZ007 - the clock itself is compared
        assert local[key] == clock, "a clock differs"
    assert set(calls.dt.strftime("%z")) == {"-0800", "-0700"}


def test_oaklands_gaps_are_reported(oakland: Extract, realdata: Path) -> None:
    epoch = date(1970, 1, 1)
    codes_seen = {
        epoch + timedelta(days=int(row["CALL_DATE"]) // 86_400_000)
        for row in raw(realdata / "oakland" / "calls.csv.gz")
    }
    first, last = date(2022, 11, 14), date(2024, 5, 19)
    missing = {first + timedelta(days=at) for at in range((last - first).days + 1)} - codes_seen
    assert len(codes_seen) == 276
    assert oakland.quiet_days == missing
    assert (oakland.first_day, oakland.last_day) == (first, last)
    assert oakland.report.quiet_stretches == (
        (date(2022, 12, 18), date(2022, 12, 19)),
        (date(2022, 12, 22), date(2023, 1, 4)),
        (date(2023, 2, 10), date(2023, 4, 18)),
        (date(2023, 6, 28), date(2023, 12, 18)),
        (date(2024, 3, 5), date(2024, 3, 19)),
        (date(2024, 3, 30), date(2024, 4, 2)),
    )


def test_what_oakland_does_not_collect_is_absent_and_no_zero(oakland: Extract) -> None:
    assert oakland.collected == {"call_id", "received", "call_type"}
    assert not ({column.name for column in COLUMNS} - oakland.collected) & set(oakland.calls.columns)


def test_milwaukee_has_its_known_calls(milwaukee: Extract) -> None:
    assert Counter(milwaukee.calls["call_type"]) == {"welfare_check": 918}
    assert (milwaukee.report.rows_read, milwaukee.report.problems, milwaukee.report.quiet_stretches) == (33_968, (), ())
    assert (milwaukee.first_day, milwaukee.last_day) == (date(2018, 5, 1), date(2018, 5, 21))


def test_every_final_status_of_milwaukee_has_its_category(milwaukee: Extract, realdata: Path) -> None:
    rows = list(raw(realdata / "milwaukee" / "calls.csv.gz"))
    assert len({row["status"] for row in rows}) == 16
    mapping = read_mapping(MAPPINGS / "milwaukee.toml")
    for column in ("outcome", "arrest"):
        codes = mapping.fields[column].codes
        assert set(codes) == {row["status"] for row in rows}, "each is named, none is caught by the wildcard"
        expected = {row["id"]: codes[row["status"]] for row in rows if row["nature"] == "WELFARE CITIZEN"}
        found = milwaukee.calls.set_index("call_id")[column]
        words = {True: "yes", False: "no"} if column == "arrest" else {}
        assert {key: "not_recorded" if value is None or value != value else words.get(value, value)
                for key, value in found.astype(object).where(found.notna(), None).items()} == expected


def test_dallas_counts_incidents_and_not_rows(dallas: Extract, realdata: Path) -> None:
    rows = [row for row in raw(realdata / "dallas" / "force.csv.gz") if row["CIT_INFL_A"] == "Mentally unstable"]
    in_2016 = [row for row in rows if row["year"] == "2016"]
    assert (len(in_2016), len({row["FILENUM"] for row in in_2016})) == (412, 271)
    years = dallas.calls["received_on"].dt.year
    assert int((years == 2016).sum()) == 271
    assert (dallas.report.rows_counted, dallas.report.calls) == (len(rows), len({row["FILENUM"] for row in rows}))
    assert (dallas.report.rows_read, dallas.report.rows_left_out) == (10_750, 0)


def test_yes_and_true_are_read_alike(dallas: Extract, realdata: Path) -> None:
    """Yes/No in 2016 and 2018, true/false in 2017 and 2019; an incident has an arrest if any of its rows does."""
    for source, column in (("CIT_ARREST", "arrest"), ("CIT_INJURE", "injury_resident")):
        expected: dict[str, bool] = {}
        spelled: dict[str, set[str]] = {}
        for row in raw(realdata / "dallas" / "force.csv.gz"):
            spelled.setdefault(row["year"], set()).add(row[source])
            if row["CIT_INFL_A"] == "Mentally unstable":
                expected[row["FILENUM"]] = expected.get(row["FILENUM"], False) or row[source] in ("Yes", "true")
        assert spelled == {
            "2016": {"Yes", "No"},
            "2017": {"true", "false"},
            "2018": {"Yes", "No"},
            "2019": {"true", "false"},
        }
        assert dallas.calls.set_index("call_id")[column].to_dict() == expected


def test_a_year_without_times_of_day_still_counts(dallas: Extract, realdata: Path) -> None:
    rows = {
        row["FILENUM"]: row
        for row in raw(realdata / "dallas" / "force.csv.gz")
        if row["CIT_INFL_A"] == "Mentally unstable"
    }
    in_2018 = dallas.calls[dallas.calls["received_on"].dt.year == 2018]
    assert len(in_2018) == sum(row["year"] == "2018" for row in rows.values())
    assert in_2018["received"].isna().all()
    assert [problem.reason for problem in dallas.report.problems] == [
        "midnight_time",
        "differs_within_incident",
        "differs_within_incident",
    ]


@pytest.mark.skipif(os.name == "nt", reason="Windows does not tell a process's peak memory this way")
def test_oakland_is_read_in_bounded_memory(realdata: Path) -> None:
    """In a process of its own, so that nothing else counts: under 500 MB and 20 processor seconds for 280,661 rows."""
    path = realdata / "oakland" / "calls.csv.gz"
    code = ("import resource\nfrom pathlib import Path\nfrom portal.publish.ingest.extract import read_extract\n"
            "from portal.publish.ingest.mapping import read_mapping\n"
            f"read_extract(Path({str(path)!r}), read_mapping(Path('tests/mappings/oakland.toml')))\n"
            "used, status = resource.getrusage(resource.RUSAGE_SELF), Path('/proc/self/status')\n"
            "peak = status.read_text().split('VmHWM:')[1].split()[0] if status.exists() else used.ru_maxrss\n"
            "print(peak, used.ru_utime)")  # on Linux ru_maxrss holds the peak of the process that started this one, too
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    peak, seconds = map(float, result.stdout.split())
    assert peak * (1 if sys.platform == "darwin" else 1024) < 500e6
    assert seconds < 20, "some three are usual"
