"""Words typed with an error: the known words one or two letters away.

An error is a letter that is added, left out, replaced or swapped with its neighbor (optimal string alignment).
"""

from collections.abc import Iterable

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract_iter

SHORTEST = 4  # letters of a word that is corrected
LONG = 8  # letters from which two errors are allowed


class Spelling:
    """The known words of a language."""

    def __init__(self, known: Iterable[str]) -> None:
        self.known = sorted(word for word in known if len(word) >= SHORTEST - 1 and word.isalpha())

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
        return {known: int(errors) for known, errors, _ in
                extract_iter(word, self.known, scorer=OSA.distance, score_cutoff=most)}
