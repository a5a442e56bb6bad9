"""`python -m portal map`: reads an extract, and a roster, and proposes a mapping with its reasons.

What is not sure is marked `# check:`, and `publish` refuses a mapping that still has such a mark.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from portal.errors import ExtractUnreadable
from portal.publish.ingest.columns import COLUMNS, REQUIRED, ROSTER_COLUMNS
from portal.publish.ingest.read import open_table
from portal.publish.ingest.table import FileOptions, SourceTable
from portal.publish.proposal.codes import Codes, propose_codes
from portal.publish.proposal.evidence import Evidence, gather_evidence
from portal.publish.proposal.lexicon import ROSTER_RULES
from portal.publish.proposal.match import Match, match_columns
from portal.publish.proposal.profile import profile

ZONE = "America/New_York"  # Somerville's; a file says nothing of its zone


@dataclass(frozen=True)
class Proposal:
    """What a source seems to hold. `matches` and `roster` go by the portal's column; `codes` by the same."""

    source: str
    file: FileOptions
    matches: dict[str, Match]
    codes: dict[str, Codes]
    evidence: Evidence
    unused: tuple[str, ...]
    repeated: tuple[str, ...]
    roster: dict[str, Match]

    @property
    def not_collected(self) -> tuple[str, ...]:
        """The portal's columns that nothing in the source looks like."""
        return tuple(column.name for column in COLUMNS if column.name not in self.matches)


def propose(extract: Path, roster: Path | None = None, file: FileOptions | None = None) -> Proposal:
    """Read an extract and propose how it is to be mapped.

    Raises ExtractUnreadable where it can't be read, or where no column looks like a key or a time of calls.
    """
    file = file or FileOptions()
    with open_table(extract, file) as table:
        columns, repeated = profile(table)
        found = match_columns(columns)
    _check_required(extract, found)
    with open_table(extract, file) as table:
        facts = _evidence(table, found)
    codes = {name: propose_codes(match) for name, match in found.items() if match.column.kind in ("category", "yes_no")}
    used = {name for match in found.values() for name in match.names}
    unused = tuple(column.name for column in columns if column.name not in used)
    return Proposal(extract.name, file, found, codes, facts, unused, repeated, _roster(roster))


def _check_required(extract: Path, found: dict[str, Match]) -> None:
    for name in (*REQUIRED, "call_type"):  # a source without types is rare: more likely its column was not recognized
        if name not in found:
            help_text = next(column.help for column in COLUMNS if column.name == name)
            raise ExtractUnreadable(extract, f"no column of it looks like {name} ({help_text})",
                                    "Write the mapping by hand: copy data/mappings/somerville.toml and change it.")


def _evidence(table: SourceTable, found: dict[str, Match]) -> Evidence:
    received = found["received"]
    how = received.times
    readings: list[Sequence[str]] = [how.formats] if how else [("iso",)]
    if how and how.formats[0].startswith("epoch"):
        readings += [(form,) for form in how.rivals]
    return gather_evidence(table, found["call_id"].names, received.names, readings, ZONE)


def _roster(path: Path | None) -> dict[str, Match]:
    """The matches of a roster's columns; none where no roster is given."""
    if path is None:
        return {}
    with open_table(path) as table:
        columns, _ = profile(table)
    found = match_columns(columns, ROSTER_COLUMNS, ROSTER_RULES)
    if missing := [column.name for column in ROSTER_COLUMNS if column.name not in found]:
        raise ExtractUnreadable(path, f"no column of it looks like {', '.join(missing)}",
                                "A roster needs four times: planned start and end, and when somebody was on duty.")
    return found
