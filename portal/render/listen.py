"""Which figures stand on which page: asked of the pages themselves."""

from functools import cache
from importlib import import_module
from typing import Any

from portal.navigation import PAGES, Page


class Listener:
    """A presenter that only keeps which figures a page shows, in order."""

    def __init__(self) -> None:
        self.figures: list[str] = []

    def figure(self, figure_id: str) -> None:
        """Keep it."""
        self.figures.append(figure_id)

    def __getattr__(self, _: str) -> Any:
        return lambda *_args, **_kwargs: None


@cache
def figures_of(page: Page) -> tuple[str, ...]:
    """The ids of a page's figures, in reading order."""
    shown = Listener()
    import_module(f"pages.{page.module}").page(shown)
    return tuple(shown.figures)


@cache
def page_with(figure_id: str) -> Page:
    """The first page on which a figure stands whole; the first page of all for one that stands on none."""
    return next((page for page in PAGES if figure_id in figures_of(page)), PAGES[0])
