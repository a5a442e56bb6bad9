"""What the builder made of a release, as the server and every edition read it: types alone, which all rooms share."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from portal.language import DEFAULT, t

BEGINNING = "the releases are being verified and drawn"


@dataclass(frozen=True)
class Picture:
    """One drawing of a figure: its address and its size in pixels."""

    address: str
    width: int
    height: int


@dataclass(frozen=True)
class ReleaseFacts:
    """What every page says of the release it shows."""

    id: str
    state: str
    covers: str
    published: str


@dataclass(frozen=True)
class Known:
    """What a release lets one judge promises by: its day, each release's due and real day, newest values."""

    as_of: str
    releases: Sequence[Sequence[str]]  # id, due, came out
    values: Mapping[str, float]  # "table/measure": the newest published value without a category
    next_due: str = ""  # the day the release after it is due; "" for a made-up one, after which nothing was promised
    zone: str = "UTC"  # the City's time zone: by its clocks that day ends


@dataclass(frozen=True)
class RenderedRelease:
    """One release in one language, rendered and ready to send."""

    shown: ReleaseFacts
    choices: tuple[tuple[str, str], ...]
    figures: dict[str, dict[str, str]]
    files: tuple[tuple[str, str, float], ...]  # name, sha256, size in kilobytes
    tables: tuple[tuple[str, str, str], ...]  # id, question, what is counted
    folder: Path  # a verified copy: what is downloaded is what was verified
    pictures: Path
    known: Known
    explore: tuple[dict[str, Any], ...]  # what can be explored: figures.explore.catalogue

    def figure(self, figure_id: str, period: str) -> dict[str, str]:
        """A figure for a quarter. Raises KeyError where the page asks for one that does not exist."""
        return self.figures[f"{figure_id}|{period}"]


@dataclass(frozen=True)
class Snapshot:
    """What is served at one moment."""

    shelf: RenderedRelease | None = None  # of the live release, in English; others by Watch.in_language
    copies: dict[str, Path] = field(default_factory=dict)  # the verified copies a visitor may choose, newest first
    shelves: dict[str, RenderedRelease] = field(default_factory=dict)  # those of them that are drawn, in English
    refused: str = BEGINNING  # why what `current` names is not shown; else empty
    coming: str = ""  # the release that `current` names while it is being drawn: what was live stays until then
    looked: bool = False

    def releases(self) -> tuple[tuple[str, str], ...]:
        """The releases a visitor may choose, newest first: id and words."""
        live = self.shelf.shown.id if self.shelf else ""
        return tuple((one, t("{release} (newest)", release=one) if one == live else one) for one in self.copies)


@dataclass(frozen=True)
class Selection:
    """The release, quarter and language to show, and a sentence for each value that was not known."""

    now: Snapshot  # what is served, taken once: whatever a page shows comes from it
    shelf: RenderedRelease | None
    period: str
    notices: tuple[str, ...]
    chosen: tuple[tuple[str, str], ...]  # what stands in the address, known values only
    language: str = DEFAULT
    offered: str = ""  # the language that the browser asks for, where the address names none and it is another
    given: Mapping[str, str] = field(default_factory=dict)  # the address, shortened: a form looks up its own values

    @property
    def query(self) -> str:
        """The choice as the end of an address, such as `?period=2027-Q2`; empty where nothing was chosen."""
        return f"?{urlencode(self.chosen)}" if self.chosen else ""

    @property
    def words(self) -> str:
        """What was chosen, as a reader hears it: the quarter, and a release that is not the newest. Empty: nothing."""
        chosen, quarters = dict(self.chosen), dict(self.shelf.choices) if self.shelf else {}
        release = f"{t('Release')} {chosen['release']}" if "release" in chosen else ""
        return ", ".join(one for one in (quarters.get(chosen.get("period", ""), ""), release) if one)

    def with_form(self, form: Iterable[tuple[str, str]]) -> str:
        """As `query`, with what the address names of a form's choices: for a link to the other edition."""
        return self.in_language(self.language, form).rstrip("?")

    def in_language(self, language: str, form: Iterable[tuple[str, str]] = ()) -> str:
        """The query for the same choice in another language, ready to be a link: `?` alone where nothing is left.
        `form`: what the address names of a form's choices.
        """
        rest = [pair for pair in self.chosen if pair[0] != "lang"]
        return f"?{urlencode([*language_pair(language), *rest, *form])}"


def language_pair(language: str) -> list[tuple[str, str]]:
    """How an address names a language: English goes without saying."""
    return [] if language == DEFAULT else [("lang", language)]
