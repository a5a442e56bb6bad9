"""The headline of every figure for none, one, two and many, in each language, as somebody read them.

`HEADLINES=write` before the command writes the lists anew: read the difference as a speaker of the language, then
commit it.
"""

import os
import re
from pathlib import Path

import pytest

from portal.figures import FIGURES, build, choices
from portal.language import LANGUAGES, override_language
from portal.release.store import Release

LISTS = Path(__file__).parent / "headlines"
COUNTS = {"none": "no response", "one call": "one call", "one": "one response", "two": "two responses",
          "many": "all shown", "shipped": "shipped 2027-Q3", "little": "nothing of the team"}


NUMBER = re.compile(r"\d[\d.,]*")  # of what the publisher tried and left out: other ones whenever it is changed


def headlines(zoo: dict[str, Release]) -> str:
    """For each figure its headlines, each once, with the first release that has it."""
    lines = []
    for figure_id in FIGURES:
        found = {}
        for count, name in COUNTS.items():
            oldest = choices(zoo[name])[-1][0] if count == "shipped" else None
            for period in dict.fromkeys((None, oldest)):
                headline = build(zoo[name], figure_id, period).headline.plain
                found.setdefault(NUMBER.sub("N", headline) if figure_id.startswith("data.") else headline, count)
        lines += [f"{figure_id}", *(f"    {count}: {headline}" for headline, count in found.items())]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_headlines_are_those_that_were_read(language: str, zoo: dict[str, Release]) -> None:
    recorded = LISTS / f"{language}.txt"
    with override_language(language):
        found = headlines(zoo)
    if os.environ.get("HEADLINES") == "write":
        LISTS.mkdir(exist_ok=True)
        recorded.write_text(found, encoding="utf-8")
    assert found == recorded.read_text("utf-8"), "If it is meant: HEADLINES=write, and read the difference"
