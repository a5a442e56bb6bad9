"""The gettext catalogues: one .po file a language, read once. No language is in force here."""

import re
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from portal.shipped import shipped

DEFAULT = "en"  # the language of the message ids
PSEUDO = "en-XA"  # English with accents, 40% longer: shows tests what a longer language would break
CATALOGUES = Path(__file__).parent / "catalogues"  # <code>.po
REVIEWER = re.compile(r"^# Reviewed by:(.*)$", re.MULTILINE)  # in the file's first comment; empty: nobody yet
_ACCENTED = str.maketrans("aceinouyAEINOUY", "àçéîñöûýÀÉÎÑÖÛÝ")


class _Missing(NullTranslations):
    """What a catalogue falls back to: an empty text says that it has none."""

    def gettext(self, message: str) -> str:
        """Nothing."""
        return ""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Nothing."""
        return ""


class _Stretched(NullTranslations):
    """English as a language that needs more room."""

    def gettext(self, message: str) -> str:
        """The message, longer."""
        return stretched(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The form of one or of many, longer."""
        return stretched(msgid1 if n == 1 else msgid2)


def stretched(text: str) -> str:
    """A text with accents and 40% more letters, its {names} as they are: Hours is Hörs in brackets, and longer."""
    words = "".join(part if part.startswith("{") else part.translate(_ACCENTED)
                    for part in re.split(r"(\{[^}]*\})", text))
    return f"[{words}{' ~~~~' * -(-len(text) * 4 // 10 // 5)}]"


def catalogue(language: str) -> Catalog:
    """A language's .po file, read."""
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language.replace("-", "_"))


@shipped
def reviewer(language: str) -> str:
    """Who has reviewed a translation; empty where nobody is named."""
    named = REVIEWER.search((CATALOGUES / f"{language}.po").read_text("utf-8"))
    return named[1].strip() if named else ""


@shipped
def translations(language: str) -> NullTranslations:
    """The messages of a language; "" for one that is not there or not sure ("fuzzy"). English is its own."""
    if language == DEFAULT:
        return NullTranslations()
    if language == PSEUDO:
        return _Stretched()
    compiled = BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    parsed = GNUTranslations(compiled)
    parsed.add_fallback(_Missing())
    return parsed
