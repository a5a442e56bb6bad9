"""The steps that docs/publishing/ leads through: what its fenced blocks say is run or written, word for word."""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.source import ROOT

FOLDER = ROOT / "docs" / "publishing"
BLOCK = re.compile(r"^```(sh|toml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# (\S+\.toml)(, added at its end)?\n")
EXPECTED = re.compile(r"\s*# exit (\d)$")


@dataclass(frozen=True)
class LifecycleStep:
    """A command with the exit code that the page expects, or a text for a file (`path`), which may be `added`."""

    page: str
    text: str
    path: str = ""
    added: bool = False
    exit_code: int = 0


def steps() -> list[LifecycleStep]:
    """All steps of all pages, in order."""
    return [step for page in sorted(FOLDER.glob("*.md")) for step in steps_of(page)]


def steps_of(page: Path) -> list[LifecycleStep]:
    """The steps of one page, in order. Raises ValueError for a block of TOML that does not name its file."""
    found = []
    for language, text in BLOCK.findall(page.read_text("utf-8")):
        if language == "sh":
            found += [_command(page.stem, line) for line in text.splitlines()]
        elif named := FILE.match(text):
            found.append(LifecycleStep(page.stem, text, named[1], bool(named[2])))
        else:
            raise ValueError(f"{page.name}: a block of TOML begins with its file, as in # content/status.toml")
    return found


def _command(page: str, line: str) -> LifecycleStep:
    expected = EXPECTED.search(line)
    return LifecycleStep(page, EXPECTED.sub("", line), exit_code=int(expected[1]) if expected else 0)
