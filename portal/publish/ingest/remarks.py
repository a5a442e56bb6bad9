"""All checks that give remarks. What is certainly wrong is a problem (validate.py); what is probably wrong but could be
right is a remark, and stops a publication until the analyst accepts it.
"""

from collections.abc import Callable, Iterator

from portal.publish.ingest.remark import Remark
from portal.publish.ingest.remark_codes import (
    codes_alike,
    codes_that_begin_or_end,
    codes_that_the_rest_counts,
    never_recorded,
    one_value,
    outcomes_contradicted,
)
from portal.publish.ingest.remark_counts import (
    days_without,
    files,
    hours_of_day,
    month_counts,
    single_days,
    weekdays,
)
from portal.publish.ingest.remark_persons import persons
from portal.publish.ingest.remark_rows import entry_days, equal_rows, filled_elsewhere, leaves_out
from portal.publish.ingest.remark_shares import shares
from portal.publish.ingest.remark_times import roster_and_calls, same_times, times_apart, zone_of_offsets
from portal.publish.ingest.unchecked import UncheckedExtract

CHECKS: tuple[Callable[[UncheckedExtract], Iterator[Remark]], ...] = (
    files, days_without, month_counts, single_days, weekdays, hours_of_day, shares, codes_that_begin_or_end,
    codes_alike, codes_that_the_rest_counts, never_recorded, one_value, outcomes_contradicted, filled_elsewhere,
    equal_rows, entry_days,
    zone_of_offsets, times_apart, same_times, roster_and_calls, persons, leaves_out,
)


def remarks(extract: UncheckedExtract) -> tuple[Remark, ...]:
    """All remarks on an extract; none where there is no call."""
    if not len(extract.calls):
        return ()
    return tuple(remark for check in CHECKS for remark in check(extract))
