"""`python -m tests.hostile.undefended [WORD]`: take each defence of faults.toml away in a copy of the project, and look
that its test fails. WORD: only those whose fault, file or test has it. Twenty minutes for all; `--write` only writes
docs/faults.md.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from portal.builder.rendered_release import code_version
from tests.hostile.__main__ import drawn as draw
from tests.source import ROOT

LIST = Path(__file__).with_name("faults.toml")
TABLE = ROOT / "docs" / "faults.md"
FAILED = 1  # pytest's exit code when tests ran and failed
HEAD = """# What could go wrong, what keeps it away, and what shows it

Made from `tests/hostile/faults.toml` by `python -m tests.hostile.undefended --write`. Without `--write` that command
takes each defence out of a copy of the project, and looks that its test fails then.

| what could go wrong | what keeps it away | where | test |
|---|---|---|---|
"""


@dataclass(frozen=True)
class Fault:
    """What could go wrong, what keeps it away (in words and as a piece of a file), and the tests that show it."""

    fault: str
    defence: str
    file: str
    there: str
    instead: str
    tests: list[str]

    def without(self) -> str:
        """The file's text without the defence."""
        text = (ROOT / self.file).read_text("utf-8")
        assert text.count(self.there) == 1, f"{self.file} must have once: {self.there}"
        return text.replace(self.there, self.instead)


def faults() -> list[Fault]:
    """All of the list."""
    return [Fault(**one) for one in tomllib.loads(LIST.read_text("utf-8"))["faults"]]


def table() -> str:
    """The list for a reader."""
    lines = [f"| {one.fault} | {one.defence} | `{one.file}` | {', '.join(f'`{test}`' for test in one.tests)} |"
             for one in faults()]
    return HEAD + "\n".join(lines) + "\n"


def copied(folder: Path) -> None:
    """A copy of all that git knows or would take."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                            check=True, capture_output=True, text=True).stdout.split("\0")
    for name in filter(None, listed):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)


def drawings_for(folder: Path, cache: Path) -> None:
    """Let the copy, whose code differs now, take the drawings that were made with the defence: those do not differ."""
    asked = [sys.executable, "-c", "from portal.builder.rendered_release import code_version; print(code_version())"]
    version = subprocess.run(asked, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()
    for made in cache.glob(f"*-{code_version()}-*"):
        alias = made.with_name(made.name.replace(code_version(), version))
        if not alias.exists():
            alias.symlink_to(made)


def tried(one: Fault, folder: Path, drawn: Path) -> str:
    """Why the defence is not shown by its tests; empty where they fail without it, as they should."""
    target = folder / one.file
    kept = target.read_bytes()
    target.write_text(one.without(), "utf-8")
    drawings_for(folder, drawn / "cache")
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "--no-header", "--tb=line", *one.tests]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False,
                              env=os.environ | {"DRAWN": str(drawn)})
    finally:
        target.write_bytes(kept)
    return "" if done.returncode == FAILED else f"pytest ended with {done.returncode}: {done.stdout.strip()[-300:]}"


def main() -> None:
    """Try them, and print what is not shown."""
    if "--write" in sys.argv:
        TABLE.write_text(table(), "utf-8")
        return
    wanted = [one for one in faults() if all(word in f"{one.fault} {one.file} {one.tests}" for word in sys.argv[1:])]
    console, bad = Console(soft_wrap=True, highlight=False, markup=False), 0
    with tempfile.TemporaryDirectory() as copy, tempfile.TemporaryDirectory() as drawn:
        copied(Path(copy))
        draw(Path(drawn) / "cache")
        for number, one in enumerate(wanted, 1):
            why = tried(one, Path(copy), Path(drawn))
            bad += bool(why)
            said = f"NOT SHOWN: {one.fault}: {why}" if why else f"fails, as it should: {one.fault}"
            console.print(f"{number} of {len(wanted)}  {said}")
    console.print(f"{len(wanted) - bad} of {len(wanted)} defences are missed by their tests when they are gone.")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
