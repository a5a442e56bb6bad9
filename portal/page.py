"""A page as data: what stands on it, in reading order. Every edition shows the same declaration in its own dress."""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Literal

FIRST = "overview"  # the page at the site's root
FEWEST = 4  # sections of a page that gets a list of them


@dataclass(frozen=True)
class Figure:
    """A figure's card. `id` as in portal.figures.FIGURES."""

    id: str


@dataclass(frozen=True)
class Text:
    """A long text, from content/<language>/<key>.md."""

    key: str


@dataclass(frozen=True, init=False)
class Tiles:
    """The numbers of several figures, large, each below its question."""

    figures: tuple[str, ...]

    def __init__(self, *figures: str) -> None:
        object.__setattr__(self, "figures", figures)


@dataclass(frozen=True)
class Choice:
    """What the visitor may choose; the URL's query holds it."""

    name: Literal["period", "release"]


@dataclass(frozen=True)
class Part:
    """A part made from data in content/, from the contract, or from the list of a release's files. `figure`: the
    figure that it shows in another form than a card, "" for none.
    """

    name: Literal["commitments", "questions", "council", "methods", "sources", "documents", "downloads", "tested",
                  "history", "corrections"]
    figure: str = ""


@dataclass(frozen=True)
class Form:
    """Several choices with their result below; the URL's query holds all of them, and nothing is stored."""

    name: Literal["explore", "request"]


@dataclass(frozen=True)
class Ask:
    """The field in which a reader asks in her own words; on other pages it stands small in the masthead."""


Item = Figure | Text | Tiles | Choice | Part | Form | Ask


@dataclass(frozen=True, init=False)
class Section:
    """Some items of a page. `title`: the section's name in the list "On this page"."""

    title: str
    items: tuple[Item, ...]

    def __init__(self, title: str, *items: Item) -> None:
        object.__setattr__(self, "title", title)
        object.__setattr__(self, "items", items)

    @property
    def anchor(self) -> str:
        """The section's id in the page, such as `section-time-on-duty`: the same in every language."""
        return f"section-{re.sub('[^a-z0-9]+', '-', self.title.lower()).strip('-')}"


@dataclass(frozen=True)
class Page:
    """A page: its id, its name in the navigation, a reader's question as its heading, and its sections.

    `lead`: the figure whose answer stands below the heading, "" for none. Names, questions and titles are in English,
    and translated where they are shown. `numbers`: whether the page is about the numbers; while these are made up,
    search engines are told to leave it out. `in_menu`: whether it stands in the menu above every page; the list of all
    pages at the foot names it in any case.
    """

    id: str
    name: str
    question: str
    lead: str
    sections: tuple[Section, ...]
    numbers: bool = True
    in_menu: bool = True

    @property
    def slug(self) -> str:
        """The page's part of the address; empty for the first page."""
        return "" if self.id == FIRST else self.id

    @property
    def items(self) -> tuple[Item, ...]:
        """The items of all sections, in reading order."""
        return tuple(chain.from_iterable(section.items for section in self.sections))

    @property
    def contents(self) -> tuple[Section, ...]:
        """The sections named in the list "On this page"; none where a page has too few to need one."""
        return self.sections if len(self.sections) >= FEWEST else ()

    @cached_property
    def anchors(self) -> dict[Item, str]:
        """The item that each listed section begins with, below the page's choice, to the section's anchor."""
        return {next(item for item in section.items if not isinstance(item, Choice)): section.anchor
                for section in self.contents}

    @property
    def figures(self) -> tuple[str, ...]:
        """The ids of the figures that the page shows, as cards or in parts, in reading order."""
        shown = (item.id if isinstance(item, Figure) else item.figure if isinstance(item, Part) else ""
                 for item in self.items)
        return tuple(figure for figure in shown if figure)

    @property
    def texts(self) -> tuple[str, ...]:
        """The keys of the page's long texts, in reading order."""
        return tuple(item.key for item in self.items if isinstance(item, Text))

    @property
    def forms(self) -> tuple[Form, ...]:
        """The page's forms: a page that has one may depend on any name in the URL's query."""
        return tuple(item for item in self.items if isinstance(item, Form))

    @property
    def asks(self) -> bool:
        """Whether the field for questions stands on the page itself."""
        return any(isinstance(item, Ask) for item in self.items)
