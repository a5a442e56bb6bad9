"""The clock of runs: which quarters are published together, from their public totals alone.

A small quarter says too much about the few people in it, so quarters wait until together they are many enough.
"""

from collections.abc import Sequence
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
        if closes([totals[one] for one in waiting]):
            runs.append(tuple(waiting))
            waiting.clear()
    return Clock(tuple(runs), tuple(waiting), tuple(totals[quarter] for quarter in waiting))


def together(closed: Sequence[Run], count: int) -> tuple[tuple[Run, ...], Run]:
    """Put each `count` whole runs together to one: the longer runs, and the quarters of the runs that still wait."""
    whole = len(closed) // count * count
    joined = [tuple(quarter for run in closed[at:at + count] for quarter in run) for at in range(0, whole, count)]
    return tuple(joined), tuple(quarter for run in closed[whole:] for quarter in run)
