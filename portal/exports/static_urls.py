"""Where each URL of the site stands in the static edition: a file in a folder, and how files link to each other."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

from portal.language import DEFAULT
from portal.navigation import anchor_of_figure, page_of, page_of_figure
from portal.page import Page

PAGE = "index.html"
BRIEF = {"/brief.pdf": "brief.pdf", "/brief.html": "brief.html", "/projector": "projector.html",
         "/brief-offline.html": "brief-offline.html"}
SAME = ("/fonts/", "/figure/", "/site.css", "/meeting.css", "/meeting.js", "/feed.atom", "/calendar.ics", "/data.json",
        "/sitemap.xml", "/robots.txt",
        "/verify_release.py")
CHOICES = ("lang", "release", "period")
Chosen = Mapping[str, str]  # what a URL chooses: lang, release, period; what goes without saying is left out


@dataclass(frozen=True)
class StaticSite:
    """What the mapping needs to know of the site: its newest release, and each release's default period."""

    newest: str
    default_periods: Mapping[str, str] = field(default_factory=dict)

    def canonical(self, url: str) -> str:
        """The one URL of all that lead to the same file; empty where the static edition has none. A page stands at
        its plain URL, a figure on its page, and its workbook among those of all tables.
        """
        parts = urlsplit(url)
        path, choice = parts.path, self._choice(parts.query)
        if path.startswith(("/plain/figure/", "/embed/")):
            path = f"/plain/{page_of_figure(path.rpartition('/')[2]).slug}"
        page = page_of(path.removeprefix("/plain").strip("/"))
        if page is not None:
            return _with(f"/plain/{page.slug}", _only(choice, *_choices_of(page)))
        if path in BRIEF:
            return _with(path, _only(choice, "lang"))
        if path.startswith("/download/"):
            return _download(path, choice)
        return path if path.startswith(("/api/v1/", *SAME)) else ""

    def _choice(self, query: str) -> dict[str, str]:
        """What a query chooses, without what goes without saying."""
        chosen = {name: value for name, value in parse_qsl(query) if name in CHOICES}
        release = chosen.get("release", self.newest)
        usual = {"lang": DEFAULT, "release": self.newest, "period": self.default_periods.get(release, "")}
        return {name: chosen[name] for name in CHOICES if name in chosen and chosen[name] != usual[name]}


def _choices_of(page: Page) -> tuple[str, ...]:
    """By which choices a page has several files: one without a choice of period has one for each release."""
    if not page.numbers:
        return ("lang",)
    return CHOICES if page.choice == "period" else ("lang", "release")


def _only(choice: Chosen, *names: str) -> dict[str, str]:
    return {name: value for name, value in choice.items() if name in names}


def _with(path: str, choice: Chosen) -> str:
    return f"{path}?{urlencode(choice)}" if choice else path


def _download(path: str, choice: Chosen) -> str:
    """A file of a release as it is; a table in a language, a figure's also for a period. The one workbook of a release
    holds every table: single ones, and those of figures, would be thousands of files and most of the time.
    """
    folder, name = posixpath.split(path)
    kind = posixpath.basename(folder)
    if kind in {"figure", "table"} and name.endswith(".xlsx"):
        return _with(f"{posixpath.dirname(folder)}/table/all.xlsx", _only(choice, "lang"))
    return _with(path, _only(choice, *{"figure": ("lang", "period"), "table": ("lang",)}.get(kind, ())))


def file_of(canonical: str) -> str:
    """The file for a canonical URL: `es/calls/index.html` for `/plain/calls?lang=es`."""
    parts = urlsplit(canonical)
    path, choice = parts.path, dict(parse_qsl(parts.query))
    if path.startswith("/plain/"):
        return posixpath.join(*_folders(choice), path.removeprefix("/plain/"), PAGE)
    if path in BRIEF:
        return posixpath.join(*_folders(choice), BRIEF[path])
    if path.startswith("/api/v1/"):
        return _api(path[1:])
    folder, name = posixpath.split(path[1:])
    return posixpath.join(folder, *choice.values(), name)


def _folders(choice: Chosen) -> list[str]:
    """es/release/2027-Q2/period/2027-Q1 for a choice; one empty part where nothing is chosen."""
    return [part for name, value in choice.items() for part in ((value,) if name == "lang" else (name, value))] or [""]


def _api(path: str) -> str:
    """An answer of the API as a file: .json where its URL has no ending of its own. A figure's id holds dots."""
    if path.endswith("/"):
        return f"{path}{PAGE.replace('html', 'json')}"
    return path if path.endswith((".csv", ".json")) else f"{path}.json"


def anchor_of(url: str) -> str:
    """The part of a page that a URL names: a figure alone stands on its page."""
    parts = urlsplit(url)
    if parts.path.startswith(("/plain/figure/", "/embed/")):
        return anchor_of_figure(parts.path.rpartition("/")[2]).removeprefix("#")
    return parts.fragment


def relative(target: str, source: str) -> str:
    """The link from one file to another: `../calls/` and not `../calls/index.html`, as web servers have it."""
    link = posixpath.relpath(target, posixpath.dirname(source) or ".")
    return (link.removesuffix(PAGE) or "./") if posixpath.basename(target) == PAGE else link
