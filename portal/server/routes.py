"""Everything the server answers beside Streamlit: plain pages, pictures, downloads, health."""

import re

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from portal.builder.rendered_release import FILES, place
from portal.language import DEFAULT, LANGUAGES, PSEUDO, later, t
from portal.navigation import page_of
from portal.page import Page
from portal.release.description import describe
from portal.release.store import Release
from portal.release.verify import SUMS
from portal.render.markup import FIRST, LOOK, READER
from portal.server.figure_page import alone
from portal.server.metrics import metrics
from portal.server.plain_presenter import nothing_here, plain
from portal.server.response_cache import Pages, again
from portal.server.responses import CORS, FOREVER, NOT_INDEXED, WITHDRAWABLE, respond
from portal.server.selection import select
from portal.server.snapshot import now, watch
from portal.server.static_files import packed
from portal.settings import ROOT

NOT_HERE = later("There is nothing at this address. The pages are at /plain/, the files at /plain/data.")
FONTS, FONT = ROOT / "portal" / "fonts", re.compile(r"[a-z0-9.-]+\.woff2")
PAGES = Pages(plain)
PICTURE = re.compile(r"[0-9a-f]{20}\.(svg|png)")


async def plain_page(request: Request) -> Response:
    """A page of the plain edition, at /plain/ or /plain/<slug>."""
    page = page_of(request.path_params.get("slug", ""))
    return await plain_answer(page, request) if page else await run_in_threadpool(lost, request)


def to_plain(request: Request) -> Response:
    """`/plain` without its slash: the way to the plain edition's first page, under whatever path the site is served."""
    return RedirectResponse(f"plain/?{request.url.query}".rstrip("?"), 308)


async def plain_answer(page: Page, request: Request) -> Response:
    """A page of the outline, from memory where it was asked for before."""
    return respond(request, await PAGES.get(page, request), headers={"Vary": "Accept-Encoding, Accept-Language"})


def lost(request: Request) -> Response:
    """The answer at an address that has no page."""
    selection = select(request.query_params, request.headers.get("accept-language", ""))
    return HTMLResponse(nothing_here(selection), 404, {"Cache-Control": "no-cache", "Vary": "Accept-Language"})


def picture(request: Request) -> Response:
    """A drawing: its address holds a hash of its content, but its release may be withdrawn."""
    release, language, name = (request.path_params[one] for one in ("release", "language", "name"))
    copy = now().copies.get(release)
    if copy is None or language not in (*LANGUAGES, PSEUDO) or not PICTURE.fullmatch(name):
        return PlainTextResponse(t(NOT_HERE), 404)
    drawing = packed(place(copy, watch().cached, language) / name)
    return again(request, drawing, cache=WITHDRAWABLE) if drawing else PlainTextResponse(t(NOT_HERE), 404)


def download(request: Request) -> Response:
    """A file of a release: only what its SHA256SUMS names, which is looked up and never used as a path unchecked. It
    was compressed when the release was drawn; one of an older release, that is not drawn yet, goes out as it is, and so
    does a part of a file, for whom the download broke off.
    """
    release, name = request.path_params["release"], request.path_params["file"]
    copy = now().copies.get(release)
    if copy is None or name not in {*Release(copy).checksums, SUMS}:
        return PlainTextResponse(t(NOT_HERE), 404)
    named = f"{release}-{name.replace('/', '-')}"
    part = "range" in request.headers  # is cut out of the file itself
    headers = {"Content-Disposition": f'attachment; filename="{named}"', **CORS,
               **(NOT_INDEXED if describe(copy).made_up else {})}
    if not part and (ready := packed(place(copy, watch().cached, DEFAULT) / FILES / name)):
        return respond(request, ready, cache=WITHDRAWABLE, headers=headers)
    return FileResponse(copy / name, headers={**headers, "Cache-Control": WITHDRAWABLE})


def look(_: Request) -> Response:
    """The stylesheet."""
    return FileResponse(LOOK, media_type="text/css", headers={"Cache-Control": "public, max-age=3600"})


def font(request: Request) -> Response:
    """A typeface: its name holds its version, so it never changes."""
    name = request.path_params["name"]
    if not FONT.fullmatch(name) or not (FONTS / name).is_file():
        return PlainTextResponse(t(NOT_HERE), 404)
    return FileResponse(FONTS / name, media_type="font/woff2", headers={"Cache-Control": FOREVER})


def first(_: Request) -> Response:
    """The script that takes the first paint away when Streamlit has drawn the page."""
    return FileResponse(FIRST, media_type="text/javascript", headers={"Cache-Control": "public, max-age=3600"})


def reader(_: Request) -> Response:
    """The script that tells who reads by ear what Streamlit changed."""
    return FileResponse(READER, media_type="text/javascript", headers={"Cache-Control": "public, max-age=3600"})


def alive(_: Request) -> Response:
    """The process answers."""
    return PlainTextResponse("alive")


def ready(_: Request) -> Response:
    """200 when a verified release is drawn and shown, or none is published; 503 with the reason until then."""
    here = now()
    shown = f"ready: release {here.shelf.shown.id}" if here.shelf else "ready: nothing is published yet"
    if not here.refused:
        return PlainTextResponse(f"{shown}; being drawn: {here.coming}" if here.coming else shown)
    if here.shelf:
        return PlainTextResponse(f"{shown}; refused: {here.refused}")
    return PlainTextResponse(f"not ready: {here.refused}", 503)


ROUTES = [
    Route("/plain", to_plain),
    Route("/plain/", plain_page),
    Route("/plain/figure/{figure}", alone),
    Route("/plain/{slug:path}", plain_page),
    Route("/figure/{release}/{language}/{name}", picture),
    Route("/download/{release}/{file:path}", download),
    Route("/site.css", look),
    Route("/fonts/{name}", font),
    Route("/takeover.js", first),
    Route("/announcer.js", reader),
    Route("/healthz", alive),
    Route("/readyz", ready),
    Route("/metrics", metrics),
]
