"""The plain edition: a presenter that collects a page's parts as HTML."""

from collections.abc import Callable
from importlib import import_module

from portal.language import later, speaking, t
from portal.navigation import Page
from portal.presenter import Choice, Form, Part, Presenter
from portal.render import downloads, lists, markup
from portal.render.content import Here, words
from portal.render.forms import Pairs
from portal.server import page_metadata
from portal.server.selection import Selection

PREFIX = "/plain"


class HtmlPresenter:
    """Shows a page as plain HTML: choices are forms, everything else is ready markup."""

    def __init__(self, selection: Selection) -> None:
        self.selection = selection
        self.parts: list[str] = []
        self.lead = ""  # the page's answer as text
        self.named: Pairs = ()  # what the address names of the page's form
        self.figures: list[str] = []  # ids of the figures shown, in order

    def title(self, question: str, lead: str) -> None:
        """The page's h1 and the answer below it."""
        shelf = self.selection.shelf
        said = shelf.figure(lead, self.selection.period)["answer"] if shelf and lead else ""
        self.lead = shelf.figure(lead, self.selection.period)["alt"] if shelf and lead else t(question)
        self.parts.append(markup.head(t(question), said))
        self.parts += [markup.part("notice", one) for one in self.selection.notices]
        if not shelf:
            self.parts.append(markup.part("awaited", self.selection.now.refused))

    def text(self, key: str) -> None:
        """A long text."""
        self.parts.append(words(key, Here(PREFIX, self.selection.query)))

    def numbers(self, *figure_ids: str) -> None:
        """Large numbers."""
        if shelf := self.selection.shelf:
            self.parts.append(markup.numbers([shelf.figure(one, self.selection.period)["short"] for one in figure_ids]))

    def choose(self, what: Choice) -> None:
        """A choice, as a form that needs no script."""
        if shelf := self.selection.shelf:
            options = shelf.choices if what == "period" else self.selection.now.releases()
            chosen = self.selection.period if what == "period" else shelf.shown.id
            hidden = [pair for pair in self.selection.chosen if pair[0] != what]
            label = t("Show the numbers of") if what == "period" else t("Release")
            self.parts.append(markup.part("choose", what, label, options, chosen, hidden))

    def figure(self, figure_id: str) -> None:
        """One figure."""
        if shelf := self.selection.shelf:
            self.figures.append(figure_id)
            self.parts.append(shelf.figure(figure_id, self.selection.period)["html"])

    def downloads(self) -> None:
        """The files of the release."""
        if shelf := self.selection.shelf:
            self.parts.append(downloads.listed(shelf))

    def part(self, name: Part) -> None:
        """A part made from data."""
        self.parts.append(lists.part(name, self.selection, PREFIX))

    def form(self, name: Form) -> None:
        """A form that needs no script, and what comes of it."""
        filled = lists.form(name, self.selection, PREFIX)
        self.named += filled.named(self.selection.given)
        if filled.fields:
            asks = markup.block("form", name, filled.fields, self.selection.chosen, t("Show"))
            self.parts += [asks, filled.head, filled.picture, filled.rest]


def page_function(page: Page) -> Callable[[Presenter], None]:
    """The function of a page of the outline."""
    found: Callable[[Presenter], None] = import_module(f"pages.{page.module}").page
    return found


def collect(page: Page, selection: Selection) -> HtmlPresenter:
    """What stands on a page, in parts."""
    show = HtmlPresenter(selection)
    page_function(page)(show)
    return show


def plain(page: Page, selection: Selection, base: str = "") -> str:
    """A whole page of the plain edition. `base`: the site's own address."""
    with speaking(selection.language):
        show = collect(page, selection)
        meta = markup.meta(page_metadata.about(page, show, base))
        return markup.page(page, "\n".join(show.parts), selection, meta, show.named)


def nothing_here(selection: Selection, why: str = "") -> str:
    """The page at an address that has none: a sentence, the way back, and help. `why`: what else there is to say."""
    with speaking(selection.language):
        body = markup.part("nowhere") + (markup.part("notice", why) if why else "")
        return markup.page(Page("", "", later("Nothing here")), body, selection)
