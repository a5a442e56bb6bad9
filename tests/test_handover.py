"""What whoever carries on finds: the hooks, the workflow and the rules of editors name what is there."""

import configparser
import re
import tomllib
from typing import Any

import pytest
import yaml

from tests.source import ROOT, files

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
MAKE = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text("utf-8"))


def hooks() -> list[dict[str, Any]]:
    return [hook for repo in read(".pre-commit-config.yaml")["repos"] for hook in repo["hooks"]]


def test_the_hooks_fetch_nothing_and_run_what_is_there() -> None:
    assert {repo["repo"] for repo in read(".pre-commit-config.yaml")["repos"]} == {"local"}
    named = re.findall(r"tests/\S+\.py", " ".join(hook["entry"] for hook in hooks()))
    assert named
    assert all((ROOT / path).is_file() for path in named)


@pytest.mark.parametrize(("path", "refused"), [
    ("calls.csv", True), ("private/log.xlsx", True), ("a/b.csv.gz", True), ("x.sqlite", True), ("notes.md", False),
    ("data/releases/2027-Q3/csv/cells.csv", False), ("data/releases/2027-Q3/release.sqlite", False)])
def test_a_table_that_may_be_an_extract_is_not_committed(path: str, refused: bool) -> None:
    hook, = (hook for hook in hooks() if hook["id"] == "extracts")
    assert bool(re.search(hook["files"], path) and not re.search(hook["exclude"], path)) == refused
    assert not [str(path) for path in files() if re.search(hook["files"], path.as_posix())
                and not re.search(hook["exclude"], path.as_posix())]


def test_a_public_host_runs_make_test_on_every_python_that_the_portal_is_for() -> None:
    job = read(".github/workflows/test.yml")["jobs"]["test"]
    assert "make test" in [step.get("run") for step in job["steps"]]
    assert "test" in MAKE
    assert PROJECT["project"]["requires-python"] == f">={job['strategy']['matrix']['python'][0]}"


def test_an_editor_breaks_lines_where_the_check_of_style_does() -> None:
    parser = configparser.ConfigParser()
    parser.read_string("[top]\n" + (ROOT / ".editorconfig").read_text("utf-8"))
    assert int(parser["*.py"]["max_line_length"]) == PROJECT["tool"]["ruff"]["line-length"]


def test_the_version_has_its_part_of_the_changelog() -> None:
    version = re.escape(PROJECT["project"]["version"])
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.search(rf"^## \[{version}\] - \d{{4}}-\d\d-\d\d$", changes, re.MULTILINE)


def test_who_thinks_that_somebody_can_be_recognised_is_told_whom_to_tell() -> None:
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    assert "I think I can tell who somebody is" in text
    assert "PORTAL_FEEDBACK" in text
    assert not re.findall(r"[\w.]+@[\w.]+", text), "a contact is the City's to name, in its setting"
    linked = re.findall(r"\]\(([^)h][^)]*)\)", text)
    assert all((ROOT / path).is_file() for path in linked)
