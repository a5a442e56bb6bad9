"""The plain edition: a page's declaration as HTML that needs no script. Choices are forms, all else is ready markup."""

from portal.language import later, speaking, t
from portal.page import FIRST, Ask, Choice, Figure, Form, Item, Page, Part, Text, Tiles
from portal.render import lists, markup
from portal.render.content import Edition, words
from portal.render.rendered import Selection
from portal.server import page_metadata

PREFIX = "/plain"


def head(page: Page, selection: Selection) -> str:
    """The page's h1, the answer of its lead figure, what there is to say of the selection, and of missing numbers."""
    release = selection.release
    answer = release.figure(page.lead, selection.period).answer if release and page.lead else ""
    notices = [markup.part("notice", sentence) for sentence in selection.notices]
    awaited = [] if release else [markup.part("no_numbers", selection.snapshot.refused)]
    contents = [markup.part("contents", page.contents)] if release and page.contents else []
    return "\n".join([markup.head(t(page.question), answer), *notices, *awaited, *contents])


def anchor(item: Item, page: Page) -> str:
    """Where a link of the list "On this page" leads: stands before the item that a section begins with."""
    return markup.part("anchor", page.anchors[item]) if item in page.anchors else ""


def item_html(item: Item, selection: Selection, prefix: str = PREFIX) -> str:
    """One item of a page, its links within the edition that has this prefix. What shows numbers is empty as long as no
    release is shown.
    """
    match item:
        case Text(key):
            return words(key, Edition(prefix, selection.query))
        case Part(name):
            return lists.part(name, selection, prefix)
        case Form():
            return _form(item, selection, prefix)
        case Ask():
            return markup.ask_field(prefix, selection)
    if selection.release is None:
        return ""
    match item:
        case Figure(figure_id):
            return selection.release.figure(figure_id, selection.period).html
        case Tiles(figures):
            return markup.tiles([selection.release.figure(one, selection.period).short for one in figures])
        case Choice():
            return _choice(item, selection)


def choice(item: Choice, selection: Selection) -> tuple[str, dict[str, str], str]:
    """A choice's label, its options (value in the address to words) and the value that is chosen. Raises ValueError as
    long as no release is shown.
    """
    if selection.release is None:
        raise ValueError("there is nothing to choose before a release is shown")
    if item.name == "period":
        return t("Choose a period"), dict(selection.release.periods), selection.period
    return t("Release"), dict(selection.snapshot.choices()), selection.release.facts.id


def _choice(item: Choice, selection: Selection) -> str:
    label, options, chosen = choice(item, selection)
    hidden = [pair for pair in selection.chosen if pair[0] != item.name]
    return markup.part("choice_form", item.name, label, options.items(), chosen, hidden)


def _form(item: Form, selection: Selection, prefix: str) -> str:
    filled = lists.form(item.name, selection, prefix)
    if not filled.fields:
        return filled.head
    fields = markup.block("choices_form", item.name, filled.fields, selection.chosen, t("Show"))
    return "\n".join([fields, filled.head, filled.picture, filled.rest])


def body(page: Page, selection: Selection) -> str:
    """What stands on a page, in the language in force."""
    items = (f"{anchor(item, page)}{item_html(item, selection)}" for item in page.items)
    return "\n".join([head(page, selection), *items])


def plain(page: Page, selection: Selection, base: str = "") -> str:
    """A whole page of the plain edition. `base`: the site's own address."""
    with speaking(selection.language):
        meta = markup.meta(page_metadata.about(page, selection, base))
        return markup.page(page, body(page, selection), selection, meta, lists.form_values(page, selection))


def nothing_here(selection: Selection, why: str = "") -> str:
    """The page at an address that has none: a sentence, the way back, and help. `why`: what else there is to say."""
    with speaking(selection.language):
        text = markup.part("page_not_found") + (markup.part("notice", why) if why else "")
        return markup.page(Page(FIRST, later("Nothing here"), "", "", ()), text, selection)
