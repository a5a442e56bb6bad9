"""`python -m portal publish`: from a private extract to a release that is live, or a plan of it.

Each step is a room of its own; this module calls them in order:

1. `ingest` reads and validates the extract by its mapping; open remarks stop the publication.
2. `request` checks the release's id, state and days; `output.ledger` opens the book of what was published before.
3. `tables` counts the records; `output.assemble` adds to the book what has closed since.
4. `protection.gate` attacks the result, and hides whatever lets a hidden number be worked out, until nothing does.
5. `output` writes the release folder, verifies it, and lets `current` name it.

For example, with `2026-Q3` published and an extract to December: the book opens with all of `2026-Q3`, the fourth
quarter is added, and `2026-Q4` holds both.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from portal.contract.contract import META_KEYS, RECORD_REASONS, RECORD_SIZES, SCHEMA, VERSION, ReleaseState, threshold
from portal.errors import ReleaseRefused
from portal.publish.acceptance import accepted_kinds, check_remarks, with_end_checked
from portal.publish.ingest.costs import read_costs
from portal.publish.ingest.extract import Extract, Report, read_extract
from portal.publish.ingest.mapping import read_mapping
from portal.publish.ingest.remark import remark_lines
from portal.publish.output.assemble import assemble
from portal.publish.output.assemble_runs import ReleaseSpan
from portal.publish.output.describe import attack_rows, protection, rows_of
from portal.publish.output.differences import Difference, corrected, differences
from portal.publish.output.errata import apply_errata, check_superseded, errata_of
from portal.publish.output.ledger import Book, ReleaseRow, history, made_up, open_book
from portal.publish.output.notes import notes
from portal.publish.output.preview import PlanLine, plan
from portal.publish.output.summary import summary
from portal.publish.output.write import install_release, write_files
from portal.publish.protection.gate import TablePeriod, pass_gate
from portal.publish.request import (
    PublicationRequest,
    check_id_and_state,
    last_possible_day,
    publication_day,
    release_row,
)
from portal.publish.tables.entry import MonthTotals
from portal.publish.tables.tabulate import Tallies, coverage, tally
from portal.release import queries
from portal.release.book import PublicBook
from portal.release.periods import quarters_of
from portal.release.store import Release, release_ids, sums_hash

_LOG = logging.getLogger("portal")


@dataclass(frozen=True)
class Published:
    """What was published, or would be: `folder` is None for a dry run. `summary` is for the analyst, in sentences."""

    release_id: str
    folder: Path | None
    plan: tuple[PlanLine, ...]
    summary: tuple[str, ...]
    report: Report
    remarks: tuple[str, ...] = ()  # as lines for the analyst
    accepted: tuple[str, ...] = ()  # the kinds of remarks that were accepted
    differences: tuple[Difference, ...] = ()  # published numbers that the records would give otherwise today


def publish(extract: Path | Sequence[Path], mapping: Path, release_id: str, state: ReleaseState, releases: Path, *,
            roster: Path | None = None, dry_run: bool = False, period_end: date | None = None,
            published_on: date | None = None, recorded_through: date | None = None, notes: Sequence[str] = (),
            accept: Sequence[str] = (), supersede: str = "", because: str = "", pilot_ended: date | None = None,
            costs: Path | None = None,
            progress: Callable[[int, int], None] | None = None,
            before_live: Callable[[Path], None] = lambda _: None,
            review: Callable[["Published", Extract], None] = lambda *_: None) -> Published:
    """Publish a private extract as the release `release_id` in the folder `releases`, and let it go live.

    `extract`: one file, or several files of one log.
    `period_end`: the last day of the last quarter to publish; by default that of the last one that ended 31 or more
    days before `published_on` and that the extract covers.
    `published_on`: by default today.
    `recorded_through`: rows entered after that day wait for the next release; by default the day of the last entry.
    `notes`: corrections, in the analyst's words.
    `accept`: names of remarks that are right, beside those the mapping accepts; any other stops a publication.
    `supersede`, `because`: a table whose published numbers were wrong, and why, in words for everybody.
    `pilot_ended`: the pilot's last day. A release that covers it is the last one: what still waits is never shown.
    `costs`: the City's file of them.
    `before_live`: gets the folder of the finished release before it goes live; an error that it raises prevents that.
    `review`: gets the result and the extract, to write a page for the analyst.
    `dry_run`: write nothing, and let no remark stop it.

    Raises ReleaseExists, ReleaseRefused, ReleaseBroken (the release before is damaged), ExtractUnreadable,
    ExtractRefused, MappingWrong, or CantWrite; the releases are then as they were.
    """
    errata = errata_of(supersede, because) if supersede else []
    request = PublicationRequest(release_id, state, period_end, published_on, recorded_through, notes, errata=errata,
                                 pilot_ended=pilot_ended, costs=read_costs(costs) if costs else ())
    check_id_and_state(request, releases)
    mapped = read_mapping(mapping)
    accepted = dict(mapped.accepted) | dict.fromkeys(accept, "accepted by --accept")
    day = publication_day(published_on, state, mapped.time_zone)
    calls = read_extract(extract, mapped, roster, progress, last_possible_day(day, state, mapped))
    calls = calls if period_end else with_end_checked(calls, day)
    if not dry_run:
        check_remarks(calls.report, accepted)
    request = replace(request, remarks=accepted_kinds(calls.report, accepted))
    published = publish_extract(calls, mapped.title, request, releases, dry_run=dry_run, before_live=before_live)
    published = replace(published, remarks=tuple(remark_lines(calls.report.remarks, accepted, calls.report.place)),
                        accepted=accepted_kinds(calls.report, accepted))
    review(published, calls)
    return published


def publish_extract(
    extract: Extract, title: str, request: PublicationRequest, releases: Path, *, dry_run: bool = False,
    before_live: Callable[[Path], None] = lambda _: None,
) -> Published:
    """Publish an extract that has been read; parameters and errors as for `publish`."""
    check_id_and_state(request, releases)
    earlier = _earlier_releases(request, releases)
    opening = open_book(earlier[-1] if earlier else None)
    apply_errata(opening, request.errata)
    row = release_row(extract, request, opening, exists=request.release_id in release_ids(releases))
    meta = _meta(extract, title, request, row, earlier)
    tallies = tally(extract, _cutoffs(opening, row), _month_totals(opening))
    result = pass_gate(
        lambda left_out: assemble_book(opening, extract, tallies, row, left_out,
                                       ended=request.ends_pilot(row.period_end)),
        lambda book: PublicBook(rows_of(book, meta, extract.sources)),
        [PublicBook({name: queries.table(release, name).rows for name in SCHEMA}) for release in earlier],
    )
    book = result.book
    _LOG.info("The attack on %s took %.1f seconds.", request.release_id, result.outcome.seconds)
    _add_statements(book, request, tallies, extract)
    breaks = [(day, kind) for day, kind in extract.breaks if meta["period_start"] <= day <= meta["period_end"]]
    rows = rows_of(book, meta, extract.sources) | {"attack": attack_rows(result.outcome), "breaks": breaks}
    rules = protection(book, meta, result.outcome, persons="person_key" in tallies.has)
    text = notes(book, meta, late=tallies.late & {period for _, period in book.added}, corrections=request.notes)
    folder = None if dry_run else install_release(
        releases, request.release_id, lambda draft: write_files(draft, rows, rules, text, extract.license), before_live)
    changed = differences(book)
    return Published(request.release_id, folder, plan(book), summary(result, tallies, extract, row, changed),
                     extract.report, differences=changed)


def _earlier_releases(request: PublicationRequest, releases: Path) -> list[Release]:
    """The releases that the new one goes on from, oldest first. Raises ReleaseRefused where made-up numbers would come
    to lie beside real ones.
    """
    earlier = [release for release in history(releases, request.state) if release.id != request.release_id]
    others = set(release_ids(releases)) - {release.id for release in earlier} - {request.release_id}
    if made_up(request.state) and others:
        raise ReleaseRefused(
            "Made-up numbers can't be published where real ones are.", "Give another folder with --releases."
        )
    return earlier


def _meta(extract: Extract, title: str, request: PublicationRequest, row: ReleaseRow, earlier: Sequence[Release]
          ) -> dict[str, str]:
    """The rows of the table `meta`, in the contract's order."""
    meta = {"contract_version": str(VERSION), "title": title, "time_zone": extract.timezone,
            "previous": earlier[-1].id if earlier else "",
            "previous_sums": sums_hash(earlier[-1].folder) if earlier else "",
            "pilot_ended": f"{request.pilot_ended or ''}"} | row._asdict()
    return {key: meta[key] for key in META_KEYS}


def _cutoffs(opening: Book, row: ReleaseRow) -> list[tuple[date, date]]:
    """Of each release so far, the new one last: its last day, and the day through which records were taken."""
    return [(date.fromisoformat(release.period_end), date.fromisoformat(release.recorded_through))
            for release in (*opening.earlier, row)]


def _month_totals(opening: Book) -> dict[str, MonthTotals]:
    """The calls and responses that earlier releases published for each month."""
    totals = {}
    for month in (period.period_id for period in opening.periods.values() if period.grain == "month"):
        calls = opening.value("demand.received", month, "calls")
        responses = opening.value("response.met", month, "responses")
        if calls is not None:
            totals[month] = MonthTotals(int(calls), None if responses is None else int(responses))
    return totals


def assemble_book(opening: Book, extract: Extract, tallies: Tallies, row: ReleaseRow,
                  left_out: frozenset[TablePeriod], *, ended: bool = False) -> Book:
    """The book of the new release: a copy of `opening` with everything that has closed since, except `left_out`: the
    (table, run) pairs that the gate found to tell too much. `ended`: whether the pilot is over.
    """
    book = opening.copy()
    book.release = row
    span = ReleaseSpan(quarters_of(date.fromisoformat(row.period_start), date.fromisoformat(row.period_end)))
    for quarter in span.quarters:
        for period in (*quarter.months, quarter.period):
            book.periods.setdefault(period.period_id, period)
            book.coverage.setdefault(period.period_id, coverage(extract, period))
    assemble(book, tallies, span, left_out, ended=ended)
    check_superseded(book)
    return book


def _add_statements(book: Book, request: PublicationRequest, tallies: Tallies, extract: Extract) -> None:
    """Add this release's own statements: how many of its records were late, corrected or left out, which remarks were
    accepted, which published tables were wrong, and what quarters cost where no earlier release says the same.
    """
    days = book.published_to, book.releases[-1].period_end
    repeated = extract.report.repeated(*days)
    counts = {"late": tallies.late_calls, "corrected": corrected(book), "repeated": repeated,
              "left_out": extract.report.left_out(*days) - repeated}
    at_least = threshold("block_responses")
    name, statements = request.release_id, book.statements
    statements["records"] += [(name, reason, RECORD_SIZES[counts[reason] >= at_least]) for reason in RECORD_REASONS]
    statements["remarks"] += [(name, kind) for kind in sorted(set(request.remarks))]
    statements["errata"] += [(name, *erratum) for erratum in sorted(set(request.errata))]
    known = {row[1]: row[1:] for row in statements["costs"]}
    statements["costs"] += [(name, *cost) for cost in sorted(request.costs)
                            if known.get(cost.period_id) != cost and book.quarter_is_covered(cost.period_id)]
