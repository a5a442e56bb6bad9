"""A question in, three places out, with what is to be said above them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.language import DEFAULT
from portal.search.crisis import in_crisis
from portal.search.documents import Document
from portal.search.index import Reading, SearchHit, SearchIndex
from portal.search.lexicon import Says, topics
from portal.search.tokens import LONGEST, NEPALI, tokens

SHOWN = 3
SURE_SCORE, SURE_COVERED, SURE_LEAD = 5.0, 0.6, 1.7
NEAREST = 2.0  # a score below which nothing here has to do with the question
AHEAD = 0.1  # share of known words by which another language has to be ahead of the page's own
STEPS = "program/steps"  # what happens when you call
# What is shown beside a single place, and where nothing fits: the questions asked most.
MOST_ASKED = ("program/questions: Will police come?", STEPS, "program/known: On which days and hours?",
              "figure:outcome.arrest", "figure:response.met")


@dataclass(frozen=True)
class Place:
    """A place that answers, and what the site can say there."""

    document: Document
    says: Says


@dataclass(frozen=True)
class Asked:
    """What is shown for a question. `language`: of the places; `sure`: whether the first is the answer; `found`:
    whether any place has to do with it; `crisis`: whether the numbers for help stand first.
    """

    language: str
    places: tuple[Place, ...]
    sure: bool
    found: bool
    crisis: bool


def ask(question: str, language: str, indexes: Mapping[str, SearchIndex]) -> Asked:
    """The places for a question asked on a page in `language`. Only its first letters are read (LONGEST)."""
    question = question[:LONGEST]
    spoken = language_of_question(question, language, indexes)
    index = indexes[spoken]
    reading = index.read(question)
    found = [candidate for candidate in index.search(reading) if candidate.score >= NEAREST]
    if in_crisis(question):  # what happens next, and no figures: how many were hurt can wait
        texts = [candidate for candidate in found if candidate.document.kind != "figure"]
        return Asked(spoken, _places(texts, reading, index, (STEPS,)), sure=False, found=bool(found), crisis=True)
    return Asked(spoken, _places(found, reading, index), _is_sure(found, reading), bool(found), crisis=False)


def language_of_question(question: str, language: str, indexes: Mapping[str, SearchIndex]) -> str:
    """The language that a question is in: the page's own, unless another knows more of its words."""
    if NEPALI.search(question) and "ne" in indexes:
        return "ne"
    known = {code: index.knows(tokens(question, code)) for code, index in indexes.items()}
    own = language if language in known else DEFAULT
    best = max(known, key=lambda code: (known[code], code == own))
    return best if known[best] > known[own] + AHEAD else own


def _is_sure(found: Sequence[SearchHit], reading: Reading) -> bool:
    """Whether the first place may be called the answer. A word that nobody here knows (pizza, library) may be what the
    question is about: then none may.
    """
    if not found or found[0].score < SURE_SCORE or not reading.all_known:
        return False
    first, second = found[0], found[1].score if len(found) > 1 else 0.0
    return first.covered >= SURE_COVERED and first.score >= SURE_LEAD * second


def _places(found: Sequence[SearchHit], reading: Reading, index: SearchIndex,
            first: tuple[str, ...] = ()) -> tuple[Place, ...]:
    """Three places, never one alone: `first`, the best, and where fewer were found, what is asked most."""
    keys = list(dict.fromkeys([*first, *(row.document.place for row in found[:SHOWN])]))
    keys += [key for key in MOST_ASKED if key in index.places and key not in keys]
    says = {place: topics()[topic].says for topic, *_ in reversed(reading.claimed) for place in topics()[topic].places}
    best = {row.document.place: row.document for row in found[:SHOWN] if row.document.kind == "passage"}
    return tuple(Place(_shown(index.places[key], best.get(key)), says.get(key, "here")) for key in keys[:SHOWN])


def _shown(place: Document, passage: Document | None) -> Document:
    """A place with the line of it that was found, where one list item says it best."""
    if passage is None or place.kind == "figure":
        return place
    return Document(place.key, place.place, place.kind, place.page, place.anchor, place.title, place.heading,
                    place.text, passage.answer)
