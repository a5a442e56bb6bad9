"""`python -m portal.markup.build RELEASE_FOLDER OUT LANGUAGE`: all of one release that a page shows, made once, ahead.

It runs in a process of its own, so that the server never loads what draws charts.
"""

import hashlib
import json
import os
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from xml.etree import ElementTree

import vl_convert

from portal.figures import FIGURES, build, choices
from portal.figures.chart_brief import compact
from portal.figures.explore import catalogue
from portal.figures.figure import Figure
from portal.figures.style import style
from portal.figures.view import View
from portal.language import DEFAULT, day, span, speaking, spoken, whole
from portal.markup import render
from portal.markup.commitments import known
from portal.markup.record import record
from portal.markup.render import Picture
from portal.release.store import Release

LAYOUTS = {"light-wide": ("light", False), "light-narrow": ("light", True),
           "dark-wide": ("dark", False), "dark-narrow": ("dark", True)}


class Drawer:
    """Draws charts into a folder, each different drawing once, named by its content."""

    def __init__(self, release_id: str, out: Path) -> None:
        self.prefix = f"/figure/{release_id}/{spoken()}"
        self.out = out
        self.drawn: dict[str, Picture] = {}
        self.of_figures: dict[tuple[str, str], tuple[dict[str, Picture], str]] = {}

    def draw(self, spec: str) -> Picture:
        """The picture of a Vega-Lite specification."""
        if spec not in self.drawn:
            svg = vl_convert.vegalite_to_svg(spec)
            name = f"{hashlib.sha256(svg.encode()).hexdigest()[:20]}.svg"
            (self.out / name).write_text(svg, "utf-8")
            root = ElementTree.fromstring(svg)  # noqa: S314  # made in the line above
            width, height = (round(float(root.get(side, "0"))) for side in ("width", "height"))
            self.drawn[spec] = Picture(f"{self.prefix}/{name}", width, height)
        return self.drawn[spec]

    def pictures(self, figure: Figure) -> tuple[dict[str, Picture], str]:
        """A figure's four drawings, and the specification of the first. The same table gives the same drawing."""
        key = (figure.id, repr(figure.table))
        if key not in self.of_figures:
            self.of_figures[key] = self._pictures(figure)
        return self.of_figures[key]

    def _pictures(self, figure: Figure) -> tuple[dict[str, Picture], str]:
        specs: dict[str, str] = {}
        for name, (mode, small) in LAYOUTS.items():
            with style(mode, small):
                specs[name] = json.dumps(figure.chart().to_dict(validate=False)) if figure.chart else ""
        return {name: self.draw(spec) for name, spec in specs.items() if spec}, specs["light-wide"]


def entry(release: Release, figure_id: str, period: str, drawer: Drawer) -> dict[str, str]:
    """What the server keeps of a figure: in English, marked and said, where a message of it is not translated."""
    made, language = whole(lambda: _entry(build(release, figure_id, period), drawer))
    return made if language == spoken() else render.in_english(made)


def _entry(figure: Figure, drawer: Drawer) -> dict[str, str]:
    pictures, spec = drawer.pictures(figure)
    return {"html": render.figure(figure, pictures), "answer": render.answer(figure.answer), "spec": spec,
            "short": render.short(figure.short) if figure.short else "", "alt": figure.answer.plain,
            "title": figure.title, **_brief(figure, drawer)}


def _brief(figure: Figure, drawer: Drawer) -> dict[str, str]:
    """What the brief and the projector take: the figure as words and numbers, and the address of its small drawing."""
    small = compact(figure)
    return {"record": json.dumps(record(figure), ensure_ascii=False),
            "compact": drawer.draw(json.dumps(small)).address if small else ""}


def contents(release: Release, out: Path) -> dict[str, object]:
    """All figures of a release for all its quarters, with what every page says of it."""
    options = choices(release)
    meta = View(release, "").meta
    drawer = Drawer(release.id, out)
    figures = {f"{figure}|{period}": entry(release, figure, period, drawer)
               for period in [one for one, _ in options] or [""] for figure in FIGURES}
    shown = {"id": release.id, "state": meta["state"], "covers": span(meta["period_start"], meta["period_end"]),
             "published": day(meta["published_on"])}
    return {"shown": shown, "choices": options, "figures": figures, "files": sorted(release.checksums.items()),
            "known": asdict(known(release)), "explore": catalogue(release)}


def main(folder: Path, out: Path, language: str = DEFAULT) -> None:
    """Build into a hidden folder beside `out`, then let it appear at once."""
    out.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".building-", dir=out.parent))
    with speaking(language):
        made = contents(Release(folder), staging)
    (staging / "shelf.json").write_text(json.dumps(made, ensure_ascii=False), "utf-8")
    if not out.exists():
        os.replace(staging, out)  # noqa: PTH105


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
