"""Words of a crisis, in any language: the numbers for help then stand above everything else."""

from collections import defaultdict
from collections.abc import Sequence

from portal.language import LANGUAGES
from portal.search.lexicon import Phrase, lexicon
from portal.search.spelling import Spelling
from portal.search.tokens import words
from portal.shipped import shipped

BETWEEN = 1  # other words that may stand between two of a phrase
ALONE, TOGETHER = 7, 4  # letters of a word from which one error is allowed: by itself, and in a phrase
Read = dict[str, int]  # the words of crisis that a word of a question may be, each with its errors


class _Crisis:
    """The words of crisis of all languages together: whoever is in one may write in another than the page's."""

    def __init__(self) -> None:
        self.beginning: dict[str, list[Phrase]] = defaultdict(list)
        for phrase in {phrase for language in LANGUAGES for phrase in lexicon(language).crisis}:
            self.beginning[phrase[0]].append(phrase)
        self.known = {word for phrases in self.beginning.values() for phrase in phrases for word in phrase}
        self.spelling = Spelling(self.known)
        self.calm = {phrase for language in LANGUAGES for phrase in lexicon(language).calm}

    def read(self, word: str) -> Read:
        near = {known: errors for known, errors in self.spelling.near(word, 1).items() if known[0] == word[0]}
        return near | ({word: 0} if word in self.known else {})


@shipped
def _crisis() -> _Crisis:
    return _Crisis()


def in_crisis(question: str) -> bool:
    """Whether a question holds a word of crisis in any of the site's languages."""
    # English alone joins what an apostrophe parts: all others read a text alike.
    return any(_holds(_read(words(question, language))) for language in ("en", "es"))


def _read(asked: Sequence[str]) -> list[Read]:
    """What each word of a question may be: nothing for those of a calm question, such as "when will they end it"."""
    calm = {position for phrase in _crisis().calm for start in range(len(asked) - len(phrase) + 1)
            if tuple(asked[start:start + len(phrase)]) == phrase for position in range(start, start + len(phrase))}
    return [{} if position in calm else _crisis().read(word) for position, word in enumerate(asked)]


def _holds(words_read: Sequence[Read]) -> bool:
    return any(_goes_on(words_read, place, phrase) for place, read in enumerate(words_read) for word in read
               for phrase in _crisis().beginning.get(word, ()))


def _goes_on(words_read: Sequence[Read], place: int, phrase: Phrase) -> bool:
    """Whether a phrase begins at a place: its words in their order, one other word between two at most."""
    if not _is(words_read[place], phrase[0], phrase):
        return False
    for word in phrase[1:]:
        ahead = range(place + 1, min(place + 2 + BETWEEN, len(words_read)))
        found = next((position for position in ahead if _is(words_read[position], word, phrase)), None)
        if found is None:
            return False
        place = found
    return True


def _is(read: Read, word: str, phrase: Phrase) -> bool:
    errors = read.get(word)
    return errors == 0 or (errors == 1 and len(word) >= (ALONE if len(phrase) == 1 else TOGETHER))
