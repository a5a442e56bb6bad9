"""What the builder renders of a release, as the server and every edition read it: types alone."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypedDict
from urllib.parse import urlencode

from portal.language import DEFAULT, t

if TYPE_CHECKING:
    from portal.figures.explorable import ExploredMeasure

Pairs = tuple[tuple[str, str], ...]  # name and value, as in a URL's query
BEGINNING = "the releases are being verified and rendered"
SITE = "https://site.invalid"  # stands for the site's URL in rendered HTML: it is known where the page is sent


STAND_IN = "service.reach"  # the figure whose picture link previews show of a page that has none of its own


@dataclass(frozen=True)
class Picture:
    """One drawing of a figure: its URL and its size in pixels."""

    url: str
    width: int
    height: int


class RecordCell(TypedDict):
    """One cell of a figure's table: the text shown and, where it is a number of the release, its value."""

    text: str
    value: float | None


class RecordTable(TypedDict):
    """A figure's table: the first cell of each row is the row's header."""

    caption: str
    headers: list[str]
    rows: list[list[RecordCell]]


class RecordGap(TypedDict):
    """What a figure can't show (figures.Gap): its kind, what, why, what it waits for; the period that is open, and how
    far along it is.
    """

    kind: str
    what: str
    why: str
    waits_for: str
    period: str
    have: int
    need: int


class RecordShort(TypedDict):
    """A figure as a tile of the Overview."""

    question: str
    number: str
    rest: str
    newest: str


class FigureRecord(TypedDict):
    """A figure as words and numbers: what the API, the brief and the downloads say of it. Without a number its table is
    None; `not_shown` says why. `sub`: the sentences below its headline; `drawing`: what its drawing shows, in words.
    """

    id: str
    language: str
    question: str
    headline: str
    sub: str
    answer: str
    numbers: list[float]
    caveats: list[str]
    source: str
    not_shown: list[RecordGap]
    table: RecordTable | None
    short: RecordShort | None
    definition: str
    why: str
    limits: str
    method: str
    recorded_in: str
    drawing: str


@dataclass(frozen=True)
class RenderedFigure:
    """One figure of a release for one period in one language, as HTML and as words."""

    title: str
    html: str  # the figure's card
    answer: str  # the answer as HTML
    sub: str  # one or two sentences below the headline, as HTML
    alt: str  # the answer as text
    short: str  # the inside of its tile as HTML; "" where the figure has none
    citation: str
    url: str  # what a citation leads to
    picture: str  # the URL of the wide drawing in light colours; "" where nothing is drawn
    narrow: str  # the URL of the narrow drawing in light colours, for the brief and small frames
    record: FigureRecord
    shown: bool  # whether there is a card: else it is a row among what can't be shown
    png: str = ""  # the URL of its picture to take along; "" where there is none
    preview: Picture | None = None  # its PNG for link previews: of the first drawn figure of each page


@dataclass(frozen=True)
class ReleaseFacts:
    """What every page says of the release it shows."""

    id: str
    state: str
    covers: str
    published: str


class ReleaseFile(NamedTuple):
    """A file of a release: its name in the folder, its sha256, its size in kilobytes."""

    name: str
    sha256: str
    kilobytes: float


class ReleaseTable(NamedTuple):
    """A table of a release: its question and what is counted, in the language it was rendered in."""

    id: str
    question: str
    definition: str


@dataclass(frozen=True)
class Known:
    """What a release lets one judge promises by: its day, each release's due and real day, the newest values."""

    as_of: str
    releases: Sequence[Sequence[str]]  # id, due, came out
    values: Mapping[str, float]  # "table/measure": the newest published value without a category
    next_due: str = ""  # the day the release after it is due; "" after a made-up one and after the pilot's end
    zone: str = "UTC"  # the City's time zone: by its clocks that day ends


@dataclass(frozen=True)
class RenderedRelease:
    """One release in one language, rendered and ready to send. Its figures and what can be explored stay on the disk
    until they are asked for.
    """

    facts: ReleaseFacts
    language: str  # that of its words: a page in another language shows it as English, marked
    periods: tuple[tuple[str, str], ...]  # id and words, the default first
    ready: frozenset[str]  # the parts that are rendered: periods by their id, and others (portal.builder.index)
    files: tuple[ReleaseFile, ...]
    tables: tuple[ReleaseTable, ...]
    known: Known
    copy: Path  # the verified copy of the release's folder: what is downloaded is what was verified
    folder: Path  # holds the rendered figures and drawings
    read_figures: Callable[[str], Mapping[str, RenderedFigure]]  # of a period; raises KeyError where it is not ready
    read_explore: "Callable[[], tuple[ExploredMeasure, ...]]"

    def figure(self, figure_id: str, period: str) -> RenderedFigure:
        """A figure for a period. Raises KeyError where there is none of that name, or the period is not rendered."""
        return self.read_figures(period)[figure_id]

    @property
    def explore(self) -> "tuple[ExploredMeasure, ...]":
        """What can be explored of the release."""
        return self.read_explore()

    @property
    def default_period(self) -> str:
        """The period that is shown where none was chosen; "" where the release has none."""
        return self.periods[0][0] if self.periods else ""


@dataclass(frozen=True)
class Snapshot:
    """What is served at one moment. A request takes one, so it can't mix two releases."""

    live: RenderedRelease | None = None  # the live release in English
    copies: Mapping[str, Path] = field(default_factory=dict)  # the verified copies a visitor may choose, newest first
    rendered: Mapping[tuple[str, str], RenderedRelease] = field(default_factory=dict)  # by release and language
    refused: str = BEGINNING  # why what `current` names is not shown; else empty
    coming: str = ""  # the release that `current` names while it is being rendered: what was live stays until then
    overdue: str = ""  # the day by which a release was promised that is not out, YYYY-MM-DD; else empty

    def choices(self) -> tuple[tuple[str, str], ...]:
        """The releases a visitor may choose, newest first: id and words."""
        live = self.live.facts.id if self.live else ""
        return tuple((copy, t("{release} (newest)", release=copy) if copy == live else copy) for copy in self.copies)


@dataclass(frozen=True)
class Selection:
    """The release, period and language to show, and a sentence for each value that was not known."""

    snapshot: Snapshot  # what is served, taken once: whatever a page shows comes from it
    release: RenderedRelease | None
    period: str
    notices: tuple[str, ...]
    chosen: tuple[tuple[str, str], ...]  # what stands in the URL, known values only
    language: str = DEFAULT
    offered: str = ""  # the language that the browser asks for, where the URL names none and it is another
    given: Mapping[str, str] = field(default_factory=dict)  # the URL, shortened: a form looks up its own values
    feedback: str = ""  # the URL of the City's feedback form; "" until one is named

    @property
    def key(self) -> tuple[object, ...]:
        """What rendered markup depends on, hashable; except the snapshot, the page, the site, and a form's values."""
        release = str(self.release.folder) if self.release else ""
        return release, self.language, self.offered, self.period, self.notices, self.chosen

    @property
    def query(self) -> str:
        """The choice as the end of a URL, such as `?period=2027-Q2`; empty where nothing was chosen."""
        return f"?{urlencode(self.chosen)}" if self.chosen else ""

    @property
    def words(self) -> str:
        """What was chosen, as a reader hears it: the period, and a release that is not the newest. Empty: nothing."""
        chosen, periods = dict(self.chosen), dict(self.release.periods) if self.release else {}
        release = f"{t('Release')} {chosen['release']}" if "release" in chosen else ""
        return ", ".join(part for part in (periods.get(chosen.get("period", ""), ""), release) if part)

    def with_form(self, form: Iterable[tuple[str, str]]) -> str:
        """As `query`, with what the URL names of a form's choices: for a link to the other edition."""
        return self.in_language(self.language, form).rstrip("?")

    def in_language(self, language: str, form: Iterable[tuple[str, str]] = ()) -> str:
        """The query for the same choice in another language, ready to be a link: `?` alone where nothing is left.
        `form`: what the URL names of a form's choices.
        """
        rest = [pair for pair in self.chosen if pair[0] != "lang"]
        return f"?{urlencode([*language_pair(language), *rest, *form])}"


def language_pair(language: str) -> list[tuple[str, str]]:
    """How a URL names a language: English goes without saying."""
    return [] if language == DEFAULT else [("lang", language)]
