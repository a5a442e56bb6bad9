"""Pictures as PNG, for link previews and to take along: a drawing, or the answer where nothing is drawn, with the
finding above and the source below.
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import typst

from portal.builder.drawer import content_name
from portal.contract.contract import ILLUSTRATIVE
from portal.language import speaking, t
from portal.navigation import PAGES
from portal.render.drawings import shapes_and_words
from portal.render.rendered import STAND_IN, FigureRecord, Picture, RenderedFigure
from portal.settings import ROOT
from portal.texts import shortened

TEMPLATE = Path(__file__).parent / "picture.typ"
DOTS = 144  # an inch: two for each pixel of a drawing, sharp on a slide


@cache
def _compiler() -> typst.Compiler:
    """What sets a picture, in the typefaces that the project brings along: 30 ms for each."""
    typefaces = str(ROOT / "portal" / "fonts")
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[typefaces])
    return typst.Compiler(TEMPLATE, root=TEMPLATE.parent, font_paths=fonts)


def with_previews(figures: Mapping[str, RenderedFigure], state: str, out: Path) -> dict[str, RenderedFigure]:
    """The figures of one period; the first drawn figure of each page, and STAND_IN, have a preview."""
    firsts = {next((name for name in page.figures if figures[name].picture), STAND_IN) for page in PAGES}
    return {name: replace(figure, preview=preview(figure.picture, figure.record, state, out))
            if name in firsts | {STAND_IN} and figure.picture and not figure.preview else figure
            for name, figure in figures.items()}


def preview(address: str, record: FigureRecord, state: str, out: Path) -> Picture:
    """A figure as PNG in `out`: its question, headline, drawing and source. `address`: of its drawing; one that ends in
    "/" has none, and the answer stands in its place. `state`: of the release; where it is illustrative, the picture
    says that its numbers are made up.
    """
    prefix, _, drawing = address.rpartition("/")
    with speaking(record["language"]):
        made_up = f"{t('Made-up numbers.')} {t('No real call is counted here.')}" if state == ILLUSTRATIVE else ""
        source = f"{record['source']}. {t('Somerville Co-Response Pilot')}"
    content = {"made_up": made_up, "source": source, "question": record["question"], "headline": record["headline"],
               "answer": shortened(record["answer"]), "language": record["language"],
               "drawing": shapes_and_words((out / drawing).read_text("utf-8")) if drawing else None}
    png = _compiler().compile(format="png", ppi=DOTS, sys_inputs={"picture": json.dumps(content, ensure_ascii=False)})
    if not isinstance(png, bytes):
        raise TypeError("a picture is one page")
    name = content_name(png, ".png")
    (out / name).write_bytes(png)
    width, height = struct.unpack(">II", png[16:24])  # the PNG's own header
    return Picture(f"{prefix}/{name}", width, height)
