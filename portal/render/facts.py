"""The fact ledger: what the site may say, on whose authority, and how a page cites it; and whom to call."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any, Literal

from portal.language import DEFAULT, day, spoken, t
from portal.settings import ROOT
from portal.shipped import shipped

Tag = Literal["CITY", "PUBLIC", "PRESS", "CHECK"]
LEDGER = ROOT / "content" / "facts.toml"
MARK = re.compile(r"\s*\{fact:([a-z0-9_]+)\}")
OURS = re.compile(r"\s*\{ours\}")  # marks a sentence about this site, which needs no fact
ORIGINAL = re.compile(r"\s*\{original:([a-z0-9_]+)\}")  # stands at the end of a quotation's paragraph
ANCHOR = re.compile(r"\s*\{#([a-z0-9-]+)\}")
PARAGRAPH = re.compile(r"<(p|li|td)\b[^>]*>(?:(?!<(?:p|li|td)\b).)*", re.DOTALL)


@dataclass(frozen=True)
class Source:
    """A source: its title, a short name for use inside a sentence, its URL, and the day it was last read."""

    title: str
    short: str
    url: str
    seen: str


@dataclass(frozen=True)
class Fact:
    """One row of the ledger. `by` and `on`: who confirmed it and on which day; empty until somebody has."""

    id: str
    tag: Tag
    says: str
    source: Source
    by: str = ""
    on: str = ""


@dataclass(frozen=True)
class Contact:
    """Whom to call or write to. `checked`: the day a person last dialled the number; empty until somebody has."""

    id: str
    tag: Tag
    source: Source
    number: str
    call: str
    checked: str
    email: str = ""


def read(text: str) -> tuple[dict[str, Source], dict[str, Fact], dict[str, Contact]]:
    """The sources, facts and contacts in a ledger's text (TOML). Raises KeyError where a row names no known source."""
    raw: dict[str, Any] = tomllib.loads(text)
    sources = {name: Source(**row) for name, row in raw["sources"].items()}
    facts = {name: _fact(name, row, sources) for name, row in raw["facts"].items()}
    contacts = {name: Contact(name, **row | {"source": sources[row["source"]]})
                for name, row in raw["contacts"].items()}
    return sources, facts, contacts


def _fact(name: str, row: dict[str, Any], sources: dict[str, Source]) -> Fact:
    confirmed = row.get("confirmed", {})
    by, on = confirmed.get("by", ""), confirmed.get("on", "")
    return Fact(name, row["tag"], row["says"], sources[row["source"]], by,
                on.isoformat() if isinstance(on, date) else on)


@shipped
def _ledger() -> tuple[dict[str, Source], dict[str, Fact], dict[str, Contact]]:
    return read(LEDGER.read_text("utf-8"))


def sources() -> dict[str, Source]:
    """Every source, by its id."""
    return _ledger()[0]


def facts() -> dict[str, Fact]:
    """Every fact, by its id."""
    return _ledger()[1]


def contacts() -> dict[str, Contact]:
    """All contacts, in the order in which the site offers help."""
    return _ledger()[2]


def reference(fact: Fact) -> str:
    """The citation in brackets after a sentence, as HTML: its source, and whether the City has confirmed it."""
    link = f'<a href="{escape(fact.source.url)}" hreflang="en">{escape(t(fact.source.short))}</a>'
    if fact.by:
        words = t("{source}; confirmed by {who}, {when}", source=link, who=escape(fact.by), when=day(fact.on))
    elif fact.tag == "PRESS":
        words = t("Reported by {source}; not confirmed by the City", source=link)
    elif fact.tag == "CHECK":
        words = t("To be confirmed")
    else:
        words = link
    return f'<span class="fact {fact.tag.lower()}">({words})</span>'


def _with_references(paragraph: re.Match[str]) -> str:
    """A paragraph with its marks replaced by references; sentences in a row with the same reference show it once."""
    text = paragraph[0]
    marks = list(MARK.finditer(text))
    references = [reference(facts()[mark[1]]) for mark in marks]
    for index in reversed(range(len(marks))):
        repeated = index + 1 < len(marks) and references[index] == references[index + 1]
        replacement = "" if repeated else f" {references[index]}"
        text = text[:marks[index].start()] + replacement + text[marks[index].end():]
    return text


def _original(mark: re.Match[str]) -> str:
    """The English words of a quoted fact, as a paragraph of their own below their translation; nothing in English."""
    words = facts()[mark[1]].says
    return "" if spoken() == DEFAULT else f'</p>\n<p lang="{DEFAULT}">{escape(words)}'


def cited(html: str) -> str:
    """The sanitized HTML of a text, its marks made references and anchors, and what it quotes shown in English too.
    Raises KeyError on an unknown fact.
    """
    marked = ORIGINAL.sub(_original, PARAGRAPH.sub(_with_references, html))
    return ANCHOR.sub(r'<span id="\1"></span>', OURS.sub("", marked))
