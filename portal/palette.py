"""The colours of the charts by what they mean, in light and in dark. Apart from what draws them, which no server loads.

One colour has one meaning. Whatever touches in a chart differs by 3:1 or has an edge, so it also holds in greyscale.
"""

import re

PALETTE = {
    "team": ("#2f7d32", "#6cc06a"),  # the team was there: on duty, or it went
    "absent": ("#ffd0a0", "#7a3d04"),  # on duty and did not go: always with its edge
    "absent_edge": ("#9a4a00", "#ffb070"),
    "event": ("#2b2b2b", "#f1f4f2"),  # it happened (arrest, force, hurt); a change that chance rarely makes
    "care": ("#6a3d9a", "#c4a1ee"),  # went on to the next step of care
    "part": ("#35536f", "#8fb3d4"),  # a part of a whole
    "part_2": ("#a9bfd3", "#3f5f7d"),  # the next part, with `part_edge`
    "part_3": ("#e2eaf1", "#22323f"),  # "not recorded" is inside: always hatched, with `part_edge`
    "part_edge": ("#5d7388", "#7f9ab2"),
    "all": ("#525252", "#c3ccc7"),  # everything that came in
    "edge": ("#6b7671", "#8d9a95"),  # hollow: no team, it did not happen, chance could explain it
    "band": ("#eef1ef", "#232d31"),  # normal ups and downs: decoration, always between two dashed lines
    "grid": ("#d9dfdc", "#344045"),
    "ink": ("#2b2b2b", "#f1f4f2"),
    "ink_2": ("#525252", "#c3ccc7"),
    "card": ("#ffffff", "#182025"),  # what a drawing lies on; the ink on `part`
}
_DARK = dict(PALETTE.values())  # each light colour has one dark one: a test holds it
_LIGHT = re.compile("|".join(_DARK))


def darkened(drawn: str) -> str:
    """A light drawing (SVG or specification) as it is in the dark theme: colour by colour, without drawing again."""
    return _LIGHT.sub(lambda found: _DARK[found[0]], drawn)
