"""The words by which columns and codes of other systems are recognized: lexicon.toml, with typed access."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
NOT_A_WORD = re.compile(r"[^a-z0-9#+<]+")
ABBREVIATIONS = {"no": "number", "num": "number", "nbr": "number", "#": "number", "dt": "date", "tm": "time",
                 "datetime": "date time", "dttm": "date time",
                 "appt": "appointment", "followup": "follow up", "onscene": "on scene",
                 "coresponder": "co responder", "dispo": "disposition", "disp": "dispatch", "recd": "received",
                 "rcvd": "received", "sched": "scheduled", "eth": "ethnicity", "arr": "arrived", "clr": "cleared",
                 "clin": "clinician", "ofc": "officer", "inj": "injured", "xport": "transport"}


@dataclass(frozen=True)
class NameRule:
    """How the name of a source's column shows that it is one of the portal's columns."""

    names: frozenset[str]
    words: tuple[frozenset[str], ...]
    excluded: frozenset[str]

    def score(self, name: str) -> int:
        """2: as good as certain; 1: likely; 0: no."""
        plain = words_of(name)
        if plain in self.names:
            return 2
        present = set(plain.split())
        if present & self.excluded:
            return 0
        return int(any(group <= present for group in self.words))


def words_of(text: str) -> str:
    """A name or code in lower case, its words apart, common abbreviations written out: "CallDt" is "call date"."""
    words = NOT_A_WORD.sub(" ", CAMEL.sub(" ", text).lower().replace("#", " # ")).split()
    return " ".join(ABBREVIATIONS.get(word, word) for word in words)


_LEXICON: dict[str, Any] = tomllib.loads((Path(__file__).parent / "lexicon.toml").read_text("utf-8"))


def _rules(section: Mapping[str, Any]) -> dict[str, NameRule]:
    def group(words: list[str]) -> frozenset[str]:
        return frozenset(words_of(" ".join(words)).split())

    return {name: NameRule(frozenset(map(words_of, rule["names"])), tuple(map(group, rule["words"])),
                           frozenset(rule["not"])) for name, rule in section.items()}


COLUMN_RULES = _rules(_LEXICON["columns"])  # how each of the portal's columns is recognized by name
ROSTER_RULES = _rules(_LEXICON["roster"])  # how each column of a roster is
YES_NO = {code: answer for answer in ("yes", "no") for code in _LEXICON["yes_no"][answer]}  # codes in lower case
MISSING_WORDS = frozenset(_LEXICON["missing"]["words"])  # texts, in lower case, that mean "not recorded"


def category_of(column: str, code: str) -> tuple[str, bool]:
    """The category that a code probably means in one of the portal's columns, "" where no word is known; and whether
    the code is that word, so that no doubt is left.
    """
    plain = words_of(code)
    found: list[tuple[int, str]] = []
    for category, known in _LEXICON["codes"].get(column, {}).items():
        for word in map(words_of, known):
            if plain == word:
                return category, True
            if re.search(rf"\b{re.escape(word)}\b", plain) and len(word) > 1:
                found.append((len(word), category))
    return (max(found)[1], False) if found else ("", False)
