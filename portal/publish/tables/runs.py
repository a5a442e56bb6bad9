"""The clock of runs: which quarters are published together, from their public totals alone.

A small quarter reveals too much about the few people in it, so quarters wait until together they are large enough: 40
responses in all, and 11 beside the largest quarter. For example, totals of 25, 20, 9 and 50: the first two quarters
make a run; 9 and 50 are 59 in all, but only 9 lie beside the largest, so they wait for a fifth quarter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.contract.contract import threshold
from portal.release.periods import Quarter

Run = tuple[Quarter, ...]


@dataclass(frozen=True)
class Clock:
    """The closed runs, oldest first, and the quarters of the open run with their totals (perhaps none)."""

    closed: tuple[Run, ...]
    waiting: Run
    waiting_totals: tuple[int, ...]

    @property
    def have(self) -> int:
        """How many responses the open run has, of the `need`."""
        return sum(self.waiting_totals) if not self.enough else sum(self.waiting_totals) - max(self.waiting_totals)

    @property
    def need(self) -> int:
        """What the open run needs: 40 responses in all, or, if it has those, 11 outside of its largest quarter."""
        return threshold("run_rest") if self.enough else threshold("run_responses")

    @property
    def enough(self) -> bool:
        """Whether the open run has enough in all, and waits only because one quarter has nearly all of them."""
        return sum(self.waiting_totals) >= threshold("run_responses")


def closes(totals: Sequence[int]) -> bool:
    """Whether quarters with these public totals make a run.

    Enough in all; and if there are several, enough beside the largest, or that quarter would be nearly known.
    """
    enough = sum(totals) >= threshold("run_responses")
    return enough and (len(totals) == 1 or sum(totals) - max(totals) >= threshold("run_rest"))


def response_clock(totals: dict[Quarter, int], closed: Sequence[Run] = ()) -> Clock:
    """The runs of consecutive quarters by their public totals, continued after those that are `closed` already."""
    runs, waiting = list(closed), list[Quarter]()
    for quarter in sorted(totals):
        if runs and quarter <= runs[-1][-1]:
            continue
        waiting.append(quarter)
        if closes([totals[open_quarter] for open_quarter in waiting]):
            runs.append(tuple(waiting))
            waiting.clear()
    return Clock(tuple(runs), tuple(waiting), tuple(totals[quarter] for quarter in waiting))


def join_runs(closed: Sequence[Run], count: int) -> tuple[tuple[Run, ...], Run]:
    """Join every `count` closed runs into a longer one; returns these, and the quarters of the runs that still wait."""
    complete = len(closed) // count * count
    joined = [tuple(quarter for run in closed[at:at + count] for quarter in run) for at in range(0, complete, count)]
    return tuple(joined), tuple(quarter for run in closed[complete:] for quarter in run)


@dataclass(frozen=True)
class ServiceClock:
    """Which quarters of the service's own tables are published together, and which still wait (perhaps none)."""

    closed: tuple[Run, ...]
    waiting: Run
    answered: int  # public number of calls answered in the quarters that wait

    @property
    def enough(self) -> bool:
        """Whether enough calls were answered, so that it waits only because 0, 1 or 2 on duty were not."""
        return self.answered >= threshold("service_answered")


def reveals_no_call(answered: int, unanswered: int | None) -> bool:
    """Whether eligibility, reasons and hours may be published for quarters with these numbers of answered calls, and of
    calls that the team could have taken on duty but did not answer (None: not collected).

    With too few unanswered, whoever knows of a call while the team was on duty would know that the team came.
    """
    few = unanswered is not None and unanswered < threshold("service_unanswered")
    return answered >= threshold("service_answered") and not few


def service_clock(answered: Mapping[Quarter, int], unanswered: Mapping[Quarter, int] | None,
                  closed: Sequence[Run] = ()) -> ServiceClock:
    """The runs of the service's own tables over consecutive quarters, continued after those `closed` already.

    A quarter closes together with those that wait before it as soon as they reveal nothing about a single call; one in
    which no call was answered closes alone.
    """
    runs, waiting = list(closed), list[Quarter]()
    for quarter in sorted(answered):
        if runs and quarter <= runs[-1][-1]:
            continue
        waiting.append(quarter)
        total = sum(answered[open_quarter] for open_quarter in waiting)
        unanswered_total = None if unanswered is None else sum(unanswered[open_quarter] for open_quarter in waiting)
        if reveals_no_call(total, unanswered_total) or (len(waiting) == 1 and not total):
            runs.append(tuple(waiting))
            waiting.clear()
    return ServiceClock(tuple(runs), tuple(waiting), sum(answered[open_quarter] for open_quarter in waiting))
