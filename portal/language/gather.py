"""`python -m portal.language.gather` (make catalogues): brings the catalogues up to date with what the code, the pages,
the templates and the data say. Translations are kept; a new message stands there empty, and one no longer said is gone.
"""

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from jinja2 import Environment
from jinja2.ext import extract_from_ast

from portal.language.catalogue import CATALOGUES, DEFAULT, catalogue
from portal.language.words import LANGUAGES
from portal.navigation import PAGES
from portal.page import Page
from portal.settings import ROOT

FoundMessage = tuple[int, str | tuple[str, str]]
# What a call that takes messages is named, and how many of its arguments are one: the second is the form of many.
MESSAGES = {"t": 1, "gettext_lazy": 1, "say": 1, "n": 2, "ngettext_lazy": 2, "say_count": 2}
# What is shown of the data: the path to it, `*` for any name.
DATA = {
    "portal/contract/contract.toml": (
        "measures.*.question", "measures.*.definition", "measures.*.why", "measures.*.limits", "measures.*.unit",
        "measures.*.numerator", "measures.*.denominator", "measures.*.values.*", "dimensions.*.label",
        "dimensions.*.labels.*", "dimensions.*.merged.*.label", "thresholds.*.reason", "thresholds.*.source",
        "breaks.*.label"),
    "content/commitments.toml": ("commitment.*.promise",),
    "content/facts.toml": ("sources.*.short",),
    "content/questions.toml": ("question.*.question", "question.*.gap"),
    "content/peers.toml": ("figure.*.name", "figure.*.definition", "figure.*.may_not_compare", "figure.*.discrepancy"),
}
HEADER = """\
# {language} for the transparency portal of Somerville's Co-Response Pilot.
# How to translate: CONTRIBUTING.md, "Add a language". Until a reviewer is named in the next line, pages say "Draft".
# Reviewed by:
#"""
DROPPED = re.compile(r'^"(Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator|'
                     r'Language-Team|Generated-By): .*\n', re.MULTILINE)


def _found(data: Any, path: list[str]) -> Iterator[str]:  # a TOML value
    """The texts at a path of a TOML file."""
    if not path:
        yield data
        return
    if isinstance(data, list):
        data = dict(enumerate(data))
    for name, value in data.items():
        if path[0] in {"*", name}:
            yield from _found(value, path[1:])


def _of_data(text: str, paths: Iterable[str]) -> Iterator[FoundMessage]:
    data = tomllib.loads(text)
    for path in paths:
        for message in _found(data, path.split(".")):
            yield 1, message


def of_code(text: str, messages: Mapping[str, int]) -> Iterator[FoundMessage]:
    """The messages of Python: the fixed texts that calls of these names are given, also inside an f-string."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            texts = [
                argument.value for argument in node.args[: messages.get(name, 0)] if isinstance(argument, ast.Constant)
            ]
            strings = tuple(text for text in texts if isinstance(text, str))
            if strings and len(strings) == messages[name]:
                yield node.lineno, strings[0] if len(strings) == 1 else (strings[0], strings[1])


def _of_template(text: str) -> Iterator[FoundMessage]:
    for line, name, arguments in extract_from_ast(Environment(autoescape=True).parse(text), tuple(MESSAGES)):
        listed = (arguments,) if isinstance(arguments, str) else arguments or ()
        texts = [item for item in listed if item]  # None: a variable
        if len(texts) >= MESSAGES[name]:
            yield line, (texts[0], texts[1]) if MESSAGES[name] == 2 else texts[0]


def _of_page(page: Page) -> Iterator[FoundMessage]:
    """The messages of a page's declaration: a page imports no translation, it is translated where it is shown."""
    for text in (page.name, page.question, *(section.title for section in page.sections)):
        yield 1, text


def _found_in(file: Path) -> Iterator[FoundMessage]:
    if file.parent == ROOT / "pages":
        return _of_page(next(page for page in PAGES if page.id == file.stem))
    text = file.read_text("utf-8")
    if file.suffix == ".jinja":
        return _of_template(text)
    return of_code(text, MESSAGES)


def messages() -> Catalog:
    """Every message that can be shown, with where it stands."""
    template = Catalog(charset="utf-8")
    code = sorted(path for room in ("portal", "pages") for path in (ROOT / room).rglob("*")
                  if path.suffix in {".py", ".jinja"} and "publish" not in path.relative_to(ROOT).parts)
    found = [(file, message) for file in code for message in _found_in(file)]
    found += [(ROOT / name, item) for name, paths in DATA.items()
              for item in _of_data((ROOT / name).read_text("utf-8"), paths)]
    for file, (line, text) in found:
        template.add(text, None, [(file.relative_to(ROOT).as_posix(), line)])
    return template


def updated(language: str) -> Catalog:
    """A language's catalogue with exactly the messages that there are now."""
    file = CATALOGUES / f"{language}.po"
    catalog = catalogue(language) if file.is_file() else Catalog(
        locale=language.replace("-", "_"), header_comment=HEADER.format(language=LANGUAGES[language]),
        fuzzy=False)
    catalog.update(messages(), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    return catalog


def text_of(catalog: Catalog) -> str:
    """A catalogue as its file has it: without the machine, day and email that gettext would put into its head."""
    written = BytesIO()
    write_po(written, catalog, width=100, include_lineno=False)
    text = written.getvalue().decode("utf-8")
    return DROPPED.sub("", text)


def main() -> None:
    """Write every catalogue anew."""
    CATALOGUES.mkdir(exist_ok=True)
    for language in LANGUAGES:
        if language != DEFAULT:
            (CATALOGUES / f"{language}.po").write_text(text_of(updated(language)), "utf-8")


if __name__ == "__main__":
    main()
