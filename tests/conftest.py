"""What tests of several rooms share."""

import os
from pathlib import Path

import pytest

from tests.source import ROOT


@pytest.fixture(scope="session")
def realdata() -> Path:
    """The folder of other cities' real extracts, which is no part of the project; its README has their known answers.

    REALDATA names it, else it is looked for beside the project. Missing: skipped, or failed with CI set.
    """
    folder = Path(os.environ.get("REALDATA") or ROOT.parent / "shared" / "realdata")
    missing = [name for name in ("oakland/calls.csv.gz", "milwaukee/calls.csv.gz", "dallas/force.csv.gz")
               if not (folder / name).is_file()]
    if missing:
        why = f"{', '.join(missing)} not found in {folder}: set REALDATA to the folder of the real extracts"
        if os.environ.get("CI"):
            pytest.fail(f"{why}. With CI set this is a failure.", pytrace=False)
        pytest.skip(why)
    return folder
