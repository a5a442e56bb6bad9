"""The paths in the cache. Everything is named by the hashes of what it was made from: the release and the code."""

import hashlib
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from portal.settings import ROOT
from portal.shipped import shipped

RENDERING_ROOMS = ("builder", "contract", "figures", "render", "release", "language")
DIGITS = 12  # of a hash in the name of a folder


def rendered_from() -> list[Path]:
    """The files that a rendering depends on beside its release: code, templates, translations, the declared pages (they
    set the size of a figure's card), and the data of content/ that figures cite. The pilot's status is not among them:
    the server adds it to each page.
    """
    kinds = {".py", ".toml", ".jinja", ".po", ".typ"}
    rooms = sorted(file for room in RENDERING_ROOMS for file in (ROOT / "portal" / room).rglob("*")
                   if file.suffix in kinds)
    return [*rooms, *sorted((ROOT / "portal").glob("*.py")), *sorted((ROOT / "pages").glob("*.py")),
            *sorted(file for file in (ROOT / "content").glob("*.toml") if file.name != "status.toml")]


@shipped
def code_version() -> str:
    """A hash of everything that pages are rendered from: after any edit, all are rendered again."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in rendered_from())).hexdigest()[:DIGITS]


@dataclass(frozen=True)
class CacheLayout:
    """The cache of one or several servers, for one source of releases (a folder, or a database URL)."""

    root: Path
    releases: str

    @property
    def _place(self) -> str:
        """The place of releases in a file's name: below the project by its path there, as an image keeps it."""
        folder = Path(self.releases)
        inside = "://" not in self.releases and folder.is_absolute() and folder.is_relative_to(ROOT)
        return hashlib.sha256(str(folder.relative_to(ROOT) if inside else self.releases).encode()).hexdigest()[:DIGITS]

    @property
    def index(self) -> Path:
        """The list of what this version of the code has built: the one file that the server polls."""
        return self.root / f"index-{code_version()}-{self._place}.json"

    @property
    def accepted(self) -> Path:
        """The hash of each accepted preliminary or official release."""
        return self.root / f"accepted-{self._place}.json"

    @property
    def mirror(self) -> Path:
        """The folder that follows a database of releases."""
        return self.root / f"mirror-{self._place}"

    @property
    def lock(self) -> Path:
        """The lock that the active builder holds."""
        return self.root / ".builder.lock"

    @property
    def tracebacks(self) -> Path:
        """The tracebacks of the last `build` by hand, or for `publish`, that failed."""
        return self.root / "build.log"

    @property
    def charts(self) -> Path:
        """Drawn charts, cached by the hash of their specification: most charts recur in the next release."""
        return self.root / f"charts-{code_version()}"

    @property
    def streamlit(self) -> Path:
        """Streamlit's own files, compressed."""
        return self.root / f"streamlit-{version('streamlit')}"

    def copy(self, digest: str, release_id: str) -> Path:
        """The verified copy of the release with that hash."""
        return self.root / "releases" / digest[:DIGITS] / release_id

    def rendered(self, digest: str, language: str) -> Path:
        """The folder of the rendered release with that hash in a language."""
        return self.root / f"{digest[:DIGITS]}-{code_version()}-{language}"
