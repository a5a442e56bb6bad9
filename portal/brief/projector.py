"""The brief as a page, the projector's screens, and the copy of them that needs no network."""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from portal.brief.document import Brief, Item
from portal.language import t
from portal.settings import ROOT

TEMPLATES = Path(__file__).parent / "templates"
STYLE, SCRIPT = TEMPLATES / "meeting.css", TEMPLATES / "meeting.js"
FACES = {"Source Sans 3": "source-sans-3-*.woff2", "Noto Sans Devanagari": "noto-sans-devanagari-*.woff2"}
FONTS = ROOT / "portal" / "fonts"
MARKED = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')  # of the marks: the picture as a whole has one text


@dataclass(frozen=True)
class Screen:
    """One screen of the projector."""

    heading: str
    number: str = ""
    lines: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    drawing: str = ""
    alt: str = ""
    shape: str = "wide"
    lang: str = ""  # where it is not that of the brief


@dataclass(frozen=True)
class Inlined:
    """What a file carries with it when it is to need nothing else."""

    style: Markup
    script: Markup


def drawing(svg: str, said: str) -> Markup:
    """A drawing inside the page, so that the page's own typeface writes its words: one picture with one text."""
    if not svg:
        return Markup()
    _, _, inside = svg.partition(">")
    size = re.search(r'viewBox="[^"]*"', svg)
    named = f'<svg role="img" aria-label="{escape(said)}" {size[0] if size else ""} xmlns="http://www.w3.org/2000/svg">'
    return Markup(named + MARKED.sub("", inside))  # noqa: S704  # drawn by markup.build; the text is escaped


@cache
def _templates() -> Environment:
    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
                       lstrip_blocks=True)
    made.globals.update(drawing=drawing)
    return made


def _face(family: str, pattern: str, *, alone: bool) -> str:
    """A typeface of ours: in the text itself, or by its address."""
    file = next(iter(sorted(FONTS.glob(pattern))))
    inside = f"data:font/woff2;base64,{base64.b64encode(file.read_bytes()).decode()}"
    address = inside if alone else f"/fonts/{file.name}"
    return (f'@font-face {{ font-family: "{family}"; font-weight: 200 900; font-display: swap;'
            f' src: url("{address}") format("woff2"); }}')


@cache
def style() -> str:
    """What /meeting.css is."""
    faces = [_face(family, pattern, alone=False) for family, pattern in FACES.items()]
    return "\n".join([*faces, STYLE.read_text("utf-8")])


@cache
def inlined(language: str) -> Inlined:
    """Typefaces, style and script as text; Devanagari only where it is written."""
    faces = [_face(family, pattern, alone=True) for family, pattern in FACES.items()
             if language == "ne" or "Devanagari" not in family]
    return Inlined(Markup("\n".join([*faces, STYLE.read_text("utf-8")])),  # noqa: S704  # our own files
                   Markup(SCRIPT.read_text("utf-8")))  # noqa: S704


def page(made: Brief, doors: Sequence[tuple[str, str]] = (), *, alone: bool = False) -> str:
    """The brief as a page. `doors`: links to its other forms; `alone`: a file that needs nothing else."""
    return _templates().get_template("brief.html.jinja").render(
        brief=made, title=_title(made), doors=doors, inlined=inlined(made.language) if alone else None)


def projector(made: Brief, *, alone: bool = False) -> str:
    """The brief as screens, one figure each."""
    words = {"place": t("{page} of {pages}", page="{page}", pages="{pages}"), "next": t("Next screen"),
             "back": t("Screen before"), "again": t("First screen"), "screens": t("Screen")}
    return _templates().get_template("projector.html.jinja").render(
        brief=made, title=_title(made), screens=screens(made), words=words,
        inlined=inlined(made.language) if alone else None)


def _title(made: Brief) -> str:
    return f"{made.title} ({made.words['made_up_data']})" if made.made_up else made.title


def screens(made: Brief) -> list[Screen]:
    """What stands on each screen, in order."""
    said = (made.period, made.release, made.made_up, made.draft, made.late)
    found = [Screen(made.title, lines=tuple(message for message in said if message))]
    found += [Screen(answer.question, answer.number, (answer.text,), (), answer.drawing,
                     answer.sentence, lang=answer.lang) for answer in made.answers]
    found += [Screen(one.question, lines=(one.sentence,), drawing=one.drawing, alt=one.sentence, shape="tall",
                     lang=one.lang) for one in made.changed]
    found += [Screen(made.headings[name], items=items)
              for name, items in (("promises", made.promises), ("unknown", made.unknown)) if items]
    found += [Screen(definition.word, lines=definition.text, lang=definition.lang) for definition in made.definitions]
    if made.method:
        found.append(Screen(made.words["method"], lines=made.method))
    return [*found, Screen(made.help)]
