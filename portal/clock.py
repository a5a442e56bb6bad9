"""What day it is in the City: the one place that reads the machine's clock.

Two questions need it: whether a promised release is late, and whether a day of publication lies ahead. Everything else
is reckoned from a release's own dates.
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

CITY_ZONE = "America/New_York"  # Somerville's own, where no release names one


def clock() -> datetime:
    """This moment. Tests set another."""
    return datetime.now(UTC)


def is_zone(name: str) -> bool:
    """Whether a name is one of a time zone that this machine knows."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # unknown, a path out of the database, a folder of it
        return False
    return True


def lies_ahead(day: date, zone: str) -> bool:
    """Whether a day has not begun by the clocks of a time zone."""
    return day > today(zone)


def today(zone: str) -> date:
    """The day by the clocks of a time zone, wherever the server stands. Each release names that of its mapping."""
    return clock().astimezone(ZoneInfo(zone)).date()


def midnight(day: str, zone: str) -> datetime:
    """The moment at which a day (YYYY-MM-DD) begins by the clocks of a time zone, with that zone's offset on that day.

    A feed's reader shows moments by its own clock: midnight in UTC is the evening before in Somerville.
    """
    return datetime.combine(date.fromisoformat(day), time(), ZoneInfo(zone))
