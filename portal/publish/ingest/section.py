"""Reads a table of a TOML file key by key: every error names its place, and an unknown key is an error."""

from collections.abc import Iterable, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any

from portal.errors import MappingWrong


def suggestion(name: object, known: Iterable[str]) -> str:
    """Near names, to be added to a sentence; empty when none is near."""
    near = get_close_matches(str(name), list(known), 3, 0.6)
    return f"; perhaps {' or '.join(map(repr, near))}" if near else ""


class TomlTable:
    """A table of the mapping being read: each key is taken once, and what is left over at the end is unknown."""

    def __init__(self, value: object, place: str) -> None:
        if not isinstance(value, dict):
            raise MappingWrong(place, "it is no table", f"Write {place} on a line of its own, and its keys below.")
        self._remaining: dict[str, Any] = dict(value)
        self._known: list[str] = []
        self.place = place

    def wrong(self, key: str, why: str, next_step: str) -> MappingWrong:
        """An error about one key."""
        return MappingWrong(f"{self.place} {key}".strip(), why, next_step)

    def take(self, key: str) -> Any:
        """A key's value as TOML gives it; None when it isn't there."""
        self._known.append(key)
        return self._remaining.pop(key, None)

    def text(self, key: str, default: str | None = None, *, allowed: Sequence[str] = ()) -> str:
        """A text; one of `allowed` if there are any."""
        value = self.take(key)
        value = default if value is None else value
        if value is None:
            raise self.wrong(key, "it is missing", f"Write {key} = " + (f'"{allowed[0]}".' if allowed else '"…".'))
        if not isinstance(value, str) or (allowed and value not in allowed):
            remedy = f"Take one of: {', '.join(allowed)}." if allowed else f'Write a text: {key} = "…".'
            raise self.wrong(key, f"{value!r} is not possible{suggestion(value, allowed)}", remedy)
        return value

    def texts(self, key: str, default: Sequence[str] = ()) -> tuple[str, ...]:
        """A text or a list of texts."""
        value = self.take(key)
        value = list(default) if value is None else [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
            raise self.wrong(key, "it is not a text or a list of texts", f'Write {key} = "…" or {key} = ["…", "…"].')
        return tuple(value)

    def day(self, key: str) -> date | None:
        """A date, or None when there is none."""
        value = self.take(key)
        if value is not None and type(value) is not date:  # a datetime is a date too
            raise self.wrong(key, f"{value!r} is no date", f"Write it without quotation marks: {key} = 2026-04-01.")
        return value

    def section(self, key: str, default: object = None) -> "TomlTable":
        """A table inside this one."""
        value = self.take(key)
        place = f"{self.place[:-1]}.{key}]" if self.place else f"[{key}]"
        return TomlTable(default if value is None else value, place)

    @property
    def remaining(self) -> tuple[str, ...]:
        """The keys not yet taken."""
        return tuple(self._remaining)

    def reject_unknown(self) -> None:
        """Raise MappingWrong if a key was not taken."""
        for key in self._remaining:
            raise self.wrong(repr(key), f"this key is not known here{suggestion(key, self._known)}",
                             f"Known are: {', '.join(self._known) or 'none'}. "
                             "A key that belongs to no table stands above the first [table].")
