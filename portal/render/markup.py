"""Figures and parts of pages as HTML, from one set of templates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from portal.language import DEFAULT, LANGUAGES, day, n, number, reviewed, speaking, spoken, t, whole
from portal.navigation import PAGES
from portal.page import Page
from portal.render.facts import contacts
from portal.render.feedback import feedback
from portal.render.rendered import Picture, ReleaseFacts, RenderedFigure, Selection

if TYPE_CHECKING:  # the server never builds a figure: it must not load what draws them
    from portal.figures.figure import Figure, Short, Text
    from portal.render.citation import Citation
    from portal.render.forms import Pairs

HERE = Path(__file__).parent
LOOK = HERE / "site.css"
FIRST = HERE / "takeover.js"
READER = HERE / "announcer.js"


@dataclass(frozen=True)
class Streamlit:
    """What Streamlit's own index.html loads, as markup: its scripts, which wait, and its styles."""

    scripts: Markup
    styles: Markup


@cache
def _templates() -> Environment:
    made = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True)
    made.globals.update(t=t, n=n, spoken=spoken, decimal=number, day=day)
    return made


def figure(one: "Figure", pictures: Mapping[str, Picture], cite: "Citation") -> str:
    """A figure's card."""
    return _templates().get_template("figure.html.jinja").render(figure=one, pictures=pictures, cite=cite)


def part(name: str, *values: object, template: str = "parts") -> Markup:
    """One of the macros of parts.html.jinja, such as `part("banner", release)`; in English, marked, where a message of
    it is not translated.
    """
    module = _templates().get_template(f"{template}.html.jinja").module
    made, language = whole(lambda: Markup(getattr(module, name)(*values)))  # noqa: S704  # a template's own output
    return made if language == spoken() or name == "in_english" else marked(made)


def marked(markup: str) -> Markup:
    """English markup on a page in another language: its language for screen readers, and a word about it."""
    return part("in_english", Markup(markup), template="languages")  # noqa: S704  # a template's own output


def in_english(figure: RenderedFigure) -> RenderedFigure:
    """What is kept of a figure (markup.build), made in English, for a page in another language."""
    answer = f'<span lang="{DEFAULT}">{figure.answer}</span>'
    short = figure.short.replace("<div>", f'<div lang="{DEFAULT}">', 1)
    return replace(figure, html=marked(figure.html), answer=answer, short=short)


def languages(selection: Selection, form: "Pairs" = ()) -> Markup:
    """Links to the same page in the other languages, the browser's one among them offered in its own words; and, until
    somebody has reviewed it, that this one is a draft. `form`: the choices that the address names, and the links keep.
    """
    links = [(code, name, selection.in_language(code, form)) for code, name in LANGUAGES.items()]
    made = part("languages", links, template="languages") if len(links) > 1 else Markup()
    if selection.offered:
        with speaking(selection.offered):
            sentence = t("This page is also in English.")
        query = selection.in_language(selection.offered, form)
        made += part("offer", selection.offered, query, sentence, template="languages")
    return made if reviewed() else made + part("draft", template="languages")


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


def foot(one: Page, prefix: str, selection: Selection, other: tuple[str, str]) -> str:
    """The footer's columns; `other`: the address and name of the other edition."""
    release = selection.release.facts if selection.release else None
    return part("foot", PAGES, prefix, selection.query, other, release, tell(one, selection), contacts())


def tell(one: Page, selection: Selection) -> dict[str, str]:
    """The addresses behind "is something wrong?" and "was this useful?" of one page; "" where none is configured."""
    release = selection.release.facts.id if selection.release else ""
    return {about: feedback(selection.feedback, one.slug, release, about)
            for about in ("problem", "useful", "not-useful")}


def title(one: Page, selection: Selection) -> str:
    """A page's name in the browser's tab: the page, what was chosen, the site."""
    page = ", ".join(part for part in (t(one.name), selection.words) if part)
    if selection.release and selection.release.facts.state == "illustrative":
        return t("{page}: Somerville Co-Response Pilot (made-up numbers)", page=page)
    return t("{page}: Somerville Co-Response Pilot", page=page)


def page(one: Page, body: str, selection: Selection, head: str = "", form: "Pairs" = ()) -> str:
    """A whole page of the plain edition. `head`: what meta() made; `form`: what the address names of its form."""
    other = (f"/{one.slug}{selection.with_form(form)}", t("The interactive site"))
    return _whole("page.html.jinja", one, body, selection, head, form, prefix="/plain", other=other)


def first(one: Page, body: str, selection: Selection, head: str, form: "Pairs", streamlit: Streamlit) -> str:
    """The same page as what is read until Streamlit has drawn it."""
    other = (f"/plain/{one.slug}{selection.with_form(form)}", t("Plain page, without script"))
    return _whole("first.html.jinja", one, body, selection, head, form, prefix="", other=other, streamlit=streamlit,
                  look=Markup(LOOK.read_text("utf-8")))  # noqa: S704  # our own file


def _whole(template: str, one: Page, body: str, selection: Selection, head: str, form: "Pairs", **values: object
           ) -> str:
    release = selection.release.facts if selection.release else None
    return _templates().get_template(template).render(
        page=one, pages=PAGES, title=title(one, selection), body=Markup(body), head=Markup(head),  # noqa: S704  # rendered
        query=selection.query, release=release, tell=tell(one, selection), contacts=contacts(),
        languages=languages(selection, form), **values)


def alone(figure: RenderedFigure, release: ReleaseFacts, notices: Sequence[str], page: str) -> str:
    """A figure by itself: what is kept of it, what is to be said of its release, and the page it stands on."""
    newer = Markup("").join(part("notice", one) for one in notices)
    made_up = t("Made-up numbers.") + " " if release.state == "illustrative" else ""
    return _templates().get_template("alone.html.jinja").render(
        title=figure.title, answer=made_up + figure.alt, address=figure.address, release=release, newer=newer,
        base=figure.address.partition("/plain/")[0], picture=figure.preview,
        figure=Markup(figure.html), page=page)  # noqa: S704  # made by figure()


def meta(about: object) -> str:
    """What search engines and link previews read of a page (editions.head.About)."""
    return _templates().get_template("meta.html.jinja").render(about=about)


def block(name: str, *values: object) -> Markup:
    """One of the macros of content.html.jinja: lists and forms made from data."""
    return part(name, *values, template="content")


def help_box() -> str:
    """Whom to call, in the order of the fact ledger; on every page."""
    return part("help", list(contacts().values())[:4])
