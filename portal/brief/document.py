"""The meeting brief as words and numbers, in the language in force: what its PDF, its page and the projector show.

The page "For meetings" declares which figures stand on page one; their words and drawings are the release's own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from pages.brief import PAGE
from portal.contract.contract import ILLUSTRATIVE
from portal.language import day, gettext_lazy, reviewed, spoken, t
from portal.page import FigureCard, Tiles
from portal.release.description import describe
from portal.release.store import DATABASE
from portal.render.commitments import commitments, judge
from portal.render.documents import SECTIONS
from portal.render.facts import facts
from portal.render.history import head_line
from portal.render.pilot_status import pilot_status
from portal.render.rendered import FigureRecord, RenderedRelease, Selection
from portal.server.plain_presenter import gaps_of

FRONT = next(section for section in PAGE.sections if any(isinstance(item, Tiles) for item in section.items))
HEADLINES = tuple(figure for item in FRONT.items if isinstance(item, Tiles) for figure in item.figures)
FINDINGS = tuple(item.id for item in FRONT.items if isinstance(item, FigureCard))
LISTED = frozenset({"change.all"})  # its rows say more in half of a page's width than its drawing
QUESTIONS, PROGRAMS = "council.questions", "others.programs"
JUDGED = ("met", "not-met", "late")
STATES = {"illustrative": gettext_lazy("made-up numbers"), "preliminary": gettext_lazy("preliminary"),
          "official": gettext_lazy("official")}


@dataclass(frozen=True)
class Tile:
    """A figure in one number: its short question, the number, what it is out of, and the newest ("": none)."""

    question: str
    number: str
    total: str
    newest: str


@dataclass(frozen=True)
class BriefItem:
    """An entry: a word, question or number, its sentences, and the entries listed below them."""

    word: str
    text: tuple[str, ...]
    lang: str
    rows: tuple["BriefItem", ...] = ()


@dataclass(frozen=True)
class Finding:
    """A figure as its card shows it: question, headline, the sentences below, and its drawing as SVG with its text, or
    the rows of its table. `tile`: None where the release holds no such number.
    """

    id: str
    question: str
    headline: str
    sub: str
    drawing: str
    alt: str
    source: str
    lang: str  # English where it is not translated yet
    tile: Tile | None
    rows: tuple[BriefItem, ...]


@dataclass(frozen=True)
class BriefProgram:
    """A program elsewhere, and the numbers that it has published."""

    name: str
    numbers: tuple[BriefItem, ...]


@dataclass(frozen=True)
class Brief:
    """All of a brief. A section that was not chosen, or has nothing to say, is empty."""

    language: str
    title: str
    period: str
    release: str
    made_up: str
    draft: str  # that nobody has reviewed the translation
    pilot: str  # whether the pilot runs, on whose word; "" where nothing is claimed
    late: str  # that the next release was promised, and is not out
    help: str
    history: str  # the head hash, by which whoever has the brief can check later that nothing was rewritten
    large: bool
    headings: Mapping[str, str]
    headlines: tuple[Finding, ...] = ()
    findings: tuple[Finding, ...] = ()
    unknown: tuple[BriefItem, ...] = ()
    definitions: tuple[BriefItem, ...] = ()
    method: tuple[str, ...] = ()
    checking: str = ""
    promises: tuple[BriefItem, ...] = ()
    questions: tuple[BriefItem, ...] = ()
    programs: tuple[BriefProgram, ...] = ()
    about_programs: str = ""
    words: Mapping[str, str] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """The brief as JSON: what the PDF is set from, and the key it is cached by."""
        return asdict(self)


@dataclass(frozen=True)
class BriefOptions:
    """The visitor's choice: the sections, and whether the print is large."""

    sections: tuple[str, ...]
    large: bool


def options(query: Mapping[str, str], sections: Sequence[str]) -> BriefOptions:
    """The options of a URL's query; what is unknown gives the default: all sections."""
    chosen = tuple(section for section in SECTIONS if section in sections) or tuple(SECTIONS)
    return BriefOptions(chosen, query.get("large", "") == "1")


def _svg(release: RenderedRelease, url: str) -> str:
    """The SVG at a drawing's URL, which names a file of the rendered release; "" for no URL."""
    return (release.folder / url.rpartition("/")[2]).read_text("utf-8") if url else ""


def _finding(release: RenderedRelease, figure_id: str) -> Finding:
    figure = release.figure(figure_id, release.default_period)
    record, short = figure.record, figure.record["short"]
    tile = Tile(short["question"], short["number"], short["rest"], short["newest"]) if short else None
    listed = figure_id in LISTED
    return Finding(figure_id, record["question"], record["headline"] or record["answer"], record["sub"],
                   "" if listed else _svg(release, figure.narrow), record["drawing"], record["source"],
                   record["language"], tile, _changes(record) if listed else ())


def _rows(record: FigureRecord) -> list[list[str]]:
    """The rows of a figure's table as text; none where it has no table."""
    return [[cell["text"] for cell in row] for row in record["table"]["rows"]] if record["table"] else []


def _changes(record: FigureRecord) -> tuple[BriefItem, ...]:
    """The numbers that are compared with the first year, each with its change and interval; not those that wait."""
    return tuple(BriefItem(name, (f"{change}.",), record["language"])
                 for name, newest, _, change, _ in _rows(record) if newest != change)


def _counts_compared(record: FigureRecord) -> tuple[BriefItem, ...]:
    """Each comparison with the first year: its counts, change and verdict, or why it has to wait."""
    return tuple(BriefItem(name, (verdict,) if newest == change else (f"{newest}.", f"{first}.", f"{change}.", verdict),
                           record["language"]) for name, newest, first, change, verdict in _rows(record))


def _front(brief: Brief, release: RenderedRelease) -> Brief:
    """Page one: the headlines, the findings with their drawings, and what these figures can't show of what releases
    count, each with its reason and, where a period is open, how far along it is.
    """
    shown = [figure_id for figure_id in FINDINGS if release.figure(figure_id, release.default_period).shown]
    gaps = gaps_of(dict.fromkeys((*HEADLINES, *FINDINGS)), release, release.default_period)
    return replace(brief, headlines=tuple(_finding(release, figure_id) for figure_id in HEADLINES),
                   findings=tuple(_finding(release, figure_id) for figure_id in shown),
                   unknown=tuple(BriefItem(gap["what"], (gap["why"], *([gap["waits_for"]] if gap["need"] else [])),
                                           release.language) for gap in gaps if gap["kind"] != "unpublished"))


def _definitions(records: Iterable[FigureRecord]) -> tuple[BriefItem, ...]:
    """Each definition once, with its limits and caveats, under the first question that it belongs to. A figure whose
    rows stand on page one without their counts lists these too.
    """
    items: dict[str, BriefItem] = {}
    for record in records:
        sentences = (record["definition"], record["limits"], *record["caveats"])
        items.setdefault(record["definition"], BriefItem(
            record["question"], tuple(sentence for sentence in sentences if sentence), record["language"],
            _counts_compared(record) if record["id"] in LISTED else ()))
    return tuple(items.values())


def checking(release: RenderedRelease) -> str:
    """How to check any number of a release, in a sentence that names its database and that file's hash."""
    digest = next((file.sha256 for file in release.files if file.name == DATABASE), "")
    return t("Every number can be checked: open “About” under it on the site, and run the query there on {file} of"
             " release {release}. Its sha256 is {digest}.", file=DATABASE, release=release.facts.id, digest=digest)


def _explained(brief: Brief, release: RenderedRelease) -> Brief:
    """What each number of page one means, and how to check it."""
    records = [release.figure(figure_id, release.default_period).record
               for figure_id in dict.fromkeys((*HEADLINES, *FINDINGS))]
    return replace(brief, definitions=_definitions(records), checking=checking(release),
                   method=tuple(dict.fromkeys(record["method"] for record in records if record["method"])))


def _promises(brief: Brief, release: RenderedRelease) -> Brief:
    """The promises by their state, and why where one was kept or missed."""
    by_state: dict[str, list[str]] = {}
    for commitment in commitments():
        judged = judge(commitment, release.known, facts())
        why = judged.reason if judged.state in JUDGED else ""
        by_state.setdefault(f"{judged.word}:", []).append(f"{t(commitment.promise)}. {why}".strip())
    return replace(brief, promises=tuple(BriefItem(word, tuple(promises), spoken())
                                         for word, promises in by_state.items()))


def _questions(brief: Brief, release: RenderedRelease) -> Brief:
    """What councils ask, with the answers."""
    record = release.figure(QUESTIONS, release.default_period).record
    return replace(brief, questions=tuple(BriefItem(question, (answer,), record["language"])
                                          for question, answer, _ in _rows(record)))


def _programs(brief: Brief, release: RenderedRelease) -> Brief:
    """Other programs, each number with its time, its source, and why it may not compare."""
    record = release.figure(PROGRAMS, release.default_period).record
    headers = record["table"]["headers"] if record["table"] else []
    by_program: dict[str, list[BriefItem]] = {}
    for program, what, number, when, limits, source in _rows(record):
        labeled = [t("{what}: {why}", what=headers[column], why=text) for column, text in ((4, limits), (5, source))]
        by_program.setdefault(program, []).append(
            BriefItem(number, (what, f"{when}.", *labeled), record["language"]))
    return replace(brief, about_programs=record["answer"], programs=tuple(
        BriefProgram(name, tuple(numbers)) for name, numbers in by_program.items()))


def _words() -> dict[str, str]:
    return {"page": t("Page {page} of {pages}", page="{page}", pages="{pages}"),
            "made_up_data": t("Made-up numbers"), "method": t("How changes are compared"),
            "checking": t("How to check a number"), "unknown": t("What we can’t show")}


ADD_SECTION = {"front": _front, "definitions": _explained, "promises": _promises, "questions": _questions,
               "others": _programs}


def imprint(selection: Selection, release: RenderedRelease) -> tuple[str, str, str, str, str, str]:
    """What the brief and the screens say first of a release, each "" where it does not hold: what it covers, its name
    and day, that its numbers are made up, that the translation is a draft, the pilot's status, that the next is late.
    """
    facts, promised, pilot = release.facts, selection.snapshot.overdue, pilot_status()
    state = t(STATES.get(facts.state, facts.state))
    release_line = t("Release {release}, {state}, out {day}", release=facts.id, state=state, day=facts.published)
    return (facts.covers, release_line,
            t("Made-up numbers. They are invented to show how this site could look. No real call is counted"
              " here.") if facts.state == ILLUSTRATIVE else "",
            "" if reviewed() else t("Draft translation, not yet reviewed"), pilot.plain if pilot else "",
            t("The release due on {day} is not out yet.", day=day(promised)) if promised else "")


def brief(selection: Selection, release: RenderedRelease, chosen: BriefOptions) -> Brief:
    """The brief of the release that is shown, since the start, in the language in force."""
    built = Brief(
        spoken(), t("Somerville Co-Response Pilot: brief for a meeting"), *imprint(selection, release),
        t("Need help now? Someone may be hurt: call 911. In a crisis call or text 988, day and night."),
        head_line(describe(release.copy)), chosen.large,
        {name: t(heading) for name, heading in SECTIONS.items()}, words=_words())
    for section in chosen.sections:
        built = ADD_SECTION[section](built, release)
    return built
