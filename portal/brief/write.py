"""The brief as a file, for the command line."""

from pathlib import Path

from portal.brief import projector
from portal.brief.document import brief, options
from portal.brief.pdf import pdf
from portal.errors import CantWrite, NoRelease, OptionWrong
from portal.language import LANGUAGES, speaking
from portal.server.selection import select
from portal.server.snapshot import now, watch
from portal.settings import folder


def write(out: Path, release: str | None, language: str, large: bool) -> str:
    """Write the brief of a release to `out` and say so. Raises OptionWrong, NoRelease, or CantWrite."""
    if language not in LANGUAGES:
        raise OptionWrong(f"There is no brief in the language {language!r}.", f"Choose one of {', '.join(LANGUAGES)}.")
    live = now()
    if live.shelf is None:
        raise NoRelease(watch().releases)
    if release and release not in live.copies:
        raise OptionWrong(f"There is no release {release!r} in {folder('releases')}.",
                          f"Choose one of {', '.join(live.copies)}.")
    selection = select({"lang": language, "release": release or ""})
    if selection.shelf is None:
        raise NoRelease(watch().releases)
    with speaking(selection.language):
        made = brief(selection, selection.shelf, options({"large": "1" if large else ""}, []))
        content = pdf(made) if out.suffix == ".pdf" else projector.page(made, alone=True).encode()
    try:
        out.write_bytes(content)
    except OSError as error:
        raise CantWrite(out, error.strerror or type(error).__name__) from error
    return f"Brief of release {selection.shelf.shown.id}: {out}"
