"""Every page once, in the order of the navigation; and which page a figure stands on."""

from pages import accessibility, brief, calls, corrections, data, equity, explore, outcomes, overview, program, timeline
from portal.page import Page, Size

PAGES: tuple[Page, ...] = (overview.PAGE, calls.PAGE, outcomes.PAGE, equity.PAGE, explore.PAGE, program.PAGE,
                           timeline.PAGE, brief.PAGE, data.PAGE, corrections.PAGE, accessibility.PAGE)
REPEATING = ("overview", "brief")  # pages that show again what others explain
_BY_SLUG = {page.slug: page for page in PAGES}
_EXPLAINING_FIRST = sorted(PAGES, key=lambda page: REPEATING.index(page.id) + 1 if page.id in REPEATING else 0)
_PAGE_OF = {page.lead: page for page in reversed(_EXPLAINING_FIRST)} | {
    figure_id: page for page in reversed(_EXPLAINING_FIRST)
    for figure_id in (*page.figures, *(held for card in page.cards for held in card.holds))}
# The size of each figure's card on its page: on the first page that has one.
_SIZES: dict[str, Size] = {card.id: card.size for page in reversed(PAGES) for card in reversed(page.cards)}


def page_of(slug: str) -> Page | None:
    """The page at a URL, or None."""
    return _BY_SLUG.get(slug)


def size_of(figure_id: str) -> Size:
    """The size of a figure's card on its page; a figure on no page has the standard one."""
    return _SIZES.get(figure_id, "standard")


def page_of_figure(figure_id: str) -> Page:
    """The first page with the card that is the figure's or holds its numbers, else the one whose lead it is, else the
    Overview. Pages that show again what others explain come last.
    """
    return _PAGE_OF.get(figure_id, PAGES[0])


def anchor_of_figure(figure_id: str) -> str:
    """The anchor of a figure on its page: the id of its card, or of the card that holds its numbers; "" for none."""
    card = page_of_figure(figure_id).card(figure_id)
    return f"#{card.id}" if card else ""
