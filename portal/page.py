"""A page as data: what stands on it, in reading order. Every edition shows the same declaration in its own dress."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

FIRST = "overview"  # the page at the site's root
FEWEST = 3  # sections of a page that gets a list of them
Size = Literal["loud", "standard", "half", "table", "folded"]
PageChoice = Literal["period", "release"]


def slug(words: str) -> str:
    """Words as an id in a page, such as `program-questions-will-police-come`."""
    return re.sub("[^a-z0-9]+", "-", words.lower()).strip("-")


@dataclass(frozen=True)
class FigureCard:
    """A figure's card; where the figure shows no number there is none. `id` as in portal.figures.FIGURES; `size`: the
    one loud card of a page, a card, one of two side by side, one whose table stands open where there is no chart, or
    such a one below its folded question; `holds`: the figures whose numbers are in it.
    """

    id: str
    size: Size = "standard"
    holds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Text:
    """A long text, from content/<language>/<key>.md."""

    key: str


@dataclass(frozen=True, init=False)
class Tiles:
    """The numbers of several figures, large, each a link to its figure."""

    figures: tuple[str, ...]

    def __init__(self, *figures: str) -> None:
        object.__setattr__(self, "figures", figures)


@dataclass(frozen=True)
class NotShown:
    """What the figures of the page can't show, why, and what each waits for."""


@dataclass(frozen=True)
class DataPart:
    """A part made from data in content/, from the contract, or from the list of a release's files. `figure`: the
    figure that it shows in another form than a card, "" for none.
    """

    name: Literal["commitments", "questions", "council", "methods", "sources", "documents", "downloads", "tested",
                  "promise_counts", "release_facts", "history", "corrections", "citation"]
    figure: str = ""


@dataclass(frozen=True)
class Form:
    """Several choices with their result below; the URL's query holds all of them, and nothing is stored."""

    name: Literal["explore", "request"]


@dataclass(frozen=True, init=False)
class Columns:
    """A figure's card, and on a wide screen beside it smaller ones: figures and texts."""

    figure: FigureCard
    beside: tuple[FigureCard | Text, ...]

    def __init__(self, figure: FigureCard, *beside: FigureCard | Text) -> None:
        object.__setattr__(self, "figure", figure)
        object.__setattr__(self, "beside", beside)


Item = FigureCard | Text | Tiles | NotShown | DataPart | Form | Columns


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
        return f"section-{slug(self.title)}"


@dataclass(frozen=True)
class Page:
    """A page: its id, its name in the navigation, a reader's question as its heading, and its sections.

    `lead`: the figure whose answer stands below the heading, "" for none; `says`: what stands there instead: texts of
    one paragraph, parts, or what the choices of a form give. Names, questions and titles are in English, and
    translated where they are shown. `choice`: what the visitor may choose, in the URL's query; "" for nothing.
    `help`: whether the box that says whom to call stands beside the heading in full; elsewhere it is one line.
    `asks`: whether the field for questions stands below the heading; elsewhere it stands small in the masthead.
    `numbers`: whether the page is about the numbers; while these are made up, search engines are told to leave it out.
    `in_menu`: whether it stands in the menu above every page; the list of all pages at the foot names it in any case.
    """

    id: str
    name: str
    question: str
    lead: str
    sections: tuple[Section, ...]
    choice: PageChoice | Literal[""] = ""
    help: bool = False
    asks: bool = False
    numbers: bool = True
    says: tuple[Text | DataPart | Form, ...] = ()
    in_menu: bool = True

    @property
    def slug(self) -> str:
        """The page's part of the URL; empty for the first page."""
        return "" if self.id == FIRST else self.id

    @property
    def items(self) -> tuple[Item, ...]:
        """The items of all sections, in reading order; those of columns each by itself."""
        return tuple(item for section in self.sections for item in _flat(section.items))

    @property
    def cards(self) -> tuple[FigureCard, ...]:
        """The figures whose cards stand on the page, in reading order."""
        return tuple(item for item in self.items if isinstance(item, FigureCard))

    @property
    def figures(self) -> tuple[str, ...]:
        """The ids of the figures that the page shows, as cards or in parts, in reading order."""
        figure_id = (item.id if isinstance(item, FigureCard) else item.figure if isinstance(item, DataPart) else ""
                 for item in self.items)
        return tuple(figure for figure in figure_id if figure)

    def card(self, figure_id: str) -> FigureCard | None:
        """The card that is a figure's own or holds its numbers; None where there is none."""
        return next((card for card in self.cards if figure_id in (card.id, *card.holds)), None)

    @property
    def texts(self) -> tuple[str, ...]:
        """The keys of the page's long texts, in reading order."""
        return tuple(item.key for item in (*self.says, *self.items) if isinstance(item, Text))

    @property
    def forms(self) -> tuple[Form, ...]:
        """The page's forms: a page that has one may depend on any name in the URL's query."""
        return tuple(item for item in self.items if isinstance(item, Form))


def _flat(items: tuple[Item, ...]) -> Iterator[Item]:
    for item in items:
        if isinstance(item, Columns):
            yield item.figure
            yield from item.beside
        else:
            yield item
