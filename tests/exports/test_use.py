"""The examples on the Data page are run as they stand there, by the programs they are for."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from portal.application import ROUTES
from portal.exports.spreadsheets import Worksheet, as_csv
from portal.language import LANGUAGES
from portal.release import queries
from portal.release.store import Release
from tests.conftest import SHIPPED, SMALLEST
from tests.source import ROOT

RELEASE = SMALLEST[1]
DUCKDB = "import duckdb, sys; duckdb.sql(sys.stdin.read()).show()"
PROGRAMS = {"python": [sys.executable, "-"], "r": ["Rscript", "-"], "sql": [sys.executable, "-c", DUCKDB]}


def examples(language: str) -> list[tuple[str, str]]:
    text = (ROOT / "content" / language / "data" / "use.md").read_text(encoding="utf-8")
    return re.findall(r"~~~(\w+)\n(.*?)~~~", text, re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(SHIPPED / RELEASE / "csv" / "cells.csv", tmp_path)
    about = (("Made-up numbers.", 'A "quoted", long remark; # and more.'), ("Señal", "Ayisyen, नेपाली"))
    sheet = Worksheet("t", about, ("Month", "Calls"), (("May", 41), ("#6", None)))
    (tmp_path / "figure.csv").write_bytes(as_csv(sheet))
    return tmp_path


def test_there_are_the_same_examples_in_every_language() -> None:
    assert {program for program, _ in examples("en")} == PROGRAMS.keys()
    assert all(examples(language) == examples("en") for language in LANGUAGES)


def test_one_call_opens_a_figure_s_file() -> None:
    calls = [text for _, text in examples("en") if "figure.csv" in text]
    assert len(calls) == len(PROGRAMS)
    assert all(text.count("figure.csv") == 1 for text in calls)


@pytest.mark.parametrize(("program", "text"), examples("en"))
def test_an_example_runs_and_gives_the_numbers_of_the_release(folder: Path, program: str, text: str) -> None:
    command = PROGRAMS[program]
    if not shutil.which(command[0]):
        pytest.skip("R is not installed")
    process = subprocess.run(command, input=text, cwd=folder, text=True, capture_output=True, check=True, timeout=60)
    rows = [row for row in queries.table(Release(SHIPPED / RELEASE), "cells").records
            if row["table_id"] == "demand.received" and row["value"] is not None]
    wanted = ["41", "#6"] if "figure.csv" in text else [f"{row['value']:.0f}" for row in rows]
    assert wanted
    assert all(re.search(rf"(?<!\w){value}\b", process.stdout) for value in wanted), process.stdout


def test_what_the_text_links_to_is_served() -> None:
    paths = {getattr(route, "path", "") for route in ROUTES}
    links = re.findall(r"\]\((/[^)]+)\)", (ROOT / "content/en/data/use.md").read_text(encoding="utf-8"))
    assert set(links) <= paths
