"""Prints each command of docs/publishing/ with what became of it; exit 1 where one did not do what its page says."""

import sys
import tempfile
from pathlib import Path

from tests.rehearsal.lifecycle import steps
from tests.rehearsal.rehearse import rehearse


def main() -> int:
    """Run the rehearsal."""
    planned = steps()
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as folder:
        page, taken = "", 0
        for done in rehearse(Path(folder), planned):
            if done.step.page != page:
                page = done.step.page
                print(f"\n{page}")
            what = f"(writes {done.step.path})" if done.step.path else done.step.text
            print(f"  {done.seconds:5.1f} s  exit {done.code}  {what}", flush=True)
            taken += 1
            if done.code != done.step.exit_code:
                print(f"\nIt was to end with {done.step.exit_code}:\n{done.printed}")
                return 1
    print(f"\n{taken} of {len(planned)} steps did what their page says.")
    return 0 if taken == len(planned) else 1


if __name__ == "__main__":
    sys.exit(main())
