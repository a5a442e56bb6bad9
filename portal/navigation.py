"""Every page once, in the order of the navigation; and which page a figure stands on."""

from functools import cache

from pages import accessibility, brief, calls, corrections, data, equity, explore, outcomes, overview, program, timeline
from portal.page import Page, Size

PAGES: tuple[Page, ...] = (overview.PAGE, calls.PAGE, outcomes.PAGE, equity.PAGE, explore.PAGE, program.PAGE,
                           timeline.PAGE, brief.PAGE, data.PAGE, corrections.PAGE, accessibility.PAGE)
REPEATING = ("overview", "brief")  # pages that show again what others explain
_BY_SLUG = {page.slug: page for page in PAGES}


def page_of(slug: str) -> Page | None:
    """The page at a URL, or None."""
    return _BY_SLUG.get(slug)


@cache
def size_of(figure_id: str) -> Size:
    """The size of a figure's card on its page; a figure on no page has the standard one."""
    return next((card.size for page in PAGES for card in page.cards if card.id == figure_id), "standard")


@cache
def page_of_figure(figure_id: str) -> Page:
    """The first page with the card that is the figure's or holds its numbers, else the one whose lead it is, else the
    Overview. Pages that show again what others explain come last.
    """
    pages = sorted(PAGES, key=lambda page: REPEATING.index(page.id) + 1 if page.id in REPEATING else 0)
    return next((page for page in pages if page.card(figure_id) or figure_id in page.figures),
                next((page for page in pages if figure_id == page.lead), PAGES[0]))


def anchor_of_figure(figure_id: str) -> str:
    """The anchor of a figure on its page: the id of its card, or of the card that holds its numbers; "" for none."""
    card = page_of_figure(figure_id).card(figure_id)
    return f"#{card.id}" if card else ""
