"""`python -m tests.publish.proposal`: prints how good the proposed mappings of ten made-up systems, and of the real
extracts of other cities where REALDATA names their folder, are: the table of docs/publishing.md.
"""

import os
import tempfile
from pathlib import Path

from portal.publish.ingest.extract import read_extract
from portal.publish.ingest.mapping import read_mapping
from portal.publish.proposal.proposal import propose
from tests.publish.proposal.judged import of_real, of_system
from tests.publish.proposal.systems import SYSTEMS, clean, written_by
from tests.source import ROOT

MAPPING = ROOT / "data" / "mappings" / "somerville.toml"
HAND_WRITTEN = ROOT / "tests" / "mappings"
REAL = {"dallas": "dallas/force.csv.gz", "milwaukee": "milwaukee/calls.csv.gz", "oakland": "oakland/calls.csv.gz"}


def main() -> None:
    """Print the table."""
    columns = ("source", "key right", "columns recognized", "places to check", "columns to change or add",
               "wrong without a mark")
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        rows = clean(folder, 11)
        truth = read_extract(folder / "clean-11.csv", read_mapping(MAPPING))
        for system in SYSTEMS:
            export = written_by(system, rows, folder / f"{system.name}.csv")
            print(of_system(system, propose(export), export, truth, folder).row(), flush=True)
    if real := os.environ.get("REALDATA"):
        for name, path in REAL.items():
            print(of_real(name, propose(Path(real) / path), HAND_WRITTEN / f"{name}.toml").row(), flush=True)


if __name__ == "__main__":
    main()
