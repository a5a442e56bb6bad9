"""A file of the site as a file of the static edition: every link relative, every list of choices a list of links."""

import html
import re
from collections.abc import Callable
from urllib.parse import urlencode, urljoin

from portal.exports.static_addresses import PAGE, StaticSite, anchor_of, file_of, relative
from portal.language import t

SITE = "https://static.invalid"  # the site's own address while it is exported: each place that holds it is found
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
    """Rewrites the file for one canonical address. `needs` is told the canonical address of each file it links to."""

    def __init__(self, site: StaticSite, address: str, base_url: str, needs: Callable[[str], None]) -> None:
        self.site, self.address, self.base_url, self.needs = site, address, base_url, needs
        self.file = file_of(address)

    def html(self, text: str) -> str:
        """A page, in the language in force. The link to the live site is left out: it may be gone."""
        text = FORM.sub(lambda form: self._form(form[0]), LIVE_SITE.sub("</div>", text))
        return self.markup(LINK.sub(self._link, text))

    def css(self, text: str) -> str:
        """A stylesheet with its typefaces."""
        return CSS_LINK.sub(lambda found: f'url("{self.to(found[1])}")', text)

    def markup(self, text: str) -> str:
        """HTML or XML that holds whole addresses of the site: they become those of the static edition."""
        return WHOLE.sub(lambda found: html.escape(self.whole(html.unescape(found[0]))), text)

    def text(self, text: str) -> str:
        """The same for JSON, CSV and other text, in which an address stands as it is."""
        return WHOLE.sub(lambda found: self.whole(found[0]), text)

    def to(self, address: str) -> str:
        """The relative link to an address of the site; to the first page where the static edition has nothing there."""
        target = self._target(address)
        anchor = anchor_of(address)
        return relative(file_of(target), self.file) + (f"#{anchor}" if anchor else "")

    def whole(self, address: str) -> str:
        """The whole address of what stands at a whole address of the site; relative where no base is known."""
        path = address.removeprefix(SITE) or "/"
        anchor = anchor_of(path)
        if not self.base_url:
            return self.to(path)
        return f"{self.base_url}/{file_of(self._target(path)).removesuffix(PAGE)}" + (f"#{anchor}" if anchor else "")

    def _target(self, address: str) -> str:
        found = self.site.canonical(address) or "/plain/"
        self.needs(found)
        return found

    def _link(self, found: re.Match[str]) -> str:
        name, address = found[1], html.unescape(found[2])
        if address.startswith(SITE):
            return f'{name}="{html.escape(self.whole(address))}"'
        if name == "content" or not address.startswith(("/", "?")) or address.startswith("//"):
            return found[0]
        return f'{name}="{html.escape(self.to(urljoin(self.address, address)))}"'

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
        query = self.address.partition("?")[2]
        end = html.escape(f"?{query}") if query else ""
        links = "".join(f'<li><a href="{path}{end}">{html.escape(t(words))}</a></li>'
                        for path, words in FORMAL.items())
        return f'<ul class="list">{links}</ul>'
