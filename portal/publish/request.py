"""What an analyst asks to be published, and whether it may be: the release's id and state, and its days.

A release's days run forward: its period ends with a quarter, comes out 31 days or more after that, and never before the
release it goes on from. Only made-up releases may name a day of publication that lies ahead.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from portal.clock import lies_ahead, today
from portal.contract.contract import STATES, ReleaseState, threshold
from portal.errors import NoRelease, ReleaseBroken, ReleaseExists, ReleaseRefused
from portal.publish.ingest.costs import Cost
from portal.publish.ingest.extract import Extract
from portal.publish.ingest.mapping import Mapping
from portal.publish.output.ledger import Book, ReleaseRow, made_up
from portal.release.periods import quarter_of
from portal.release.store import current_id

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True)
class PublicationRequest:
    """What the analyst asks for; days that are None follow from the extract (`release_row`)."""

    release_id: str
    state: ReleaseState
    period_end: date | None = None
    published_on: date | None = None
    recorded_through: date | None = None
    notes: Sequence[str] = ()
    remarks: Sequence[str] = ()  # the kinds of remarks that the analyst accepted
    errata: Sequence[tuple[str, str, str]] = ()  # a table, the kind of erratum (contract: ERRATUM_KINDS), why
    pilot_ended: date | None = None  # the pilot's last day, once it is over
    costs: Sequence[Cost] = ()  # of quarters, as the City has named them

    def ends_pilot(self, period_end: str) -> bool:
        """Whether a release up to this day (YYYY-MM-DD) is the pilot's last one."""
        return self.pilot_ended is not None and self.pilot_ended.isoformat() <= period_end


def check_id_and_state(request: PublicationRequest, releases: Path) -> None:
    """Raise ReleaseRefused for an id or state that no release can have, ReleaseExists for the id of the live one."""
    if not ID.fullmatch(request.release_id) or request.release_id == "current":
        raise ReleaseRefused(f"A release can't be named {request.release_id!r}.",
                             "Take up to 64 letters, digits, points, hyphens or underscores, such as 2026-Q3.")
    if request.state not in STATES:
        raise ReleaseRefused(f"A release can't have the state {request.state!r}.", f"Take one of {', '.join(STATES)}.")
    try:
        live = current_id(releases)
    except (NoRelease, ReleaseBroken):
        return  # nothing is live: a first release, or one whose publication was killed before it went live
    if live == request.release_id:
        raise ReleaseExists(request.release_id)


# ---- the release's days ----------------------------------------------------------------------------------------------

def publication_day(requested: date | None, state: ReleaseState, time_zone: str) -> date:
    """The day a release comes out: the requested one, else today in the City's time zone. Raises ReleaseRefused for a
    day ahead, unless the numbers are made up.
    """
    if requested and not made_up(state) and lies_ahead(requested, time_zone):
        raise ReleaseRefused(f"The day of publication, {requested}, lies ahead.",
                             "Real numbers come out on the day they are published: leave --published-on out, or give a "
                             "day up to today.")
    return requested or today(time_zone)


def last_possible_day(published: date, state: ReleaseState, mapping: Mapping) -> date | None:
    """The last day that a row of the extract can be about: the day of publication. None, that is any day, for a made-up
    log whose rows have an entry date: its rows go on past the publication days, and those wait for later releases.
    """
    return None if made_up(state) and "recorded_on" in mapping.fields else published


def release_row(extract: Extract, request: PublicationRequest, book: Book, *, exists: bool) -> ReleaseRow:
    """The new release's row in the table `releases`. `book`: what earlier releases published; `exists`: whether there
    is a release of that id. Raises ReleaseRefused when a day does not fit, ReleaseExists for a release made before.

    For example, from an extract of April to December 2026, published on 2027-02-12: the period ends on 2026-12-31, the
    last quarter's end that lies 31 days back, and the release is due on 2027-02-14, 45 days after it.
    """
    published = publication_day(request.published_on, request.state, extract.timezone)
    end = request.period_end or _last_quarter_end(extract, published)
    start = book.earlier[0].period_start if book.earlier else quarter_of(extract.first_day).start.isoformat()
    if book.earlier and end.isoformat() <= book.published_to:
        if exists:
            raise ReleaseExists(request.release_id)
        raise ReleaseRefused(
            f"All up to {book.published_to} is published already, in the release {book.earlier[-1].release_id}.",
            "A period is published once: wait for the next quarter, or give a later --period-end.",
        )
    _check_published(published, book)
    _check_end(extract, end, published)
    through = request.recorded_through or _last_entry(extract, published)
    _check_recorded_through(through, published, book)
    due = end + timedelta(threshold("due_days"))
    return ReleaseRow(request.release_id, request.state, start, end.isoformat(), due.isoformat(), published.isoformat(),
                  through.isoformat())


def _last_quarter_end(extract: Extract, published: date) -> date:
    """The end of the last quarter that the extract covers to its end and that is old enough to be published."""
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


def _check_published(published: date, book: Book) -> None:
    if book.earlier and published.isoformat() < book.earlier[-1].published_on:
        raise ReleaseRefused(f"The day of publication, {published}, lies before that of {book.earlier[-1].release_id}, "
                             f"{book.earlier[-1].published_on}.", "Releases come out one after the other: give a later "
                                                                 "--published-on.")


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


def _check_recorded_through(through: date, published: date, book: Book) -> None:
    if through > published or (book.earlier and through.isoformat() < book.earlier[-1].recorded_through):
        raise ReleaseRefused(
            f"The records are to be taken as of {through}.",
            f"That day can't be after the day of publication, {published}, nor before that of the release before.",
        )


def _last_entry(extract: Extract, published: date) -> date:
    """The day up to which records are taken: of the last call or entry, and at the latest that of publication."""
    last = extract.last_day
    if "recorded_on" in extract.collected and extract.calls["recorded_on"].notna().any():
        entered: pd.Timestamp = extract.calls["recorded_on"].max()
        last = max(last, date(entered.year, entered.month, entered.day))
    return min(last, published)
