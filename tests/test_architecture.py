"""The rooms of portal/ and the doors between them: docs/decisions.md and each room's __init__ say what they are for.

Every rule is a small function from modules to findings. The last test plants one offense a rule and sees it found,
so that a rule can't quietly stop looking.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Callable
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.source import ROOT, Module, dotted, files, modules, report, text_of

COMMON = {"language", "settings", "errors", "navigation", "page", "logs", "clock", "palette", "contract",
          "platforms", "streamlit_internals", "texts", "shipped"}
# What each room of portal/ may import of portal/, beside itself. Downward only; __main__ may import all.
MAY_IMPORT: dict[str, set[str]] = {
    "": set(),
    "errors": set(),
    "settings": {"errors"},
    "clock": set(),
    "palette": set(),
    "platforms": set(),
    "streamlit_internals": set(),
    "page": set(),
    "navigation": {"page"},
    "shipped": set(),
    "texts": {"settings", "shipped"},
    "language": {"settings", "errors", "navigation", "page", "shipped"},  # its gather module collects words
    "logs": {"settings", "errors"},
    "contract": {"errors"},
    "release": COMMON,
    "search": COMMON,
    "figures": {"release"} | COMMON,
    "render": {"figures", "release"} | COMMON,
    "builder": {"render", "figures", "release"} | COMMON,
    "server": {"search", "builder", "render", "figures", "release"} | COMMON,
    "exports": {"server", "search", "builder", "render", "figures", "release"} | COMMON,
    "brief": {"server", "builder", "render", "figures", "release"} | COMMON,
    "streamlit_site": {"server", "builder", "render", "figures", "release"} | COMMON,
    "application": {"streamlit_site", "exports", "brief", "server", "builder", "render", "figures", "release"} | COMMON,
    "serve": {"application", "server", "streamlit_site"} | COMMON,
    "publish": {"release"} | COMMON,
    "replicate": {"release"} | COMMON,
    "withdrawn": {"navigation", "render"} | COMMON,
}
ROOMS = ("contract", "publish", "release", "figures", "render", "builder", "server", "exports", "brief",
         "streamlit_site", "language", "search")

# Where SQL may stand. store.py opens a database by its URL alone (mode=ro, immutable), and verify.py asks through
# queries.py: neither needs a statement of its own, not even a PRAGMA.
SQL_WRITTEN_IN = {
    "portal/release/queries.py",  # the only questions asked of a release
    "portal/publish/output/write.py",  # makes release.sqlite: CREATE, INSERT, VACUUM INTO, once, while publishing
    "portal/replicate.py",  # loads releases into PostgreSQL: CREATE, INSERT, GRANT, from the command line alone
}
DATABASE_DRIVERS_IN = SQL_WRITTEN_IN | {
    "portal/release/store.py",  # opens the connection, says nothing over it
    "portal/release/postgres_mirror.py",  # copies releases from PostgreSQL
}
SQL = re.compile(
    r"\bSELECT\b[\s\S]+?\bFROM\b|\bINSERT\s+(OR\s+\w+\s+)?INTO\b|\bDELETE\s+FROM\b|\bUPDATE\s+[\w\"]+\s+SET\b"
    r"|\b(CREATE|DROP|ALTER)\s+(TEMP\s+|UNIQUE\s+)?(TABLE|INDEX|VIEW|TRIGGER)\b|\bPRAGMA\s+\w+|\bATTACH\s+(DATABASE\b|')"
    r"|\bVACUUM\b"
)
LOWER_SQL = re.compile(r"^\s*(select\s+[\w*,.\s\"()]+\s+from\s+\w+|insert\s+into|delete\s+from|update\s+\w+\s+set\b"
                       r"|create\s+(table|index|view)|drop\s+table|pragma\s+\w+|attach\s+database|vacuum\b)")
# Where a library gives or takes values of any type: rows of SQL, content of JSON and TOML, values of a data frame,
# messages of ASGI, charts in Vega-Lite, what a child process sends. Everywhere else a type says what a value is.
ANY_MAY_STAND_IN = (
    *(f"portal/release/{name}.py" for name in ("queries", "book", "store", "verify")), "portal/replicate.py",
    *(f"portal/publish/output/{name}.py" for name in ("ledger", "describe", "write")), "portal/publish/audit.py",
    "portal/publish/review/counts.py", "portal/exports/sheets.py",
    *(f"portal/publish/ingest/{name}.py" for name in ("section", "mapping", "parquet")),
    "portal/publish/proposal/lexicon.py", "portal/search/lexicon.py", "portal/contract/contract.py",
    *(f"portal/render/{name}.py" for name in ("history", "lists", "facts", "commitments", "explore")),
    "portal/language/gather.py", "portal/brief/document.py", "portal/server/rendered_reader.py",
    *(f"portal/builder/{name}.py" for name in ("child_process", "rendered_parts", "index")),
    "portal/application.py", "portal/exports/static_edition.py")
LONGEST_MODULE, LONGEST_FUNCTION = 350, 45
# The site, its parts that read Streamlit's messages and sockets, and what starts it.
SPEAK_STREAMLIT = ("portal.streamlit_site", "portal.server.tcp_nodelay", "portal.server.websocket_filter",
                   "portal.__main__", "portal.application", "streamlit_app")
OURS = {"portal", "pages", "streamlit_app", "tests", "bench", "__future__"}


def room(name: str) -> str:
    """The room of a dotted name in portal: release for portal.release.store, settings for portal.settings."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else ""


def starts(name: str, *packages: str) -> bool:
    """Whether a dotted name is one of these packages or stands in one."""
    return any(name == package or name.startswith(package + ".") for package in packages)


def upward(found: tuple[Module, ...]) -> list[str]:
    """Imports of a room that is not below."""
    findings = []
    for module in found:
        own_room = room(module.name)
        if own_room == "__main__":
            continue
        if own_room not in MAY_IMPORT:
            findings.append(f"{module.path} is a room nobody knows: say in MAY_IMPORT what it may import")
            continue
        findings += [f"{module.path}:{line} imports {name}: {own_room or 'portal/__init__'} may use "
                     f"{', '.join(sorted(MAY_IMPORT[own_room])) or 'nothing'} of portal"
                     for line, name in module.imports()
                     if starts(name, "portal") and (target := room(name))
                     and target not in MAY_IMPORT[own_room] | {own_room}]
    return findings


def publish_importers(found: tuple[Module, ...]) -> list[str]:
    """Imports of portal.publish outside of it and the command line."""
    return [f"{module.path}:{line} imports {name}" for module in found
            if not starts(module.name, "portal.publish", "portal.__main__")
            for line, name in module.imports() if starts(name, "portal.publish")]


def streamlit_importers(found: tuple[Module, ...]) -> list[str]:
    """Imports of Streamlit where nothing may know it."""
    return [f"{module.path}:{line} imports {name}" for module in found
            if not starts(module.name, *SPEAK_STREAMLIT)
            for line, name in module.imports() if starts(name, "streamlit")]


def page_imports(found: tuple[Module, ...]) -> list[str]:
    """Imports of a page other than the words of its declaration."""
    return [f"{module.path}:{line} imports {name}" for module in found for line, name in module.imports()
            if not starts(name, "portal.page")]


def sql_strings(found: tuple[Module, ...]) -> list[str]:
    """Statements of SQL where none may stand."""
    return [f"{module.path}:{line} holds {text.strip()[:50]!r}" for module in found
            if module.path.as_posix() not in SQL_WRITTEN_IN
            for line, text in module.strings() if SQL.search(text) or LOWER_SQL.search(text)]


def driver_imports(found: tuple[Module, ...]) -> list[str]:
    """Imports of a database's library where none may be spoken to."""
    return [f"{module.path}:{line} imports {name}" for module in found
            if module.path.as_posix() not in DATABASE_DRIVERS_IN
            for line, name in module.imports() if starts(name, "sqlite3", "sqlalchemy", "psycopg", "duckdb")]


def environment_readers(found: tuple[Module, ...]) -> list[str]:
    """Uses of the environment outside settings.py."""
    readers = {"os.environ", "os.environb", "os.getenv", "os.getenvb", "os.putenv"}
    findings = []
    for module in found:
        if module.path.as_posix() == "portal/settings.py":
            continue
        findings += [f"{module.path}:{line} imports {name}" for line, name in module.imports() if name in readers]
        findings += [f"{module.path}:{node.lineno} reads {dotted(node)}" for node in module.nodes
                     if isinstance(node, ast.Attribute) and dotted(node) in readers]
    return findings


def long_parts(found: tuple[Module, ...]) -> list[str]:
    """Modules and functions too long to be read at once."""
    findings = []
    for module in found:
        lines = module.text.count("\n")
        if lines > LONGEST_MODULE:
            findings.append(f"{module.path} has {lines} lines")
        findings += [f"{module.path}:{node.lineno} {node.name} has {length} lines" for node in module.nodes
                     if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
                     and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION]
    return findings


def swallowed(found: tuple[Module, ...]) -> list[str]:
    """Errors caught and thrown away without a word."""
    return [f"{module.path}:{node.lineno}" for module in found for node in module.nodes
            if isinstance(node, ast.ExceptHandler)
            and all(isinstance(part, ast.Pass) or (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
                    for part in node.body)]


def unpinned(found: tuple[Module, ...]) -> list[str]:
    """Libraries imported that requirements.txt doesn't name."""
    named = {re.split(r"[\[=<>]", line)[0].strip().lower().replace("_", "-")
             for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines() if "==" in line}
    offered = packages_distributions()
    findings = []
    for module in found:
        for line, name in module.imports():
            top = name.split(".")[0]
            if top in sys.stdlib_module_names | OURS:
                continue
            if not named & {element.lower().replace("_", "-") for element in offered.get(top, [top])}:
                findings.append(f"{module.path}:{line} imports {top}")
    return findings


def types_of(module: Module) -> list[tuple[str, int]]:
    """The classes and type aliases that a module defines, each with its line: top-level names in CamelCase."""
    named = [(node.name, node.lineno) for node in module.tree.body if isinstance(node, ast.ClassDef)]
    named += [(target.id, node.lineno) for node in module.tree.body if isinstance(node, ast.Assign)
              for target in node.targets if isinstance(target, ast.Name)]
    return [(name, line) for name, line in named if re.match(r"_?[A-Z]", name) and not name.isupper()]


def names_of_two_types(found: tuple[Module, ...]) -> list[str]:
    """Types of one name in two places."""
    first: dict[str, str] = {}
    findings = []
    for module in found:
        for name, line in types_of(module):
            place = f"{module.path}:{line}"
            findings += [f"{place} defines {name}, as {first[name]} does"] if name in first else []
            first.setdefault(name, place)
    return findings


def any_values(found: tuple[Module, ...]) -> list[str]:
    """Values without a type."""
    return [f"{module.path}:{line} imports Any" for module in found if module.path.as_posix() not in ANY_MAY_STAND_IN
            for line, name in module.imports() if name == "typing.Any"]


def addresses(found: tuple[Module, ...]) -> list[str]:
    """Names that say address, but for the setting PORTAL_ADDRESS and the API's fields."""
    return [f"{module.path}:{node.lineno} has the name {name}" for module in found
            if module.path.as_posix() != "portal/settings.py" for node in module.nodes
            if (name := node.arg if isinstance(node, ast.arg) else node.id if isinstance(node, ast.Name) else "")
            and name != "ipaddress" and "address" in name.lower()]


CODE = ("portal", "pages", "streamlit_app.py")
Rule = Callable[[tuple[Module, ...]], list[str]]
# A rule, where it holds, why it is there, and an offense it must find: (path, source).
RULES: tuple[tuple[Rule, tuple[str, ...], str, tuple[str, str]], ...] = (
    (upward, ("portal",),
     ("Imports run downward only (streamlit_site -> server -> builder -> render -> figures -> release), so that a room "
      "can be read alone."),
     ("portal/figures/x.py", "def f():\n    from portal.streamlit_site import page")),
    (publish_importers, (*CODE, "bench"),
     "Only the command line imports portal.publish: the web server must not even be able to name a private column.",
     ("portal/streamlit_site/x.py", "import importlib\nimportlib.import_module('portal.publish.ingest.columns')")),
    (streamlit_importers, CODE,
     "Streamlit is known to portal/streamlit_site and what starts it alone, so that every edition is the same.",
     ("portal/figures/x.py", "import streamlit as st")),
    (page_imports, ("pages",),
     "A page imports portal.page alone: it is data, and every edition shows the same.",
     ("pages/x.py", "from portal.figures import FIGURES")),
    (sql_strings, CODE,
     f"SQL stands in {' and '.join(sorted(SQL_WRITTEN_IN))} alone: all that a release is asked is read in one place.",
     ("portal/render/x.py", "def f(a):\n    return f'SELECT value FROM cells WHERE x = {a}'")),
    (driver_imports, CODE,
     f"Only {', '.join(sorted(DATABASE_DRIVERS_IN))} speak to a database.",
     ("portal/exports/x.py", "import sqlite3")),
    (environment_readers, CODE,
     "portal/settings.py alone reads the environment, so that README's table of settings is complete.",
     ("portal/streamlit_site/x.py", "import os\nhome = os.environ['HOME']")),
    (long_parts, CODE,
     f"A module has at most {LONGEST_MODULE} lines, a function {LONGEST_FUNCTION}: split it where its subject changes.",
     ("portal/streamlit_site/x.py", "def f():\n" + "    x = 1\n" * 46)),
    (names_of_two_types, CODE,
     "A name has one meaning: a class or a type alias of one name is defined once.",
     ("portal/figures/x.py", "class Period:\n    days = 1\n\n\nPeriod = tuple[str, str]")),
    (any_values, CODE,
     "Any stands at a library's edge alone: a typed leaf says what a value is.",
     ("portal/figures/x.py", "from typing import Any")),
    (addresses, (*CODE, "bench"),
     "An address is a URL, a DSN, a host, an IP address or an email: say which.",
     ("portal/server/x.py", "def f(address): return address")),
    (swallowed, CODE,
     "An error is handled or told, never thrown away in silence.",
     ("portal/streamlit_site/x.py", "try:\n    f()\nexcept OSError:\n    pass")),
    (unpinned, CODE,
     "Every library imported stands in requirements.txt at its version, not only by way of another library.",
     ("portal/streamlit_site/x.py", "import hypothesis")),
)
NAMES = [rule.__name__ for rule, *_ in RULES]


@pytest.mark.parametrize(("rule", "where", "why", "_offense"), RULES, ids=NAMES)
def test_the_code_keeps_the_rule(rule: Rule, where: tuple[str, ...], why: str, _offense: tuple[str, str]) -> None:
    findings = rule(modules(*where))
    findings += [f"{folder} has no Python file yet: nothing is held there" for folder in where if not modules(folder)]
    assert not findings, report(why, findings)


@pytest.mark.parametrize(("rule", "_where", "_why", "offense"), RULES, ids=NAMES)
def test_the_rule_finds_an_offense(rule: Rule, _where: tuple[str, ...], _why: str, offense: tuple[str, str]) -> None:
    path, text = offense
    assert rule((Module(Path(path), text),)), f"{rule.__name__} no longer finds:\n{text}"


def test_every_room_is_there_and_says_what_it_is_for() -> None:
    missing = [name for name in ROOMS if not (ROOT / "portal" / name / "__init__.py").is_file()]
    assert not missing, f"portal/ has no package {', '.join(missing)}"
    silent = [str(module.path) for module in modules("portal")
              if module.path.name == "__init__.py" and not ast.get_docstring(module.tree)]
    assert not silent, report("A package's __init__ says in one sentence what the room is for and may touch.", silent)


def test_rooms_do_not_import_each_other_in_a_circle() -> None:
    below: dict[str, set[str]] = {}
    for module in modules("portal"):
        own_room = room(module.name)
        below.setdefault(own_room, set()).update(
            target for _, name in module.imports()
            if starts(name, "portal") and (target := room(name)) not in {own_room, ""})
    assert below.get("settings"), "portal/ has no settings that import errors: the circle test looks at nothing"
    while leaves := [name for name, used in below.items() if not used & below.keys()]:
        for name in leaves:
            del below[name]
    assert not below, f"These rooms of portal/ import each other in a circle: {', '.join(sorted(below))}"


def test_modules_do_not_import_each_other_in_a_circle_either_not_even_for_types() -> None:
    names = {module.name for module in modules("portal")}
    below: dict[str, set[str]] = {
        module.name: {target for _, name in module.imports()
                      if (target := name if name in names else name.rpartition(".")[0]) in names - {module.name}}
        for module in modules("portal")}
    assert below["portal.render.markup"], "no import is seen: the circle test looks at nothing"
    while leaves := [name for name, used in below.items() if not used & below.keys()]:
        for name in leaves:
            del below[name]
    assert not below, f"These modules import each other in a circle, or what does: {', '.join(sorted(below))}"


def test_no_line_of_a_template_or_style_has_two_hundred_characters() -> None:
    templates = [path for path in files()
                 if path.parts[0] == "portal" and path.suffix in {".jinja", ".typ", ".css", ".js"}]
    assert len(templates) > 10
    long = [f"{path}:{at}" for path in templates
            for at, line in enumerate(text_of(path).splitlines(), 1) if len(line) >= 200]
    assert not long, report("A template's line is read at once: break it.", long)


def test_no_module_of_portal_hides_another_library() -> None:
    # Streamlit puts the script's folder, portal/, first on sys.path: `import calendar` would find portal/calendar.py.
    # portal/site can stay: Python has imported its own `site` before any other line runs.
    own_modules = {path.stem for path in (ROOT / "portal").iterdir()
                   if path.suffix == ".py" or (path / "__init__.py").is_file()}
    taken = (set(sys.stdlib_module_names) | set(packages_distributions())) - {"site", "__init__", "__main__"}
    hidden = sorted(own_modules & taken)
    assert "settings" in own_modules
    assert not hidden, f"portal/ may not have a module {', '.join(hidden)}: it would be imported for the library."


def test_every_version_is_exact_and_the_same_everywhere() -> None:
    exact = re.compile(r"^([A-Za-z0-9._-]+)(\[[a-z,]+\])?==([^\s;]+)(\s*;.*)?$")
    pinned: dict[str, set[str]] = {}
    for file in ("requirements.txt", "requirements-dev.txt", "constraints.txt"):
        for line in (ROOT / file).read_text(encoding="utf-8").splitlines():
            if not line or line.startswith(("#", "-c ", "-r ")):
                continue
            found = exact.match(line)
            assert found, f"{file} must pin exactly: {line}"
            pinned.setdefault(found[1].lower().replace("_", "-"), set()).add(found[3])
    assert len(pinned) > 20
    several = {name: versions for name, versions in pinned.items() if len(versions) > 1}
    assert not several, f"Pinned at two versions, run `make pins`: {several}"


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_what_make_installs_is_pinned_with_the_hashes_of_its_files(name: str) -> None:
    text = (ROOT / f"{name}.lock").read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([a-z0-9-]+)==(\S+) \\\n {4}--hash=sha256:[0-9a-f]{64}", text, re.MULTILINE))
    assert len(locked) == len(re.findall(r"^[^#\s]", text, re.MULTILINE)), f"{name}.lock has a line without a hash"
    pins = {line.split("==")[0].lower().replace("_", "-").replace(".", "-"): line.split("==")[1]
            for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if "==" in line}
    of_pip = {"pip", "setuptools", "wheel"}  # what installs, which pip leaves out where it lists what is installed
    locked_libraries = {library for library in locked.items() if library[0] not in of_pip}
    assert locked_libraries <= pins.items(), "Another version than in constraints.txt: run `make pins`"
    required = re.findall(r"^([A-Za-z0-9_-]+)", (ROOT / f"{name}.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert {name.lower().replace("_", "-") for name in required if not name.startswith("-")} <= locked.keys()
    installs = [line for line in (ROOT / "Makefile").read_text("utf-8").splitlines() if "$(PIP)" in line]
    assert any(f"--require-hashes -r {name}.lock" in line for line in installs)
    assert all("--require-hashes" in line for line in installs)


def test_streamlit_reads_every_option_of_its_file() -> None:
    from streamlit import config

    chosen = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    known = config.get_config_options()
    unknown = [f"{section}.{name}" for section, options in chosen.items() for name, value in options.items()
               if f"{section}.{name}" not in known and not isinstance(value, dict)]
    assert not unknown, f"Streamlit does not know {', '.join(unknown)}: it was renamed, and the portal runs without it."
    measured = chosen["runner"]["postScriptGC"], chosen["server"]["fileWatcherType"]
    assert measured == (False, "none"), "The load the site was measured to hold rests on these two."
    assert chosen["browser"]["gatherUsageStats"] is False, "The portal sends nothing to anybody."
