"""Every error a person can meet: one class, one sentence that says what and where, and what to do next.

A message names files, rows, columns and rules, never a person's values: an extract is private, a log is not.
"""

from pathlib import Path


class PortalError(Exception):
    """Something a person did or gave can't be used. `str(error)` is one sentence or more, ready to be shown."""

    def __init__(self, what: str, next_step: str) -> None:
        self.what = what
        self.next_step = next_step
        super().__init__(f"{what} {next_step}".strip())


class BadSetting(PortalError):
    """A setting in the environment can't be read."""

    def __init__(self, variable: str, value: str, expected: str) -> None:
        super().__init__(f"The setting {variable} is {value!r}.", f"It takes {expected}.")


class StatusWrong(PortalError):
    """The file that says whether the pilot runs can't be used."""

    def __init__(self, why: str, next_step: str) -> None:
        super().__init__(f"In content/status.toml: {why}.", next_step)


class ExtractUnreadable(PortalError):
    """An extract or roster can't be read as a table."""

    def __init__(self, path: Path, why: str, next_step: str) -> None:
        super().__init__(f"{path.name} can't be read: {why}.", next_step)


class MappingWrong(PortalError):
    """A mapping names something that isn't there, or says it in a way that isn't known."""

    def __init__(self, where: str, why: str, next_step: str) -> None:
        super().__init__(f"In the mapping, {where}: {why}.", next_step)


class ExtractRefused(PortalError):
    """An extract was read, and what it says can't be published. `table` lists every reason, rows and columns."""

    def __init__(self, what: str, next_step: str, table: str = "") -> None:
        self.table = table
        super().__init__(what, next_step)


class ReleaseExists(PortalError):
    """A release is never rewritten."""

    def __init__(self, release_id: str) -> None:
        super().__init__(f"The release {release_id} is already published, and a release is never rewritten.",
                         "Choose another --id; corrections go into the notes of the next release.")


class ReleaseRefused(PortalError):
    """A release can't be made as asked: a bad name, state or period, or one that is published already."""


class ReleaseBroken(PortalError):
    """A release folder is not what its checksums and the contract say."""

    def __init__(self, folder: Path, why: str) -> None:
        self.folder, self.why = folder, why
        super().__init__(f"The release in {folder.name} can't be used: {why}.",
                         "Copy it again from where it was published, or roll back to the release before.")


class NoRelease(PortalError):
    """Nothing is published yet."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"No release is published in {folder}.",
                         "Publish one, or point PORTAL_RELEASES to a folder that has one.")


class CantWrite(PortalError):
    """The disk refused: full, or no permission. Nothing was changed."""

    def __init__(self, where: Path, why: str) -> None:
        super().__init__(f"Nothing was changed: {where} can't be written ({why}).",
                         "Free some room or mend the permission, and run the command again.")


class OptionWrong(PortalError):
    """An option or file name given to a command is outside what it takes. Nothing was changed."""


class SiteAway(PortalError):
    """A running site can't be asked."""

    def __init__(self, site: str, kind: str) -> None:
        super().__init__(f"The site {site} can't be asked ({kind}).",
                         "Look whether it runs and whether its URL is right.")


class DatabaseAway(PortalError):
    """The database of the releases can't be used. What the driver says may hold a password: only its kind is told."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"The database of the releases can't be used ({kind}). Nothing was changed in it.",
                         "Look whether it runs, whether its DSN is right, and what its role may do.")
