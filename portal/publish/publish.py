"""`python -m portal publish`: from a private extract to a release that is live, or a plan of it."""

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from portal.contract.contract import META_KEYS, RECORD_REASONS, RECORD_SIZES, SCHEMA, STATES, VERSION, State, threshold
from portal.errors import NoRelease, ReleaseBroken, ReleaseExists, ReleaseRefused
from portal.publish.acceptance import accepted_kinds, check_remarks, with_end_checked
from portal.publish.ingest.costs import Cost, read_costs
from portal.publish.ingest.extract import Extract, Report, read_extract
from portal.publish.ingest.mapping import read_mapping
from portal.publish.ingest.remark import remark_lines
from portal.publish.output.assemble import assemble
from portal.publish.output.assemble_runs import Span
from portal.publish.output.describe import attack_rows, protection, rows_of
from portal.publish.output.differences import Difference, corrected, differences
from portal.publish.output.errata import apply_errata, check_superseded, errata_of
from portal.publish.output.ledger import Book, Listed, history, made_up, opened
from portal.publish.output.notes import notes
from portal.publish.output.preview import Planned, plan
from portal.publish.output.summary import summary
from portal.publish.output.write import put, write_files
from portal.publish.protection.gate import Pair, guarded
from portal.publish.publication import check_forward, last_possible_day, publication_day
from portal.publish.tables.entry import MonthTotals
from portal.publish.tables.tabulate import Tallies, coverage, tallied
from portal.release import queries
from portal.release.book import Book as Public
from portal.release.periods import quarter_of, quarters_of
from portal.release.store import current_id, release_ids, sums_hash

_LOG = logging.getLogger("portal")
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True)
class Published:
    """What was published, or would be: `folder` is None for a dry run. `summary` is for the analyst, in sentences."""

    release_id: str
    folder: Path | None
    plan: tuple[Planned, ...]
    summary: tuple[str, ...]
    report: Report
    remarks: tuple[str, ...] = ()  # as lines for the analyst
    accepted: tuple[str, ...] = ()  # the kinds of remarks that were accepted
    differences: tuple[Difference, ...] = ()  # published numbers that the records would give otherwise


@dataclass(frozen=True)
class Wanted:
    """What the analyst asks for; days left open are reckoned from the extract."""

    release_id: str
    state: State
    period_end: date | None = None
    published_on: date | None = None
    recorded_through: date | None = None
    notes: Sequence[str] = ()
    remarks: Sequence[str] = ()  # kinds of remarks the analyst accepted, by name alone
    errata: Sequence[tuple[str, str, str]] = ()  # a table, the kind of erratum (contract: ERRATUM_KINDS), why
    pilot_ended: date | None = None  # the pilot's last day, once it is over
    costs: Sequence[Cost] = ()  # of quarters, as the City has named them


def publish(extract: Path | Sequence[Path], mapping: Path, release_id: str, state: State, releases: Path, *,
            roster: Path | None = None, dry_run: bool = False, period_end: date | None = None,
            published_on: date | None = None, recorded_through: date | None = None, notes: Sequence[str] = (),
            accept: Sequence[str] = (), supersede: str = "", because: str = "", pilot_ended: date | None = None,
            costs: Path | None = None,
            progress: Callable[[int, int], None] | None = None,
            before_live: Callable[[Path], None] = lambda _: None,
            review: Callable[["Published", Extract], None] = lambda *_: None) -> Published:
    """Publish a private extract as the release `release_id` in the folder `releases`, and let it go live.

    `extract` may be several files of one log.

    `period_end` is the last day of the last quarter to publish (default: of the last one that ended 31 or more days
    before `published_on` and that the extract covers). `published_on` is today, unless it is given. Rows entered
    after `recorded_through` (default: the last entry seen) wait for the next release. `notes` are corrections, in
    words. `supersede` names a table whose published numbers were wrong, `because` says why, for everybody. `accept`
    names remarks that are right, beside those the mapping accepts; any other stops a publication. `pilot_ended` is the
    pilot's last day: a release that covers it is the last one, and what still waits will never be shown. `costs` is the
    City's file of them.
    `before_live` gets the folder of the finished release ahead of its going live; what it raises stops that.
    `review` gets what was published, or would be, with the extract, to write a page for the analyst. With `dry_run`
    nothing is written, and no remark stops it. Raises ReleaseExists, ReleaseRefused, ReleaseBroken (the release before
    is damaged), ExtractUnreadable, ExtractRefused, MappingWrong, or CantWrite; the releases are as they were then.
    """
    errata = errata_of(supersede, because) if supersede else []
    wanted = Wanted(release_id, state, period_end, published_on, recorded_through, notes, errata=errata,
                    pilot_ended=pilot_ended, costs=read_costs(costs) if costs else ())
    _check_name(wanted, releases)
    mapped = read_mapping(mapping)
    accepted = dict(mapped.accepted) | dict.fromkeys(accept, "accepted by --accept")
    day = publication_day(published_on, state, mapped.time_zone)
    calls = read_extract(extract, mapped, roster, progress, last_possible_day(day, state, mapped))
    calls = calls if period_end else with_end_checked(calls, day)
    if not dry_run:
        check_remarks(calls.report, accepted)
    wanted = replace(wanted, remarks=accepted_kinds(calls.report, accepted))
    published = publish_extract(calls, mapped.title, wanted, releases, dry_run=dry_run, before_live=before_live)
    published = replace(published, remarks=tuple(remark_lines(calls.report.remarks, accepted, calls.report.place)),
                        accepted=accepted_kinds(calls.report, accepted))
    review(published, calls)
    return published


def publish_extract(
    extract: Extract, title: str, wanted: Wanted, releases: Path, *, dry_run: bool = False,
    before_live: Callable[[Path], None] = lambda _: None,
) -> Published:
    """Publish an extract that has been read; as `publish`."""
    _check_name(wanted, releases)
    before = [release for release in history(releases, wanted.state) if release.id != wanted.release_id]
    if made_up(wanted.state) and set(release_ids(releases)) - {release.id for release in before} - {wanted.release_id}:
        raise ReleaseRefused(
            "Made-up numbers can't be published where real ones are.", "Give another folder with --releases."
        )
    opening = opened(before[-1] if before else None)
    apply_errata(opening, wanted.errata)
    listed = listing(extract, wanted, opening, exists=wanted.release_id in release_ids(releases))
    meta = {"contract_version": str(VERSION), "title": title, "time_zone": extract.timezone,
            "previous": opening.before[-1].release_id if before else "",
            "previous_sums": sums_hash(before[-1].folder) if before else "",
            "pilot_ended": f"{wanted.pilot_ended or ''}"} | listed._asdict()
    meta = {key: meta[key] for key in META_KEYS}
    tallies = tallied(extract, _spans(opening, listed), _month_totals(opening))
    passed = guarded(
        lambda left_out: _filled(opening, extract, tallies, listed, left_out, ended=_over(wanted, listed)),
        lambda book: Public(rows_of(book, meta, extract.sources)),
        [Public({name: queries.table(release, name).rows for name in SCHEMA}) for release in before],
    )
    book = passed.book
    _LOG.info("The attack on %s took %.1f seconds.", wanted.release_id, passed.outcome.seconds)
    _state(book, wanted, tallies, extract)
    breaks = [(day, kind) for day, kind in extract.breaks if meta["period_start"] <= day <= meta["period_end"]]
    rows = rows_of(book, meta, extract.sources) | {"attack": attack_rows(passed.outcome), "breaks": breaks}
    rules = protection(book, meta, passed.outcome, persons="person_key" in tallies.has)
    text = notes(book, meta, late=tallies.late & {period for _, period in book.added}, corrections=wanted.notes)
    folder = (
        None if dry_run
        else put(releases, wanted.release_id,
                 lambda draft: write_files(draft, rows, rules, text, extract.license), before_live)
    )
    found = differences(book)
    return Published(wanted.release_id, folder, plan(book), summary(passed, tallies, extract, listed, found),
                     extract.report, differences=found)


def _state(book: Book, wanted: Wanted, tallies: Tallies, extract: Extract) -> None:
    """Note of this release, in words: how its records differ from what was known, what was accepted, what is wrong."""
    months = book.published_to, book.releases[-1].period_end
    repeated = extract.report.repeated(*months)
    found = {"late": tallies.late_calls, "corrected": corrected(book), "repeated": repeated,
             "left_out": extract.report.left_out(*months) - repeated}
    at_least = threshold("block_responses")
    book.statements["records"] += [(wanted.release_id, reason, RECORD_SIZES[found[reason] >= at_least])
                             for reason in RECORD_REASONS]
    book.statements["remarks"] += [(wanted.release_id, kind) for kind in sorted(set(wanted.remarks))]
    book.statements["errata"] += [(wanted.release_id, *erratum) for erratum in sorted(set(wanted.errata))]
    known = {row[1]: row[1:] for row in book.statements["costs"]}
    book.statements["costs"] += [(wanted.release_id, *cost) for cost in sorted(wanted.costs)
                                 if known.get(cost.period_id) != cost and book.quarter_is_covered(cost.period_id)]


def _spans(opening: Book, listed: Listed) -> list[tuple[date, date]]:
    """Last day, and day the records were taken, of each release so far, the new one last."""
    return [(date.fromisoformat(release.period_end), date.fromisoformat(release.recorded_through))
            for release in (*opening.before, listed)]


def _month_totals(opening: Book) -> dict[str, MonthTotals]:
    """What earlier releases published of each month."""
    found = {}
    for month in (period.period_id for period in opening.periods.values() if period.grain == "month"):
        calls, responses = (opening.value(*place) for place in (("demand.received", month, "calls"),
                                                                ("response.met", month, "responses")))
        if calls is not None:
            found[month] = MonthTotals(int(calls), None if responses is None else int(responses))
    return found


def _over(wanted: Wanted, listed: Listed) -> bool:
    """Whether the pilot ends with the last quarter of a release, or before."""
    return wanted.pilot_ended is not None and wanted.pilot_ended.isoformat() <= listed.period_end


def _filled(opening: Book, extract: Extract, tallies: Tallies, listed: Listed, left_out: frozenset[Pair], *,
            ended: bool = False) -> Book:
    """A book that goes on from `opening` with everything the new release says but the tables left out."""
    book = opening.copy()
    book.listed = listed
    span = Span(quarters_of(date.fromisoformat(listed.period_start), date.fromisoformat(listed.period_end)))
    for quarter in span.quarters:
        for period in (*quarter.months, quarter.period):
            book.periods.setdefault(period.period_id, period)
            book.coverage.setdefault(period.period_id, coverage(extract, period))
    assemble(book, tallies, span, left_out, ended=ended)
    check_superseded(book)
    return book


# ---- what may be asked for -------------------------------------------------------------------------------------------

def _check_name(wanted: Wanted, releases: Path) -> None:
    if not ID.fullmatch(wanted.release_id) or wanted.release_id == "current":
        raise ReleaseRefused(f"A release can't be named {wanted.release_id!r}.",
                             "Take up to 64 letters, digits, points, hyphens or underscores, such as 2026-Q3.")
    if wanted.state not in STATES:
        raise ReleaseRefused(f"A release can't have the state {wanted.state!r}.", f"Take one of {', '.join(STATES)}.")
    try:
        live = current_id(releases)
    except (NoRelease, ReleaseBroken):
        return  # a first release; or one that was complete but not yet named, or taken away: put() sees to it
    if live == wanted.release_id:
        raise ReleaseExists(wanted.release_id)


def listing(extract: Extract, wanted: Wanted, book: Book, *, exists: bool) -> Listed:
    """The new release's row in the list of releases. Raises ReleaseRefused when its days don't fit."""
    published = publication_day(wanted.published_on, wanted.state, extract.timezone)
    end = wanted.period_end or _last_quarter_end(extract, published)
    start = book.before[0].period_start if book.before else quarter_of(extract.first_day).start.isoformat()
    if book.before and end.isoformat() <= book.published_to:
        if exists:
            raise ReleaseExists(wanted.release_id)
        raise ReleaseRefused(
            f"All up to {book.published_to} is published already, in the release {book.before[-1].release_id}.",
            "A period is published once: wait for the next quarter, or give a later --period-end.",
        )
    check_forward(published, book.before)
    _check_end(extract, end, published)
    through = wanted.recorded_through or _last_entry(extract, published)
    if through > published or (book.before and through.isoformat() < book.before[-1].recorded_through):
        raise ReleaseRefused(
            f"The records are to be taken as of {through}.",
            f"That day can't be after the day of publication, {published}, nor before that of the release before.",
        )
    return Listed(
        wanted.release_id,
        wanted.state,
        start,
        end.isoformat(),
        (end + timedelta(threshold("due_days"))).isoformat(),
        published.isoformat(),
        through.isoformat(),
    )


def _last_quarter_end(extract: Extract, published: date) -> date:
    latest = min(extract.last_day, published - timedelta(threshold("earliest_days")))
    quarter = quarter_of(latest)
    end = quarter.end if quarter.end <= latest else quarter.start - timedelta(days=1)
    if end < extract.first_day:
        raise ReleaseRefused(
            "No quarter is complete and old enough to be published: the extract covers "
            f"{extract.first_day} to {extract.last_day}, and the day of publication is {published}.",
            "A quarter that began before the extract may be published too, but its last day must be in it, and lie "
            f"{threshold('earliest_days')} days back. Export the log up to a later day, or look whether `end` under "
            "[coverage] in the mapping is right.",
        )
    return end


def _check_end(extract: Extract, end: date, published: date) -> None:
    if quarter_of(end).end != end:
        raise ReleaseRefused(f"The period is to end on {end}, and that is not the end of a quarter.",
                             f"Give --period-end {quarter_of(end).end} or another quarter's last day.")
    if not (quarter_of(end).start <= extract.last_day and end >= extract.first_day):
        raise ReleaseRefused(
            f"The extract covers {extract.first_day} to {extract.last_day}, "
            f"and holds nothing of the quarter that ends on {end}.",
            "Give an earlier --period-end, or an extract that covers it.",
        )
    if published < end + timedelta(threshold("earliest_days")):
        raise ReleaseRefused(
            f"The quarter that ends on {end} can be published from {end + timedelta(threshold('earliest_days'))}, "
            f"not on {published}.",
            "Calls are not shown while they are fresh: wait, or give an earlier --period-end.",
        )


def _last_entry(extract: Extract, published: date) -> date:
    last = extract.last_day
    if "recorded_on" in extract.collected and extract.calls["recorded_on"].notna().any():
        entered: pd.Timestamp = extract.calls["recorded_on"].max()
        last = max(last, date(entered.year, entered.month, entered.day))
    return min(last, published)
