"""The day a release comes out: it runs forward from release to release, and only made-up ones may name a day ahead."""

from datetime import date

from portal.clock import lies_ahead, today
from portal.contract.contract import State
from portal.errors import ReleaseRefused
from portal.publish.ingest.mapping import Mapping
from portal.publish.output.ledger import Listed, made_up


def publication_day(named: date | None, state: State, zone: str) -> date:
    """The day a release comes out: the one that is named, else today. Raises ReleaseRefused if it lies ahead and the
    numbers are real.
    """
    if named and not made_up(state) and lies_ahead(named, zone):
        raise ReleaseRefused(f"The day of publication, {named}, lies ahead.",
                             "Real numbers come out on the day they are published: leave --published-on out, or give a "
                             "day up to today.")
    return named or today(zone)


def last_possible_day(published: date, state: State, mapping: Mapping) -> date | None:
    """The day after which no row can tell of anything: that of publication. None for a made-up log whose rows say when
    they were entered: it goes on after the days on which its releases are said to come out, and those rows wait.
    """
    return None if made_up(state) and "recorded_on" in mapping.fields else published


def check_forward(published: date, before: tuple[Listed, ...]) -> None:
    """Raise ReleaseRefused unless a day of publication is that of the release before, or later."""
    if before and published.isoformat() < before[-1].published_on:
        raise ReleaseRefused(f"The day of publication, {published}, lies before that of {before[-1].release_id}, "
                             f"{before[-1].published_on}.", "Releases come out one after the other: give a later "
                                                            "--published-on.")
