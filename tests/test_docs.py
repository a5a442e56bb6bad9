"""Documents name files, commands and names that exist."""

import re

import pytest

from tests.source import ROOT, Module, modules

DOCUMENTS = ["README.md", "CONTRIBUTING.md", "docs/tour.md", "docs/glossary.md", "docs/decisions.md"]
PATH = re.compile(r"`((?:portal|pages|tests|content|docs|data|deploy|bench|scripts)/[\w./-]+?)(?:::\w+)?`")
PLACEHOLDERS = {"pages/name.py"}
ROW = re.compile(r"^\| (?!you look for|---)(.+?) \| (`.+?) \| (.*) \|$", re.MULTILINE)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_file_that_a_document_names_is_there(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    missing = [path for path in set(PATH.findall(text)) - PLACEHOLDERS
               if not (ROOT / path).exists() and not list(ROOT.glob(path))]
    assert not missing, f"{name} names {', '.join(missing)}"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_of_make_that_a_document_names_is_there(name: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)", (ROOT / name).read_text("utf-8"))) <= targets


def test_the_tour_leads_to_names_that_stand_in_the_file_it_names() -> None:
    rows = ROW.findall((ROOT / "docs" / "tour.md").read_text("utf-8"))
    assert len(rows) > 15
    for question, opened, then in rows:
        named = re.findall(r"`([^`]+)`", f"{opened} {then}")
        files = [file for name in named for file in (*ROOT.glob(name), *ROOT.glob(f"portal/**/{name}"))]
        assert files, f"{question}: the tour names no file that is there"
        text = "".join(path.read_text("utf-8") for file in files
                       for path in (file.rglob("*.py") if file.is_dir() else [file]))
        lost = [name for name in named if re.fullmatch(r"\[?[A-Za-z_.]+\]?", name) and name not in text
                and not list(ROOT.glob(f"portal/**/{name}"))]
        assert not lost, f"{question}: {', '.join(lost)} does not stand in the files beside it"


def test_what_make_check_runs_is_there() -> None:
    listed = re.search(r"^CHECKED := ((?:.*\\\n)*.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert listed
    paths = listed[1].replace("\\\n", " ").split()
    assert [path for path in paths if not list((ROOT / path).glob("test_*.py")) and not (ROOT / path).is_file()] == []


def caching(module: Module) -> bool:
    """Whether a module makes a cache: by functools, by cachetools, or a class of its own."""
    return any(name in {"functools.cache", "functools.lru_cache"} or name.startswith("cachetools.")
               for _, name in module.imports()) or bool(re.search(r"^class \w+Cache\b", module.text, re.MULTILINE))


def test_every_cache_stands_in_the_table_of_caches() -> None:
    table = (ROOT / "docs" / "operating.md").read_text("utf-8").partition("## What a server keeps in memory")[2]
    rows = re.findall(r"^\| .+ \|$", table, re.MULTILINE)[2:]
    assert len(rows) <= 12, "at most a dozen caches"
    caches = [module.path.as_posix().removeprefix("portal/") for module in modules("portal") if caching(module)]
    assert len(caches) > 5
    assert not [cache for cache in caches if f"`{cache}`" not in table]
    unlimited = [module.path.name for module in modules("portal")
                 if any(name == "functools.cache" for _, name in module.imports())]
    assert unlimited == ["shipped.py"], "A cache has a limit, but for what comes with the code"
