"""Reads rendered releases part by part, and compares each part with its hash."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portal.builder.index import EXPLORE, SUMMARY, Rendering
from portal.builder.rendered_parts import PartDamaged, figure_from, read_part
from portal.language import override_language
from portal.render.markup import in_english
from portal.render.rendered import Known, ReleaseFacts, ReleaseFile, ReleaseTable, RenderedFigure, RenderedRelease

if TYPE_CHECKING:
    from portal.figures.explorable import ExploredMeasure

PERIODS = 16  # parts in memory, of 0.5 to 1 MB each; most visitors look at the live release's default period


class RenderedReader:
    """Reads rendered releases of one cache. `on_damaged` is called with the path of a damaged part."""

    def __init__(self, root: Path, on_damaged: Callable[[Path], None]) -> None:
        self.root, self.on_damaged = root, on_damaged
        # The names of parts hold their hashes, so cached parts never become outdated.
        self._figures = lru_cache(PERIODS)(self._read_figures)
        self._explore = lru_cache(PERIODS)(self._read_explore)

    def release(self, rendering: Rendering, copy: Path) -> RenderedRelease:
        """A release as far as it is rendered. Raises PartDamaged, or KeyError where even its summary is missing."""
        folder = self.root / rendering.folder
        row = self._part(folder, rendering.parts[SUMMARY])
        periods = tuple((period, words) for period, words in row["periods"])
        parts = dict(rendering.parts)
        return RenderedRelease(
            ReleaseFacts(**row["facts"]), row["language"], periods, frozenset(rendering.parts),
            tuple(ReleaseFile(*file) for file in row["sums"]), tuple(ReleaseTable(*table) for table in row["tables"]),
            Known(**row["known"]), copy, folder, lambda period: self._figures(folder, parts[period]),
            partial(self._explored, folder, parts))

    def _explored(self, folder: Path, parts: Mapping[str, str]) -> "tuple[ExploredMeasure, ...]":
        return self._explore(folder, parts[EXPLORE]) if EXPLORE in parts else ()

    def _read_figures(self, folder: Path, name: str) -> Mapping[str, RenderedFigure]:
        rows = self._part(folder, name)["figures"]
        return {figure_id: figure_from(row) for figure_id, row in rows.items()}

    def _read_explore(self, folder: Path, name: str) -> "tuple[ExploredMeasure, ...]":
        return tuple(self._part(folder, name)["explore"])

    def _part(self, folder: Path, name: str) -> dict[str, Any]:
        try:
            return read_part(folder, name)
        except PartDamaged:
            self.on_damaged(folder / name)
            raise


class InEnglish(Mapping[str, RenderedFigure]):
    """The figures of a period in English, each marked as English on a page in another language."""

    def __init__(self, figures: Mapping[str, RenderedFigure], language: str) -> None:
        self.figures, self.language = figures, language

    def __getitem__(self, figure_id: str) -> RenderedFigure:
        """One figure, marked. Raises KeyError where there is none of that id."""
        with override_language(self.language):
            return in_english(self.figures[figure_id])

    def __iter__(self) -> Iterator[str]:
        """The ids of the figures."""
        return iter(self.figures)

    def __len__(self) -> int:
        """How many figures there are."""
        return len(self.figures)
