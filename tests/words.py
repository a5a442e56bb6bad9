"""`make words`: what is not translated, not reviewed, or too hard to read, in every language."""

from textstat.backend.counts import _count_syllables

from portal.language.catalogue import DEFAULT, catalogue, reviewer
from portal.language.gather import messages
from portal.language.words import LANGUAGES
from portal.navigation import PAGES
from tests.source import ROOT
from tests.test_reading import GRADE, grade, prose

CONTENT = ROOT / "content"


def report() -> list[str]:
    """A line each: first what lacks in each language, then the English pages above the agreed grade."""
    lines = []
    ids = {message.id for message in messages() if message.id}
    keys = {path.relative_to(CONTENT / DEFAULT) for path in (CONTENT / DEFAULT).rglob("*.md")}
    for language in LANGUAGES:
        if language == DEFAULT:
            continue
        translations = {message.id: message.string for message in catalogue(language) if message.id}
        translated = {message_id for message_id, text in translations.items()
                      if all([text] if isinstance(text, str) else text)}
        lines += [f"{language}: not translated: {line}" for line in sorted(ids - translated, key=str)]
        lines += [f"{language}: no text: content/{language}/{key}" for key in sorted(keys)
                  if not (CONTENT / language / key).is_file()]
        if not reviewer(language):
            lines.append(f"{language}: not reviewed: nobody is named in portal/language/catalogues/{language}.po")
    lines += [f"{DEFAULT}: too hard: page {page.id} reads at grade {found:.1f}, agreed are {GRADE}"
              for page in PAGES if (found := grade(prose(page.id))) > GRADE]
    return lines


if __name__ == "__main__":
    _count_syllables.get_cmudict = lambda _: None  # as in tests/test_reading.py: nothing is downloaded
    print("\n".join(report()))
