"""`python -m portal export OUT`: the plain edition as a folder of files, which any web server, CDN or disk can hold.

It asks the application what a browser would ask, page after page from the first, and writes down what is answered: the
same numbers, for there is no second way to render them.
"""

import asyncio
import json
import shutil
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from starlette.types import ASGIApp

from portal.errors import PortalError
from portal.exports.static_html import SITE, StaticFile
from portal.exports.static_urls import StaticSite, file_of
from portal.language import DEFAULT, LANGUAGES, override_language
from portal.release.store import SUMS
from portal.server.responses import uncompressed

MARK = ".portal-static-edition"  # by which a folder is known for one that may be replaced
FEEDS = ("/feed.atom", "/calendar.ics", "/data.json", "/sitemap.xml", "/robots.txt")
XML = ("application/atom+xml", "application/xml")
TEXT = ("application/json", "text/calendar", "text/csv", "text/plain")
Message = MutableMapping[str, Any]


class ExportRefused(PortalError):
    """The static edition can't be written as asked."""


@dataclass(frozen=True)
class Exported:
    """What was written."""

    files: int
    size: int  # bytes


def first_urls(releases: Sequence[str], figures: Sequence[str]) -> Iterator[str]:
    """Where the export begins; all else is linked from there. `releases`: their ids; `figures`: ids of figures."""
    yield from ("/plain/", *(f"/plain/?lang={code}" for code in LANGUAGES if code != DEFAULT), *FEEDS)
    yield from ("/api/v1/", "/api/v1/openapi.json", "/api/v1/releases", "/api/v1/releases.csv",
                "/api/v1/corrections", "/api/v1/corrections.csv")
    for release in (*releases, "newest"):
        url = f"/api/v1/releases/{release}"
        yield url
        yield from (f"{url}/{table}{ending}" for table in ("measures", "cells") for ending in ("", ".csv"))
    yield from (f"/download/{release}/{SUMS}" for release in releases)
    yield from (f"/api/v1/figures/{figure}{ending}" for figure in figures for ending in ("", ".csv"))


async def get(app: ASGIApp, url: str) -> tuple[int, str, bytes]:
    """Status, media type and content at a URL of the application."""
    parts = urlsplit(url)
    status, media_type, content = 0, "", bytearray()

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status, media_type
        if message["type"] == "http.response.start":
            status = message["status"]
            media_type = dict(message["headers"]).get(b"content-type", b"").decode("latin-1").partition(";")[0]
        content.extend(message.get("body", b""))

    # By 2.4 of ASGI a response needs not wait for its client to leave: nobody leaves here.
    await app({"type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1",
               "method": "GET", "scheme": "https", "path": parts.path, "raw_path": parts.path.encode(), "root_path": "",
               "query_string": parts.query.encode(), "headers": [(b"host", SITE.partition("://")[2].encode())],
               "client": None, "server": None, "state": {}, "extensions": {}}, receive, send)
    return status, media_type, bytes(content)


class StaticEdition:
    """Writes the static edition of one application into an empty folder."""

    def __init__(self, app: ASGIApp, out: Path, base_url: str = "") -> None:
        self.app, self.out, self.base_url = app, out, base_url.rstrip("/")

    async def write(self, progress: Callable[[int, int], None] = lambda *_: None) -> Exported:
        """Ask for every URL that is linked, and write each answer. Raises ExportRefused where one is not 200: the
        edition would have a broken link.
        """
        site, urls = await self._site()
        known, size = set(urls), 0
        for place, url in enumerate(urls):  # grows while it is read
            def needs(other: str) -> None:
                if other not in known:
                    known.add(other)
                    urls.append(other)
            status, media_type, content = await get(self.app, url)
            if status != 200:
                raise ExportRefused(f"The page at {url} answers {status}.",
                                    "Nothing was replaced: build the releases first (python -m portal build).")
            content = self._rewritten(StaticFile(site, url, self.base_url, needs), media_type, content)
            file = self.out / file_of(url)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            size += len(content)
            progress(place + 1, len(urls))
        return Exported(len(urls), size)

    async def _site(self) -> tuple[StaticSite, list[str]]:
        """What the releases are, as the API has it, and the URLs to begin with."""
        index = json.loads((await get(self.app, "/api/v1/"))[2])
        if "release" not in index:
            raise ExportRefused("There is nothing to export.", index["detail"])
        listed = json.loads((await get(self.app, "/api/v1/releases"))[2])["releases"]
        releases = [row["release_id"] for row in listed]
        figures = [url.rpartition("/")[2] for url in index["figures"]]
        periods = {}
        for release in releases:
            answer = await get(self.app, f"/api/v1/figures/{figures[0]}?release={release}")
            periods[release] = json.loads(answer[2]).get("period") or ""
        return StaticSite(index["release"], periods), list(first_urls(releases, figures))

    def _rewritten(self, file: StaticFile, media_type: str, content: bytes) -> bytes:
        """The content with its links; whatever holds none as it is."""
        language = dict(parse_qsl(urlsplit(file.url).query)).get("lang", DEFAULT)
        with override_language(language):
            if media_type == "text/html":
                return file.html(content.decode()).encode()
            if media_type == "text/css":
                return file.css(content.decode()).encode()
            if media_type in XML:
                return file.markup(content.decode()).encode()
            if media_type in TEXT and SITE.encode() in content:
                return file.text(content.decode()).encode()
            return content


def export(app: ASGIApp, out: Path, base_url: str = "",
           progress: Callable[[int, int], None] = lambda *_: None) -> Exported:
    """Write the static edition beside `out`, then let it take its place. Raises ExportRefused where `out` is a folder
    that holds something else, or a page can't be written.
    """
    if out.exists() and not (out / MARK).is_file() and any(out.iterdir()):
        raise ExportRefused(f"The folder {out} holds something else than a static edition.",
                            "Name a new folder, an empty one, or one that was written by this command.")
    draft = out.with_name(f".{out.name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        draft.mkdir(parents=True)
        with uncompressed():
            exported = asyncio.run(StaticEdition(app, draft, base_url).write(progress))
        (draft / MARK).write_text("python -m portal export\n", "utf-8")
        if out.exists():
            shutil.rmtree(out)
        draft.rename(out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return exported
