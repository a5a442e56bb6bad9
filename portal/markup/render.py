"""Figures and parts of pages as HTML, from one set of templates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import nh3
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from portal.language import n, number, spoken, t
from portal.outline import PAGES, Page
from portal.settings import ROOT, setting

if TYPE_CHECKING:  # the server never builds a figure: it must not load what draws them
    from portal.figures.figure import Figure, Short, Text

HERE = Path(__file__).parent
LOOK = HERE / "look.css"


@dataclass(frozen=True)
class Picture:
    """One drawing of a figure: its address and its size in pixels."""

    address: str
    width: int
    height: int


@dataclass(frozen=True)
class Shown:
    """What every page says of the release it shows."""

    id: str
    state: str
    covers: str
    published: str


@cache
def _templates() -> Environment:
    made = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True)
    made.globals.update(t=t, n=n, spoken=spoken, decimal=number)
    return made


def figure(one: "Figure", pictures: Mapping[str, Picture]) -> str:
    """A figure's card."""
    return _templates().get_template("figure.html.jinja").render(figure=one, pictures=pictures)


def part(name: str, *values: object) -> Markup:
    """One of the macros of parts.html.jinja, such as `part("banner", release)`."""
    module = _templates().get_template("parts.html.jinja").module
    return Markup(getattr(module, name)(*values))  # noqa: S704  # a template's own output, already escaped


def head(title: str, lead: str) -> str:
    """The page's question and its answer, which is ready HTML."""
    return part("head", title, Markup(lead))  # noqa: S704  # made by answer()


def answer(said: "Text") -> str:
    """A sentence with its numbers marked up."""
    return part("answer", said)


def short(one: "Short") -> str:
    """One of the large numbers."""
    return part("short", one)


def numbers(shorts: Sequence[str]) -> str:
    """The large numbers of the Overview, each made by short()."""
    return f'<dl class="numbers">{"".join(shorts)}</dl>'


def foot(prefix: str, query: str, other: tuple[str, str], release: Shown | None) -> str:
    """The footer's columns; `query` is the visitor's choice, `other` the address and name of the other edition."""
    return part("foot", PAGES, prefix, query, other, release, setting("feedback"))


def title(one: Page, release: Shown | None) -> str:
    """A page's name in the browser's tab."""
    if release and release.state == "illustrative":
        return t("{page}: Somerville Co-Response Pilot (made-up numbers)", page=t(one.title))
    return t("{page}: Somerville Co-Response Pilot", page=t(one.title))


def page(one: Page, body: str, query: str, release: Shown | None) -> str:
    """A whole page of the plain edition."""
    return _templates().get_template("page.html.jinja").render(
        page=one, pages=PAGES, title=title(one, release), body=Markup(body), query=query,  # noqa: S704  # rendered parts
        release=release, feedback=setting("feedback"))


@cache
def words(key: str) -> str:
    """A long text of content/en as clean HTML. Raises OSError where it is not there: a test walks all pages."""
    source = (ROOT / "content" / "en" / f"{key}.md").read_text("utf-8")
    return f'<div class="long">{nh3.clean(MarkdownIt().enable("table").render(source), link_rel=None)}</div>'


def help_box() -> str:
    """Whom to call, in the order of the fact ledger; on every page."""
    return part("help")
