"""Where releases come from: a folder, or a database with a folder that mirrors it."""

from pathlib import Path

from portal.builder.cache_layout import CacheLayout
from portal.release.postgres_mirror import Mirror, is_database
from portal.release.store import current_id, release_ids


class FolderSource:
    """A folder of releases. `current` in it names the live one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def pull(self) -> None:
        """Bring the folder up to date: nothing to do."""

    def ids(self) -> tuple[str, ...]:
        """The releases that are published, oldest first; none where the folder can't be read."""
        try:
            return release_ids(self.folder)
        except OSError:
            return ()

    def current(self) -> str:
        """The id of the live release. Raises NoRelease, ReleaseBroken."""
        return current_id(self.folder)


class DatabaseSource(FolderSource):
    """A database of releases. `pull` updates a mirror folder in the cache; which releases are published and live is
    queried directly, so that neither a roll-back nor a withdrawal waits for the builder.
    """

    def __init__(self, dsn: str, layout: CacheLayout) -> None:
        super().__init__(layout.mirror)
        self.mirror = Mirror(dsn, layout.mirror)

    def pull(self) -> None:
        """Copy what is new, drop what is gone."""
        self.mirror.pull()

    def ids(self) -> tuple[str, ...]:
        """The releases in the database, oldest first; while it is unreachable, those of its last answer."""
        return self.mirror.ids()

    def current(self) -> str:
        """The id of the live release. Raises NoRelease, ReleaseBroken."""
        return self.mirror.live() or super().current()


ReleaseSource = FolderSource | DatabaseSource


def source_of(layout: CacheLayout) -> ReleaseSource:
    """The source that the setting names. Raises BadSetting for an invalid database URL."""
    if is_database(layout.releases):
        return DatabaseSource(layout.releases, layout)
    return FolderSource(Path(layout.releases).expanduser())
