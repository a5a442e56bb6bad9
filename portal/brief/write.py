"""The brief as a file, for the command line."""

from dataclasses import replace
from pathlib import Path

from portal.brief import page
from portal.brief.document import brief, options
from portal.brief.pdf import pdf
from portal.builder.process import build
from portal.errors import CantWrite, NoRelease, OptionWrong
from portal.language import LANGUAGES, override_language
from portal.render.rendered import Selection
from portal.server.selection import select
from portal.server.snapshot import SnapshotStore
from portal.settings import Settings


def write(settings: Settings, out: Path, release: str | None, language: str, large: bool) -> str:
    """Write the brief of a release to `out`; returns a sentence that says so. Raises OptionWrong, NoRelease,
    ReleaseBroken, or CantWrite.
    """
    if language not in LANGUAGES:
        raise OptionWrong(f"There is no brief in the language {language!r}.", f"Choose one of {', '.join(LANGUAGES)}.")
    selection = _selection(settings, release, language)
    if selection.release is None:
        raise NoRelease(Path(settings.releases))
    with override_language(selection.language):
        document = brief(selection, selection.release, options({"large": "1" if large else ""}, []))
        content = pdf(document) if out.suffix == ".pdf" else page.page(document, alone=True).encode()
    try:
        out.write_bytes(content)
    except OSError as error:
        raise CantWrite(out, error.strerror or type(error).__name__) from error
    return f"Brief of release {selection.release.facts.id}: {out}"


def _selection(settings: Settings, release: str | None, language: str) -> Selection:
    """The release in the language, built now where it is not."""
    snapshots = SnapshotStore(settings)
    live = snapshots.source.current()
    for release_id in dict.fromkeys((live, release or live)):  # the live one, too: it says which releases are offered
        build(replace(settings, ahead=(language,)), release_id)
    snapshot = snapshots.poll()
    if release and release not in snapshot.copies:
        raise OptionWrong(f"There is no release {release!r} in {settings.releases}.",
                          f"Choose one of {', '.join(snapshot.copies)}.")
    return select(snapshot, settings, {"lang": language, "release": release or ""})
