"""`python -m portal withdrawn URL RELEASE`: asks a running site whether anything of a withdrawn release still answers.

It asks as any visitor does, so it also sees what a proxy or CDN still has. docs/operating.md has the whole procedure.
"""

import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import product
from urllib.parse import quote, urljoin, urlsplit

from portal.errors import OptionWrong, SiteAway
from portal.language import LANGUAGES
from portal.navigation import PAGES
from portal.render.documents import FORMS

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
LISTS = ("/api/v1/", "/api/v1/releases", "/data.json", "/feed.atom", "/calendar.ics", "/sitemap.xml")
OF_RELEASE = ("/api/v1/releases/{}", "/api/v1/releases/{}/measures", "/api/v1/releases/{}/cells",
              "/download/{}/SHA256SUMS")
FIGURE = re.compile(r"/api/v1/figures/([a-z0-9_.]+)")
SUM = re.compile(r"^[0-9a-f]{64} [ *](\S+)$", re.MULTILINE)
MOST = 20_000  # URLs; a release has some hundreds
TRIES, PAUSE = 5, 3.0  # for an answer that asks to come back (429, 503), and seconds between them
ANSWERS = range(200, 300)


@dataclass
class Search:
    """A search of one site for one release. `asked`: every URL, with what it answered."""

    site: str
    release: str
    also: frozenset[str] = frozenset()
    languages: Sequence[str] = tuple(LANGUAGES)
    asked: dict[str, bool] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)

    def wait(self, seconds: float) -> None:
        """Give the site so long to let go of the release. Raises SiteAway."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.get(OF_RELEASE[-1].format(quote(self.release)))[0] in ANSWERS:
            time.sleep(1.0)  # noqa: TID251  # servers look every two seconds

    def run(self) -> list[str]:
        """Every URL at which something of the release still answers, in order. Raises SiteAway."""
        self.waiting = [*self.beginnings(), *sorted(self.also)]
        while self.waiting and len(self.asked) < MOST:
            url = self.waiting.pop(0)
            if url not in self.asked:
                self.asked[url] = self.answers(url)
        return sorted(url for url, answers in self.asked.items() if answers)

    def beginnings(self) -> Iterator[str]:
        """The URLs at which a release could be found; what they name is asked, too."""
        name = quote(self.release)
        yield from LISTS
        yield from (path.format(name) for path in OF_RELEASE)
        for page, language in product(PAGES, self.languages):
            yield f"/plain/{page.slug}?release={name}&lang={language}"
            yield f"/{page.slug}?release={name}&lang={language}"
        yield from (f"{path}?release={name}" for path in FORMS.values())

    def answers(self, url: str) -> bool:
        """Whether a URL answers with the release; notes what else to ask."""
        status, text = self.get(url)
        for figure in FIGURE.findall(text) if url in LISTS else ():
            self.waiting.append(f"/api/v1/figures/{figure}?release={quote(self.release)}")
        if status not in ANSWERS:
            return False
        if url.endswith("/SHA256SUMS"):
            self.waiting += [f"/download/{quote(self.release)}/{quote(file)}" for file in SUM.findall(text)]
        self.waiting += self.named(text)
        return self.names_release(urlsplit(url).path) or self.names_release(text)

    def names_release(self, text: str) -> bool:
        """Whether a text or a path leads to the release, or says that it is of it."""
        name = re.escape(self.release)
        return re.search(rf'/{name}(?=[/"?&#]|$)|release={name}\b|"release": ?"{name}"|-{name}-[a-zA-Z-]+\.(pdf|html)',
                         text) is not None

    def named(self, text: str) -> list[str]:
        """The URLs of the release's files and pictures that a page or a list names."""
        found = re.findall(rf'(/(?:figure|download)/{re.escape(self.release)}/[^"\'\s<>&,)]+)', text)
        return list(dict.fromkeys(found))

    def get(self, url: str) -> tuple[int, str]:
        """Status and text of a URL, with the name of the file that it offers. Raises SiteAway."""
        for _ in range(TRIES):
            status, text = self.ask(url)
            if status not in {429, 503}:
                break
            time.sleep(PAUSE)  # noqa: TID251  # the site itself asks to wait
        return status, text

    def ask(self, url: str) -> tuple[int, str]:
        """As `get`, once."""
        try:
            with urllib.request.urlopen(urljoin(self.site, url), timeout=60) as answer:  # noqa: S310  # http or https
                offered = answer.headers.get("Content-Disposition", "")
                return answer.status, offered + answer.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as refused:
            return refused.code, ""
        except (OSError, HTTPException) as error:
            raise SiteAway(self.site, type(error).__name__) from error


def withdrawn(site: str, release: str, also: str = "", languages: Sequence[str] = tuple(LANGUAGES),
              within: float = 0) -> tuple[list[str], int]:
    """The URLs of a site at which a release still answers, and how many were asked. `also`: URLs to ask as
    well, a line each (what the command printed before the take-down); `languages`: of the pages; `within`: how many
    seconds the site has to let go of the release. Raises OptionWrong, SiteAway.
    """
    if urlsplit(site).scheme not in {"http", "https"} or not urlsplit(site).hostname:
        raise OptionWrong(f"{site!r} is no URL of a site.", "It begins with http:// or https://.")
    if not ID.fullmatch(release):
        raise OptionWrong(f"{release!r} is no name of a release.", "Give it as its folder is called.")
    known = frozenset(line for line in also.splitlines() if line.startswith("/"))
    search = Search(site, release, known, languages)
    search.wait(within)
    return search.run(), len(search.asked)
