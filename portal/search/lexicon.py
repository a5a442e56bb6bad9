"""What people say and the places they mean by it: topics.toml, and a list of words for each language."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from portal.search.tokens import tokens, words
from portal.shipped import shipped

FOLDER = Path(__file__).parent
Says = Literal["here", "partly", "not known yet", "not collected", "not shown", "elsewhere"]
Phrase = tuple[str, ...]  # of tokens


@dataclass(frozen=True)
class Topic:
    """What people ask about: the keys of the documents that answer, the best first, and what the site can say."""

    id: str
    places: tuple[str, ...]
    says: Says


@dataclass(frozen=True)
class Lexicon:
    """The words of one language, as tokens."""

    language: str
    function: frozenset[str]  # words that say little by themselves
    phrases: dict[Phrase, tuple[str, ...]]  # to the ids of the topics that claim them
    terms: dict[str, tuple[Phrase, ...]]  # the site's own words for a topic, by its id
    crisis: tuple[Phrase, ...]  # of folded words with their endings
    calm: tuple[Phrase, ...]  # the same, of questions that hold words of a crisis and are none
    beginning: dict[str, int]  # the words that phrases begin with, each with the words of the longest of these
    said: tuple[str, ...]  # what people say, as it is written


@shipped
def topics() -> dict[str, Topic]:
    """Every topic, by its id."""
    rows = tomllib.loads((FOLDER / "topics.toml").read_text("utf-8"))["topic"]
    return {row["id"]: Topic(row["id"], tuple(row["places"]), row["says"]) for row in rows}


def _raw(language: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / "words" / f"{language}.toml").read_text("utf-8"))


def _beginning(phrases: Iterable[Phrase]) -> dict[str, int]:
    longest: dict[str, int] = {}
    for phrase in phrases:
        longest[phrase[0]] = max(len(phrase), longest.get(phrase[0], 0))
    return longest


@shipped
def lexicon(language: str) -> Lexicon:
    """The words of a language. Raises OSError where it has no list."""
    raw = _raw(language)
    phrases: dict[Phrase, list[str]] = {}
    for row in raw["topic"]:
        for spoken in row["say"]:
            claimed = phrases.setdefault(tuple(tokens(spoken, language)), [])
            if row["id"] not in claimed:
                claimed.append(row["id"])
    terms = {row["id"]: tuple(tuple(tokens(term, language)) for term in row["terms"]) for row in raw["topic"]}
    return Lexicon(
        language, frozenset(token for word in raw["function"] for token in tokens(word, language)),
        {phrase: tuple(claimed) for phrase, claimed in phrases.items()}, terms,
        tuple(tuple(words(spoken, language)) for spoken in raw["crisis"]),
        tuple(tuple(words(spoken, language)) for spoken in raw["calm"]), _beginning(phrases),
        tuple(spoken for row in raw["topic"] for spoken in row["say"]))
