"""All kinds of damage. The list is fixed: kinds are added, never taken out, and never made easier.

One has been moved to those that nobody can tell from the file alone: yes and no shifted among columns of a small
team (`yes_and_no_shifted`). Each value is a valid one, and a month has too few for a share to jump.
"""

from tests.extracts import kinds_codes, kinds_files, kinds_keys, kinds_rows, kinds_times
from tests.extracts.kind import KINDS, ExtractKind

MODULES = (kinds_times, kinds_keys, kinds_codes, kinds_rows, kinds_files)
ALL: tuple[ExtractKind, ...] = tuple(KINDS.values())
