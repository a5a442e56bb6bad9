"""What a release's own files say of it in a few words: dates, state, license, head hash. Asks no database."""

import csv
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from portal.contract.contract import ILLUSTRATIVE
from portal.release.store import sums_hash

# RFC 3986 lets none of the signs in brackets stand in an address: what holds one is markup or a slip, and no license.
ADDRESS = re.compile(r"https?://[^\s\"'<>\\^`{|}]+")


@dataclass(frozen=True)
class Description:
    """A release, as meta.csv and datapackage.json describe it. Days as YYYY-MM-DD."""

    id: str
    state: str
    start: str
    end: str
    published_on: str
    license_title: str  # a sentence where the City has named none
    license_address: str  # empty where the City has named none
    head_hash: str  # sha256 of its SHA256SUMS: it stands for this release and, by the chain, for all before it

    @property
    def made_up(self) -> bool:
        """Whether its numbers are made up."""
        return self.state == ILLUSTRATIVE


@lru_cache(maxsize=64)
def describe(folder: Path) -> Description:
    """The description of a verified release. Raises OSError, KeyError, ValueError or ReleaseBroken where its files are
    none.
    """
    with (folder / "csv" / "meta.csv").open(encoding="utf-8", newline="") as file:
        meta = {row["key"]: row["value"] for row in csv.DictReader(file)}
    licenses = json.loads((folder / "datapackage.json").read_text("utf-8")).get("licenses") or [{}]
    address = str(licenses[0].get("path", ""))
    return Description(meta["release_id"], meta["state"], meta["period_start"], meta["period_end"],
                       meta["published_on"], str(licenses[0].get("title", "")),
                       address if ADDRESS.fullmatch(address) else "", sums_hash(folder))
