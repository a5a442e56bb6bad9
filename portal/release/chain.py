"""The chain of releases: each names the hash of the one before it, so that one hash commits to all of them."""

from dataclasses import dataclass
from pathlib import Path

from portal.errors import NoRelease, PortalError
from portal.release import queries
from portal.release.store import DATABASE, SUMS, Release, release_ids, sums_hash
from portal.release.verify import verify


@dataclass(frozen=True)
class Chain:
    """The releases of a folder in order of publication, and what is wrong with any of them or with their links."""

    ids: tuple[str, ...]
    head: str  # the sha256 of the newest release's SHA256SUMS: it commits to all before it
    findings: tuple[str, ...]


def verify_chain(releases: Path) -> Chain:
    """Verify each release of a folder, and that each continues the one before it; a gap in the chain is a finding.

    Raises NoRelease where the folder holds none.
    """
    ids = release_ids(releases)
    if not ids:
        raise NoRelease(releases)
    findings = [f"{name}: {finding}" for name in ids for finding in verify(releases / name)]
    previous = {name: _previous(releases / name) for name in ids}
    findings += [f"{name}: the release before it, {before}, is not here." for name, before in previous.items()
                 if before and before not in previous]
    heads = [name for name in ids if name not in previous.values()]
    if len(heads) > 1:
        findings.append(f"{' and '.join(heads)} each end a chain of releases: there can be only one.")
    newest = heads[-1] if heads else ids[-1]
    return Chain(tuple(ids), sums_hash(releases / newest), tuple(findings))


def verify_folder(folder: Path) -> tuple[tuple[str, ...], str]:
    """The findings for a release, or for all releases of a folder and their chain; and the head hash.

    Raises NoRelease where the folder exists and is neither.
    """
    if folder.is_dir() and not (folder / SUMS).exists() and not (folder / DATABASE).exists():
        chain = verify_chain(folder)
        return chain.findings, chain.head
    findings = tuple(verify(folder))
    return findings, "" if findings else sums_hash(folder)


def _previous(release: Path) -> str:
    """The id of the release before this one; "" for the first, and for one that can't be read (a finding of verify)."""
    try:
        return str(dict(queries.table(Release(release), "meta").rows).get("previous", ""))
    except (PortalError, ValueError, TypeError):  # verify reports what is wrong
        return ""
