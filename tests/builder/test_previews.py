"""Pictures to take along: large enough for a link preview, and plain about numbers that are made up."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image

from portal.builder.drawer import content_name
from portal.builder.previews import preview
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


def test_every_figure_of_the_newest_release_since_the_start_is_a_picture_too(
        drawn: dict[str, tuple[RenderedFigure, Path]]) -> None:
    for name, (figure, folder) in drawn.items():
        assert figure.preview, name
        content = (folder / figure.preview.address.rpartition("/")[2]).read_bytes()
        assert Image.open(io.BytesIO(content)).size == (figure.preview.width, figure.preview.height)
        assert figure.preview.width / figure.preview.height <= 1.92, "link previews cut it"
        assert not figure.shown or re.search(f'<a href="{figure.preview.address}" download="{name}.png">', figure.html)


@pytest.mark.parametrize(("state", "colour"), [("illustrative", YELLOW), ("official", WHITE)])
def test_a_picture_says_at_its_top_that_its_numbers_are_made_up(
        drawn: dict[str, tuple[RenderedFigure, Path]], tmp_path: Path, state: str,
        colour: tuple[int, int, int]) -> None:
    figure, folder = next((figure, folder) for figure, folder in drawn.values() if figure.picture)
    name = figure.picture.rpartition("/")[2]
    (tmp_path / name).write_bytes((folder / name).read_bytes())
    made = preview(figure.picture, figure.record, state, tmp_path)
    content = (tmp_path / made.address.rpartition("/")[2]).read_bytes()
    assert Image.open(io.BytesIO(content)).convert("RGB").getpixel((2, 2)) == colour
    assert content_name(content, ".png") == made.address.rpartition("/")[2]
    assert preview(figure.picture, figure.record, state, tmp_path) == made, "the same words give the same bytes"
