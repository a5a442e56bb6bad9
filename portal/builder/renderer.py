"""`python -m portal.builder.renderer RELEASE_FOLDER OUT LANGUAGE`: renders all that pages show of one release.

It runs in processes of its own, so that the server never loads what draws charts.
"""

import hashlib
import json
import multiprocessing
import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import cache, partial
from pathlib import Path
from xml.etree import ElementTree

import vl_convert
from altair.utils.schemapi import debug_mode

from portal.builder.precompress import pack
from portal.builder.previews import previews
from portal.builder.rendered_release import FILES, STAGING, seal
from portal.figures import FIGURES, build, choices
from portal.figures.charts.compact import compact
from portal.figures.charts.style import style
from portal.figures.explore import catalogue
from portal.figures.figure import Figure
from portal.figures.view import View
from portal.language import DEFAULT, day, span, speaking, spoken, whole
from portal.palette import darkened
from portal.release.store import Release
from portal.release.verify import SUMS
from portal.render import markup
from portal.render.citation import citation
from portal.render.commitments import known
from portal.render.downloads import tables
from portal.render.record import record
from portal.render.rendered import Picture

LAYOUTS = {"wide": False, "narrow": True}
WORKERS = 2  # processes that draw, at most: 350 MB in all; four take 550 and eight 870 (deploy/: the unit has 600)
Entry = dict[str, str]


class Drawer:
    """Draws charts into a folder, each different drawing once, named by its content."""

    def __init__(self, release_id: str, out: Path, published_on: str) -> None:
        self.prefix = f"/figure/{release_id}/{spoken()}"
        self.published_on = published_on
        self.out = out
        self.drawn: dict[str, dict[str, Picture]] = {}

    def draw(self, spec: str) -> dict[str, Picture]:
        """The pictures of a Vega-Lite specification in light colours, by theme."""
        if spec not in self.drawn:
            light = vl_convert.vegalite_to_svg(spec)
            self.drawn[spec] = {"light": self._kept(light), "dark": self._kept(darkened(light))}
        return self.drawn[spec]

    def _kept(self, svg: str) -> Picture:
        name = f"{hashlib.sha256(svg.encode()).hexdigest()[:20]}.svg"
        pack(self.out / name, svg.encode())
        root = ElementTree.fromstring(svg)  # noqa: S314  # made by draw()
        width, height = (round(float(root.get(side, "0"))) for side in ("width", "height"))
        return Picture(f"{self.prefix}/{name}", width, height)

    def pictures(self, figure: Figure) -> tuple[dict[str, Picture], str]:
        """A figure's four drawings, and the specification of the light, wide one."""
        if not figure.chart:
            return {}, ""
        specs: dict[str, str] = {}
        for layout, small in LAYOUTS.items():
            with style("light", small):
                specs[layout] = json.dumps(figure.chart().to_dict(validate=False))
        return {f"{theme}-{layout}": picture for layout, spec in specs.items()
                for theme, picture in self.draw(spec).items()}, specs["wide"]


def entry(release: Release, figure_id: str, period: str, drawer: Drawer) -> Entry:
    """What the server keeps of a figure: in English, marked and said, where a message of it is not translated."""
    made, language = whole(lambda: _entry(build(release, figure_id, period), drawer, period))
    return made if language == spoken() else markup.in_english(made)


def _entry(figure: Figure, drawer: Drawer, period: str) -> Entry:
    pictures, spec = drawer.pictures(figure)
    cite = citation(figure, drawer.published_on, period)
    return {"html": markup.figure(figure, pictures, cite), "citation": cite.sentence, "address": cite.address,
            "answer": markup.answer(figure.answer), "spec": spec,
            "short": markup.short(figure.short) if figure.short else "", "alt": figure.answer.plain,
            "title": figure.title, "picture": pictures["light-wide"].address if pictures else "", "preview": "",
            **_brief(figure, pictures, drawer)}


def _brief(figure: Figure, pictures: dict[str, Picture], drawer: Drawer) -> dict[str, str]:
    """What the brief and the projector take: the figure as words and numbers, and the address of its small drawing."""
    small = compact(figure)
    drawn = drawer.draw(json.dumps(small))["light"] if small else pictures.get("light-narrow")
    return {"record": json.dumps(record(figure), ensure_ascii=False), "compact": drawn.address if drawn else ""}


@cache
def _opened(folder: Path) -> Release:
    """The release, once a process: what one figure has asked of it, another need not."""
    return Release(folder)


def entries(folder: Path, out: Path, language: str, figure_id: str) -> dict[str, Entry]:
    """One figure for all quarters of a release, by the shelf's key. Draws into `out`."""
    release = _opened(folder)
    with speaking(language), debug_mode(False):  # tests hold every chart to Vega-Lite's schema
        drawer = Drawer(release.id, out, View(release, "").meta["published_on"])
        return {f"{figure_id}|{period}": entry(release, figure_id, period, drawer)
                for period in [one for one, _ in choices(release)] or [""]}


def contents(folder: Path, out: Path, language: str, workers: int) -> dict[str, object]:
    """All figures of a release for all its quarters, with what every page says of it."""
    release = _opened(folder)
    figures = {key: one for made in _each(partial(entries, folder, out, language), workers)
               for key, one in made.items()}
    with speaking(language):
        previews(figures, [one for one, _ in choices(release)] or [""], out)
        meta = View(release, "").meta
        shown = {"id": release.id, "state": meta["state"], "covers": span(meta["period_start"], meta["period_end"]),
                 "published": day(meta["published_on"])}
        return {"shown": shown, "choices": choices(release), "figures": figures,
                "files": sorted(release.checksums.items()), "tables": tables(release), "known": asdict(known(release)),
                "explore": catalogue(release)}


def _each(make: "partial[dict[str, Entry]]", workers: int) -> list[dict[str, Entry]]:
    """What `make` gives for every figure, in their order; by several processes where more than one is wanted."""
    if workers < 2:
        return [make(one) for one in FIGURES]
    # A forked process has the libraries loaded already. That is safe on Linux, and before anything has been drawn here.
    how = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    with ProcessPoolExecutor(workers, how) as pool:
        return list(pool.map(make, FIGURES))


def main(folder: Path, out: Path, language: str = DEFAULT, workers: int = 1) -> None:
    """Build into a hidden folder beside `out`, then let it appear at once."""
    out.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=STAGING, dir=out.parent))
    made = contents(folder, staging, language, workers)
    (staging / "shelf.json").write_text(json.dumps(made, ensure_ascii=False), "utf-8")
    if language == DEFAULT:  # they are the same in every language
        for name in (*_opened(folder).checksums, SUMS):
            (staging / FILES / name).parent.mkdir(parents=True, exist_ok=True)
            pack(staging / FILES / name, (folder / name).read_bytes())
    seal(staging)
    if not out.exists():
        os.replace(staging, out)  # noqa: PTH105


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], min(os.cpu_count() or 1, WORKERS))
