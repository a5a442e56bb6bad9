"""Which language is in force, and a text in it."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from babel import Locale

from portal.language.catalogue import DEFAULT, PSEUDO, reviewer, translations

# Code, as in `?lang=` and the lang attribute, and the language's own name, in the order in which they are offered.
LANGUAGES = {"en": "English", "es": "Español", "pt-BR": "Português", "ht": "Kreyòl ayisyen", "ne": "नेपाली"}
# Each language as it is written where: for numbers, dates and link previews. Spanish numbers are those of the United
# States (103.5 hours), where its readers live.
LOCALES = {code: Locale.parse(name) for code, name in (
    ("en", "en_US"), ("es", "es_US"), ("pt-BR", "pt_BR"), ("ht", "ht_HT"), ("ne", "ne_NP"), (PSEUDO, "en_US"))}
_OFFERED = {code.partition("-")[0]: code for code in LANGUAGES} | {code.lower(): code for code in LANGUAGES}
_NOW: ContextVar[str] = ContextVar("language", default=DEFAULT)
_MISSED: ContextVar[list[str] | None] = ContextVar("missed", default=None)
_LOG = logging.getLogger("portal")
Made = TypeVar("Made")


def spoken() -> str:
    """The code of the language in force, such as `pt-BR`."""
    return _NOW.get()


def locale() -> Locale:
    """The CLDR locale of the language in force."""
    return LOCALES[spoken()]


@contextmanager
def override_language(language: str) -> Iterator[None]:
    """Speak this language inside the `with`. Raises KeyError on a code that is neither in LANGUAGES nor the tests' own
    (`PSEUDO`).
    """
    if language != PSEUDO:
        LANGUAGES[language]
    before = _NOW.set(language)
    try:
        yield
    finally:
        _NOW.reset(before)


def reviewed() -> bool:
    """Whether somebody has put their name to the language in force: English is the original."""
    return spoken() in (DEFAULT, PSEUDO) or bool(reviewer(spoken()))


def _missed(text: str) -> str:
    """A message that the catalogue in force lacks, in English; noted for `whole`."""
    missed = _MISSED.get()
    if missed is not None:
        missed.append(text)
    return text


def t(text: str, **values: object) -> str:
    """A text in the language in force, its {names} filled in. `text` is the English one, and shown for want of it."""
    # An empty text is empty in every language.
    translated = text and (translations(spoken()).gettext(text) or _missed(text))
    return translated.format(**values) if values else translated


def gettext_lazy(text: str) -> str:
    """The text itself: marks a constant for the catalogues, which `t` looks up when the constant is shown."""
    return text


def ngettext_lazy(text: str, many: str) -> tuple[str, str]:
    """As `gettext_lazy`, for a text with a count: `n(*these, count)`."""
    return text, many


def n(text: str, many: str, count: float, **values: object) -> str:
    """As `t`, in the form that CLDR gives a count in this language: in Portuguese 0 and 1.5 take the form of one."""
    like = 1 if locale().plural_form(count) == "one" else 2
    translated = translations(spoken()).ngettext(text, many, like) or _missed(text if count == 1 else many)
    return translated.format(**values) if values else translated


def whole(make: Callable[[], Made]) -> tuple[Made, str]:
    """What `make` gives in the language in force, and that language. Where one of its messages is not translated, all
    of it in English, and "en": nobody should have to read, or hear, a part in two languages.
    """
    missed: list[str] = []
    before = _MISSED.set(missed)
    try:
        result = make()
    finally:
        _MISSED.reset(before)
    if not missed:
        return result, spoken()
    _LOG.warning("Not translated to %s: %s", spoken(), "; ".join(sorted(set(missed))))
    with override_language(DEFAULT):
        return make(), DEFAULT


def language_of(tag: str) -> str:
    """The code of the language that a tag names, by the lookup of RFC 4647: `es` for `es-MX` or `es_419`, `pt-BR` for
    `pt` or `pt-PT`, in whatever case. Empty where the site is not in that language.
    """
    name = tag.strip().lower().replace("_", "-")
    return _OFFERED.get(name) or _OFFERED.get(name.partition("-")[0], "")


def preferred(accepted: str) -> str:
    """The language that a browser prefers (its Accept-Language) of those there are: "es" for "es-MX,en;q=0.8".
    Empty where it names none of them.
    """
    ranges = []
    for place, preference in enumerate(accepted.split(",")[:20]):
        name, _, parameters = preference.strip().partition(";")
        quality = parameters.replace(" ", "").removeprefix("q=") or "1"
        if name and quality.replace(".", "", 1).isdigit() and float(quality) > 0:
            ranges.append((-float(quality), place, name))
    return next((code for *_, name in sorted(ranges) if (code := language_of(name))), "")
