"""All kinds of damage. The list is fixed: kinds are added, never taken out, and never made easier."""

from tests.extracts import kinds_codes, kinds_files, kinds_keys, kinds_rows, kinds_times
from tests.extracts.kind import KINDS, Kind

MODULES = (kinds_times, kinds_keys, kinds_codes, kinds_rows, kinds_files)
ALL: tuple[Kind, ...] = tuple(KINDS.values())

# Kinds that are not yet told from right, as the mapping stands or once the analyst leaves out what was refused. This
# list only shrinks.
KNOWN_SILENT = frozenset([
    "yes_and_no_shifted",
])
