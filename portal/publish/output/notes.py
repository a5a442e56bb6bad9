"""NOTES.md of a release: what is new, what is partial, how records changed since, and the analyst's own words.

It holds no hidden number.
"""

from collections.abc import Iterable, Sequence

from portal.contract.contract import DIMENSIONS, MEASURES, RECORD_REASONS
from portal.publish.output.describe import MADE_UP, ORDER, by_time, without_records
from portal.publish.output.ledger import Book, TableState
from portal.release.periods import Period

NOT_SHOWN = {  # the reason of a state -> why the public does not see the table
    "privacy": "to protect people",
    "changed": "since records have changed after a total of theirs was published",
    "parts": "to protect people",
    "merged": "to protect people",
    "withdrawn": "since the published numbers were wrong",
    "ended": "since the pilot ended before there were enough responses",
}
RECORDS = {
    "late": "Calls of published months that were entered late, and count in this release",
    "corrected": "Records of the release before that have changed since it came out; what was published stays",
    "left_out": "Records of this release's own months that are left out of every number: unreadable, or not right",
    "repeated": "Records of this release's own months that are left out of every number: another has the same key",
}


def notes(book: Book, meta: dict[str, str], *, late: Iterable[str], corrections: Sequence[str]) -> str:
    """NOTES.md. `late`: months in which late calls count; `corrections`: the analyst's words."""
    new = [(table, book.periods[period]) for table, period in book.added if book.periods[period].lasts]
    parts = [
        f"# Release {meta['release_id']}\n\n"
        + (f"**{MADE_UP}**\n\n" if meta["state"] == "illustrative" else "")
        + f"It covers {meta['period_start']} to {meta['period_end']}, as recorded through {meta['recorded_through']}. "
        f"It was due on {meta['due_on']} and came out on {meta['published_on']}. Its state is {meta['state']}.",
        _previous(meta),
        _section("New in this release", _new(book, new)),
        _section("Not collected", _not_collected(book, new)),
        _section("Partial periods", _partial(book)),
        _section("Late, changed and left-out records", _records(book, meta["release_id"], late)),
        _section("Left open at the pilot's end", _open_at_the_end(book)),
        _section("Costs", _costs(book, meta["release_id"])),
        _section("Errata", _errata(book, meta["release_id"])),
        _section("Corrections", corrections),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _previous(meta: dict[str, str]) -> str:
    """The head hash of the release before. Its own can't be in NOTES.md, since it depends on this very file."""
    if not meta["previous"]:
        return "It is the first release."
    return (f"It goes on from release {meta['previous']}, whose head hash (the sha256 of its SHA256SUMS) is "
            f"{meta['previous_sums']}.")


def _section(title: str, lines: Sequence[str]) -> str:
    return f"## {title}\n\n" + "\n".join(f"- {line}" for line in lines) if lines else ""


def _new(book: Book, new: Sequence[tuple[str, Period]]) -> list[str]:
    lines = []
    for period in sorted({period for _, period in new if period.grain in ("quarter", "run", "year")}, key=by_time):
        questions: dict[str, list[str]] = {}
        for table in sorted({table for table, of in new if of == period}, key=ORDER.__getitem__):
            if words := _became(book.states[table, period.period_id]):
                questions.setdefault(words, []).append(MEASURES[table].question)
        lines += [f"{period.period_id}, {words}: {' '.join(named)}" for words, named in sorted(
            questions.items(), key=lambda item: item[0] != "shown")]
    return lines


def _became(state: TableState) -> str:
    """Whether a table is shown, or why not, in words; "" where the source does not collect it."""
    if state.status == "suppressed":
        return f"not shown, {NOT_SHOWN[state.reason]}"
    return "shown" if state.status == "published" else ""


def _partial(book: Book) -> list[str]:
    days = sorted(book.coverage.values(), key=lambda coverage: by_time(book.periods[coverage.period_id]))
    return [without_records(coverage) for coverage in days if coverage.days_without_records]


def _not_collected(book: Book, new: Sequence[tuple[str, Period]]) -> list[str]:
    """The groups that the source has no way to record: none of them is a zero."""
    found: dict[str, list[str]] = {}
    for table, period in sorted(new, key=lambda key: by_time(key[1])):
        if empty := book.not_collected(table, period.period_id):
            labels = DIMENSIONS[MEASURES[table].dimension].labels
            words = f"{MEASURES[table].question} {', '.join(labels[name] for name in sorted(empty))}"
            found.setdefault(words, []).append(period.period_id)
    return [f"{words} (the City's records can't hold it: it is not a 0). {', '.join(periods)}"
            for words, periods in found.items()]


def _open_at_the_end(book: Book) -> list[str]:
    """The tables that still waited when the pilot ended, and are never shown."""
    ended = [key for key, state in book.states.items() if state.reason == "ended"]
    return [f"{period}, never shown, {NOT_SHOWN['ended']}: "
            + " ".join(MEASURES[table].question for table, _ in sorted(ended, key=lambda key: ORDER[key[0]])
                       if (table, period) in ended)
            for period in sorted({period for _, period in ended}, key=lambda period: by_time(book.periods[period]))]


def _costs(book: Book, release_id: str) -> list[str]:
    """The costs of quarters that this release is the first to name, or names anew."""
    return [f"{period}: {amount:,.2f} dollars. {covers} Source: {source}"
            for release, period, amount, covers, source in book.statements["costs"] if release == release_id]


def _errata(book: Book, release_id: str) -> list[str]:
    """The tables found to be wrong, with the analyst's words."""
    became = {"superseded": "others stand in their place", "withdrawn": "they are no longer shown"}
    return [f"{MEASURES[table].question} Published numbers were wrong; {became[kind]}. {words}"
            for release, table, kind, words in book.statements["errata"] if release == release_id]


def _records(book: Book, release_id: str, late: Iterable[str]) -> list[str]:
    """How many records of this release were late, changed or left out: "fewer than 11" or "11 or more" of each."""
    sizes = {reason: size for release, reason, size in book.statements["records"] if release == release_id}
    return [*(f"{RECORDS[reason]}: {sizes[reason]}." for reason in RECORD_REASONS if reason in sizes),
            *(f"Some calls of earlier months were recorded late. They are counted in {month}."
              for month in sorted(late))]
