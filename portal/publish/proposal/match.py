"""Which column of a source probably is which of the portal's columns, by its name and by what it holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from portal.publish.ingest.columns import COLUMNS, Column
from portal.publish.proposal.formats import TimeFormats, detect_formats, is_clock
from portal.publish.proposal.lexicon import COLUMN_RULES, YES_NO, NameRule, category_of, words_of
from portal.publish.proposal.profile import SourceColumn

# Sources use these names for more than one thing: only the portal's own name, or a word for the team, is sure.
AMBIGUOUS_NAMES = {"arrived", "cleared", "dispatched", "officer_arrived", "answered_by", "outcome", "eligibility",
                "staffed", "received", "recorded_on", "transport", "call_type", "origin", "age_band"}
DISTINCT_KEY = 0.3  # different texts a row, at least, in a column that identifies incidents
NEVER_IDENTIFIES = ("person_key",)


@dataclass(frozen=True)
class Match:
    """A source's columns for one of the portal's, how they are written, and what speaks against it."""

    column: Column
    sources: tuple[SourceColumn, ...]
    times: TimeFormats | None = None
    doubts: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the source's columns."""
        return tuple(source.name for source in self.sources)

    @property
    def main(self) -> SourceColumn:
        """The first of the source's columns."""
        return self.sources[0]


def match_columns(sources: Sequence[SourceColumn], columns: Sequence[Column] = COLUMNS,
            rules: Mapping[str, NameRule] | None = None) -> dict[str, Match]:
    """The proposed match of each of the portal's columns that the source seems to hold."""
    rules = rules or COLUMN_RULES
    offered = {column.name: _candidates(column, sources, rules[column.name]) for column in columns}
    taken: dict[str, str] = {}
    found: dict[str, Match] = {}
    # The best names choose first; the portal's own order decides between equals.
    order = sorted(columns, key=lambda column: -max((score for score, _ in offered[column.name]), default=0))
    for column in order:
        free = [(score, match) for score, match in offered[column.name] if not set(match.names) & taken.keys()]
        if not free:
            continue
        best_score, best = free[0]
        rivals = [match for score, match in free[1:] if score == best_score and match.names != best.names]
        found[column.name] = replace(best, doubts=(*best.doubts, *_doubts(column, best_score, best, rivals)))
        taken.update(dict.fromkeys(best.names, column.name))
    for name, by_content in (("received", _received_by_content), ("call_type", _type_by_content)):
        unmatched = [source for source in sources if source.name not in taken]
        missing = [column for column in columns if column.name == name and name not in found]
        if missing and (guess := by_content(missing[0], unmatched)):
            found[name] = guess
            taken.update(dict.fromkeys(guess.names, name))
    return {column.name: found[column.name] for column in columns if column.name in found}


def _received_by_content(column: Column, sources: Sequence[SourceColumn]) -> Match | None:
    """The first column that has a time in almost every row, where no name says which it is."""
    for source in sources:
        formats = detect_formats(source.filled) if source.blank * 50 <= source.rows else None
        if formats and formats.has_clock:
            return Match(column, (source,), formats, ("its name says nothing, but almost every row has a time in it.",))
    return None


def _type_by_content(column: Column, sources: Sequence[SourceColumn]) -> Match | None:
    """The column whose codes most often sound like a crisis call, where no name says which it is."""
    sounding = {source.name: sum(count for code, count in source.filled.items() if category_of("call_type", code)[0])
                for source in sources if source.is_coded}
    best = max(sounding, key=lambda name: sounding[name], default="")
    if not best or not sounding[best]:
        return None
    source = next(source for source in sources if source.name == best)
    return Match(column, (source,), doubts=("its name says nothing, but some of its codes sound like crisis calls.",))


def _doubts(column: Column, score: int, match: Match, rivals: Iterable[Match]) -> tuple[str, ...]:
    doubts = []
    own_name = match.names == (column.name,)
    if not own_name and (score < 2 or column.name in AMBIGUOUS_NAMES) and not _names_unit(column, match):
        doubts.append(f"is this {column.help.split(';')[0]}?")
    if other := [" + ".join(rival.names) for rival in rivals]:
        doubts.append(f"or is it {' or '.join(map(repr, other))}?")
    return tuple(doubts)


def _names_unit(column: Column, match: Match) -> bool:
    words = set(words_of(match.main.name).split())
    if column.name in ("arrived", "cleared"):
        return bool(words & {"team", "clinician", "responder", "crt"})
    return column.name == "officer_arrived" and bool(words & {"officer", "police", "pd"})


def _candidates(column: Column, sources: Sequence[SourceColumn], rule: NameRule) -> list[tuple[int, Match]]:
    """Source columns that may be this one: score and match, the best first."""
    found = []
    for source in sources:
        score = 3 if source.name == column.name else rule.score(source.name)
        match = _match_content(column, source, sources) if score else None
        if match:
            found.append((score, match))
    return sorted(found, key=lambda scored: -scored[0])


def _match_content(column: Column, source: SourceColumn, sources: Sequence[SourceColumn]) -> Match | None:
    """The match, if what the source's column holds can be what the portal's column holds."""
    if column.kind == "time":
        return _time_match(column, source, sources)
    if column.kind == "date":
        formats = detect_formats(source.filled)
        return Match(column, (source,), formats) if formats else None
    if column.kind == "yes_no":
        return Match(column, (source,)) if source.is_coded and _is_yes_no(source) else None
    if column.kind == "category":
        return Match(column, (source,)) if source.is_coded and not _is_numeric(source) else None
    return _key_match(column, source)


def _key_match(column: Column, source: SourceColumn) -> Match | None:
    """A key is different in many rows; a person's key may be blank in many, an incident's never."""
    if column.name in NEVER_IDENTIFIES:
        return Match(column, (source,)) if source.filled and not detect_formats(source.filled) else None
    fits = source.share_distinct >= DISTINCT_KEY and source.blank * 50 <= source.rows
    return Match(column, (source,)) if fits else None


def _time_match(column: Column, source: SourceColumn, sources: Sequence[SourceColumn]) -> Match | None:
    """A column of moments; or one of days beside one of times of day whose name begins alike."""
    if is_clock(source.filled):
        return None
    formats = detect_formats(source.filled)
    if formats is None or formats.has_clock:
        return Match(column, (source,), formats) if formats else None
    clock = _clock_beside(source, sources)
    if clock is None:
        return Match(column, (source,), formats, ("it holds days without a time of day.",))
    joined = detect_formats(_joined_samples(source, clock))
    if joined is None:
        return Match(column, (source,), formats, (f"do the times of day in {clock.name!r} belong to these days?",))
    return Match(column, (source, clock), joined)


def _joined_samples(day: SourceColumn, clock: SourceColumn) -> list[str]:
    """Days and times of day together, as a row would hold them: enough of each, from the whole file, to tell the
    formats. Where times of day are missing, some of the days stand alone.
    """
    days = _evenly_sampled(day.filled, 60)
    clocks = [text for text in _evenly_sampled(clock.filled, 40) if is_clock([text])]
    return [*(f"{text} {other}" for text in days for other in clocks), *(days if clock.blank else [])]


def _evenly_sampled(texts: Iterable[str], most: int) -> list[str]:
    """So many of the texts at most, from the first to the last."""
    all_texts = list(texts)
    return all_texts[:: -(-len(all_texts) // most) or 1]


def _clock_beside(source: SourceColumn, sources: Sequence[SourceColumn]) -> SourceColumn | None:
    """The column of times of day that belongs to a column of days: the next one, or one whose name begins alike."""
    at = list(sources).index(source)
    stem = set(words_of(source.name).split()) - {"date", "d", "day"}
    clocks = [other for other in sources if other is not source and is_clock(other.filled)]
    named = [other for other in clocks if stem and stem <= set(words_of(other.name).split())]
    if named:
        return named[0]
    after = [other for other in clocks if list(sources).index(other) == at + 1]
    return after[0] if after else None


def _is_yes_no(source: SourceColumn) -> bool:
    """Whether most rows that say something say yes or no."""
    known = sum(count for text, count in source.filled.items() if text.lower() in YES_NO)
    return len(source.filled) <= 12 and known * 2 > sum(source.filled.values())


def _is_numeric(source: SourceColumn) -> bool:
    """Whether the texts are numbers, such as ages in years: no codes of categories."""
    return len(source.filled) > 6 and all(text.replace(".", "").isdigit() for text in source.filled)
