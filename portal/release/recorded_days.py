"""On how many days of a span something was recorded; a module of its own, so that the API loads no charts."""

from portal.release import queries
from portal.release.store import Release


@queries.cached
def recorded_days(release: Release, start: str, end: str) -> tuple[int, int]:
    """How many days the months from `start` to `end` (YYYY-MM-DD) have, and on how many something was recorded."""
    months = {row["period_id"] for row in queries.periods(release, "month").records
              if start <= row["start"] and row["end"] <= end}
    rows = [row for row in queries.table(release, "coverage").records if row["period_id"] in months]
    days = sum(row["days"] for row in rows)
    return days, days - sum(row["days_without_records"] for row in rows)
