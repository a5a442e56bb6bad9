"""Every pinned library is used: imported, or run as a command by the Makefile or a script."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest

from tests.source import ROOT, modules

# Used without an import in this project: what loads them, and why.
LOADED_BY_OTHERS = {
    "psycopg": "SQLAlchemy loads it for addresses that begin with postgresql+psycopg",
    "tzdata": "zoneinfo reads it where the system has no time zones",
    "pandas-stubs": "mypy", "types-openpyxl": "mypy", "types-html5lib": "mypy",
    "pytest-xdist": "pytest's option -n",
    "httpx2": "Starlette's TestClient",
    "duckdb": "tests/exports/test_use.py starts it in a process of its own, as a reader of the Data page would",
}


def named(file: str) -> list[str]:
    """The libraries that a requirements file names, in its spelling."""
    lines = (ROOT / file).read_text("utf-8").splitlines()
    return [found[0] for line in lines if (found := re.match(r"[A-Za-z0-9][\w.-]*", line))]


@cache
def imported() -> frozenset[str]:
    """The top-level packages that the project's code, tests and scripts import."""
    read = modules("portal", "pages", "tests", "bench", "scripts", "streamlit_app.py")
    return frozenset(name.split(".")[0] for module in read for _, name in module.imports())


@cache
def owners() -> Mapping[str, list[str]]:
    """The libraries that install each top-level package."""
    return packages_distributions()


def commands(library: str) -> set[str]:
    """The commands that a library installs; a library of one program, such as ruff, has its own name."""
    return {library, *(point.name for point in distribution(library).entry_points if point.group == "console_scripts")}


def is_used(library: str, imports: frozenset[str], scripts: str) -> bool:
    """Whether a library is imported, run as a command, or known to be loaded by another."""
    plain = library.lower().replace("_", "-")
    tops = {top for top, names in owners().items() if plain in {name.lower().replace("_", "-") for name in names}}
    return bool(tops & imports) or plain in LOADED_BY_OTHERS or any(
        re.search(rf"\b{re.escape(command)}\b", scripts) for command in commands(library))


@pytest.mark.parametrize("library", [*named("requirements.txt"), *named("requirements-dev.txt")])
def test_a_pinned_library_is_used(library: str) -> None:
    scripts = "".join(file.read_text("utf-8") for file in (ROOT / "Makefile", *Path(ROOT / "scripts").iterdir())
                      if file.is_file())
    assert is_used(library, imported(), scripts), f"nothing uses {library}: remove it from the requirements"


def test_a_library_that_nothing_imports_is_found() -> None:
    assert not is_used("icalendar", imported() - {"icalendar"}, scripts="")
