"""Words, numbers and dates in the reader's language: gettext catalogues and CLDR, by way of Babel. Touches settings and
errors alone.

The language in force is a matter of context: `with speaking("es"): …` holds for everything called inside, so that no
function hands a language through. English texts are the message ids.
"""

from portal.language.formats import day, number, span
from portal.language.words import DEFAULT, LANGUAGES, later, n, speaking, spoken, t

__all__ = ["DEFAULT", "LANGUAGES", "day", "later", "n", "number", "span", "speaking", "spoken", "t"]
