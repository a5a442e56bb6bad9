"""What day it is in the City: the one place that reads the machine's clock for what a page says.

Only whether a promised release is late needs it. Everything else is reckoned from a release's own dates.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


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


def today(zone: str) -> date:
    """The day by the clocks of a time zone, wherever the server stands. Each release names that of its mapping."""
    return clock().astimezone(ZoneInfo(zone)).date()
