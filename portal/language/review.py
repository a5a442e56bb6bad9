"""`python -m portal.language.review LANG` (make review LANG=ht): one readable file for whoever reviews a translation.

English stands above each translation, with where it is shown; a better one is written behind "Better:". With `--read
FILE` the corrections are put into the catalogue and the long texts. Nothing else of them changes.
"""

import argparse
import hashlib
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from portal.language.catalogue import DEFAULT
from portal.language.gather import text_of
from portal.language.words import LANGUAGES
from portal.settings import ROOT

BETTER = "Better:"
ENTRY = re.compile(r"^### (?P<id>[0-9a-f]{10})\b.*?^Better:(?P<better>.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
# What a translation must keep: {names} and {fact:…} marks, URLs of links, and numbers.
KEPT = re.compile(r"\{[^}]*\}|\]\([^)]*\)|\d[\d,.:/-]*\d|\d")
HEAD = """# Review of {language} ({code})

Read each pair. Where the translation is right, leave it. Where it is not, write a better one behind "{better}", on the
same line or below it. Keep every {{name}}, every number and every link as it is; they may stand in another order.
Send the file back: `make review LANG={code} READ=FILE` takes the corrections over. When you have read all of it, put
your name or office behind `# Reviewed by:` in portal/language/catalogues/{code}.po: pages then stop saying "Draft".

Read the words of a crisis first, together with a clinician: who asks this site with one of them sees the numbers for
help above all else. Too many of them do no harm, a missing one does. Nobody is shown them. Say which to add: they stand
in portal/search/words/{code}.toml, with all other words by which questions are found, which want reading, too.

Words of a crisis: {crisis}
"""


@dataclass(frozen=True)
class Translation:
    """One English text with its translation. `where`: the files that show it; `form`: "", or which form of a count."""

    english: str
    translation: str
    where: str
    form: str = ""

    @property
    def id(self) -> str:
        """The same as long as the English text and its place are."""
        return hashlib.sha256(f"{self.where}|{self.form}|{self.english}".encode()).hexdigest()[:10]

    def fault(self, better: str) -> str:
        """What a correction has lost or added; empty where it keeps names, links and numbers."""
        expected, actual = (sorted(KEPT.findall(text)) for text in (self.translation or self.english, better))
        lost = [placeholder for placeholder in expected if placeholder not in actual]
        added = [placeholder for placeholder in actual if placeholder not in expected]
        return "; ".join([*(f"{placeholder} is missing" for placeholder in lost),
                          *(f"{placeholder} was not there" for placeholder in added)])


def _content(project: Path, language: str) -> Path:
    return project / "content" / language


def _catalogue(project: Path, language: str) -> Path:
    return project / "portal" / "language" / "catalogues" / f"{language}.po"


def _asked(project: Path, language: str) -> Path:
    return project / "portal" / "search" / "words" / f"{language}.toml"


def _messages(project: Path, language: str) -> Catalog:
    with _catalogue(project, language).open("rb") as file:
        return read_po(file, locale=language.replace("-", "_"))


def pairs(language: str, project: Path = ROOT) -> Iterator[Translation]:
    """Every text of a language: the glossary, the other long texts by paragraph, then the messages of the catalogue."""
    english_texts = _content(project, DEFAULT)
    for path in sorted(english_texts.rglob("*.md"), key=lambda path: (path.stem != "glossary", path)):
        name = path.relative_to(english_texts)
        translated = _content(project, language) / name
        theirs = paragraphs(translated.read_text("utf-8")) if translated.is_file() else []
        for at, english in enumerate(paragraphs(path.read_text("utf-8"))):
            yield Translation(english, theirs[at] if at < len(theirs) else "", f"{name} {at + 1}")
    for message in _messages(project, language):
        if message.id:
            yield from _of_message(message)


def _of_message(message: Message) -> Iterator[Translation]:
    where = ", ".join(sorted({str(place) for place, _ in message.locations}))
    if isinstance(message.id, str):
        yield Translation(message.id, str(message.string), where)
        return
    for form, english, translation in zip(("one", "many"), message.id, message.string or (), strict=True):
        yield Translation(english, translation, where, form)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a long text, and each point of a list by itself."""
    blocks = [block.strip("\n") for block in re.split(r"\n{2,}", text)]
    return [line for block in blocks for line in _points(block) if line.strip()]


def _points(block: str) -> list[str]:
    points = re.split(r"\n(?=\s*(?:[-*]|\d+\.) )", block)
    return points if len(points) > 1 else [block]


def sheet(language: str, project: Path = ROOT) -> str:
    """The file for the reviewer."""
    crisis = ", ".join(tomllib.loads(_asked(project, language).read_text("utf-8"))["crisis"])
    parts = [HEAD.format(language=LANGUAGES[language], code=language, better=BETTER, crisis=crisis)]
    previous = ""
    for pair in pairs(language, project):
        heading = pair.where.rpartition(" ")[0] if pair.where.endswith(tuple("0123456789")) else "Short texts"
        if heading != previous:
            parts.append(f"## {heading}\n")
            previous = heading
        form = f", of {pair.form}" if pair.form else ""
        parts.append(f"### {pair.id} ({pair.where}{form})\n\nEnglish: {pair.english}\n\n"
                     f"{LANGUAGES[language]}: {pair.translation}\n\n{BETTER}\n")
    return "\n".join(parts)


def corrections(text: str) -> dict[str, str]:
    """The better translations that a reviewer wrote, by the id of their pair."""
    return {found["id"]: better for found in ENTRY.finditer(text) if (better := found["better"].strip())}


def take_over(language: str, text: str, project: Path = ROOT) -> tuple[int, list[str]]:
    """Put a reviewer's corrections into the catalogue and the long texts.

    Returns how many were taken over, and a sentence for each that was not, with its reason: those stay to be mended.
    """
    corrected = corrections(text)
    known = {pair.id: pair for pair in pairs(language, project)}
    refused = [f"{id_}: no text has this id: it was changed since the file was written" for id_ in corrected
               if id_ not in known]
    good: dict[str, str] = {}
    for id_, better in corrected.items():
        if id_ in known:
            fault = known[id_].fault(better)
            if fault:
                refused.append(f"{id_} ({known[id_].where}): {fault}")
            else:
                good[id_] = better
    if good:
        _into_texts(language, good, project)
        _into_catalogue(language, good, project)
    return len(good), refused


def _into_catalogue(language: str, good: dict[str, str], project: Path) -> None:
    corrected = _messages(project, language)
    for message in corrected:
        if not message.id:
            continue
        found = [good.get(pair.id) or pair.translation for pair in _of_message(message)]
        message.string = found[0] if isinstance(message.id, str) else tuple(found)
    _catalogue(project, language).write_text(text_of(corrected), "utf-8")


def _into_texts(language: str, good: dict[str, str], project: Path) -> None:
    changes: dict[Path, list[tuple[str, str]]] = {}
    for pair in pairs(language, project):
        name, _, at = pair.where.rpartition(" ")
        if pair.id in good and at.isdigit():
            changes.setdefault(_content(project, language) / name, []).append((pair.translation, good[pair.id]))
    for path, found in changes.items():
        text = path.read_text("utf-8")
        for before, after in found:
            text = text.replace(before, after, 1)
        path.write_text(text, "utf-8")


def main(arguments: list[str]) -> int:
    """Write the file, or read it back; the exit code."""
    parser = argparse.ArgumentParser(prog="make review LANG=…", description=__doc__)
    parser.add_argument("language", choices=[code for code in LANGUAGES if code != DEFAULT])
    parser.add_argument("--read", type=Path, help="a file with corrections")
    options = parser.parse_args(arguments)
    if options.read is None:
        out = Path(f"review-{options.language}.md")
        out.write_text(sheet(options.language), "utf-8")
        print(f"Written: {out}. Read it, write better words behind '{BETTER}', then: "  # noqa: T201
              f"make review LANG={options.language} READ={out}")
        return 0
    taken, refused = take_over(options.language, options.read.read_text("utf-8"))
    print("\n".join([f"Taken over: {taken}.", *(f"Not taken over: {sentence}." for sentence in refused)]))  # noqa: T201
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
