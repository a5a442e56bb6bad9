"""What a figure is built from: one release, one chosen quarter, and the words and statements it needs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from math import floor
from string import Formatter
from typing import cast

from portal.contract.contract import BREAKS, DIMENSIONS, MEASURES, Grain, Measure
from portal.figures.figure import Cell, Figure, Provenance, RichText
from portal.language import day, gettext_lazy, n, number, span, t
from portal.release import queries
from portal.release.queries import Answer, StateRow
from portal.release.recorded_days import recorded_days
from portal.release.store import DATABASE, Release

MADE_UP = gettext_lazy("Made-up data")
STATES = {"illustrative": MADE_UP, "preliminary": gettext_lazy("Preliminary data"),
          "official": gettext_lazy("Official data")}
ERRATA = {
    "superseded": gettext_lazy("Release {release} replaced wrong numbers: {question} The City's words: {words}"),
    "withdrawn": gettext_lazy("Release {release} withdrew wrong numbers: {question} The City's words: {words}"),
}
SERVICE_GRAINS: tuple[Grain, ...] = ("quarter", "run")  # of tables on the service's clock
TextParts = tuple[str | Cell, ...]  # of a sentence with numbers in it, in reading order
TextPart = str | Cell | RichText | TextParts


@dataclass(frozen=True)
class RecordedPeriod:
    """A period of the release: its id, grain, and first and last day; how many `days` it has, and on how many of them
    something was `recorded`.
    """

    id: str
    grain: str
    start: str
    end: str
    days: int = 0
    recorded: int = 0

    @property
    def partial(self) -> bool:
        """Whether some of its days hold no record."""
        return self.recorded < self.days

    @property
    def words(self) -> str:
        """Such as July to September 2027; a partial period says how many of its days hold records."""
        return self.with_days(span(self.start, self.end))

    @property
    def short(self) -> str:
        """Such as Jul to Sep 2027, for a picture; a partial period as in `words`."""
        return self.with_days(span(self.start, self.end, short=True))

    def with_days(self, words: str) -> str:
        """Words for this time; where it is partial, with the number of its days that hold records."""
        return t("{period} ({recorded} of {days} days recorded)", period=words, recorded=number(self.recorded),
                 days=number(self.days)) if self.partial else words


@dataclass(frozen=True)
class View:
    """One release seen for one quarter. `period` is the id of a published quarter, or "" where there is none; `since`:
    none was chosen, so that it is the newest one, and what is shown is all since the start.
    """

    release: Release
    period: str
    since: bool = False

    @property
    def meta(self) -> dict[str, str]:
        """What the release says of itself."""
        return queries.meta(self.release)

    @cached_property
    def periods(self) -> dict[str, RecordedPeriod]:
        """Every period of the release, by id."""
        return {id_: RecordedPeriod(id_, grain, start, end, *recorded_days(self.release, start, end))
                for id_, grain, start, end in queries.periods(self.release).rows}

    def spanning(self, start: str, end: str) -> RecordedPeriod:
        """The time from one day to another as a period, with its days."""
        return RecordedPeriod("", "", start, end, *recorded_days(self.release, start, end))

    @property
    def quarter(self) -> RecordedPeriod | None:
        """The chosen quarter."""
        return self.periods.get(self.period)

    @property
    def illustrative(self) -> bool:
        """Whether the numbers are made up."""
        return self.meta["state"] == "illustrative"

    def of(self, grain: Grain) -> list[RecordedPeriod]:
        """The published periods of a grain, in order of time."""
        return sorted(
            (period for period in self.periods.values() if period.grain == grain and not period.id.startswith("open-")),
            key=lambda period: (period.start, period.end),
        )

    def collected(self, table: str) -> bool:
        """Whether the source collects what this table needs."""
        return not any(row["status"] == "not_collected" for row in self.states(table))

    def states(self, table: str) -> tuple[StateRow, ...]:
        """The state rows of a table."""
        return cast("tuple[StateRow, ...]", queries.states(self.release, table).records)

    def line(self, words: str) -> str:
        """The source line: state, release and the days a figure speaks of."""
        return t("{state} · release {release} · {period}", state=t(STATES[self.meta["state"]]), release=self.release.id,
                 period=words)

    @property
    def note(self) -> str:
        """What stands in a picture: that its numbers are made up, or nothing."""
        return t(MADE_UP) if self.illustrative else ""

    def provenance(self, measure: str, *answers: Answer) -> Provenance:
        """How to get a figure's numbers by hand; `measure` gives the words."""
        texts = wording(measure)
        return Provenance(
            self.release.id, self.meta["state"], DATABASE, self.release.checksums.get(DATABASE, ""),
            texts.definition, texts.why, texts.limits, self._source(measure), tuple(answers))

    def _source(self, measure: str) -> str:
        rows = queries.table(self.release, "measures").records
        return next((str(row["source"]) for row in rows if row["table_id"] == measure and row["source"]), "")

    def partial(self, period: str) -> tuple[str, ...]:
        """A caveat where days of a period hold no records."""
        if period not in self.periods or not self.periods[period].partial:
            return ()
        found = self.periods[period]
        return (t("Partial: of {period}, {recorded} of {days} days hold records. The numbers are of these days alone.",
                  period=span(found.start, found.end), recorded=number(found.recorded), days=number(found.days)),)

    def partial_in(self, answers: Iterable[Answer]) -> tuple[str, ...]:
        """A caveat for each period that these statements ask for by name and of which days hold no records."""
        partial = [period.id for period in self.periods.values() if period.partial]
        sql = " ".join(answer.sql for answer in answers) if partial else ""
        return tuple(words for period in partial if f"'{period}'" in sql for words in self.partial(period))

    def not_collected_in(self, answers: Iterable[Answer]) -> tuple[str, ...]:
        """A caveat for the groups that the City's records can't hold, in the tables and the time that these statements
        ask for, so that nobody takes one for a zero.
        """
        rows = queries.groups_not_collected(self.release).rows
        statements = [answer.sql for answer in answers] if rows else []
        groups: dict[tuple[str, str, str], list[str]] = {}
        for table, period, dimension, category in rows:
            if any(f"'{table}'" in sql and self._asked_for(period, sql) for sql in statements):
                groups.setdefault((table, self.periods[period].start, period), []).append(label(dimension, category))
        lists = [(table, f"{', '.join(groups[table, start, period])} ({t(_attribute(table))})", self.periods[period])
                 for table, start, period in sorted(groups)]
        in_a_row = [list(rows) for _, rows in groupby(lists, key=lambda row: row[:2])]
        return tuple(t("Not in the City’s records, {period}: {groups}. This does not mean there were none.",
                       period=span(rows[0][2].start, rows[-1][2].end), groups=rows[0][1]) for rows in in_a_row)

    def _asked_for(self, period: str, sql: str) -> bool:
        """Whether a statement asks for a period: for it, or a longer one that holds it, or for none by name."""
        named = [other for other in self.periods.values() if f"'{other.id}'" in sql]
        within = self.periods[period]
        return not named or any(other.start <= within.start and within.end <= other.end for other in named)

    def broken(self, measure: str) -> tuple[tuple[str, str], ...]:
        """The days from which a measure is counted in another way, in order, each with the words for it."""
        rows = queries.table(self.release, "breaks").rows
        return tuple((str(on), t(BREAKS[kind].label)) for on, kind in rows if BREAKS[kind].touches(measure))

    def breaks(self, measure: str) -> tuple[str, ...]:
        """A caveat for each day from which a measure is counted in another way."""
        return tuple(t("Break in the series on {day}: {what}. Numbers before and after can't be compared.",
                       day=day(on), what=inside(what)) for on, what in self.broken(measure))

    def errata(self, answers: Iterable[Answer]) -> tuple[str, ...]:
        """A caveat for each table among those that these statements ask for whose published numbers were wrong."""
        errata = queries.table(self.release, "errata").records
        sql = " ".join(answer.sql for answer in answers) if errata else ""
        measures = {name for name in MEASURES if f"'{name}'" in sql}
        measures |= {MEASURES[name].source_measure for name in measures}
        return tuple(dict.fromkeys(
            t(ERRATA[row["kind"]], release=row["release_id"], question=t(MEASURES[row["table_id"]].question),
              words=row["text"])
            for row in errata if row["table_id"] in measures))

    def events(self, measure: str) -> tuple[tuple[str, str], ...]:
        """What a line over months must be read with: its month's first day, and the words. The start of the pilot's
        records, months in which days hold none, and breaks in the series.
        """
        starts = [
            (period.start, t("The pilot's records begin"))
            for period in self.periods.values()
            if period.grain == "pilot"
        ]
        broken = [(f"{on[:7]}-01", t("Break: {what}", what=inside(what))) for on, what in self.broken(measure)]
        quiet = [(month.start, t("Days without records")) for month in self.of("month") if month.partial]
        return (*starts[:1], *quiet, *broken)

    def service(self, table: str) -> str:
        """The id of the published period of a service table that holds the chosen quarter: the quarter itself, or
        quarters put together; "" where it waits.
        """
        quarter = self.quarter
        return next((str(row["period_id"]) for row in self.states(table) if quarter and row["status"] == "published"
                     and row["grain"] in SERVICE_GRAINS
                     and (row["start"] or "") <= quarter.start and quarter.end <= (row["end"] or "")), "")


FigureFunction = Callable[[View], Figure]  # what builds one figure


def cell(value: float | None, digits: int = 0) -> Cell:
    """A number of the release as it is shown, halves rounded up; None is said in words. 101.0 hours are 101."""
    if value is None:
        return Cell(t("not shown"))
    scale = 10**digits
    rounded = floor(value * scale + 0.5) / scale
    return Cell(number(rounded, 0 if rounded == int(rounded) else digits), value)


def percent(value: float | None) -> TextParts:
    """A share in brackets behind its two numbers, such as " (67%)"; nothing where it is out of nothing."""
    return () if value is None else (" ", *say("({share}%)", share=cell(value)))


def text(*parts: str | Cell) -> RichText:
    """A sentence with numbers in it."""
    return RichText(parts)


def say(template: str, **values: TextPart) -> TextParts:
    """The parts of a sentence: `template`, an English text with {names}, in the language in force, each name replaced
    by a word, a number, or the parts of another sentence.
    """
    return _filled(t(template), values)


def say_count(singular: str, plural: str, value: float, digits: int = 0, **values: TextPart) -> TextParts:
    """As `say`, in the form that a count takes: `singular` and `plural` hold {n}, where the number stands."""
    return _filled(n(singular, plural, value), {"n": cell(value, digits), **values})


def _filled(template: str, values: dict[str, TextPart]) -> TextParts:
    parts: list[str | Cell] = []
    for before, name, _, _ in Formatter().parse(template):
        parts += [before] if before else []
        if name is not None:
            value = values[name]
            parts += value.parts if isinstance(value, RichText) else value if isinstance(value, tuple) else [value]
    return tuple(parts)


def stopped(*fragments: TextPart) -> TextParts:
    """Words as a sentence, with the full stop of the language in force."""
    return say("{sentence}.", sentence=tuple(part for each in fragments for part in (
        each.parts if isinstance(each, RichText) else each if isinstance(each, tuple) else (each,))))


def sentences(*messages: TextParts) -> RichText:
    """Sentences one behind the other; an empty one is left out."""
    parts: list[str | Cell] = []
    for message in messages:
        parts += [" ", *message] if parts and message else message
    return RichText(tuple(parts))


WORDS = (gettext_lazy("one"), gettext_lazy("two"), gettext_lazy("three"), gettext_lazy("four"), gettext_lazy("five"),
         gettext_lazy("six"), gettext_lazy("seven"), gettext_lazy("eight"), gettext_lazy("nine"), gettext_lazy("ten"))


def in_words(count: float) -> Cell:
    """A count as a sentence tells it: one to ten in words, above in digits."""
    return Cell(t(WORDS[int(count) - 1]) if 1 <= count <= len(WORDS) else number(count), count)


def responses_in_words(value: float) -> TextParts:
    """A count of responses: 0 responses, 1 response, 2 responses."""
    return say_count("{n} response", "{n} responses", value)


def inside(words: str) -> str:
    """Words that begin a label, as they stand inside a sentence."""
    return words[:1].lower() + words[1:]


def capital(words: str) -> str:
    """Words as a sentence or a label begins."""
    return words[:1].upper() + words[1:]


def _attribute(table: str) -> str:
    """What a table's groups divide: the English name of its dimension."""
    return DIMENSIONS[MEASURES[table].dimension].label


def label(dimension: str, category: str) -> str:
    """A category or block in words."""
    labels = DIMENSIONS[dimension].labels
    return t(labels[category]) if category in labels else category


def wording(measure: str) -> Measure:
    """A measure of the contract with its texts in the language in force."""
    texts = MEASURES[measure]
    return replace(
        texts, question=t(texts.question), definition=t(texts.definition), why=t(texts.why), limits=t(texts.limits),
        values={value: t(words) for value, words in texts.values.items()},
        numerator=texts.numerator and t(texts.numerator), denominator=texts.denominator and t(texts.denominator))
