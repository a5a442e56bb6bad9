"""Long texts and lists of content/ as HTML: cited, linked within the edition that shows them."""

import re
from dataclasses import dataclass
from functools import cache

import nh3
from markdown_it import MarkdownIt

from portal.language import DEFAULT, speaking, spoken
from portal.render.facts import cited
from portal.render.markup import marked
from portal.settings import ROOT

LINK = re.compile(r'href="page:([a-z]*)(#[a-z0-9.-]+)?"')
SCHEMES = {"http", "https", "mailto", "tel", "page"}


@dataclass(frozen=True)
class Here:
    """Where links within the site lead: the edition's own prefix ("/plain" or ""), and the visitor's choice."""

    prefix: str
    query: str

    def link(self, slug: str, anchor: str = "") -> str:
        """The address of a page in this edition, such as `/plain/program?lang=es#glossary`."""
        return f"{self.prefix}/{slug}{self.query}{anchor}"


@cache
def _clean(key: str, language: str) -> str:
    """A long text of content/<language> as clean HTML; "" where it is not translated. Raises OSError where it is not
    there in English: a test walks all pages.
    """
    file = ROOT / "content" / language / f"{key}.md"
    if language != DEFAULT and not file.is_file():
        return ""
    source = file.read_text("utf-8")
    return nh3.clean(MarkdownIt().enable("table").render(source), link_rel=None, url_schemes=SCHEMES)


def linked(html: str, here: Here) -> str:
    """HTML with its `page:` links made addresses of this edition."""
    return LINK.sub(lambda found: f'href="{here.link(found[1], found[2] or "")}"', html)


def words(key: str, here: Here) -> str:
    """A long text in the language in force, its facts cited; else in English, marked, with a word about it."""
    language = spoken() if _clean(key, spoken()) else DEFAULT
    with speaking(language):
        text = linked(cited(_clean(key, language)), here)
    whole = f'<div class="long text-{key.replace("/", "-")}">{text}</div>'
    return whole if language == spoken() else marked(whole)
