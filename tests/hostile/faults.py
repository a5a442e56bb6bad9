"""`python -m tests.hostile.faults` writes docs/faults.md: what can go wrong, and which test shows the defence."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from tests.source import ROOT

LIST = Path(__file__).with_name("faults.toml")
DOCUMENT = ROOT / "docs" / "faults.md"
HEAD = """# What can go wrong, what prevents it, and the test that shows it

Written by `python -m tests.hostile.faults` from `tests/hostile/faults.toml`. Each test named here shows the
defence beside it at work. `make hostile` tries more of the same, for longer. Where a visitor sees nothing, the page is
as it was.

| what can go wrong | what prevents harm | what a visitor sees | what to do | test |
|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Fault:
    """One line of the list. `tests` are names as pytest takes them: a file, or a file and a function."""

    fault: str
    defence: str
    seen: str  # by a visitor
    to_do: str  # by whoever runs the portal
    tests: tuple[str, ...]

    def row(self) -> str:
        """The line as a row of a Markdown table."""
        tests = ", ".join(f"`{test}`" for test in self.tests)
        return f"| {self.fault} | {self.defence} | {self.seen} | {self.to_do} | {tests} |"


def faults() -> list[Fault]:
    """The whole list."""
    listed = tomllib.loads(LIST.read_text("utf-8"))["faults"]
    return [Fault(entry["fault"], entry["defence"], entry["seen"], entry["to_do"], tuple(entry["tests"]))
            for entry in listed]


def document() -> str:
    """The text of docs/faults.md."""
    return HEAD + "\n".join(fault.row() for fault in faults()) + "\n"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), "utf-8")
