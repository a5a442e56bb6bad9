"""How good a proposed mapping is: what it recognizes, how many places it leaves to decide, and what it has wrong
without saying so.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from portal.publish.ingest.columns import COLUMNS, NOT_RECORDED
from portal.publish.ingest.extract import Extract, read_extract
from portal.publish.ingest.mapping import read_mapping
from portal.publish.proposal.proposal import Proposal
from portal.publish.proposal.write import CHECK, count_checks, mapping_text
from tests.publish.proposal.systems import System

KINDS = {column.name: column.kind for column in COLUMNS}
SECTION = re.compile(r"^\[columns\.(\w+)", re.MULTILINE)
# The made-up extract holds ordinary mistakes; what they spoil is left out, and the call still counts.
PROBLEMS = "[problems]\n" + "".join(f'{reason} = "leave_out"\n' for reason in (
    "dispatched_before_received", "arrival_before_received", "arrival_before_dispatch", "cleared_before_arrival",
    "midnight_time"))


@dataclass(frozen=True)
class JudgedProposal:
    """A proposal beside the truth. `wrong`: columns that are wrong and not marked; `edits`: columns, and categories of
    codes, that somebody has to change or add.
    """

    name: str
    key_is_right: bool
    recognized: int
    columns: int
    checks: int
    edits: tuple[str, ...]
    wrong: tuple[str, ...]

    def row(self) -> str:
        """As a row of a Markdown table."""
        key = "yes" if self.key_is_right else "no"
        return (f"| {self.name} | {key} | {self.recognized} of {self.columns} | {self.checks} | {len(self.edits)} | "
                f"{len(self.wrong)} |")


def decided(text: str) -> str:
    """The mapping after somebody has agreed with everything it asks."""
    return re.sub(r"\s*# check:.*", "", text) + PROBLEMS


def marked(text: str) -> set[str]:
    """The portal's columns whose sections of a mapping hold a `# check:`."""
    starts = [(found.start(), found[1]) for found in SECTION.finditer(text)]
    ends = [start for start, _ in starts[1:]] + [len(text)]
    return {name for (start, name), end in zip(starts, ends, strict=True) if CHECK in text[start:end]}


def differing(extract: Extract, clean: Extract) -> list[str]:
    """The columns in which two extracts of the same calls disagree; what one of them does not record is passed over."""
    calls, truth = extract.calls.set_index("call_id"), clean.calls.set_index("call_id")
    shared = [name for name in calls.columns.intersection(truth.columns) if name in KINDS]
    calls, truth = calls.loc[calls.index.intersection(truth.index), shared], truth.loc[calls.index, shared]
    return [name for name in shared if _disagree(calls[name], truth[name], KINDS[name])]


def _disagree(values: pd.Series, truth: pd.Series, kind: str) -> bool:
    if kind == "time":
        return bool((values.dt.floor("min") != truth.dt.floor("min"))[values.notna() & truth.notna()].any())
    known = values.notna() & truth.notna() & ~values.isin([NOT_RECORDED, ""]) & ~truth.isin([NOT_RECORDED, ""])
    return bool((values != truth)[known].any())


def of_system(system: System, proposal: Proposal, export: Path, clean: Extract, folder: Path) -> JudgedProposal:
    """A proposal for an export of a made-up system, read and compared value by value with the clean extract."""
    text, found = mapping_text(proposal), {name: match.names for name, match in proposal.matches.items()}
    mapping = folder / f"{system.name}.toml"
    mapping.write_text(decided(text), "utf-8")
    disagree = differing(read_extract(export, read_mapping(mapping)), clean)
    columns = [name for name in {*found, *system.truth} if found.get(name) != system.truth.get(name)]
    edits = sorted({*columns, *disagree})
    return JudgedProposal(system.name, found["call_id"] == system.truth["call_id"],
                          len(set(system.truth) - set(columns)), len(system.truth), count_checks(text), tuple(edits),
                          tuple(name for name in edits if name in found and name not in marked(text)))


def of_real(name: str, proposal: Proposal, mapping: Path) -> JudgedProposal:
    """A proposal for a real extract beside the mapping that was written for it by hand; codes are the City's choice."""
    by_hand = tomllib.loads(mapping.read_text("utf-8"))
    truth = {column: _names(entry["from"]) for column, entry in by_hand["columns"].items() if "from" in entry}
    truth["call_id"] = _names(by_hand["incident"]["key"])
    text, found = mapping_text(proposal), {column: match.names for column, match in proposal.matches.items()}
    edits = sorted(column for column in {*found, *truth} if found.get(column) != truth.get(column))
    return JudgedProposal(name, found["call_id"] == truth["call_id"], len(set(truth) - set(edits)), len(truth),
                          count_checks(text), tuple(edits),
                          tuple(column for column in edits if column in found and column not in marked(text)))


def _names(names: str | Sequence[str]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)
