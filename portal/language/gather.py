"""`python -m portal.language.gather` (make catalogues): brings the catalogues up to date with what the code, the pages,
the templates and the data say. Translations are kept; a new message stands there empty, and one no longer said is gone.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import write_po
from jinja2.ext import babel_extract

from portal.language.catalogue import CATALOGUES, DEFAULT, catalogue
from portal.language.words import LANGUAGES
from portal.settings import ROOT

Extracted = tuple[int, str | tuple[str, ...], list[str]]
KEYWORDS: dict[str, Any] = {"t": None, "later": None, "say": None, "n": (1, 2), "later_n": (1, 2), "say_count": (1, 2)}
PAGE_KEYWORDS: dict[str, Any] = {"title": None}  # a page knows the presenter alone, which translates what it is given
COMMENTS = "Translators:"
HEADER = """\
# {language} for the transparency portal of Somerville's Co-Response Pilot.
# How to translate: CONTRIBUTING.md, "Add a language". Until a reviewer is named in the next line, pages say "Draft".
# Reviewed by:
#"""
DROPPED = re.compile(r'^"(Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator|'
                     r'Language-Team|Generated-By): .*\n', re.MULTILINE)
# What is shown of the data: path to the words, `*` for any name.
DATA = {
    "portal/release/contract.toml": (
        "measures.*.question", "measures.*.definition", "measures.*.why", "measures.*.limits", "measures.*.unit",
        "measures.*.numerator", "measures.*.denominator", "measures.*.values.*", "dimensions.*.label",
        "dimensions.*.labels.*", "dimensions.*.merged.*.label", "thresholds.*.reason", "thresholds.*.source"),
    "content/commitments.toml": ("commitment.*.promise",),
}


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


def _of_data(file: Path, paths: Iterable[str]) -> Iterator[Extracted]:
    data = tomllib.loads(file.read_text("utf-8"))
    for path in paths:
        for text in _found(data, path.split(".")):
            yield 1, text, [f"{COMMENTS} {path}"]


def _of_code(file: Path) -> Iterator[Extracted]:
    method: Any = babel_extract if file.suffix == ".jinja" else "python"
    keywords = KEYWORDS | (PAGE_KEYWORDS if file.parent == ROOT / "pages" else {})
    options = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"} if file.suffix == ".jinja" else {}
    for line, text, comments, _ in extract(method, BytesIO(file.read_bytes()), keywords, (COMMENTS,), options):
        yield line, text, comments


def messages() -> Catalog:
    """Every message that can be shown, with where it stands."""
    made = Catalog(charset="utf-8")
    code = sorted(one for room in ("portal", "pages") for one in (ROOT / room).rglob("*")
                  if one.suffix in {".py", ".jinja"} and "publish" not in one.parts)
    for file in code:
        for line, text, comments in _of_code(file):
            made.add(text, None, [(file.relative_to(ROOT).as_posix(), line)], auto_comments=comments)
    for name, paths in DATA.items():
        for line, text, comments in _of_data(ROOT / name, paths) if (ROOT / name).is_file() else ():
            made.add(text, None, [(name, line)], auto_comments=comments)
    return made


def updated(language: str) -> Catalog:
    """A language's catalogue with exactly the messages that there are now."""
    file = CATALOGUES / f"{language}.po"
    made = catalogue(language) if file.is_file() else Catalog(
        locale=language.replace("-", "_"), header_comment=HEADER.format(language=LANGUAGES[language]),
        fuzzy=False)
    made.update(messages(), no_fuzzy_matching=True, update_creation_date=False)
    made.obsolete.clear()
    return made


def text_of(made: Catalog) -> str:
    """A catalogue as its file has it: without the machine, day and address that gettext would put into its head."""
    written = BytesIO()
    write_po(written, made, width=100, include_lineno=False)
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
