"""The meeting brief as words and numbers, in the language in force: what its HTML and its PDF show.

Every number in it is taken from the figures as the pages show them; nothing is reckoned here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from portal.language import day, later, reviewed, spoken, t
from portal.release.description import describe
from portal.release.store import DATABASE
from portal.render.commitments import commitments, judge
from portal.render.documents import SECTIONS
from portal.render.facts import facts
from portal.render.history import head_line
from portal.render.pilot_status import pilot_status
from portal.render.rendered import FigureRecord, RecordTable, RenderedRelease, Selection

ANSWERS = ("demand.received", "response.met", "outcome.kind", "care.referral")
CHANGES = ("change.service", "change.outcomes")
JUDGED = ("met", "not-met", "late")
STATES = {"illustrative": later("made-up numbers"), "preliminary": later("preliminary"), "official": later("official")}


@dataclass(frozen=True)
class Answer:
    """One of the four questions: its number with what it is out of, the sentence, a drawing as SVG ("": none)."""

    question: str
    number: str
    text: str
    sentence: str
    drawing: str
    source: str
    lang: str  # English where it is not translated yet


@dataclass(frozen=True)
class Table:
    """A table whose first column heads its rows."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    langs: tuple[str, ...]  # of the rows


@dataclass(frozen=True)
class Change:
    """One figure of change, for the projector: question, sentence, drawing."""

    question: str
    sentence: str
    drawing: str
    source: str
    lang: str


@dataclass(frozen=True)
class Item:
    """A word or question, and what is said of it."""

    word: str
    text: tuple[str, ...]
    lang: str


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
    history: str  # the head hash, by which whoever keeps the brief can check later that nothing was rewritten
    large: bool
    headings: Mapping[str, str]
    answers: tuple[Answer, ...] = ()
    changes: Table | None = None
    changed: tuple[Change, ...] = ()
    method: tuple[str, ...] = ()
    promises: tuple[Item, ...] = ()
    unknown: tuple[Item, ...] = ()
    definitions: tuple[Item, ...] = ()
    checking: str = ""
    words: Mapping[str, str] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """As JSON holds it: what the PDF is made from, and what it is kept by."""
        return asdict(self)


@dataclass(frozen=True)
class Options:
    """What was chosen: the sections, and whether the print is large."""

    sections: tuple[str, ...]
    large: bool


def options(query: Mapping[str, str], sections: Sequence[str]) -> Options:
    """The options of an address's query; what is unknown gives the default: all sections."""
    chosen = tuple(section for section in SECTIONS if section in sections) or tuple(SECTIONS)
    return Options(chosen, query.get("large", "") == "1")


def _records(release: RenderedRelease, period: str, ids: Sequence[str]) -> list[FigureRecord]:
    return [release.figure(id_, period).record for id_ in ids]


def _drawing(release: RenderedRelease, address: str) -> str:
    """The SVG behind a picture's address, which names a file of the release."""
    return (release.folder / address.rpartition("/")[2]).read_text("utf-8") if address else ""


def _answers(release: RenderedRelease, period: str) -> tuple[Answer, ...]:
    found = []
    for record in _records(release, period, ANSWERS):
        short = record["short"] or {
            "question": record["question"],
            "number": "",
            "rest": record["answer"],
            "newest": "",
        }
        found.append(Answer(short["question"], short["number"], f"{short['rest']} {short['newest']}".strip(),
                            record["answer"], _drawing(release, release.figure(record["id"], period).compact),
                            record["source"], record["language"]))
    return tuple(found)


def _unknown(release: RenderedRelease, period: str) -> tuple[Item, ...]:
    """What is not shown, grouped by its reason and by what it waits for."""
    found: dict[tuple[str, str], list[str]] = {}
    for name, figure in release.read_figures(period).items():
        if name.endswith(".answer"):  # the same again
            continue
        for gap in figure.record["not_shown"]:
            what = found.setdefault((f"{gap['why']} {gap['waits_for']}", figure.record["language"]), [])
            if gap["what"] not in what:
                what.append(gap["what"])
    return tuple(Item(why, ("; ".join(what) + ".",), language) for (why, language), what in found.items())


def _definitions(records: Sequence[FigureRecord]) -> tuple[Item, ...]:
    """Each definition once, under the first question that it belongs to."""
    made: dict[str, Item] = {}
    for record in records:
        made.setdefault(record["definition"], Item(record["question"], tuple(
            part for part in (record["definition"], record["limits"]) if part), record["language"]))
    return tuple(made.values())


def _promises(release: RenderedRelease) -> tuple[Item, ...]:
    """The promises by their state, and why where one was kept or missed."""
    found: dict[str, list[str]] = {}
    for commitment in commitments():
        judged = judge(commitment, release.known, facts())
        why = judged.reason if judged.state in JUDGED else ""
        found.setdefault(f"{judged.word}:", []).append(f"{t(commitment.promise)}. {why}".strip())
    return tuple(Item(word, tuple(promises), spoken()) for word, promises in found.items())


def _words() -> dict[str, str]:
    return {"page": t("Page {page} of {pages}", page="{page}", pages="{pages}"),
            "made_up_data": t("Made-up numbers"), "method": t("How changes are compared"),
            "checking": t("How to check a number")}


def _changes(records: Sequence[FigureRecord], release: RenderedRelease, period: str) -> dict[str, Any]:
    """The comparison with the first year: the rows of all figures of change in one table, and a screen for each."""
    tables = [(record["table"], record["language"]) for record in records if record["table"]]
    rows = [(tuple(cell["text"] for cell in row), language) for table, language in tables for row in table["rows"]]
    first: RecordTable = tables[0][0] if tables else {"caption": "", "headers": [], "rows": []}
    drawn = [_drawing(release, release.figure(record["id"], period).compact) for record in records]
    return {"changes": Table(first["caption"], tuple(first["headers"]), tuple(row for row, _ in rows),
                             tuple(language for _, language in rows)) if rows else None,
            "changed": tuple(Change(one["question"], one["answer"], svg, one["source"], one["language"])
                             for one, svg in zip(records, drawn, strict=True))}


def _explained(records: Sequence[FigureRecord], release: RenderedRelease) -> dict[str, Any]:
    digests = {name: digest for name, digest, _ in release.files}
    return {"definitions": _definitions(records),
            "method": tuple(dict.fromkeys(record["method"] for record in records if record["method"])),
            "checking": t("Every number can be checked: open “About” under it on the site, and run the query there on"
                          " {file} of release {release}. Its sha256 is {digest}.", file=DATABASE,
                          release=release.facts.id, digest=digests.get(DATABASE, ""))}


def brief(selection: Selection, release: RenderedRelease, chosen: Options) -> Brief:
    """The brief of the release that is shown, since the start, in the language in force."""
    period, shown = release.default_period, release.facts
    answers, changes = _records(release, period, ANSWERS), _records(release, period, CHANGES)
    parts: dict[str, Any] = {
        "answers": {"answers": _answers(release, period)}, "changes": _changes(changes, release, period),
        "promises": {"promises": _promises(release)}, "unknown": {"unknown": _unknown(release, period)},
        "definitions": _explained([*answers, *changes], release)}
    promised = selection.snapshot.overdue
    made: dict[str, Any] = {}
    for section in chosen.sections:
        made |= parts[section]
    return Brief(
        spoken(), t("Somerville Co-Response Pilot: brief for a meeting"), release.facts.covers,
        t("Release {release}, {state}, out {day}", release=shown.id, state=t(STATES.get(shown.state, shown.state)),
          day=shown.published),
        t("Made-up numbers. They are invented to show how this site could look. No real call is counted"
          " here.") if shown.state == "illustrative" else "",
        "" if reviewed() else t("Draft translation, not yet reviewed"),
        pilot.plain if (pilot := pilot_status()) else "",
        t("The release due on {day} is not out yet.", day=day(promised)) if promised else "",
        t("Need help now? Someone may be hurt: call 911. In a crisis call or text 988, day and night."),
        head_line(describe(release.copy)), chosen.large,
        {name: t(heading) for name, heading in SECTIONS.items()}, words=_words(), **made)
