"""The words of content/: long texts by their headings, and the questions that councils ask.

A heading has one key in every language, made of its English words.
"""

import re
import tomllib
from dataclasses import dataclass
from typing import Literal

from portal.settings import ROOT
from portal.shipped import shipped

CONTENT, ORIGINAL = ROOT / "content", "en"
MARK = re.compile(r"\s*\{[^}]*\}")  # of a fact, of a sentence of ours, of an anchor
LINK = re.compile(r"\[([^\]]*)\]\([^)\s]*\)")
HEADING = re.compile(r"^(#{2,3}) (.*)$")
ROW = re.compile(r"^\|(?!\s*:?-)\s*(.*?)\s*\|\s*(.*?)\s*\|$")  # of a table of two columns
SENTENCE = re.compile(r"(?<=[.।?!]) ")
IN_TABLE = 4  # level of a row
LETTERS = 280  # of an answer that is shown away from its page, which says all of it
QuestionState = Literal["number", "partly", "awaited", "not_shown"]


@dataclass(frozen=True)
class Passage:
    """A heading of a text with the lines below it, or a row of a table with what it says (`level` IN_TABLE). A text
    that begins without a heading has a first part whose `heading` is "".
    """

    level: int
    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """A question of a council: the figure that answers it ("": none), and what is missing ("": nothing), in English."""

    id: str
    question: str
    state: QuestionState
    figure: str = ""
    gap: str = ""


@shipped
def council_questions() -> tuple[Question, ...]:
    """The questions of content/questions.toml, in its order."""
    return tuple(Question(**row) for row in tomllib.loads((CONTENT / "questions.toml").read_text("utf-8"))["question"])


def shortened(answer: str, letters: int = LETTERS) -> str:
    """The first sentences of an answer, as many as `letters` hold; at least one."""
    first, *following = SENTENCE.split(answer)
    for sentence in following:
        if len(first) + len(sentence) >= letters:
            break
        first += f" {sentence}"
    return first


def plain(markdown: str) -> str:
    """A line of a text as a reader sees it: no marks, no Markdown."""
    return re.sub(r"[*`>]", "", LINK.sub(r"\1", MARK.sub("", markdown))).strip()


@shipped
def parts(key: str, language: str) -> tuple[Passage, ...]:
    """A long text by its headings; the English one where it is not translated. Raises OSError where there is none."""
    file = CONTENT / language / f"{key}.md"
    lines = (file if file.is_file() else CONTENT / ORIGINAL / f"{key}.md").read_text("utf-8").splitlines()
    found: list[tuple[int, str, list[str]]] = [(2, "", [])]
    for line in lines:
        if heading := HEADING.match(line):
            found.append((len(heading[1]), plain(heading[2]), []))
        elif row := ROW.match(line):
            found.append((IN_TABLE, plain(row[1]), [row[2]]))
        elif line.startswith("|"):  # the line below a table's head
            found.pop()
        elif line.strip():
            found[-1][2].append(line.strip())
    return tuple(Passage(level, heading, tuple(below)) for level, heading, below in found if heading or below)


def keys(key: str) -> tuple[str, ...]:
    """The key of each part of a text: its own for the first, `program/questions: Will police come?` for others."""
    _, *questions = parts(key, ORIGINAL)
    return (key, *(f"{key}: {part.heading}" for part in questions))


def heading_keys(key: str) -> tuple[str, ...]:
    """The keys of the parts that begin with a heading, in their order."""
    return tuple(question_key for question_key, part in zip(keys(key), parts(key, ORIGINAL), strict=True)
                 if part.heading and part.level != IN_TABLE)
