"""The set-up on a machine that lacks something: one sentence, and with CI set a failure, never a silent skip."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.source import ROOT

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no make and no sh: python -m portal is the way")


def machine(tmp_path: Path, **commands: str) -> Path:
    """A folder to be the whole PATH: the shell's own tools, and these commands with these bodies."""
    path = tmp_path / "bin"
    path.mkdir()
    for tool in ("sh", "env", "touch", "chmod"):
        (path / tool).symlink_to(shutil.which(tool) or tool)
    for name, body in commands.items():
        script = path / name.replace("_", "-")
        script.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        script.chmod(0o755)
    return path


def install_chromium(path: Path, ci: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", "scripts/install-chromium"], cwd=ROOT, text=True, capture_output=True, check=False,
                          env={"PATH": str(path), "CI": ci}, timeout=30)


def test_a_machine_that_has_a_browser_is_left_alone(tmp_path: Path) -> None:
    outcome = install_chromium(machine(tmp_path, chromium="", dpkg="", apt_get="exit 9", id="echo 0"), ci="true")
    assert (outcome.returncode, outcome.stdout, outcome.stderr) == (0, "", "")


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_without_any_way_to_install_a_browser_a_sentence_says_so(tmp_path: Path, ci: str, code: int) -> None:
    outcome = install_chromium(machine(tmp_path, dpkg="exit 1", id="echo 1000"), ci)
    assert outcome.returncode == code
    assert "chromium" in outcome.stderr
    assert "no apt-get" in outcome.stderr


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_without_the_rights_to_install_a_sentence_says_so(tmp_path: Path, ci: str, code: int) -> None:
    outcome = install_chromium(machine(tmp_path, dpkg="exit 1", apt_get="", id="echo 1000", sudo="exit 1"), ci)
    assert outcome.returncode == code
    assert "root" in outcome.stderr


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_a_mirror_that_fails_is_tried_twice_and_then_reported(tmp_path: Path, ci: str, code: int) -> None:
    tried = tmp_path / "tried"
    apt = f'echo "$1" >> {tried}\nexit 100'
    outcome = install_chromium(machine(tmp_path, dpkg="exit 1", apt_get=apt, id="echo 0"), ci)
    assert tried.read_text(encoding="utf-8").split() == ["update", "update"]
    assert outcome.returncode == code
    assert "could not install" in outcome.stderr


def test_a_mirror_that_fails_once_is_forgiven(tmp_path: Path) -> None:
    failed, chromium = tmp_path / "failed", tmp_path / "bin" / "chromium"
    apt = (f'[ -e {failed} ] || {{ touch {failed}; exit 100; }}\n'
           f'[ "$1" = update ] || {{ touch {chromium}; chmod +x {chromium}; }}')
    outcome = install_chromium(machine(tmp_path, dpkg=f"test -e {chromium}", apt_get=apt, id="echo 0"), ci="true")
    assert (outcome.returncode, outcome.stderr) == (0, "")
    assert chromium.exists()


def make(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    # These tests run under make themselves: what that make was told is not for this one.
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(["make", "--no-print-directory", *arguments, *(f"{a}={b}" for a, b in variables.items())],
                          cwd=ROOT, env=bare, text=True, capture_output=True, check=False, timeout=60)


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_an_old_python_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    old = tmp_path / "python"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    old.chmod(0o755)
    outcome = make("run", PYTHON=str(old), VENV=str(tmp_path / "venv"))
    assert outcome.returncode != 0
    assert "Python 3.11 or newer" in outcome.stderr
    assert not (tmp_path / "venv").exists()


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_make_alone_tells_what_it_can_do() -> None:
    said = make().stdout
    assert all(f"make {command}" in said for command in ("run", "test", "bench", "clean"))


@pytest.mark.parametrize("path", ["extract.csv", "data/log.csv.gz", "tests/x/calls.xlsx", "data/releases/calls.csv",
                                  "private/notes.txt", "calls.parquet", "data/releases/.half/release.sqlite",
                                  ".venv-3.13/pyvenv.cfg"])
def test_git_keeps_out_what_may_be_private_and_what_make_installs(path: str) -> None:
    assert subprocess.run(["git", "check-ignore", "-q", path], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize("path", ["data/releases/2026-Q3/csv/cells.csv", "data/releases/2026-Q3/release.sqlite",
                                  "data/releases/current", "data/releases/2026-Q3/SHA256SUMS"])
def test_git_keeps_a_release_and_every_byte_of_it(path: str) -> None:
    assert subprocess.run(["git", "check-ignore", "-q", path], cwd=ROOT, check=False).returncode == 1
    kept = subprocess.run(["git", "check-attr", "text", path], cwd=ROOT, check=True, capture_output=True, text=True)
    assert kept.stdout.strip().endswith("text: unset")


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_a_machine_without_nginx_is_told_what_is_left_out(tmp_path: Path, ci: str, code: int) -> None:
    process = subprocess.run(["sh", "scripts/install-nginx"], cwd=ROOT, text=True, capture_output=True, check=False,
                             env={"PATH": str(machine(tmp_path, apt_get="exit 100", id="echo 0")), "CI": ci,
                                  "SBIN": str(tmp_path)}, timeout=30)
    assert (process.returncode, "what is tried through it is left out" in process.stderr) == (code, True)
