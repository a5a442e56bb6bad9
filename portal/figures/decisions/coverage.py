"""Reach and coverage: how far the service goes, by exact shares of published counts. All calls are counted: it is no
sample, so nothing has an interval.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo


def elapsed_hours(first: date, last: date, zone: str) -> float:
    """All hours from the first day to the last, both included, by the local clock: 2,208 for July to September, an hour
    more or less in a quarter in which the clocks change. Raises ZoneInfoNotFoundError on an unknown zone.
    """
    begin, end = (datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
                  for day in (first, last + timedelta(days=1)))
    return (end - begin) / timedelta(hours=1)


BAND = 4  # hours, from midnight on: the bands that calls are counted in
WEEKEND = 5  # the first of its days, Monday being 0


def _part_of_week(day: date) -> str:
    return "weekend" if day.weekday() >= WEEKEND else "weekday"


def _clock_changes(days: Sequence[date], zone: ZoneInfo) -> Iterator[date]:
    """The days on which the clocks change; looked for in weeks, since two changes are never in one."""
    def changes(first: date, last: date) -> bool:
        begin, end = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
        return begin.utcoffset() != end.utcoffset()

    weeks = (days[at:at + 7] for at in range(0, len(days), 7))
    return (day for week in weeks if changes(week[0], week[-1]) for day in week if changes(day, day))


def band_hours(first: date, last: date, zone: str) -> Mapping[str, float]:
    """The hours from the first day to the last, both included, by the part of the week and the band of four hours by
    the local clock: weekday_0 is Monday to Friday, midnight to 4 am. Raises ZoneInfoNotFoundError on an unknown zone.
    """
    days = [first + timedelta(days=at) for at in range((last - first).days + 1)]
    parts = Counter(map(_part_of_week, days))
    found = {f"{part}_{hour}": float(BAND * parts[part])
             for part in ("weekday", "weekend") for hour in range(0, 24, BAND)}
    for day in _clock_changes(days, ZoneInfo(zone)):
        midnight, part = datetime.combine(day, time(), ZoneInfo(zone)), _part_of_week(day)
        offsets = [(midnight + timedelta(hours=hour)).utcoffset() or timedelta() for hour in range(0, 25, BAND)]
        for hour, before, after in zip(range(0, 24, BAND), offsets, offsets[1:], strict=False):
            found[f"{part}_{hour}"] += (before - after) / timedelta(hours=1)
    return MappingProxyType(found)


@dataclass(frozen=True)
class Reach:
    """The chain from all crisis calls to those the team went to: calls, those that met the rule (or were answered),
    those of them that came while the team was on duty, and the team's responses. `unchecked` calls were never held
    against the rule.
    """

    calls: float
    eligible: float
    on_duty: float
    answered: float
    unchecked: float = 0

    @property
    def on_duty_share(self) -> float | None:
        """Of the calls that met the rule, those that came while the team was on duty (0 to 1)."""
        return _part(self.on_duty, self.eligible)

    @property
    def answered_share(self) -> float | None:
        """What the team did with what it could take."""
        return _part(self.answered, self.on_duty)

    @property
    def reach(self) -> float | None:
        """Answered, of all that met the rule: how far the service goes."""
        return _part(self.answered, self.eligible)

    @property
    def least_reach(self) -> float | None:
        """Reach, if all calls that nobody checked had met the rule."""
        return _part(self.answered, self.eligible + self.unchecked)

    @property
    def of_all(self) -> float | None:
        """Answered, of all crisis calls: for comparing with other cities."""
        return _part(self.answered, self.calls)

    @property
    def unmet(self) -> float:
        """Calls that met the rule and that the team did not go to, on and off duty."""
        return self.eligible - self.answered


def _part(count: float, total: float) -> float | None:
    return count / total if total else None
