"""The table of contents: every page once, in order. Navigation and the list of pages in the footer read it."""

from dataclasses import dataclass

from portal.language import later


@dataclass(frozen=True)
class Page:
    """A page: `module` in pages/, its address (`slug`; the first page's is empty) and its name in the navigation."""

    module: str
    slug: str
    title: str


PAGES = (
    Page("overview", "", later("Overview")),
    Page("calls", "calls", later("Calls")),
    Page("outcomes", "outcomes", later("What happened")),
    Page("equity", "equity", later("Who is served")),
    Page("explore", "explore", later("Explore")),
    Page("program", "program", later("The program")),
    Page("timeline", "timeline", later("Promises")),
    Page("brief", "brief", later("For meetings")),
    Page("data", "data", later("Data")),
    Page("accessibility", "accessibility", later("Accessibility")),
)


_BY_SLUG = {page.slug: page for page in PAGES}


def page_of(slug: str) -> Page | None:
    """The page at an address, or None."""
    return _BY_SLUG.get(slug)
