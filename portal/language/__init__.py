"""Words, numbers and dates in the reader's language: gettext catalogues and CLDR, by way of Babel. Touches settings and
errors alone.

The language in force is a matter of context: `with speaking("es"): …` holds for everything called inside, so that no
function hands a language through. English texts are the message ids.
"""

from portal.language.catalogue import DEFAULT, PSEUDO
from portal.language.formats import day, months, number, short_month, span
from portal.language.words import (
    LANGUAGES,
    language_of,
    later,
    later_n,
    locale,
    n,
    preferred,
    reviewed,
    speaking,
    spoken,
    t,
    whole,
)

__all__ = ["DEFAULT", "LANGUAGES", "PSEUDO", "day", "language_of", "later", "later_n", "locale", "months", "n",
           "number", "preferred", "reviewed", "short_month", "span", "speaking", "spoken", "t", "whole"]
