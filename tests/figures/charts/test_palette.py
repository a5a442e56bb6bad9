"""The colours of charts hold for every eye, in both themes: by WCAG's contrast and by Machado's simulations."""

import math

import pytest

from portal.palette import PALETTE
from tests.source import modules

# What stands side by side in some chart, or marks on the page: each pair is told apart by lightness alone.
NEIGHBOURS = [("team", "card"), ("team", "absent"), ("absent_edge", "card"), ("absent_edge", "absent"),
              ("edge", "card"), ("edge", "band"), ("event", "card"), ("care", "card"), ("all", "card"), ("all", "band"),
              ("part", "card"), ("part", "part_2"), ("part", "part_3"), ("part_edge", "card"), ("part_edge", "part_3")]
# Words and what they lie on.
WORDS = [*((ink, "card") for ink in ("ink", "ink_2", "team", "all", "event")), ("ink_2", "band"), ("all", "band"),
         *(("ink", part) for part in ("part_2", "part_3", "absent")), ("card", "part")]
# Machado, Oliveira and Fernandes, IEEE TVCG 2009: severity 1.0, on linear RGB.
EYES = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
Linear = tuple[float, float, float]


def linear(colour: str) -> Linear:
    """#rrggbb as linear RGB."""
    parts = [int(colour[at:at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def seen(colour: str, eye: str) -> Linear:
    """A colour as an eye sees it."""
    rgb = linear(colour)
    if eye == "any":
        return rgb
    red, green, blue = (min(1.0, max(0.0, sum(a * b for a, b in zip(row, rgb, strict=True)))) for row in EYES[eye])
    return red, green, blue


def contrast(linear_: Linear, other: Linear) -> float:
    """WCAG's contrast ratio; as it is of luminance alone, it is what greyscale leaves."""
    light, dark = sorted((0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in (linear_, other)),
                         reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: Linear) -> Linear:
    """CIE L*a*b* (D65) of linear RGB."""
    rows = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
    white = (0.95047, 1.0, 1.08883)
    x, y, z = ((value / at) ** (1 / 3) if value / at > 0.008856 else 7.787 * value / at + 16 / 116
               for value, at in zip((sum(a * b for a, b in zip(row, rgb, strict=True)) for row in rows), white,
                                    strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("dark", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("eye", ["any", *EYES])
@pytest.mark.parametrize(("text", "other"), NEIGHBOURS)
def test_neighbouring_colours_differ_to_every_eye_and_in_greyscale(text: str, other: str, eye: str, dark: int) -> None:
    assert contrast(seen(PALETTE[text][dark], eye), seen(PALETTE[other][dark], eye)) >= 3


@pytest.mark.parametrize("dark", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), WORDS)
def test_words_in_a_chart_can_be_read(ink: str, ground: str, dark: int) -> None:
    assert contrast(linear(PALETTE[ink][dark]), linear(PALETTE[ground][dark])) >= 4.5


@pytest.mark.parametrize("dark", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("eye", ["any", *EYES])
@pytest.mark.parametrize(("text", "other"), [("all", "team"), ("team", "care"), ("all", "care"), ("part", "care")])
def test_what_is_alike_in_greyscale_differs_in_colour_to_every_eye(text: str, other: str, eye: str, dark: int) -> None:
    # A difference of 2.3 is just seen. These never touch: each is a shape of its own, with its name.
    assert math.dist(lab(seen(PALETTE[text][dark], eye)), lab(seen(PALETTE[other][dark], eye))) >= 9


def test_the_simulation_leaves_white_and_grey_alone_and_takes_red_from_green() -> None:
    for eye in EYES:
        assert contrast(seen("#ffffff", eye), (1.0, 1.0, 1.0)) == pytest.approx(1, abs=0.01)
    before, after = (math.dist(lab(seen("#b04040", eye)), lab(seen("#408040", eye))) for eye in ("any", "deuteranopia"))
    assert after < before / 3


def test_charts_name_meanings_and_no_colour() -> None:
    named = [f"{module.path}:{line} {text!r}" for module in modules("portal/figures") for line, text in module.strings()
             if "#" in text and len(text) in (4, 7)]
    assert not named
