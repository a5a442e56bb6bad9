"""A release's dates, state, license and head hash, read from its files without SQL."""

import csv
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from portal.contract.contract import ILLUSTRATIVE
from portal.release.store import sums_hash

# RFC 3986 allows none of the characters in brackets in a URL: a text with one is markup or a slip, and no license.
URL = re.compile(r"https?://[^\s\"'<>\\^`{|}]+")


@dataclass(frozen=True)
class Description:
    """A release as meta.csv and datapackage.json describe it. Days are YYYY-MM-DD."""

    id: str
    state: str
    start: str
    end: str
    published_on: str
    license_title: str  # where the City has named none: a sentence that says so
    license_url: str  # where the City has named none: ""
    head_hash: str  # sha256 of its SHA256SUMS, which commits to this release and, by the chain, to all before it

    @property
    def made_up(self) -> bool:
        """Whether its numbers are made up."""
        return self.state == ILLUSTRATIVE


@lru_cache(maxsize=64)
def describe(folder: Path) -> Description:
    """The description of a verified release. Raises OSError, KeyError, ValueError or ReleaseBroken where its files
    can't be read.
    """
    with (folder / "csv" / "meta.csv").open(encoding="utf-8", newline="") as file:
        meta = {row["key"]: row["value"] for row in csv.DictReader(file)}
    licenses = json.loads((folder / "datapackage.json").read_text("utf-8")).get("licenses") or [{}]
    url = str(licenses[0].get("path", ""))
    return Description(meta["release_id"], meta["state"], meta["period_start"], meta["period_end"],
                       meta["published_on"], str(licenses[0].get("title", "")),
                       url if URL.fullmatch(url) else "", sums_hash(folder))
