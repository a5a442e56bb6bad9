"""Reads the project's own files, for the tests that hold its architecture and its words."""

import ast
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BY_NAME = {"importlib.import_module", "import_module", "__import__"}


@dataclass(frozen=True)
class Module:
    """One Python file of the project, parsed."""

    path: Path  # from the project's root
    text: str

    @property
    def name(self) -> str:
        """Its dotted name: portal.release.store; a package has its folder's."""
        parts = self.path.with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree, parsed once."""
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """All nodes of its syntax tree."""
        return tuple(ast.walk(self.tree))

    def imports(self) -> list[tuple[int, str]]:
        """Every import, wherever it stands: line and dotted name. `from a import b` gives a.b, perhaps a name in a."""
        found: list[tuple[int, str]] = []
        for node in self.nodes:
            if isinstance(node, ast.Import):
                found += [(node.lineno, alias.name) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                found += [(node.lineno, f"{node.module or ''}.{alias.name}") for alias in node.names]
            elif isinstance(node, ast.Call) and called(node) in BY_NAME:
                found += [(node.lineno, text) for _, text in literal_texts(node)]
        return found

    def strings(self) -> list[tuple[int, str]]:
        """Every string that is not a docstring, also the fixed parts of f-strings: line and text."""
        docstrings = {id(node) for node in docstring_nodes(self.tree)}
        return [(node.lineno, node.value) for node in self.nodes
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings]


def called(node: ast.Call) -> str:
    """The dotted name a call calls, as written; empty when it is something else than names."""
    return dotted(node.func)


def dotted(node: ast.expr) -> str:
    """`a.b.c` as written; empty when it is not made of names alone."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (left := dotted(node.value)):
        return f"{left}.{node.attr}"
    return ""


def literal_texts(node: ast.Call) -> list[tuple[int, str]]:
    """The first argument of a call when it begins with a fixed text (an f-string's too): line and that text."""
    first = node.args[0] if node.args else None
    if isinstance(first, ast.JoinedStr) and first.values:
        first = first.values[0]
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        return [(first.lineno, first.value.rstrip("."))]
    return []


def docstring_nodes(tree: ast.Module) -> Iterator[ast.Constant]:
    """The string that opens each module, class and function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            text = first.value if isinstance(first, ast.Expr) else None
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield text


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """The project's Python files in these folders (or these files), in order of name."""
    paths = sorted(path for folder in folders
                   for path in ([ROOT / folder] if folder.endswith(".py") else (ROOT / folder).rglob("*.py"))
                   if path.is_file())
    return tuple(Module(path.relative_to(ROOT), path.read_text(encoding="utf-8")) for path in paths)


@cache
def files() -> tuple[Path, ...]:
    """Every file git tracks or would track, from the project's root."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(sorted(Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file()))


def text_of(path: Path) -> str:
    """A file's text; empty for a picture or another file that is not text."""
    content = (ROOT / path).read_bytes()
    return "" if b"\0" in content[:8192] else content.decode("utf-8", errors="replace")


def matches(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, str]]:
    """Where a pattern stands in a text: line number and what was found."""
    for found in pattern.finditer(text):
        yield text.count("\n", 0, found.start()) + 1, found.group(0)


def report(rule: str, findings: list[str]) -> str:
    """A failure's message: the rule with its reason, then each place."""
    return "\n".join([rule, *(f"  {finding}" for finding in findings)])
