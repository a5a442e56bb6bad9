"""The examples on the Data page are run as they stand there."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from portal.exports.spreadsheets import Sheet, as_csv
from portal.release import queries
from portal.release.store import Release
from tests.conftest import SHIPPED, SMALLEST
from tests.source import ROOT

EXAMPLES = re.findall(r"~~~(\w+)\n(.*?)~~~", (ROOT / "content/en/data/use.md").read_text(encoding="utf-8"), re.DOTALL)
RELEASE = SMALLEST[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(SHIPPED / RELEASE / "csv" / "cells.csv", tmp_path)
    sheet = Sheet("t", (("Made-up numbers.", 'A "quoted", long remark.'),), ("Month", "Calls"), (("May", 41),))
    (tmp_path / "figure.csv").write_bytes(as_csv(sheet))
    return tmp_path


def test_there_are_examples() -> None:
    assert {language for language, _ in EXAMPLES} == {"python", "r"}


@pytest.mark.parametrize(("language", "program"), EXAMPLES)
def test_an_example_runs_and_gives_the_numbers_of_the_release(folder: Path, language: str, program: str) -> None:
    command = [sys.executable, "-"] if language == "python" else ["Rscript", "-"]
    if not shutil.which(command[0]):
        pytest.skip("R is not installed")
    done = subprocess.run(command, input=program, cwd=folder, text=True, capture_output=True, check=True, timeout=60)
    rows = [one for one in queries.table(Release(SHIPPED / RELEASE), "cells").records()
            if one["table_id"] == "demand.received" and one["value"] is not None]
    wanted = ["41"] if "figure.csv" in program else [f"{one['value']:.0f}" for one in rows]
    assert wanted
    assert all(re.search(rf"\b{value}\b", done.stdout) for value in wanted), done.stdout


def test_what_the_text_links_to_is_served() -> None:
    from portal.application import ROUTES

    paths = {getattr(route, "path", "") for route in ROUTES}
    links = re.findall(r"\]\((/[^)]+)\)", (ROOT / "content/en/data/use.md").read_text(encoding="utf-8"))
    assert set(links) <= paths
