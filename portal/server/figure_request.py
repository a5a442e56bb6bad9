"""The figure that an address asks for: exactly that one, or a sentence. Nothing else is ever shown in its place."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.language import speaking, t
from portal.render.rendered import RenderedRelease, Selection
from portal.server.selection import language_named, select


@dataclass(frozen=True)
class Asked:
    """A figure of one release, for one quarter, in one language."""

    selection: Selection
    shelf: RenderedRelease
    figure: str
    entry: dict[str, str]

    @property
    def record(self) -> dict[str, Any]:
        """The figure as words and numbers."""
        said: dict[str, Any] = json.loads(self.entry["record"])
        return said

    @property
    def key(self) -> tuple[str, ...]:
        """What tells it from every other: the same key gives the same bytes."""
        return str(self.shelf.pictures), self.figure, self.selection.period, self.selection.language


class NotThere(LookupError):
    """What an address asks for isn't published, or not ready yet: `status` as in HTTP, and a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def chosen(query: Mapping[str, str]) -> Selection:
    """The selection of a query of which every value is known. Raises NotThere where one is not."""
    selection = select(query)
    known = dict(selection.chosen)
    with speaking(selection.language):
        wanted = query.get("release", "")
        if wanted and known.get("release") != wanted:
            if wanted in selection.now.copies:
                raise NotThere(503, t("Release {release} is being made ready. Try again in a minute.", release=wanted))
            raise NotThere(404, t("There is no release of that name."))
        if query.get("period") and known.get("period") != query["period"]:
            raise NotThere(404, t("Nothing is published for that time."))
        if query.get("lang") and not language_named(query["lang"]):
            raise NotThere(404, t("This site is not in that language."))
        if selection.shelf is None:
            raise NotThere(503 if selection.now.refused else 404, t("No numbers are published yet."))
    return selection


def figure(figure_id: str, query: Mapping[str, str]) -> Asked:
    """The figure of that id for a query's release, quarter and language. Raises NotThere."""
    selection = chosen(query)
    shelf = selection.shelf
    entry = shelf.figures.get(f"{figure_id}|{selection.period}") if shelf else None
    if shelf is None or entry is None:
        with speaking(selection.language):
            raise NotThere(404, t("There is no figure of that name."))
    return Asked(selection, shelf, figure_id, entry)
