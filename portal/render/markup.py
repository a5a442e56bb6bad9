"""Figures and parts of pages as HTML, from one set of templates."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from portal.contract.contract import MEASURES
from portal.language import DEFAULT, LANGUAGES, day, locale, n, number, override_language, reviewed, spoken, t, whole
from portal.navigation import PAGES, page_of_figure
from portal.page import Page, Size
from portal.render.facts import contacts
from portal.render.feedback import feedback
from portal.render.pilot_status import pilot_status
from portal.render.rendered import SITE, Pairs, Picture, ReleaseFacts, RenderedFigure, Selection, language_pair
from portal.texts import shortened

if TYPE_CHECKING:  # the server never builds a figure: it must not load what draws them
    from portal.figures.figure import Figure, RichText, Short
    from portal.render.citation import Citation

HERE = Path(__file__).parent
SITE_CSS = HERE / "site.css"
SITE_CSS_URL = f"/site.css?{hashlib.sha256(SITE_CSS.read_bytes()).hexdigest()[:12]}"  # changes with its content
TAKEOVER_JS = HERE / "takeover.js"
ANNOUNCER_JS = HERE / "announcer.js"


@dataclass(frozen=True)
class Streamlit:
    """What Streamlit's own index.html loads, as markup: its scripts, which wait, and its styles."""

    scripts: Markup
    styles: Markup


NO_BREAK = "\u00a0"
HOUR = re.compile(r"\d (?:[ap]m\b|[ap]\. m\.)")
MORE_HOURS = "service.more_hours"  # a figure of no table of its own that Explore has choices for


def unbroken_hours(words: str) -> str:
    """Words in which no line ends between an hour and what says which half of the day it is in."""
    return HOUR.sub(lambda hour: hour[0].replace(" ", NO_BREAK), words)


TEMPLATES = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
                        trim_blocks=True, lstrip_blocks=True, auto_reload=False)
TEMPLATES.filters["unbroken_hours"] = unbroken_hours
TEMPLATES.globals.update(t=t, n=n, spoken=spoken, decimal=number, day=day, pilot_status=pilot_status)


def compile_templates(*names: str) -> None:
    """Compile templates before they are used, so that forked processes share them: a tenth of a second for figures."""
    for name in names:
        TEMPLATES.get_template(f"{name}.html.jinja")


def figure(figure: "Figure", pictures: Mapping[str, Picture], cite: "Citation", size: Size = "standard",
           png: str = "") -> str:
    """A figure's card, in the size that its page gives it; `png`: the URL of its picture to take along, or ""."""
    picture = pictures["light-wide"].url if pictures else ""
    frame = f"{SITE}/embed/{figure.id}{cite.query}"
    return TEMPLATES.get_template("figure.html.jinja").render(
        figure=figure, pictures=pictures, cite=cite, size_of_card=size, picture=picture, frame=frame, png=png,
        explored=explored(figure.id))


def explored(figure_id: str) -> str:
    """The measure that Explore shows for a figure: its own, or the first of those whose numbers its card holds; "" for
    none.
    """
    card = page_of_figure(figure_id).card(figure_id)
    ids = (figure_id, *(card.holds if card and card.id == figure_id else ()))
    return next((id_ for id_ in ids if id_ == MORE_HOURS or (
        id_ in MEASURES and MEASURES[id_].kind not in ("release", "derived"))), "")


def part(name: str, *values: object, template: str = "parts") -> Markup:
    """What a macro of a template renders, such as `part("banner", release)`. Where one of its messages is not
    translated, all of it is in English and marked so.
    """
    module = TEMPLATES.get_template(f"{template}.html.jinja").module
    html, language = whole(lambda: Markup(getattr(module, name)(*values)))  # noqa: S704  # a template's own output
    return html if language == spoken() or name == "in_english" else marked(html)


def marked(markup: str) -> Markup:
    """English markup on a page in another language: marked for screen readers, with a sentence that says so."""
    return part("in_english", Markup(markup), template="languages")  # noqa: S704  # a template's own output


def in_english(figure: RenderedFigure) -> RenderedFigure:
    """A figure rendered in English, marked as English, for a page in another language."""
    answer = f'<span lang="{DEFAULT}">{figure.answer}</span>'
    sub = f'<span lang="{DEFAULT}">{figure.sub}</span>'
    short = f'<span lang="{DEFAULT}">{figure.short}</span>' if figure.short else ""
    return replace(figure, html=marked(figure.html), answer=answer, sub=sub, short=short)


def languages(selection: Selection, form: "Pairs" = ()) -> Markup:
    """Links to the same page in the other languages; an offer, in its own words, of the language the browser asks for;
    and a notice that the translation is a draft until somebody has reviewed it. `form`: a form's values for the links.
    """
    links = [(code, name, selection.in_language(code, form)) for code, name in LANGUAGES.items()]
    html = part("language_links", links, template="languages") if len(links) > 1 else Markup()
    if selection.offered:
        with override_language(selection.offered):
            sentence = t("This page is also in English.")
        query = selection.in_language(selection.offered, form)
        html += part("language_offer", selection.offered, query, sentence, template="languages")
    return html if reviewed() else html + part("draft_notice", template="languages")


def head(title: str, lead: str = "", status: str = "", below: str = "", *, with_help: bool = False) -> str:
    """A page's question, its answer, the one line on what is newest, what stands below them, and on some pages whom to
    call: all but the question are ready HTML.
    """
    called = list(contacts().values())[:4] if with_help else []
    return part("page_heading", title, *map(Markup, (lead, status, below)), called)  # rendered by other parts


def answer(text: "RichText") -> str:
    """A sentence with its numbers marked up."""
    return part("answer", text)


def tile(short: "Short") -> str:
    """The inside of a tile: a figure's number, large, below its question."""
    return part("tile", short)


def tiles(shorts: Sequence[tuple[str, str]]) -> str:
    """Tiles, each the URL of a figure and what tile() rendered."""
    return part("tiles", [(url, Markup(short)) for url, short in shorts])  # noqa: S704


def foot(page: Page, prefix: str, selection: Selection, other: tuple[str, str]) -> str:
    """The footer's columns; `other`: the URL and name of the other edition."""
    release = selection.release.facts if selection.release else None
    return part("footer", PAGES, prefix, selection.query, other, release, tell(page, selection), contacts())


def tell(page: Page, selection: Selection) -> dict[str, str]:
    """A page's feedback links by what they say: problem, useful, not-useful; "" where none is configured."""
    release = selection.release.facts.id if selection.release else ""
    return {about: feedback(selection.feedback, page.slug, release, about)
            for about in ("problem", "useful", "not-useful")}


def title(page: Page, selection: Selection) -> str:
    """The title for the browser's tab: the page, the selection, the site."""
    name = ", ".join(part for part in (t(page.name), selection.words) if part)
    if selection.release and selection.release.facts.state == "illustrative":
        return t("{page}: Somerville Co-Response Pilot (made-up numbers)", page=name)
    return t("{page}: Somerville Co-Response Pilot", page=name)


def page(page: Page, body: str, selection: Selection, head: str = "", form: "Pairs" = ()) -> str:
    """A whole page of the plain edition. `head`: rendered by meta(); `form`: the values of its form in the query."""
    other = (f"/{page.slug}{selection.with_form(form)}", t("The interactive site"))
    return _whole("page.html.jinja", page, body, selection, head, form, prefix="/plain", other=other)


def first(page: Page, body: str, selection: Selection, head: str, form: "Pairs", streamlit: Streamlit) -> str:
    """The first paint: the same page, shown until Streamlit has drawn it."""
    other = (f"/plain/{page.slug}{selection.with_form(form)}", t("Plain page, without script"))
    return _whole("first.html.jinja", page, body, selection, head, form, prefix="", other=other, streamlit=streamlit,
                  css=Markup(SITE_CSS.read_text("utf-8")), css_url=SITE_CSS_URL)  # noqa: S704  # our own file


def ask_page(page: Page, body: str, selection: Selection, prefix: str, form: "Pairs", *, urgent: bool) -> str:
    """The answers to a question, in an edition; `form` holds the question for the links to other languages, `urgent`
    says that help comes first. Search engines are told to leave it out.
    """
    other = (f"/{selection.query}", t("The interactive site")) if prefix else (
        f"/plain/{selection.query}", t("Plain page, without script"))
    head = '<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer">'
    return _whole("page.html.jinja", page, body, selection, head, form, prefix=prefix, other=other, ask="",
                  urgent=urgent)


def ask_field(prefix: str, selection: Selection, question: str = "", *, small: bool = False) -> Markup:
    """The field for a question, with links of the edition that has this prefix. `small`: in the masthead."""
    language = urlencode(language_pair(selection.language))
    return part("ask_field", "ask-small" if small else "ask", prefix, language and f"?{language}", question, small,
                template="ask")


def masthead_ask(page: Page, prefix: str, selection: Selection) -> Markup:
    """The small field in the masthead of a page that has none of its own."""
    return Markup() if page.asks else ask_field(prefix, selection, small=True)


def _whole(template: str, page: Page, body: str, selection: Selection, head: str, form: "Pairs", **values: object
           ) -> str:
    release = selection.release.facts if selection.release else None
    return TEMPLATES.get_template(template).render(
        page=page, pages=PAGES, title=title(page, selection), body=Markup(body), head=Markup(head),  # noqa: S704  # rendered
        query=selection.query, release=release, tell=tell(page, selection), contacts=contacts(),
        languages=languages(selection, form),
        help_line=help_line(page, str(values["prefix"]), selection.query),
        **{"ask": masthead_ask(page, str(values["prefix"]), selection), "urgent": False} | values)


def alone(figure: RenderedFigure, release: ReleaseFacts, notices: Sequence[str], page: str) -> str:
    """A figure by itself, with the notices about its release and a link to the page it is on."""
    newer = Markup("").join(part("notice", sentence) for sentence in notices)
    png = figure.png or (figure.preview.url if figure.preview else "")
    made_up = t("Made-up numbers.") + " " if release.state == "illustrative" else ""
    return TEMPLATES.get_template("alone.html.jinja").render(
        title=figure.title, answer=made_up + figure.alt, locale=str(locale()), url=figure.url,
        release=release, newer=newer, base=figure.url.partition("/plain/")[0], png=png,
        figure=Markup(figure.html), page=page)  # noqa: S704  # made by figure()


def embed(figure: RenderedFigure, release: ReleaseFacts, notices: Sequence[str], page: str) -> str:
    """A figure for somebody else's frame: its finding with the drawing, or without one the first sentences of its
    answer, and a link to the page it is on.
    """
    return TEMPLATES.get_template("embed.html.jinja").render(
        figure=figure, answer=shortened(figure.alt), release=release, newer=notices, page=page, picture=figure.narrow)


def meta(about: object) -> str:
    """What search engines and link previews read of a page (portal.server.page_metadata.About)."""
    return TEMPLATES.get_template("meta.html.jinja").render(about=about)


def block(name: str, *values: object) -> Markup:
    """What a macro of content.html.jinja renders: a list or form made from data."""
    return part(name, *values, template="content")


def help_box() -> str:
    """Whom to call, in the order of the fact ledger."""
    return part("help_box", list(contacts().values())[:4])


def help_line(page: Page, prefix: str, query: str) -> str:
    """Whom to call, in one line; "" on a page whose heading has the whole box beside it."""
    return "" if page.help else part("help_line", list(contacts().values())[:3], f"{prefix}/program{query}#help")
