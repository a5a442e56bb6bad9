"""Pictures to take along: large enough for a link preview, and plain about numbers that are made up."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image

from portal.builder.previews import png_name, write_png
from portal.release.periods import START
from portal.render.rendered import RenderedFigure
from tests.conftest import SMALLEST
from tests.site import built, releases_in, selection_for, settings_for

YELLOW, WHITE = (255, 209, 102), (255, 255, 255)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory, drawn_cache: Path) -> dict[str, tuple[RenderedFigure, Path]]:
    """The figures of the newest release since the start, with the folder of their pictures."""
    release = selection_for(built(settings_for(releases_in(tmp_path_factory.mktemp("two"), *SMALLEST),
                                               drawn_cache))).release
    assert release
    assert release.default_period == START
    return {name: (figure, release.folder) for name, figure in release.read_figures(START).items()}


def size_of(folder: Path, figure: RenderedFigure) -> tuple[int, int]:
    with Image.open(folder / figure.png.rpartition("/")[2]) as picture:
        return picture.size


def test_every_figure_of_the_newest_release_since_the_start_is_a_picture_too(
        drawn: dict[str, tuple[RenderedFigure, Path]]) -> None:
    for name, (figure, folder) in drawn.items():
        width, height = size_of(folder, figure)
        assert width / height <= 1.92, "link previews cut it"
        assert not figure.shown or re.search(f'<a href="{figure.png}" download="{name}.png">', figure.html)


def test_a_picture_is_small_enough_to_be_sent_by_telephone(drawn: dict[str, tuple[RenderedFigure, Path]]) -> None:
    sizes = [(folder / figure.png.rpartition("/")[2]).stat().st_size for figure, folder in drawn.values()]
    assert sum(sizes) / len(sizes) < 45_000


def test_the_preview_of_a_page_says_its_size(drawn: dict[str, tuple[RenderedFigure, Path]]) -> None:
    previews = [(figure, folder) for figure, folder in drawn.values() if figure.preview]
    assert previews
    for figure, folder in previews:
        assert figure.preview
        assert figure.preview.url == figure.png
        assert size_of(folder, figure) == (figure.preview.width, figure.preview.height)


@pytest.mark.parametrize(("state", "colour"), [("illustrative", YELLOW), ("official", WHITE)])
def test_a_picture_says_at_its_top_that_its_numbers_are_made_up(
        drawn: dict[str, tuple[RenderedFigure, Path]], tmp_path: Path, state: str,
        colour: tuple[int, int, int]) -> None:
    figure, folder = next((figure, folder) for figure, folder in drawn.values() if figure.picture)
    name = figure.picture.rpartition("/")[2]
    (tmp_path / name).write_bytes((folder / name).read_bytes())
    png = png_name(figure.record, name, state)
    write_png(png, figure.record, name, state, tmp_path)
    content = (tmp_path / png).read_bytes()
    assert Image.open(io.BytesIO(content)).convert("RGB").getpixel((2, 2)) == pytest.approx(colour, abs=1)
    (tmp_path / png).unlink()
    write_png(png, figure.record, name, state, tmp_path)
    assert (tmp_path / png).read_bytes() == content, "the same words give the same bytes"


def test_other_words_and_another_state_give_a_picture_of_another_name(
        drawn: dict[str, tuple[RenderedFigure, Path]]) -> None:
    record = drawn["demand.received"][0].record
    others = [("official", record), ("illustrative", record | {"headline": "Another finding."})]
    names = {png_name(changed, "", state) for state, changed in [("illustrative", record), *others]}
    assert len(names | {png_name(record, "0123.svg", "illustrative")}) == 4
