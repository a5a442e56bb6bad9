"""A file of the site as a file of the static edition: every link relative, every list of choices a list of links."""

import html
import re
from collections.abc import Callable
from urllib.parse import urlencode, urljoin

from portal.exports.static_urls import PAGE, StaticSite, anchor_of, file_of, relative
from portal.language import t

SITE = "https://static.invalid"  # the site's own URL while it is exported: each place that holds it is found
LINK = re.compile(r'\b(href|src|srcset|content)="([^"]*)"')
WHOLE = re.compile(re.escape(SITE) + r"(/[^\s\"'<>\\,)]*)?")
CSS_LINK = re.compile(r'url\("(/[^"]+)"\)')
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
SELECT = re.compile(r'<label for="[^"]*">(.*?)</label>\s*<select\b[^>]*\bname="(\w+)"[^>]*>(.*?)</select>', re.DOTALL)
OPTION = re.compile(r'<option value="([^"]*)"([^>]*)>(.*?)</option>', re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
LIVE_SITE = re.compile(r'<p><a href="/(?!plain/)[^"]*">[^<]*</a></p></div>')  # the last of its column in the footer
CURRENT = ' aria-current="true"'
DOCUMENTS = 'action="/brief-document"'
FORMAL = {"/brief.pdf": "PDF, to print or send", "/brief.html": "A page, to read or print",
          "/projector": "For the projector: one figure a screen",
          "/brief-offline.html": "One file for a room without a network"}


class StaticFile:
    """Rewrites the file for one canonical URL. `needs` is told the canonical URL of each file it links to."""

    def __init__(self, site: StaticSite, url: str, base_url: str, needs: Callable[[str], None]) -> None:
        self.site, self.url, self.base_url, self.needs = site, url, base_url, needs
        self.file = file_of(url)

    def html(self, text: str) -> str:
        """A page, in the language in force. The link to the live site is left out: it may be gone."""
        text = FORM.sub(lambda form: self._form(form[0]), LIVE_SITE.sub("</div>", text))
        return self.markup(LINK.sub(self._link, text))

    def css(self, text: str) -> str:
        """A stylesheet with its typefaces."""
        return CSS_LINK.sub(lambda found: f'url("{self.to(found[1])}")', text)

    def markup(self, text: str) -> str:
        """HTML or XML that holds whole URLs of the site: they become those of the static edition."""
        return WHOLE.sub(lambda found: html.escape(self.whole(html.unescape(found[0]))), text)

    def text(self, text: str) -> str:
        """The same for JSON, CSV and other text, in which a URL stands as it is."""
        return WHOLE.sub(lambda found: self.whole(found[0]), text)

    def to(self, url: str) -> str:
        """The relative link to a URL of the site; to the first page where the static edition has nothing there."""
        target = self._target(url)
        anchor = anchor_of(url)
        return relative(file_of(target), self.file) + (f"#{anchor}" if anchor else "")

    def whole(self, url: str) -> str:
        """The whole URL of what stands at a whole URL of the site; relative where no base is known."""
        path = url.removeprefix(SITE) or "/"
        anchor = anchor_of(path)
        if not self.base_url:
            return self.to(path)
        return f"{self.base_url}/{file_of(self._target(path)).removesuffix(PAGE)}" + (f"#{anchor}" if anchor else "")

    def _target(self, url: str) -> str:
        found = self.site.canonical(url) or "/plain/"
        self.needs(found)
        return found

    def _link(self, found: re.Match[str]) -> str:
        name, url = found[1], html.unescape(found[2])
        if url.startswith(SITE):
            return f'{name}="{html.escape(self.whole(url))}"'
        if name == "content" or not url.startswith(("/", "?")) or url.startswith("//"):
            return found[0]
        return f'{name}="{html.escape(self.to(urljoin(self.url, url)))}"'

    def _form(self, form: str) -> str:
        """A form of one list as links to each of its choices, the one for the brief as links to its forms. One of
        several fields is left out: what comes of its first choices stands below it.
        """
        lists = SELECT.findall(form)
        if DOCUMENTS in form:
            return self._documents()
        if len(lists) != 1 or "<fieldset" in form:
            return ""
        label, name, options = lists[0]
        links = "".join(
            f'<li><a href="?{html.escape(urlencode([*HIDDEN.findall(form), (name, html.unescape(value))]))}"'
            f"{CURRENT if 'selected' in attributes else ''}>{words.strip()}</a></li>"
            for value, attributes, words in OPTION.findall(options))
        return f'<nav aria-label="{html.escape(label)}"><p>{label}</p><ul class="list">{links}</ul></nav>'

    def _documents(self) -> str:
        query = self.url.partition("?")[2]
        end = html.escape(f"?{query}") if query else ""
        links = "".join(f'<li><a href="{path}{end}">{html.escape(t(words))}</a></li>'
                        for path, words in FORMAL.items())
        return f'<ul class="list">{links}</ul>'
