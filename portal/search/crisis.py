"""Words of a crisis, in any language: the numbers for help then stand above everything else."""

from collections.abc import Sequence

from portal.language import LANGUAGES
from portal.search.lexicon import Phrase, lexicon
from portal.search.spelling import distance
from portal.search.tokens import words

BETWEEN = 1  # other words that may stand between two of a phrase
ALONE, TOGETHER = 7, 4  # letters of a word from which one error is allowed: by itself, and in a phrase


def in_crisis(question: str) -> bool:
    """Whether a question holds a word of crisis in any of the site's languages."""
    return any(_holds(words(question, language), lexicon(language).crisis) for language in LANGUAGES)


def _holds(said: Sequence[str], phrases: Sequence[Phrase]) -> bool:
    return any(_stands(said, phrase) for phrase in phrases)


def _stands(said: Sequence[str], phrase: Phrase) -> bool:
    return any(_goes_on(said, place, phrase) for place in range(len(said)) if _same(said[place], phrase[0], phrase))


def _goes_on(said: Sequence[str], place: int, phrase: Phrase) -> bool:
    for word in phrase[1:]:
        ahead = range(place + 1, min(place + 2 + BETWEEN, len(said)))
        found = next((one for one in ahead if _same(said[one], word, phrase)), None)
        if found is None:
            return False
        place = found
    return True


def _same(word: str, wanted: str, phrase: Phrase) -> bool:
    shortest = ALONE if len(phrase) == 1 else TOGETHER
    return word == wanted or (len(wanted) >= shortest and abs(len(word) - len(wanted)) <= 1 and word[0] == wanted[0]
                              and distance(word, wanted) == 1)
