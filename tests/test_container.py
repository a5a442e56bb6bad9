"""The container as far as its files tell; `scripts/try-image` builds one and asks it, where buildah is."""

import os
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from importlib.metadata import packages_distributions
from pathlib import Path

import babel
import pytest
import yaml

from portal.language import LANGUAGES
from tests.source import ROOT, files

DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
TRIM = (ROOT / "deploy" / "trim-libraries").read_text("utf-8")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
PORTALS = [name for name in COMPOSE["services"] if name.startswith("portal-")]
WORDS = """
from portal.language import LANGUAGES, day, number, override_language, span
for language in LANGUAGES:
    with override_language(language):
        print(number(1234.5, 1), day("2027-03-01"), span("2026-10-01", "2027-03-31"))
"""
SCIPY = re.findall(r"\w+", (re.search(r"for unused in ([\w ]+);", TRIM) or ["", ""])[1])
UNINSTALLED = re.search(r"uninstall.* --yes (.*)", TRIM)
IMPORTED = """
import importlib, pkgutil, sys
sys.modules.update(dict.fromkeys(sys.argv[1:]))  # importing one of these now fails
import portal
for module in pkgutil.walk_packages(portal.__path__, "portal."):
    if not module.name.startswith(("portal.publish", "portal.__main__", "portal.streamlit_site.script")):
        importlib.import_module(module.name)
"""
ALLOWED = [line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")]


def test_the_image_runs_as_nobody_in_particular_and_says_whether_it_is_ready() -> None:
    final = DOCKERFILE.rpartition("\nFROM ")[2]
    user = final.index("\nUSER portal\n")
    assert user < final.index("\nCMD "), "the server starts after root was given up"
    assert "/readyz" in final.partition("HEALTHCHECK")[2]
    assert "--require-hashes -r requirements.lock" in DOCKERFILE


def test_the_image_takes_what_the_portal_runs_on_and_nothing_else() -> None:
    tops = {path.parts[0] for path in files() if any(fnmatch(path.as_posix(), f"{pattern}*") for pattern in ALLOWED)}
    assert {"portal", "pages", "checks", "content", "data", "streamlit_app.py", ".streamlit",
            "requirements.lock"} <= tops
    assert not tops & {"tests", "bench", "docs", ".git", "private"}
    assert (ROOT / ".dockerignore").read_text("utf-8").split("\n")[1] == "*", "all else stays out"


@pytest.mark.parametrize("name", PORTALS)
def test_a_process_may_write_nothing_but_its_cache(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    writable = [volume for volume in service["volumes"] if not volume.endswith(":ro")]
    assert [volume.partition(":")[2] for volume in writable] == ["/var/cache/portal"]
    assert writable[0].partition(":")[0] in COMPOSE["volumes"]


@pytest.mark.parametrize("name", PORTALS)
def test_a_process_believes_nginx_who_comes_and_is_reached_by_nothing_else(name: str) -> None:
    assert COMPOSE["services"][name]["environment"]["FORWARDED_ALLOW_IPS"] == "*"
    assert "ports" not in COMPOSE["services"][name], "whoever reached it could say that he is somebody else"


def test_nginx_finds_the_processes_by_their_names_in_the_composition() -> None:
    command = COMPOSE["services"]["nginx"]["command"]
    renamed = dict(re.findall(r"s/([\d.]+:\d+)/([\w-]+:\d+)/", command))
    configuration = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    assert set(renamed) == set(re.findall(r"^\s*server ([\d.:]+)", configuration, re.MULTILINE))
    assert set(renamed.values()) == {f"{name}:8501" for name in PORTALS}
    assert set(COMPOSE["services"]["nginx"]["depends_on"]) == set(PORTALS)


def test_what_is_trimmed_of_the_libraries_leaves_the_words_of_every_language(tmp_path: Path) -> None:
    """Babel reads the numbers of some languages out of the file of another: they are written with what is left."""
    libraries = tmp_path / "lib" / "python3.11" / "site-packages"
    shutil.copytree(Path(babel.__file__).parent, libraries / "babel")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").write_text("#!/bin/sh\n", "utf-8")  # it has nothing to uninstall
    (tmp_path / "bin" / "python").chmod(0o755)
    subprocess.run(["sh", ROOT / "deploy" / "trim-libraries", tmp_path], check=True)
    left = {path.name for path in (libraries / "babel" / "locale-data").iterdir()}
    assert len(left) < len(list((Path(babel.__file__).parent / "locale-data").iterdir())) / 2
    written = subprocess.run([sys.executable, "-c", WORDS], cwd=ROOT, capture_output=True, text=True, check=False,
                             env={**os.environ, "PYTHONPATH": str(libraries)})
    assert written.stdout.count("\n") == len(LANGUAGES), written.stderr


def test_the_image_imports_nothing_that_was_trimmed() -> None:
    assert UNINSTALLED
    modules = [module for module, names in packages_distributions().items()
               if set(names) & set(UNINSTALLED[1].split())]
    assert len(modules) >= len(UNINSTALLED[1].split())
    process = subprocess.run([sys.executable, "-c", IMPORTED, *modules, *(f"scipy.{name}" for name in SCIPY)], cwd=ROOT,
                             capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stderr


def test_what_nginx_writes_goes_to_docker_s_log_and_its_cache_to_a_disk() -> None:
    nginx = COMPOSE["services"]["nginx"]
    configuration = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    logs = set(re.findall(r"/var/log/nginx/\S+\.log", configuration))
    assert logs == set(re.findall(r"s,(/var/log/nginx/[^,]+),/dev/std(?:out|err),", nginx["command"]))
    assert nginx["tmpfs"] == ["/tmp"], "a file system in memory would grow with them"
    assert "cache-nginx:/var/cache" in nginx["volumes"]
    assert "cache-nginx" in COMPOSE["volumes"]
