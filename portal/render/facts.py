"""The fact ledger: what may be said, on whose word, and how a page shows it; and whom to call."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from html import escape
from typing import Any, Literal

from portal.language import day, t
from portal.settings import ROOT

Tag = Literal["CITY", "PUBLIC", "PRESS", "CHECK"]
LEDGER = ROOT / "content" / "facts.toml"
MARK = re.compile(r"\s*\{fact:([a-z0-9_]+)\}")
OURS = re.compile(r"\s*\{ours\}")  # a sentence about this site: no fact of the City
ANCHOR = re.compile(r"\s*\{#([a-z0-9-]+)\}")
PARAGRAPH = re.compile(r"<(p|li|td)\b[^>]*>(?:(?!<(?:p|li|td)\b).)*", re.DOTALL)


@dataclass(frozen=True)
class Source:
    """Where something was read: title, a short name for the sentence, address, and when it was last read."""

    title: str
    short: str
    address: str
    seen: str


@dataclass(frozen=True)
class Fact:
    """One row of the ledger. `by` and `on`: who confirmed it and which day; empty until somebody did."""

    id: str
    tag: Tag
    says: str
    source: Source
    by: str = ""
    on: str = ""


@dataclass(frozen=True)
class Contact:
    """Whom to call or write to. `checked`: the day a person last dialled it, empty until somebody did."""

    id: str
    tag: Tag
    source: Source
    number: str
    call: str
    checked: str
    email: str = ""


def read(text: str) -> tuple[dict[str, Source], dict[str, Fact], dict[str, Contact]]:
    """Sources, facts and contacts of a ledger's text. Raises KeyError where a row names no source or an unknown one."""
    raw: dict[str, Any] = tomllib.loads(text)
    sources = {name: Source(**row) for name, row in raw["sources"].items()}
    facts = {}
    for name, row in raw["facts"].items():
        said = row.get("confirmed", {})
        by, on = said.get("by", ""), said.get("on", "")
        facts[name] = Fact(name, row["tag"], row["says"], sources[row["source"]], by,
                           on.isoformat() if isinstance(on, date) else on)
    contacts = {name: Contact(name, **row | {"source": sources[row["source"]]})
                for name, row in raw["contacts"].items()}
    return sources, facts, contacts


@cache
def _ledger() -> tuple[dict[str, Source], dict[str, Fact], dict[str, Contact]]:
    return read(LEDGER.read_text("utf-8"))


def sources() -> dict[str, Source]:
    """Every source, by its id."""
    return _ledger()[0]


def facts() -> dict[str, Fact]:
    """Every fact, by its id."""
    return _ledger()[1]


def contacts() -> dict[str, Contact]:
    """Everybody to call or write to, in the order in which help is offered."""
    return _ledger()[2]


def reference(fact: Fact) -> str:
    """The words in brackets behind a sentence, as HTML: its source, and how sure it is."""
    link = f'<a href="{escape(fact.source.address)}" lang="en" hreflang="en">{escape(fact.source.short)}</a>'
    if fact.by:
        words = t("{source}; confirmed by {who}, {when}", source=link, who=escape(fact.by), when=day(fact.on))
    elif fact.tag == "PRESS":
        words = t("Reported by {source}; not yet confirmed by the City", source=link)
    elif fact.tag == "CHECK":
        words = t("To be confirmed")
    else:
        words = link
    return f'<span class="fact {fact.tag.lower()}">({words})</span>'


def _cited(paragraph: re.Match[str]) -> str:
    """A paragraph with its marks as references: once for sentences in a row that have the same one."""
    text = paragraph[0]
    marks = list(MARK.finditer(text))
    shown = [reference(facts()[one[1]]) for one in marks]
    for at in reversed(range(len(marks))):
        again = at + 1 < len(marks) and shown[at] == shown[at + 1]
        text = text[:marks[at].start()] + ("" if again else f" {shown[at]}") + text[marks[at].end():]
    return text


def cited(html: str) -> str:
    """Clean HTML of a long text, its marks made references and anchors. Raises KeyError on an unknown fact."""
    return ANCHOR.sub(r'<span id="\1"></span>', OURS.sub("", PARAGRAPH.sub(_cited, html)))
