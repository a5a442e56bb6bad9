"""`make ask`: puts questions to the search and prints how often it finds the right place.

QUESTIONS names further files of questions, beside those of tests/search/questions.toml.
"""

import os
import sys
from pathlib import Path

from tests.search.indexes import indexes_of
from tests.search.measured import OWN, report


def main() -> None:
    """Print a table for each file."""
    named = [*sys.argv[1:], *filter(None, os.environ.get("QUESTIONS", "").split(os.pathsep))]
    for file in (OWN, *map(Path, named)):
        print(f"\n{file.name}\n{report(file, indexes_of())}")


if __name__ == "__main__":
    main()
