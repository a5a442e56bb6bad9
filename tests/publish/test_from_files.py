"""From files to a release, or to a sentence: inputs of kinds that were met elsewhere, each made here."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from portal.errors import ExtractRefused, MappingWrong, PortalError
from portal.publish.ingest.columns import COLUMNS
from portal.publish.ingest.remark import REMARKS
from portal.publish.publish import publish
from portal.release import queries
from portal.release.store import Release

END, ON = date(2026, 6, 30), date(2026, 8, 14)
CITY = ZoneInfo("America/New_York")
US = "%m/%d/%Y %I:%M:%S %p"
HEADER = ("Event", "Received", "Arrived", "Answered", "Person")
MAPPED = ("call_id", "received", "arrived", "answered_by", "person_key", "call_type", "eligibility")
MAP = """
title = "Test"
time_zone = "America/New_York"
not_collected = [{absent}]
[coverage]
start = 2026-04-01
quiet_days = 3
[incident]
key = "Event"
[columns.received]
from = "Received"
format = "{form}"
[columns.arrived]
from = "Arrived"
format = "{form}"
[columns.person_key]
from = "Person"
{person}
[columns.call_type]
always = "mental_health"
[columns.eligibility]
always = "eligible"
[columns.answered_by]
from = "Answered"
[columns.answered_by.codes]
team = ["CR"]
police = ["PD"]
"""
Calls = list[tuple[datetime, bool, str]]  # received, whether the team answered, the person
Numbers = dict[tuple[str, str, str, str], float]


@pytest.fixture(scope="module")
def calls() -> Calls:
    """Three calls a day of a quarter, by the City's clock."""
    chance = Random(5)
    days = [date(2026, 4, 1) + timedelta(days=at) for at in range(91)]
    return [(datetime(day.year, day.month, day.day, hour, chance.randrange(50), tzinfo=CITY), chance.random() < .5,
             f"P{chance.randrange(90):04d}") for day in days for hour in (2, 14, 19)]


def rows(calls: Calls, form: str, zone: tzinfo = CITY) -> Iterator[tuple[str, ...]]:
    for at, (when, team, person) in enumerate(calls, 1):
        received, arrived = ((when + timedelta(minutes=wait)).astimezone(zone).strftime(form) for wait in (0, 9))
        yield f"26-{at:05d}", received, arrived if team else "", "CR" if team else "PD", person


def written(folder: Path, calls: Calls, form: str = "%Y-%m-%d %H:%M:%S", zone: tzinfo = CITY) -> Path:
    path = folder / "calls.csv"
    path.write_text("".join(",".join(row) + "\n" for row in (HEADER, *rows(calls, form, zone))), encoding="utf-8")
    return path


def published(path: Path, form: str = "iso", *, end: date | None = END, on: date = ON, person: str = "",
              name: str = "TRY", mapping: str = MAP) -> Numbers:
    """All numbers that a reader sees; the team is on duty from 13:00 to 21:00."""
    folder = path.parent
    absent = ", ".join(f'"{column.name}"' for column in COLUMNS if column.name not in MAPPED)
    (folder / "map.toml").write_text(mapping.format(absent=absent, form=form, person=person), encoding="utf-8")
    shifts = [f"{day}T13:00,{day}T21:00,{day}T13:00,{day}T21:00\n" for day in
              (date(2026, 4, 1) + timedelta(days=at) for at in range(91))]
    (folder / "roster.csv").write_text("shift_start,shift_end,covered_start,covered_end\n" + "".join(shifts), "utf-8")
    result = publish(path, folder / "map.toml", name, "preliminary", folder / f"releases-{name}", period_end=end,
                     published_on=on, roster=folder / "roster.csv", accept=tuple(REMARKS))
    assert result.folder
    return {(cell["table_id"], cell["period_id"], cell["measure_id"], cell["category_1"]): cell["value"]
            for cell in queries.table(Release(result.folder), "cells").records if cell["status"] == "published"}


@pytest.fixture(scope="module")
def truth(calls: Calls, tmp_path_factory: pytest.TempPathFactory) -> Numbers:
    """The numbers of the calls written cleanly; some of them counted by hand."""
    numbers = published(written(tmp_path_factory.mktemp("truth"), calls), name="TRUTH")
    assert numbers["demand.received", "2026-Q2", "calls", ""] == 273
    team = [when for when, team, _ in calls if team]
    assert numbers["response.met", "2026-Q2", "responses", ""] == len(team)
    return numbers


# ---- times ----

def test_afternoons_are_read_as_afternoons(calls: Calls, truth: Numbers, tmp_path: Path) -> None:
    path = written(tmp_path, calls, US)
    for wrong in (US.replace("%I", "%H"), US.replace(" %p", "")):
        with pytest.raises(MappingWrong, match=r"\[columns.received\] format"):
            published(path, wrong)
    assert published(path, US) == truth


def test_a_clock_in_utc_is_read_by_its_format(calls: Calls, truth: Numbers, tmp_path: Path) -> None:
    assert published(written(tmp_path, calls, zone=UTC), "iso_utc") == truth
    assert published(written(tmp_path, calls, US, UTC), f"utc:{US}", name="US") == truth


def test_names_of_the_zone_are_read(calls: Calls, truth: Numbers, tmp_path: Path) -> None:
    assert published(written(tmp_path, calls, f"{US} %Z"), f"{US} %Z") == truth


def test_date_cells_and_time_cells_are_read(calls: Calls, truth: Numbers, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Event", "Day", "Clock", "ArrivedClock", "Answered", "Person"])
    for (when, _, _), (event, _, arrived, answered, person) in zip(calls, rows(calls, "%H:%M:%S"), strict=True):
        clock = datetime.strptime(arrived, "%H:%M:%S").time() if arrived else None  # noqa: DTZ007
        book.active.append([event, when.date(), when.time(), clock, answered, person])
    book.save(tmp_path / "calls.xlsx")
    joined = MAP.replace('"Received"', '["Day", "Clock"]').replace('"Arrived"', '["Day", "ArrivedClock"]')
    assert published(tmp_path / "calls.xlsx", mapping=joined) == truth


# ---- keys ----

@pytest.mark.parametrize("word", ["NULL", "#N/A", "0", "UNKNOWN"])
def test_a_word_is_no_person(word: str, calls: Calls, tmp_path: Path) -> None:
    chance = Random(7)
    unknown = [chance.random() < .2 for _ in calls]
    blank, words = ([(when, team, text if gone else person) for (when, team, person), gone in
                     zip(calls, unknown, strict=True)] for text in ("", word))
    right = published(written(tmp_path, blank), name="BLANK")
    with pytest.raises(ExtractRefused, match="key_means_nothing"):
        published(written(tmp_path, words))
    assert published(written(tmp_path, words), person=f'missing = ["{word}"]') == right


@pytest.mark.parametrize("change", [
    lambda at, person: f"{1_002_600_000_000 + int(person[1:]) * 7:.5E}",  # as a spreadsheet saves 13 digits
    lambda at, person: person.lower() if at % 2 else person,
    lambda at, person: f"P{int(person[1:])}" if at % 3 else person])
def test_persons_are_neither_joined_nor_parted(
    change: Callable[[int, str], str], calls: Calls, tmp_path: Path
) -> None:
    changed = [(when, team, change(at, person)) for at, (when, team, person) in enumerate(calls)]
    with pytest.raises(ExtractRefused, match=r"key_cut_short|keys_alike"):
        published(written(tmp_path, changed))


# ---- days ----

def test_a_slip_of_the_year_closes_no_quarter(calls: Calls, tmp_path: Path) -> None:
    slip = [*calls, (datetime(2062, 5, 4, 12, tzinfo=CITY), False, "P0001")]
    with pytest.raises(ExtractRefused, match="after_publication"):
        published(written(tmp_path, slip), end=None, on=date(2026, 11, 14))


# ---- files ----

def test_files_that_lie_about_themselves_are_reported(calls: Calls, truth: Numbers, tmp_path: Path) -> None:
    path = written(tmp_path, calls)
    text = path.read_text("utf-8")
    for changed, remedy in (("Calls for service\nPrinted 2026-07-14\n" + text, "header_row = 3"),
                            (text.replace("26-00187,", '"26-00187" pipe,'), "row 188")):
        path.write_text(changed, encoding="utf-8")
        with pytest.raises(PortalError, match=remedy):
            published(path)
    path.write_text("sep=;\r\n" + text.replace(",", ";"), encoding="utf-8")
    assert published(path) == truth
    path.write_bytes(text.encode("utf-16"))
    assert published(path, name="UTF16") == truth
