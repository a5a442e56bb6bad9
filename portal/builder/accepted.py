"""The hash of each accepted release by id: another preliminary or official release under a known id is refused."""

import json

from portal.builder.cache_layout import CacheLayout
from portal.builder.index import replace_file
from portal.contract.contract import ILLUSTRATIVE


def accepted(layout: CacheLayout) -> dict[str, str]:
    """The hash of each preliminary or official release that was accepted, by id. Raises OSError, ValueError where the
    list exists and can't be read: then nothing may be accepted.
    """
    if not layout.accepted.exists():
        return {}
    hashes: dict[str, str] = json.loads(layout.accepted.read_text("utf-8"))
    return hashes


def refusal(layout: CacheLayout, release_id: str, digest: str) -> str:
    """Why a release may not be accepted under its id; "" where it may."""
    known = accepted(layout).get(release_id, digest)
    if known == digest:
        return ""
    return (f"another release was published as {release_id} before (its SHA256SUMS had the sha256 {known[:12]}…, this"
            f" one has {digest[:12]}…), and a published release is never replaced")


def accept(layout: CacheLayout, release_id: str, digest: str, state: str) -> None:
    """Record the hash of an accepted release. Made-up ones are not recorded, and may change. Raises OSError."""
    if state != ILLUSTRATIVE and (known := accepted(layout)).get(release_id) != digest:
        replace_file(layout.accepted, json.dumps(known | {release_id: digest}, indent=1, sort_keys=True).encode())
