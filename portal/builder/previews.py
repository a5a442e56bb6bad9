"""Pictures as PNG, for link previews and to take along: a drawing, or the answer where nothing is drawn, with the
finding above and the source below. A picture is named by the hash of what it is made of, so that a card can link to it
before it is made: pages need not wait for 30 ms a picture.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import typst
from PIL import Image

from portal.builder.drawer import content_name
from portal.builder.index import replace_file
from portal.contract.contract import ILLUSTRATIVE
from portal.language import override_language, t
from portal.navigation import PAGES
from portal.render.drawings import shapes_and_words
from portal.render.rendered import STAND_IN, FigureRecord, Picture, RenderedFigure
from portal.settings import ROOT
from portal.shipped import shipped
from portal.texts import shortened

TEMPLATE = Path(__file__).parent / "picture.typ"
DOTS = 126  # an inch: 1,204 pixels across, the width that link previews ask for, and sharp on a slide


@shipped
def _compiler() -> typst.Compiler:
    """What sets a picture, in the typefaces that the project brings along: 20 ms for each."""
    typefaces = str(ROOT / "portal" / "fonts")
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[typefaces])
    return typst.Compiler(TEMPLATE, root=TEMPLATE.parent, font_paths=fonts)


def with_previews(figures: Mapping[str, RenderedFigure], state: str, out: Path) -> dict[str, RenderedFigure]:
    """The figures of one period; the first drawn figure of each page, and STAND_IN, have a preview."""
    firsts = {next((name for name in page.figures if figures[name].picture), STAND_IN) for page in PAGES}
    return {name: replace(figure, preview=_preview(figure, state, out))
            if name in firsts | {STAND_IN} and figure.picture else figure
            for name, figure in figures.items()}


def _preview(figure: RenderedFigure, state: str, out: Path) -> Picture:
    """A drawn figure's PNG in `out`, with its URL and size."""
    prefix, _, drawing = figure.picture.rpartition("/")
    name = png_name(figure.record, drawing, state)
    write_png(name, figure.record, drawing, state, out)
    with Image.open(out / name) as png:
        return Picture(f"{prefix}/{name}", *png.size)


def png_name(record: FigureRecord, drawing: str, state: str) -> str:
    """The file name of a figure's PNG. `drawing`: the file name of its drawing, or ""; `state`: of its release. How it
    is set is no part of the name: a change of the code renders into another folder, and browsers compare the content.
    """
    return content_name(json.dumps([_content(record, state), drawing], ensure_ascii=False).encode(), ".png")


def write_png(name: str, record: FigureRecord, drawing: str, state: str, out: Path) -> None:
    """Write a figure as PNG into `out`, where its drawing lies, if it is not there: its question, headline, drawing and
    source. Without a `drawing` the answer stands in its place; where the release is illustrative, the picture says that
    its numbers are made up.
    """
    if (out / name).exists():
        return
    content = _content(record, state) | {
        "drawing": shapes_and_words((out / drawing).read_text("utf-8")) if drawing else None}
    png = _compiler().compile(format="png", ppi=DOTS, sys_inputs={"picture": json.dumps(content, ensure_ascii=False)})
    if not isinstance(png, bytes):
        raise TypeError("a picture is one page")
    replace_file(out / name, with_palette(png))


def with_palette(png: bytes) -> bytes:
    """The same picture in at most 256 colours: a third of the bytes, and each area within 1 of 255 of its colour."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        picture.convert("RGB").quantize(method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(out, "PNG")
    return out.getvalue()


def _content(record: FigureRecord, state: str) -> dict[str, str]:
    """The words of a picture, in the language of the figure."""
    with override_language(record["language"]):
        made_up = f"{t('Made-up numbers.')} {t('No real call is counted here.')}" if state == ILLUSTRATIVE else ""
        source = f"{record['source']}. {t('Somerville Co-Response Pilot')}"
    return {"made_up": made_up, "source": source, "question": record["question"], "headline": record["headline"],
            "answer": shortened(record["answer"]), "language": record["language"]}
