"""A presenter that only listens: what a page asks for, in reading order."""

from importlib import import_module

from portal.navigation import PAGES, Page


class Recorder:
    """Keeps each call as (method, arguments)."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def __getattr__(self, method: str) -> object:
        def heard(*given: str, **named: str) -> None:
            self.asked.append((method, (*given, *named.values())))
        return heard

    def all(self, method: str) -> list[str]:
        """The first argument of every call of a method, in order."""
        return [given[0] for name, given in self.asked if name == method]


def heard(page: Page) -> Recorder:
    """What a page of the outline asks for."""
    recorder = Recorder()
    import_module(f"pages.{page.module}").page(recorder)
    return recorder


def with_figures() -> set[str]:
    """The slugs of the pages that show a figure."""
    return {page.slug for page in PAGES if heard(page).all("figure")}
