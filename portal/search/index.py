"""Ranks the documents of one language by the words of a question: BM25 over fields, and the word lists.

Measured on sixty questions, each constant here moves one of them when it is halved or doubled: don't tune further.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import log, sqrt

from portal.search.documents import Document, DocumentKind
from portal.search.lexicon import Lexicon, Phrase, lexicon, topics
from portal.search.spelling import SHORTEST, Spelling
from portal.search.tokens import stem, tokens, words

K1, B = 1.2, 0.4  # BM25: how soon a word said again stops counting; how much a long text is held down
TITLE, ASKED, HEADING, TEXT = 2.5, 3.0, 1.0, 1.0  # weights of a document's fields; ASKED: what people say, in topics
PRIOR: dict[DocumentKind, float] = {"question": 1.15, "figure": 1.0, "section": 0.9, "passage": 0.85, "page": 0.6}
FINER = 0.85  # of a figure that divides another one further, or compares times
FUNCTION = 0.2  # weight of a word that says little
GUESSED = {1: 0.8, 2: 0.6}  # weight of a corrected word, by its errors
GUESSED_SHORT = 0.5  # of a corrected word of four letters
SURE_GUESS = 6  # letters of a corrected word that leaves no doubt of what was meant
GUESSES = 8  # words of a question that are corrected
PLACE, NEXT_PLACE = 0.8, 0.7  # what a phrase gives the places of its topic, in parts of a perfect rare word


@dataclass(frozen=True)
class Term:
    """A word of a question: the tokens it may stand for, and its weight."""

    tokens: tuple[str, ...]
    weight: float


@dataclass
class SearchHit:
    """A place with its score: the best document of it, and the share of the question's weight that it covers."""

    document: Document
    score: float
    covered: float


@dataclass
class Reading:
    """A question as an index reads it: its terms, and the topics that its phrases claim, with their shares."""

    terms: list[Term]
    all_known: bool  # whether the language knows every word, numbers apart
    claimed: list[tuple[str, float, range]] = field(default_factory=list)  # topic, share, the words of the phrase


class SearchIndex:
    """The documents of one language. Pure: the same question gives the same places."""

    def __init__(self, language: str, documents: Iterable[Document]) -> None:
        self.language = language
        self.lexicon: Lexicon = lexicon(language)
        self.documents = tuple(documents)
        self.places = {document.key: document for document in self.documents if document.kind != "passage"}
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self._fill()
        many = len(self.documents)
        self._rarity = {token: log(1 + (many - len(rows) + 0.5) / (len(rows) + 0.5))
                        for token, rows in self._postings.items()}
        self.rarest = log(1 + (many - 0.5) / 1.5)
        phrase_words = {token for phrase in self.lexicon.phrases for token in phrase}
        self.known = self._postings.keys() | self.lexicon.function | phrase_words
        self.spelling = Spelling(self._written())

    def _fill(self) -> None:
        place_words = self._asked()
        fields = []
        for document in self.documents:
            counts: dict[str, float] = defaultdict(float)
            for text, weight in ((document.title, TITLE), (document.heading, HEADING), (document.text, TEXT)):
                for token in tokens(text, self.language):
                    counts[token] += weight
            length = sum(counts.values())
            fields.append((counts, length, place_words.get(document.key, {})))
        usual = sum(length for _, length, _ in fields) / max(1, len(fields))
        for at, (counts, length, spoken_words) in enumerate(fields):
            for token in counts.keys() | spoken_words.keys():
                much = counts.get(token, 0.0) / (1 - B + B * length / usual) + spoken_words.get(token, 0.0)
                self._postings[token].append((at, much * (K1 + 1) / (much + K1)))

    def _written(self) -> set[str]:
        """Every word of the documents and of what people say, with its ending: by which errors are found."""
        texts = (text for document in self.documents for text in (document.title, document.heading, document.text))
        return {word for text in (*texts, *self.lexicon.said) for word in words(text, self.language)}

    def _asked(self) -> dict[str, dict[str, float]]:
        """For each place the words that people say for it; a word of a longer phrase counts less."""
        found: dict[str, dict[str, float]] = defaultdict(dict)
        for phrase, claimed in self.lexicon.phrases.items():
            for topic in claimed:
                for place in topics()[topic].places[:1]:
                    for token in phrase:
                        weight = ASKED / sqrt(len(phrase))
                        found[place][token] = max(weight, found[place].get(token, 0.0))
        return found

    def knows(self, tokens: Iterable[str]) -> float:
        """The share of these tokens that the language knows."""
        listed = list(tokens)
        return sum(token in self.known for token in listed) / len(listed) if listed else 0.0

    def read(self, question: str) -> Reading:
        """A question's terms and topics; words that nobody knows are corrected where a known one is near."""
        terms: list[Term] = []
        corrected, all_known = 0, True
        for word in words(question, self.language):
            token = stem(word, self.language)
            is_known = token in self.known
            nearest = {} if is_known or corrected >= GUESSES else self.spelling.nearest(word)
            all_known = all_known and (is_known or token.isdigit() or (bool(nearest) and len(word) >= SURE_GUESS))
            if nearest:
                corrected += 1
                weight = GUESSED[min(nearest.values())] if len(word) > SHORTEST else GUESSED_SHORT
                terms.append(Term(tuple(sorted({stem(similar, self.language) for similar in nearest})), weight))
            else:
                terms.append(Term((token,), FUNCTION if token in self.lexicon.function else 1.0))
        return Reading(terms, all_known, self._claimed(terms))

    def _claimed(self, terms: list[Term]) -> list[tuple[str, float, range]]:
        """The topics that the phrases of a question claim. A longer phrase hides those inside of it."""
        found: list[tuple[range, tuple[str, ...]]] = []
        for start, first in enumerate(terms):
            longest = max(self.lexicon.beginning.get(token, 0) for token in first.tokens)
            for length in range(1, min(longest, len(terms) - start) + 1):
                span = range(start, start + length)
                found += [(span, claimed) for phrase in _phrases(terms[start:start + length])
                          if (claimed := self.lexicon.phrases.get(phrase))]
        outermost = [row for row in found if not any(_inside(row[0], other[0]) for other in found)]
        return [(topic, self._certain(terms, span) / sqrt(len(claimed)), span) for span, claimed in outermost
                for topic in claimed]

    @staticmethod
    def _certain(terms: list[Term], span: range) -> float:
        """How sure the words of a phrase are: less where one was corrected, and may be one of several."""
        return min(1.0 if terms[at].weight == FUNCTION else terms[at].weight / len(terms[at].tokens) for at in span)

    def search(self, reading: Reading) -> list[SearchHit]:
        """The places that hold something of a question, the best first. A word typed twice is no more than one."""
        weights = {term: term.weight * max(self._rarity.get(token, self.rarest) for token in term.tokens)
                   for term in reading.terms}
        total = sum(weights.values()) or 1.0
        scores, matched = self._texts(weights)
        topic_scores, claimed = self._given(reading)
        found: dict[str, SearchHit] = {}
        for at, document in enumerate(self.documents):
            score = scores.get(at, 0.0) + topic_scores.get(document.key, 0.0)
            if score:
                terms = matched.get(at, set()) | claimed.get(document.key, set())
                covered = sum(weights[term] for term in terms) / total
                result = SearchHit(document, score * _prior(document) * (0.5 + 0.5 * covered), covered)
                if document.place not in found or result.score > found[document.place].score:
                    found[document.place] = result
        return sorted(found.values(), key=lambda result: -result.score)

    def _texts(self, terms: Iterable[Term]) -> tuple[dict[int, float], dict[int, set[Term]]]:
        """What the words of a question give to each document, and which of them it holds."""
        scores: dict[int, float] = defaultdict(float)
        matched: dict[int, set[Term]] = defaultdict(set)
        for term in terms:
            best: dict[int, float] = {}
            for token in term.tokens:
                for at, much in self._postings.get(token, ()):
                    best[at] = max(best.get(at, 0.0), self._rarity[token] * term.weight * much)
            for at, score in best.items():
                scores[at] += score
                matched[at].add(term)
        return scores, matched

    def _given(self, reading: Reading) -> tuple[dict[str, float], dict[str, set[Term]]]:
        """What topics give to their places, and the words of the question that a place covers by them."""
        topic_scores: dict[str, float] = defaultdict(float)
        claimed: dict[str, set[Term]] = defaultdict(set)
        perfect = self.rarest * (K1 + 1)
        for topic, share, span in dict.fromkeys(reading.claimed):
            for rank, place in enumerate(topics()[topic].places):
                topic_scores[place] += (PLACE if rank == 0 else NEXT_PLACE) * perfect * share
                claimed[place] |= {reading.terms[at] for at in span}
        return topic_scores, claimed


def _phrases(terms: list[Term]) -> list[Phrase]:
    """The phrases that a few terms may stand for: with one corrected word, one for each of its guesses."""
    phrases: list[Phrase] = [()]
    for term in terms:
        phrases = [(*phrase, token) for phrase in phrases[:GUESSES] for token in term.tokens]
    return phrases


def _inside(inner: range, outer: range) -> bool:
    return len(inner) < len(outer) and inner.start >= outer.start and inner.stop <= outer.stop


def _prior(document: Document) -> float:
    finer = document.key.endswith("_detail") or document.key.startswith("figure:change.")
    return PRIOR[document.kind] * (FINER if finer else 1.0)
