"""Which language is in force, and a text in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = {"en": "English"}  # code, as in `?lang=` and the lang attribute, and the language's own name
DEFAULT = "en"
CATALOGUES = Path(__file__).parent / "catalogues"  # <code>.po
_NOW: ContextVar[str] = ContextVar("language", default=DEFAULT)


def spoken() -> str:
    """The code of the language in force, such as `pt-BR`."""
    return _NOW.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak this language inside the `with`. Raises KeyError on a code that LANGUAGES doesn't have."""
    LANGUAGES[language]
    before = _NOW.set(language)
    try:
        yield
    finally:
        _NOW.reset(before)


@cache
def translations(language: str) -> NullTranslations:
    """The catalogue of a language, read from its .po file; English is its own. A message it lacks stays English."""
    if language == DEFAULT:
        return NullTranslations()
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language.replace("-", "_"))
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def t(text: str, **values: object) -> str:
    """A text in the language in force, its {names} filled in. `text` is the English one."""
    said = translations(spoken()).gettext(text)
    return said.format(**values) if values else said


def later(text: str) -> str:
    """The text itself: marks a constant for the catalogues, which `t` looks up when the constant is shown."""
    return text


def n(one: str, many: str, count: float, **values: object) -> str:
    """As `t`, in the form that a count takes. A count that is not whole takes the form of many."""
    said = translations(spoken()).ngettext(one, many, int(count) if count == int(count) else 2)
    return said.format(**values) if values else said
