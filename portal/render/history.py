"""What the site says of its own history: the head hash, how to check that nothing was rewritten, audits on record."""

import tomllib
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.language import t
from portal.release.description import Description, describe
from portal.render.markup import block
from portal.render.rendered import SITE, RenderedRelease, Snapshot
from portal.settings import ROOT

AUDITS = ROOT / "content" / "audits.toml"


@dataclass(frozen=True)
class Audit:
    """An audit of a release against the City's records that was done: by whom (a role, never a name), on which day
    (YYYY-MM-DD), and for which release and head hash, as `python -m portal audit` printed it.
    """

    role: str
    day: str
    release: str
    head_hash: str


def read_audits(text: str) -> tuple[Audit, ...]:
    """The audits in a TOML text, the newest first. Raises TypeError where one lacks a key or has another."""
    rows: list[dict[str, Any]] = tomllib.loads(text).get("audit", [])
    audits = [Audit(**{key: value.isoformat() if isinstance(value, date) else value for key, value in row.items()})
              for row in rows]
    return tuple(sorted(audits, key=lambda audit: audit.day, reverse=True))


def audits() -> tuple[Audit, ...]:
    """The audits of content/audits.toml."""
    return read_audits(AUDITS.read_text("utf-8"))


def head_line(release: Description) -> str:
    """The line that stands for everything published up to a release, in the language in force."""
    return t("Head hash of release {release}, which stands for everything published up to it: {hash}",
             release=release.id, hash=release.head_hash)


def checked(release: RenderedRelease | None, snapshot: Snapshot) -> str:
    """The part of a page with the head hash, how to check it, what it does not prove, and the audits; "" as long as no
    release is shown.
    """
    if release is None:
        return ""
    described = describe(release.copy)
    return block("history", head_line(described), described, tuple(snapshot.copies), SITE, audits())
