"""Renders one release in one language, part by part, the most needed first. It runs in child processes of the builder:
the server never loads the libraries that draw charts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from altair.utils.schemapi import debug_mode

from portal.builder.child_process import during
from portal.builder.drawer import Drawer
from portal.builder.index import DOWNLOADS, EXPLORE, PICTURES, SUMMARY
from portal.builder.precompress import precompress
from portal.builder.previews import png_name, with_previews, write_png
from portal.builder.rendered_parts import FILES, file_sums, part_names, read_part, write_part
from portal.figures import FIGURES, build, choices
from portal.figures.explore import catalogue
from portal.figures.figure import Figure
from portal.figures.view import View
from portal.language import day, override_language, span, spoken, whole
from portal.navigation import size_of
from portal.release.periods import START
from portal.release.store import SUMS, Release
from portal.render import markup
from portal.render.citation import citation
from portal.render.commitments import known
from portal.render.downloads import tables
from portal.render.record import record
from portal.render.rendered import Picture, ReleaseFacts, RenderedFigure

markup.compile_templates("figure", "macros", "parts", "languages")  # once, for all processes that are forked from here


@dataclass(frozen=True)
class RenderedPart:
    """One part that was rendered: its name and its file."""

    part: str
    file: str


def render(copy: Path, folder: Path, charts: Path, language: str, have: Mapping[str, str], newest: bool = True
           ) -> Iterator[RenderedPart]:
    """Render the missing parts of a release into `folder` (`have`: the parts that exist): the summary for every page,
    the data for Explore, the default period, the other periods, pictures to take along, and in English the compressed
    downloads. `newest`: whether there is such a picture of every figure since the start.
    """
    release, parts = Release(copy), dict(have)
    folder.mkdir(parents=True, exist_ok=True)
    with override_language(language), debug_mode(False):  # tests hold every chart to Vega-Lite's schema
        drawer = Drawer(f"/figure/{release.id}/{language}", folder, charts)
        for part in part_names([period for period, _ in choices(release)], language):
            if part not in parts:
                with during(f"part {part}" if part else "all periods"):
                    content = {"part": part, "files": {}} | _content(part, release, drawer, newest, parts)
                    parts[part] = write_part(folder, part or "all", content)
                yield RenderedPart(part, parts[part])


def _content(part: str, release: Release, drawer: Drawer, newest: bool, parts: Mapping[str, str]) -> dict[str, object]:
    if part == SUMMARY:
        return _summary(release)
    if part == EXPLORE:
        return {"explore": catalogue(release)}
    if part == PICTURES:
        return {"files": _pictures(release, drawer.out, parts.get(START, ""))}
    if part == DOWNLOADS:
        return {"files": _downloads(release, drawer.out)}
    return _period(release, part, drawer, portable=newest and part == START)


def _summary(release: Release) -> dict[str, object]:
    """The facts about a release that every page shows, in the current language."""
    meta = View(release, "").meta
    facts = ReleaseFacts(release.id, meta["state"], span(meta["period_start"], meta["period_end"]),
                         day(meta["published_on"]))
    files = [(name, digest, (release.folder / name).stat().st_size / 1000)
             for name, digest in sorted(release.checksums.items())]
    return {"facts": asdict(facts), "language": spoken(), "periods": choices(release), "sums": files,
            "tables": tables(release), "known": asdict(known(release))}


def _downloads(release: Release, out: Path) -> dict[str, str]:
    """The release's own files with their compressed forms; the same in every language."""
    for name in (*release.checksums, SUMS):
        (out / FILES / name).parent.mkdir(parents=True, exist_ok=True)
        precompress(out / FILES / name, (release.folder / name).read_bytes())
    return file_sums(out, [path.relative_to(out).as_posix() for path in (out / FILES).rglob("*") if path.is_file()])


def _pictures(release: Release, out: Path, since_the_start: str) -> dict[str, str]:
    """The PNGs that the cards of all since the start link to. `since_the_start`: the file of that part, or ""."""
    state = View(release, "").meta["state"]
    rows = read_part(out, since_the_start)["figures"].values() if since_the_start else ()
    names = [(row["png"].rpartition("/")[2], row) for row in rows if row["png"]]
    for name, row in names:
        write_png(name, row["record"], row["picture"].rpartition("/")[2], state, out)
    return file_sums(out, [name for name, _ in names])


def _period(release: Release, period: str, drawer: Drawer, *, portable: bool) -> dict[str, object]:
    """Every figure for one period, with the names and hashes of the files it needs; `portable`: each links to a PNG."""
    meta = View(release, "").meta
    used: set[str] = set()
    figures = {name: _rendered(release, name, period, meta["published_on"], drawer, used, portable) for name in FIGURES}
    figures = with_previews(figures, meta["state"], drawer.out)
    for figure in figures.values():
        urls = (figure.narrow, figure.preview.url if figure.preview else "")
        used |= {form for url in urls if url for form in drawer.forms(url)}
    return {"figures": {name: asdict(figure) for name, figure in figures.items()},
            "files": file_sums(drawer.out, list(used))}


def _rendered(release: Release, name: str, period: str, published_on: str, drawer: Drawer, used: set[str],
              portable: bool) -> RenderedFigure:
    """One figure; in English, and marked so, where a message in it is not translated. Adds its drawings' files to
    `used`.
    """
    def rendered_figure() -> RenderedFigure:
        figure = build(release, name, period)
        pictures = drawer.figure(figure)
        used.update(form for picture in pictures.values() for form in drawer.forms(picture.url))
        return _figure(figure, pictures, published_on, period, drawer.prefix if portable else "")
    with during(f"figure {name}"):
        rendered, language = whole(rendered_figure)
    return rendered if language == spoken() else markup.in_english(rendered)


def _figure(figure: Figure, pictures: dict[str, Picture], published_on: str, period: str, prefix: str
            ) -> RenderedFigure:
    """A built figure as the pages need it. `prefix`: the path of the URL of its PNG, or "" where it has none."""
    cite, words = citation(figure, published_on, period), record(figure)
    url = pictures["light-wide"].url if pictures else ""
    drawing, state = url.rpartition("/")[2], figure.provenance.state
    png = f"{prefix}/{png_name(words, drawing, state)}" if prefix else ""
    return RenderedFigure(
        figure.title, markup.figure(figure, pictures, cite, size_of(figure.id), png), markup.answer(figure.answer),
        markup.answer(figure.sub), figure.answer.plain,
        markup.tile(figure.short) if figure.short else "", cite.sentence, cite.url,
        url, pictures["light-narrow"].url if pictures else "",
        words, figure.shown, png)
