"""The portal's one chart style. Charts name colours by what they mean (portal/palette.py), never by hex."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import altair as alt

from portal.palette import PALETTE

FONT = "'Source Sans 3', 'Public Sans', 'Noto Sans', 'Noto Sans Devanagari', 'Segoe UI', Roboto, Arial, sans-serif"
WIDTH = {False: 640, True: 320}  # drawn size in pixels, wide and narrow: never scaled down
_NOW: ContextVar[tuple[str, bool]] = ContextVar("style", default=("light", False))
# Each layer carries its own rows: they are drawn from there, and a specification is read by nothing else.
alt.data_transformers.consolidate_datasets = False


def colour(meaning: str) -> str:
    """The colour of a meaning in the theme now in force. Raises KeyError on an unknown meaning."""
    return PALETTE[meaning][_NOW.get()[0] == "dark"]


def narrow() -> bool:
    """Whether the phone's layout is in force."""
    return _NOW.get()[1]


def width() -> int:
    """The drawn width of the layout now in force, in pixels."""
    return WIDTH[narrow()]


@contextmanager
def style(mode: str = "light", small: bool = False) -> Iterator[None]:
    """Draw in this theme ("light" or "dark") and layout inside the `with`."""
    before = _NOW.set((mode, small))
    try:
        yield
    finally:
        _NOW.reset(before)
