"""The long texts of content/ as HTML, with their citations, and with links within the edition that shows them."""

import re
from dataclasses import dataclass

import nh3
from markdown_it import MarkdownIt

from portal.language import DEFAULT, override_language, spoken
from portal.page import slug
from portal.render.facts import cited
from portal.render.markup import marked
from portal.settings import ROOT
from portal.shipped import shipped
from portal.texts import heading_keys

HEADING = re.compile("<(h[23])>")
FOLDED = frozenset({"program/questions", "program/steps"})  # texts whose headings of the third level are to be unfolded
ANCHOR = re.compile(r"\{#[^}]*\}")  # a name that a text gives to a heading
QUESTION = re.compile(r'<h3 id="([^"]*)">(.*?)</h3>\s*(.*?)(?=<h[23] |\Z)', re.DOTALL)
LINK = re.compile(r'href="page:([a-z]*)(#[a-z0-9.-]+)?"')
SCHEMES = {"http", "https", "mailto", "tel", "page"}


@dataclass(frozen=True)
class Edition:
    """An edition of the site, for links within it: its prefix ("/plain" or ""), and the visitor's choice as a query."""

    prefix: str
    query: str

    def link(self, slug: str, anchor: str = "") -> str:
        """The URL of a page in this edition, such as `/plain/program?lang=es#glossary`."""
        return f"{self.prefix}/{slug}{self.query}{anchor}"


@shipped
def _clean(key: str, language: str) -> str:
    """A long text of content/<language> as sanitized HTML; "" where it is not translated. Raises OSError where there is
    no English text: a test renders every page.
    """
    file = ROOT / "content" / language / f"{key}.md"
    if language != DEFAULT and not file.is_file():
        return ""
    source = file.read_text("utf-8")
    html = nh3.clean(MarkdownIt().enable("table").render(source), link_rel=None, url_schemes=SCHEMES)
    html = _with_ids(html, tuple(map(slug, heading_keys(key))))
    return QUESTION.sub(_fold, html) if key in FOLDED else html


def _fold(question: re.Match[str]) -> str:
    """A question with its answer folded. A browser unfolds it for a link that leads inside: so its ids stand there."""
    names = "".join(ANCHOR.findall(question[2]))
    return (f'<details><summary>{ANCHOR.sub("", question[2]).strip()}</summary>'
            f'<span class="anchor" id="{question[1]}"></span>{names}{question[3].strip()}</details>')


def _with_ids(html: str, ids: tuple[str, ...]) -> str:
    """A text whose headings have ids, the same in every language: what is asked leads there."""
    left = iter(ids)
    return HEADING.sub(lambda found: f'<{found[1]} id="{next(left)}">', html)


def linked(html: str, edition: Edition) -> str:
    """HTML with its `page:` links replaced by URLs within this edition."""
    return LINK.sub(lambda found: f'href="{edition.link(found[1], found[2] or "")}"', html)


def _language(key: str) -> str:
    """The language in force; English where a text is not translated."""
    return spoken() if _clean(key, spoken()) else DEFAULT


def _cited(key: str, edition: Edition, language: str) -> str:
    with override_language(language):
        return linked(cited(_clean(key, language)), edition)


def paragraph(key: str, edition: Edition) -> str:
    """A text of one paragraph with its citations, without the paragraph's own tags."""
    language = _language(key)
    text = _cited(key, edition, language).strip().removeprefix("<p>").removesuffix("</p>")
    return text if language == spoken() else f'<span lang="{DEFAULT}">{text}</span>'


def words(key: str, edition: Edition) -> str:
    """A long text with its citations in the language in force; not translated: in English, and marked as English."""
    language = _language(key)
    text = _cited(key, edition, language)
    whole = f'<div class="long text-{key.replace("/", "-")}">{text}</div>'
    return whole if language == spoken() else marked(whole)
