"""Words, numbers and dates in the reader's language: gettext catalogues and CLDR, by way of Babel. Touches settings and
errors alone.

The language in force is a matter of context: `with override_language("es"): …` holds for everything called inside, so
that no function hands a language through. English texts are the message ids.
"""

from portal.language.catalogue import DEFAULT, PSEUDO
from portal.language.formats import day, months, number, short_month, span
from portal.language.words import (
    LANGUAGES,
    gettext_lazy,
    language_of,
    locale,
    n,
    ngettext_lazy,
    override_language,
    preferred,
    reviewed,
    spoken,
    t,
    whole,
)

__all__ = [
    "DEFAULT", "LANGUAGES", "PSEUDO", "day", "gettext_lazy", "language_of", "locale", "months", "n", "ngettext_lazy",
    "number", "override_language", "preferred", "reviewed", "short_month", "span", "spoken", "t", "whole",
]
