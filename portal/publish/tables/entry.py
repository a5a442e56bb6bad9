"""The day on which a record counts: its own, or, if it was entered late, the first day that was not yet published.

A record counts in one period for ever, and never twice. For example, the release to June took records entered by 14
August. A June call entered on 10 August counts in June; one entered on 20 August counts on 1 July, in the next release.

A day of entry may also be overwritten, when a system is migrated or a record corrected. Such a row looks late, although
it was counted before. So late rows count only as far as there are more calls than were published: if June was published
with 100 calls, and the extract now has 103 June calls of which 5 look late, the first 3 of these count on 1 July, and
the other 2 in June, where they were counted already.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import pandas as pd

from portal.errors import ReleaseRefused

DAY = pd.Timedelta(days=1)
MOST_ENTERED_ANEW, FEWEST = .25, 20  # a larger share of the published calls, and more rows, can't be corrections
Spans = Sequence[tuple[date, date]]  # of each release, the new one last: its last day, and its recorded-through day


class MonthTotals(NamedTuple):
    """The published calls of a month, and how many of them the team answered (None: not published)."""

    calls: int
    responses: int | None


@dataclass(frozen=True)
class EntryDays:
    """`counted`: the day each record counts on, missing where it does not count yet. `anew`: rows of the newest release
    that look late, although as many calls of their months were published as there are.
    """

    counted: pd.Series
    anew: pd.Series

    def check(self, recorded: pd.Series, published_calls: int) -> None:
        """Raise ReleaseRefused where so many rows have a new day of entry that nobody can tell which are late."""
        if self.anew.sum() <= max(FEWEST, MOST_ENTERED_ANEW * published_calls):
            return
        commonest = recorded[self.anew].value_counts()
        day = commonest.index[0].date()
        raise ReleaseRefused(
            f"By their days of entry, {int(self.anew.sum()):,} calls would count twice: they were entered after their "
            f"months were published, yet no more calls are there than were published. {int(commonest.iloc[0]):,} of "
            f"them were entered on {day}.",
            "If a system was moved on that day, write its day into the mapping, under [columns.recorded_on]: "
            f"unknown_days = [{day}]. If whatever is changed gets a new day of entry, list recorded_on in "
            "not_collected: rows of published months then count as published.")


def counted_on(received: pd.Series, recorded: pd.Series | None, spans: Spans) -> pd.Series:
    """The day each record counts on, by its day and its day of entry; missing where it isn't counted yet.

    A record counts in the first release that covers its day and took records after it was entered: on its own day, or,
    where an earlier release had covered that day, on the day after that release's last. Without a day of entry
    (`recorded` None or missing) it counts on its own day.
    """
    counted = pd.Series(pd.NaT, index=received.index, dtype=received.dtype)
    covered_before: pd.Timestamp | None = None
    for last, through in spans:
        new = (received <= pd.Timestamp(last)) & counted.isna()
        if recorded is not None:
            new &= ~(recorded > pd.Timestamp(through))
        late = new & (received <= covered_before) if covered_before is not None else new & False
        counted = counted.mask(new & ~late, received)
        if covered_before is not None:
            counted = counted.mask(late, covered_before + DAY)
        covered_before = pd.Timestamp(last)
    return counted


def counted_once(calls: pd.DataFrame, spans: Spans, published: Mapping[str, MonthTotals]) -> EntryDays:
    """The day each call counts on, by `counted_on`, corrected for days of entry that were overwritten: no call counts
    twice (see the module's example). `published`: by month, such as 2026-04.
    """
    received, recorded = calls["received_on"], calls["recorded_on"]
    counted = counted_on(received, recorded, spans)
    anew = pd.Series(False, index=calls.index)
    for index, (covered, _) in enumerate(spans[:-1]):
        before = received <= pd.Timestamp(covered)
        late = before & (counted == pd.Timestamp(covered) + DAY)
        newest = index == len(spans) - 2
        room = (_not_published(calls[before & counted.notna()], published, f"{covered:%Y-%m}") if newest
                else _counted_late(calls[~before], counted[~before], published, pd.Timestamp(covered) + DAY))
        surplus = late & ~late.index.isin(_first_entered(calls[late], room))
        counted = counted.mask(surplus, received)
        anew = surplus if newest else anew
    return EntryDays(counted, anew)


def _not_published(calls: pd.DataFrame, published: Mapping[str, MonthTotals], until: str) -> MonthTotals:
    """How many calls of the months up to `until` there are beyond those that were published."""
    months = [totals for month, totals in published.items() if month <= until]
    responses = [totals.responses for totals in months if totals.responses is not None]
    more = int(calls["response"].sum()) - sum(responses) if len(responses) == len(months) else None
    return MonthTotals(len(calls) - sum(totals.calls for totals in months), more)


def _counted_late(calls: pd.DataFrame, counted: pd.Series, published: Mapping[str, MonthTotals], first: pd.Timestamp
                  ) -> MonthTotals:
    """How many late calls an earlier release counted in the month that begins on `first`: the calls published for that
    month, less the month's own calls.
    """
    totals = published.get(f"{first:%Y-%m}")
    if totals is None:
        return MonthTotals(len(calls), None)
    own_calls = calls[(counted >= first) & (counted < first + pd.offsets.MonthBegin(1))]
    responses = None if totals.responses is None else totals.responses - int(own_calls["response"].sum())
    return MonthTotals(totals.calls - len(own_calls), responses)


def _first_entered(late: pd.DataFrame, room: MonthTotals) -> pd.Index:
    """The late calls that count: the first in order of entry, no more calls and no more responses than `room`."""
    ordered = late.sort_values(["recorded_on", "received_on", "call_id"])
    answered = ordered["response"]
    if room.responses is not None:
        ordered = ordered[~answered | (answered.cumsum() <= max(0, room.responses))]
    return ordered.index[:max(0, room.calls)]
