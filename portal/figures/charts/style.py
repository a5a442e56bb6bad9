"""The portal's one chart style. Charts name colours by what they mean (portal/palette.py), never by hex."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Self

import altair as alt

from portal.palette import PALETTE

FONT = "'Source Sans 3', 'Public Sans', 'Noto Sans', 'Noto Sans Devanagari', 'Segoe UI', Roboto, Arial, sans-serif"
WIDTH = {False: 608, True: 288}  # drawn size in pixels, wide and narrow: as wide as the text, which is never scaled
SHEET = {False: 640, True: 320}  # drawn size in pixels, wide and narrow: never scaled down
SIZE = 14  # of all words, in pixels
_NOW: ContextVar[tuple[str, bool]] = ContextVar("style", default=("light", False))
# Each layer carries its own rows. Gathered at the top of a chart, Streamlit would make a table of Arrow of them to show
# it, for which a server loads pandas and pyarrow: 90 MB.
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


def sheet_width() -> int:
    """The width of a drawing in the layout now in force, in pixels."""
    return SHEET[narrow()]


@contextmanager
def style(mode: str = "light", small: bool = False) -> Iterator[None]:
    """Draw in this theme ("light" or "dark") and layout inside the `with`."""
    before = _NOW.set((mode, small))
    try:
        yield
    finally:
        _NOW.reset(before)


class Layer(alt.Chart):
    """A layer of a drawing. Putting a chart together, Altair copies each layer twice down to its last row, in case
    somebody else has it too; nobody has, and it was a quarter of the time that drawing a release took.
    """

    def copy(self, deep: bool | Iterable[str] = True, ignore: list[str] | None = None) -> Self:
        """Itself in place of a whole copy; a copy of its top as ever, which is what a further method makes."""
        return self if deep is True else super().copy(deep, ignore)


def configured(layers: Sequence[alt.Chart], height: int, left: int, bottom: int, note: str,
               top: int = 10) -> alt.LayerChart:
    """The layers as one chart with the portal's type and axes, exactly as wide as the layout; `note` stands in the
    picture itself. All in one call: each of Altair's methods would copy every layer again (nine tenths of the time).
    """
    inner = width() - left - 8
    words = Layer(alt.InlineData([{}])).mark_text(
        text=note, color=colour("ink_2"), align="right", fontSize=SIZE, x=inner, y=height + bottom - 10)
    axis = {"labelFont": FONT, "titleFont": FONT, "labelFontSize": SIZE, "labelColor": colour("ink_2"),
            "domainColor": colour("edge"), "tickColor": colour("edge"), "gridColor": colour("grid"), "labelPadding": 6,
            "labelLimit": 0, "aria": False}  # a reader's program meets the sentence, not each mark
    return alt.LayerChart(
        layer=[*layers, words] if note else list(layers), width=inner, height=height, background="transparent",
        autosize="none", padding={"left": left, "right": 8, "top": top, "bottom": bottom},
        config={"font": FONT, "mark": {"aria": False}, "view": {"stroke": None}, "axis": axis,
                "axisX": {"grid": False, "labelAngle": 0}, "axisY": {"domain": False, "ticks": False},
                "text": {"font": FONT, "fontSize": SIZE}})
