"""Measures the search on a file of questions (TOML): the right places, and what must never be shown."""

import re
import statistics
import timeit
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from portal.search.ask import Asked, Place, ask
from portal.search.index import SearchIndex
from portal.search.tokens import LONGEST
from tests.search.indexes import answer_of
from tests.source import ROOT

OWN = ROOT / "tests" / "search" / "questions.toml"
NEVER = ROOT / "tests" / "search" / "never.toml"


@dataclass(frozen=True)
class AskedQuestion:
    """A question with every place that is a good answer to it, and what no answer may say (patterns)."""

    language: str
    text: str
    places: frozenset[str]
    page: str  # "" where the places say it
    never: tuple[str, ...]


@dataclass
class SearchScore:
    """What came of a file of questions in one language."""

    asked: int = 0
    page_first: int = 0
    page_in_three: int = 0
    place_in_three: int = 0
    sure: int = 0
    sure_and_wrong: int = 0
    never_shown: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)


def _question(row: Mapping[str, Any], never: Mapping[str, Sequence[str]]) -> AskedQuestion:
    """A row with `places`, or with `page`, `section` and `figure`."""
    figure = row.get("figure")
    places = [*row.get("places", ()), *filter(None, [row.get("section"), figure and f"figure:{figure}"])]
    given = row.get("never", ())
    patterns = [given] if isinstance(given, str) else list(given)
    return AskedQuestion(row["lang"], row["text"], frozenset(places), row.get("page", ""),
                         (*patterns, *never.get(row["lang"], ())))


def read(file: Path) -> tuple[list[AskedQuestion], list[tuple[str, str]]]:
    """The questions of a file, and those (language, text) that nothing here answers."""
    rows = tomllib.loads(file.read_text("utf-8"))
    never = tomllib.loads(NEVER.read_text("utf-8"))
    return ([_question(row, never) for row in rows.get("question", ())],
            [(row["lang"], row["text"]) for row in rows.get("off_topic", ())])


def _page(place: Place) -> str:
    return f"/{place.document.page.slug}"


def _judge(measured: SearchScore, question: AskedQuestion, asked: Asked, indexes: Mapping[str, SearchIndex]) -> None:
    keys, pages = [place.document.key for place in asked.places], [_page(place) for place in asked.places]
    index = indexes[asked.language]
    right = {question.page} if question.page else {
        f"/{index.places[key].page.slug}" for key in question.places if key in index.places}
    first = pages[0] in right or keys[0] in question.places
    measured.asked += 1
    measured.page_first += first
    measured.page_in_three += any(page in right for page in pages) or any(key in question.places for key in keys)
    measured.place_in_three += any(key in question.places for key in keys) or not question.places
    measured.sure += asked.sure
    measured.sure_and_wrong += asked.sure and not first
    if not first or not any(key in question.places for key in keys):
        measured.missed.append(f"{question.text} -> {', '.join(keys)}")
    shown = " ".join(f"{place.document.title} {answer_of(place.document, asked.language)}" for place in asked.places)
    measured.never_shown += [f"{question.text}: {pattern}" for pattern in question.never
                             if re.search(pattern, shown, re.IGNORECASE)]


def measure(questions: Sequence[AskedQuestion], indexes: Mapping[str, SearchIndex]) -> dict[str, SearchScore]:
    """What comes of questions, by their language."""
    found: dict[str, SearchScore] = {}
    for question in questions:
        measured = found.setdefault(question.language, SearchScore())
        _judge(measured, question, ask(question.text, question.language, indexes), indexes)
    return found


def whole(found: Mapping[str, SearchScore]) -> SearchScore:
    """All languages together."""
    sums = SearchScore()
    for row in found.values():
        for name, value in vars(row).items():
            setattr(sums, name, getattr(sums, name) + value)
    return sums


def called_sure(off_topic: Sequence[tuple[str, str]], indexes: Mapping[str, SearchIndex]) -> list[str]:
    """The questions that nothing here answers, and for which a place is called the answer all the same."""
    return [text for language, text in off_topic if ask(text, language, indexes).sure]


def milliseconds(questions: Sequence[AskedQuestion], indexes: Mapping[str, SearchIndex]) -> list[float]:
    """How long each takes when it is made as long as a question may be: the quickest of three times."""
    taken = []
    for question in questions:
        text = (f"{question.text} " * LONGEST)[:LONGEST]
        taken.append(1000 * min(timeit.repeat(partial(ask, text, question.language, indexes), number=1, repeat=3)))
    return sorted(taken)


def report(file: Path, indexes: Mapping[str, SearchIndex]) -> str:
    """The table for a file."""
    questions, off_topic = read(file)
    found = measure(questions, indexes)
    lines = [f"{'':8}{'asked':>7}{'page first':>12}{'page in 3':>11}{'place in 3':>12}{'sure':>7}{'sure, wrong':>13}"]
    for language, one in [*found.items(), ("all", whole(found))]:
        counts = one.page_first, one.page_in_three, one.place_in_three
        shares = [f"{100 * count / one.asked:.0f}%" for count in counts]
        lines.append(f"{language:8}{one.asked:>7}{shares[0]:>12}{shares[1]:>11}{shares[2]:>12}{one.sure:>7}"
                     f"{one.sure_and_wrong:>13}")
    total, times = whole(found), milliseconds(questions, indexes)
    lines += [f"never shown, and shown: {len(total.never_shown)}", *total.never_shown,
              f"nothing answers, and called sure: {len(called_sure(off_topic, indexes))} of {len(off_topic)}",
              (f"milliseconds for {LONGEST} letters: median {statistics.median(times):.1f}, 95% "
              f"{times[int(0.95 * len(times))]:.1f}, slowest {times[-1]:.1f}"),
              *total.missed]
    return "\n".join(lines)
