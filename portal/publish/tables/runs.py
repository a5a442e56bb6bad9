"""The clock of runs: which quarters are published together, from their public totals alone.

A small quarter says too much about the few people in it, so quarters wait until together they are many enough.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.contract.contract import threshold
from portal.release.periods import Quarter

Run = tuple[Quarter, ...]


@dataclass(frozen=True)
class Clock:
    """What has closed and what waits: closed runs, oldest first, then the quarters of the open one (maybe none)."""

    closed: tuple[Run, ...]
    waiting: Run
    waiting_totals: tuple[int, ...]

    @property
    def have(self) -> int:
        """How far the open run is, out of `need`."""
        return sum(self.waiting_totals) if not self.enough else sum(self.waiting_totals) - max(self.waiting_totals)

    @property
    def need(self) -> int:
        """What the open run needs: responses in all, or, if it has those, responses outside its largest quarter."""
        return threshold("run_rest") if self.enough else threshold("run_responses")

    @property
    def enough(self) -> bool:
        """Whether the open run has enough in all, and waits only because one quarter holds nearly all of it."""
        return sum(self.waiting_totals) >= threshold("run_responses")


def closes(totals: Sequence[int]) -> bool:
    """Whether quarters with these public totals make a run.

    Enough in all; and if there are several, enough beside the largest, or that quarter would be nearly known.
    """
    enough = sum(totals) >= threshold("run_responses")
    return enough and (len(totals) == 1 or sum(totals) - max(totals) >= threshold("run_rest"))


def clock(totals: dict[Quarter, int], closed: Sequence[Run] = ()) -> Clock:
    """Run the clock over consecutive quarters' public totals; it goes on after the runs that are `closed` already."""
    runs, waiting = list(closed), list[Quarter]()
    for quarter in sorted(totals):
        if runs and quarter <= runs[-1][-1]:
            continue
        waiting.append(quarter)
        if closes([totals[task] for task in waiting]):
            runs.append(tuple(waiting))
            waiting.clear()
    return Clock(tuple(runs), tuple(waiting), tuple(totals[quarter] for quarter in waiting))


def together(closed: Sequence[Run], count: int) -> tuple[tuple[Run, ...], Run]:
    """Put each `count` whole runs together to one: the longer runs, and the quarters of the runs that still wait."""
    complete = len(closed) // count * count
    joined = [tuple(quarter for run in closed[at:at + count] for quarter in run) for at in range(0, complete, count)]
    return tuple(joined), tuple(quarter for run in closed[complete:] for quarter in run)


@dataclass(frozen=True)
class ServiceClock:
    """Which quarters of the service's own tables are published together, and which still wait (maybe none)."""

    closed: tuple[Run, ...]
    waiting: Run
    answered: int  # public number of calls answered in the quarters that wait

    @property
    def enough(self) -> bool:
        """Whether enough calls were answered, so that it waits only because 0, 1 or 2 on duty were not."""
        return self.answered >= threshold("service_answered")


def tells_no_call(answered: int, unanswered: int | None) -> bool:
    """Whether eligibility, reasons and hours may be published for quarters with so many calls answered, and so many
    that the team could have taken on duty and did not answer (None: not collected).

    With fewer unanswered, whoever knows of a call while the team was on duty would know that the team came.
    """
    few = unanswered is not None and unanswered < threshold("service_unanswered")
    return answered >= threshold("service_answered") and not few


def service_clock(answered: Mapping[Quarter, int], unanswered: Mapping[Quarter, int] | None,
                  closed: Sequence[Run] = ()) -> ServiceClock:
    """Run the clock of the service's own tables over consecutive quarters; it goes on after those `closed` already.

    A quarter closes with those that wait before it as soon as together they tell nothing of a single call; one in which
    no call was answered closes by itself.
    """
    runs, waiting = list(closed), list[Quarter]()
    for quarter in sorted(answered):
        if runs and quarter <= runs[-1][-1]:
            continue
        waiting.append(quarter)
        total = sum(answered[task] for task in waiting)
        unanswered_total = None if unanswered is None else sum(unanswered[task] for task in waiting)
        if tells_no_call(total, unanswered_total) or (len(waiting) == 1 and not total):
            runs.append(tuple(waiting))
            waiting.clear()
    return ServiceClock(tuple(runs), tuple(waiting), sum(answered[task] for task in waiting))
