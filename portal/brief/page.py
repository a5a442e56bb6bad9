"""The brief as a page, and what every page of this room needs: typefaces, style and script, linked or inside it."""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from portal.brief.document import Brief
from portal.palette import PALETTE
from portal.settings import ROOT

TEMPLATES = Path(__file__).parent / "templates"
STYLE, SCRIPT = TEMPLATES / "meeting.css", TEMPLATES / "meeting.js"
FACES = {"Source Sans 3": "source-sans-3-*.woff2", "Noto Sans Devanagari": "noto-sans-devanagari-*.woff2"}
FONTS = ROOT / "portal" / "fonts"
ROLES = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')  # of a drawing's parts: the picture as a whole has one text


@dataclass(frozen=True)
class Inlined:
    """Style and script inside a file that needs nothing else."""

    style: Markup
    script: Markup


def drawing(svg: str, alt: str) -> Markup:
    """A drawing inside the page, so that the page's own typeface writes its words: one picture with one text."""
    if not svg:
        return Markup()
    _, _, inside = svg.partition(">")
    size = re.search(r'viewBox="[^"]*"', svg)
    tag = f'<svg role="img" aria-label="{escape(alt)}" {size[0] if size else ""} xmlns="http://www.w3.org/2000/svg">'
    return Markup(tag + ROLES.sub("", inside))  # noqa: S704  # drawn by the builder; the text is escaped


templates = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
                        trim_blocks=True, lstrip_blocks=True)
templates.globals.update(drawing=drawing)


def _face(family: str, pattern: str, *, alone: bool) -> str:
    """The rule for one of our typefaces: its file inside the style itself (`alone`), or by its URL."""
    file = next(iter(sorted(FONTS.glob(pattern))))
    data = f"data:font/woff2;base64,{base64.b64encode(file.read_bytes()).decode()}"
    url = data if alone else f"/fonts/{file.name}"
    return (f'@font-face {{ font-family: "{family}"; font-weight: 200 900; font-display: swap;'
            f' src: url("{url}") format("woff2"); }}')


def _dark_drawings() -> str:
    """Rules that turn the colours of the projector's drawings, which are drawn light, into those of the dark theme."""
    rules = "\n".join(f'.projector svg [{paint}="{light}"] {{ {paint}: {dark}; }}'
                      for light, dark in PALETTE.values() for paint in ("fill", "stroke"))
    return f"@media screen and (prefers-color-scheme: dark) {{\n{rules}\n}}"


def style() -> str:
    """The text of /meeting.css."""
    faces = [_face(family, pattern, alone=False) for family, pattern in FACES.items()]
    return "\n".join([*faces, STYLE.read_text("utf-8"), _dark_drawings()])


def inlined(language: str) -> Inlined:
    """Typefaces, style and script as text; Devanagari only where it is written."""
    faces = [_face(family, pattern, alone=True) for family, pattern in FACES.items()
             if language == "ne" or "Devanagari" not in family]
    text = "\n".join([*faces, STYLE.read_text("utf-8"), _dark_drawings()])
    return Inlined(Markup(text), Markup(SCRIPT.read_text("utf-8")))  # noqa: S704  # our own files


def page(brief: Brief, links: Sequence[tuple[str, str]] = (), *, alone: bool = False) -> str:
    """The brief as a page. `links`: its other forms, each a URL and its words; `alone`: a file that needs nothing
    else.
    """
    title = f"{brief.title} ({brief.words['made_up_data']})" if brief.made_up else brief.title
    return templates.get_template("brief.html.jinja").render(
        brief=brief, language=brief.language, title=title, links=links,
        inlined=inlined(brief.language) if alone else None)
