"""The six releases that come with the portal: made-up numbers, published by the real pipeline, one each quarter."""

import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import NamedTuple

from portal.publish.ingest.extract import read_extract
from portal.publish.ingest.mapping import read_mapping
from portal.publish.publish import publish_extract
from portal.publish.request import PublicationRequest
from portal.publish.synthetic.illustrate import illustrate
from portal.settings import ROOT

SHIPPED = ROOT / "data" / "releases"
MAPPING = ROOT / "data" / "mappings" / "somerville.toml"


class Issue(NamedTuple):
    """One of the six releases: its id, the last day of its last quarter, and the day it came out."""

    release_id: str
    period_end: date
    published_on: date


ISSUES = (
    Issue("2026-Q2", date(2026, 6, 30), date(2026, 8, 14)),
    Issue("2026-Q3", date(2026, 9, 30), date(2026, 11, 12)),
    Issue("2026-Q4", date(2026, 12, 31), date(2027, 2, 12)),
    Issue("2027-Q1", date(2027, 3, 31), date(2027, 5, 27)),  # 12 days late, so that lateness can be seen
    Issue("2027-Q2", date(2027, 6, 30), date(2027, 8, 13)),
    Issue("2027-Q3", date(2027, 9, 30), date(2027, 11, 12)),
)


def make_shipped(releases: Path, extract: Path, roster: Path) -> None:
    """Publish the six releases into the folder `releases`, from the extract and roster that `illustrate` wrote.

    The extract is read once, with every entry; each release counts the records entered by the day it came out. Raises
    the errors of `publish_extract`.
    """
    mapped = read_mapping(MAPPING)
    calls = read_extract(extract, mapped, roster)
    for issue in ISSUES:
        request = PublicationRequest(issue.release_id, "illustrative", issue.period_end, issue.published_on,
                                     issue.published_on)
        publish_extract(calls, mapped.title, request, releases)


def main() -> None:
    """Publish the shipped releases again, all or none, after a change of what a release holds (`make shipped`)."""
    with tempfile.TemporaryDirectory() as folder:
        extract, releases = Path(folder) / "extract.csv", Path(folder) / "releases"
        make_shipped(releases, extract, illustrate(extract))
        shutil.rmtree(SHIPPED)
        shutil.copytree(releases, SHIPPED)


if __name__ == "__main__":
    main()
