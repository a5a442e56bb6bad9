"""Words typed with an error: the known words one or two letters away."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

SHORTEST = 4  # letters of a word that is corrected
LONG = 8  # letters from which two errors are allowed


class Spelling:
    """Known words by what is left of each when one letter is left out (and the word itself).

    Two words that share such a form are one error apart, or two: `distance` tells. (The method of SymSpell: a look-up
    in place of a comparison with every word.)
    """

    def __init__(self, known: Iterable[str]) -> None:
        self.forms: dict[str, list[str]] = defaultdict(list)
        for word in known:
            if len(word) >= SHORTEST - 1 and word.isalpha():
                for form in _forms(word):
                    self.forms[form].append(word)

    def nearest(self, word: str) -> dict[str, int]:
        """The known words nearest to a word that is not known, each with its number of errors; empty where none is
        near enough.
        """
        if len(word) < SHORTEST or any(letter.isdigit() for letter in word):
            return {}
        found = {known: errors for known, errors in self.near(word, 2 if len(word) >= LONG else 1).items()
                 if len(word) >= LONG or known[0] == word[0]}
        least = min(found.values(), default=0)
        return {known: errors for known, errors in found.items() if errors == least}

    def near(self, word: str, most: int) -> dict[str, int]:
        """The known words that are `most` errors away or fewer, each with its number of errors."""
        candidates = {known for form in _forms(word) for known in self.forms.get(form, ())}
        return {known: errors for known in candidates if (errors := distance(word, known)) <= most}


def _forms(word: str) -> Iterator[str]:
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1:]


def distance(text: str, other: str) -> int:
    """The letters to add, leave out, replace or swap with their neighbor to make one word the other (optimal string
    alignment).
    """
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(text, 1):
        line = [row]
        for column, other_letter in enumerate(other, 1):
            cost = min(last[column] + 1, line[-1] + 1, last[column - 1] + (letter != other_letter))
            if row > 1 and column > 1 and letter == other[column - 2] and text[row - 2] == other_letter:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        before, last = last, line
    return last[-1]
