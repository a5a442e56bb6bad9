"""The colours of the charts by what they mean, in light and in dark. Apart from what draws them, which no server loads.

Each meaning differs from its neighbours by at least 3:1 in light and in dark, so it also holds in greyscale.
"""

import re

PALETTE = {
    "team": ("#397f34", "#6fbf69"),  # what the team did (the City's dark green)
    "demand": ("#0d7cb7", "#63b5e6"),  # what came in (the City's blue)
    "missed": ("#e3e8e5", "#2c373c"),  # always with an edge
    "other": ("#2b2b2b", "#f1f4f2"),
    "edge": ("#6b7671", "#8d9a95"),
    "band": ("#eef2f0", "#1f292d"),  # what chance gives: always between two lines of "edge"
    "grid": ("#d9dfdc", "#344045"),
    "ink": ("#2b2b2b", "#f1f4f2"),
    "ink_2": ("#525252", "#c3ccc7"),
}
_DARK = dict(PALETTE.values())  # each light colour has one dark one: a test holds it
_LIGHT = re.compile("|".join(_DARK))


def darkened(drawn: str) -> str:
    """A light drawing (SVG or specification) as it is in the dark theme: colour by colour, without drawing again."""
    return _LIGHT.sub(lambda found: _DARK[found[0]], drawn)
