"""All kinds of damage. The list is fixed: kinds are added, never taken out, and never made easier."""

from tests.extracts import kinds_codes, kinds_files, kinds_keys, kinds_rows, kinds_times
from tests.extracts.kind import KINDS, Kind

MODULES = (kinds_times, kinds_keys, kinds_codes, kinds_rows, kinds_files)
ALL: tuple[Kind, ...] = tuple(KINDS.values())

# Kinds that are not yet told from right, as the mapping stands or once the analyst leaves out what was refused. This
# list only shrinks.
KNOWN_SILENT = frozenset([
    "all_in_utc_without_roster", "header_shifted", "hour_24", "outcomes_swapped_midway", "person_renumbered",
    "person_small_letters", "quotes_that_swallow_a_row", "quotes_that_swallow_rows", "race_filled_in",
    "some_rows_twice", "totals_row_like_a_call", "unknown_code", "yes_and_no_shifted", "yes_filled_in",
    "zone_of_another_city",
])
