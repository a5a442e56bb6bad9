"""What day it is in Somerville: the one place that reads the machine's clock for what a page says.

Only whether a promised release is late needs it. Everything else is reckoned from a release's own dates.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/New_York")


def clock() -> datetime:
    """This moment. Tests set another."""
    return datetime.now(UTC)


def today() -> date:
    """The day by the City's clocks, wherever the server stands."""
    return clock().astimezone(ZONE).date()
