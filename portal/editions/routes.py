"""Everything the server answers beside Streamlit: plain pages, pictures, downloads, health."""

import re

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from portal.editions.html import nothing_here, plain
from portal.language import later, t
from portal.markup.render import LOOK
from portal.markup.selection import select
from portal.markup.shelf import releases, shelf
from portal.outline import page_of
from portal.settings import ROOT

NOT_HERE = later("There is nothing at this address. The pages are at /plain/, the files at /plain/data.")
FOREVER = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
PICTURE = re.compile(r"[0-9a-f]{20}\.svg")
FONTS, FONT = ROOT / "portal" / "fonts", re.compile(r"[a-z0-9.-]+\.woff2")


def plain_page(request: Request) -> Response:
    """A page of the plain edition, at /plain/ or /plain/<slug>."""
    page = page_of(request.path_params.get("slug", ""))
    if page is None:
        return HTMLResponse(nothing_here(), 404)
    return HTMLResponse(plain(page, select(request.query_params)), headers={"Cache-Control": "no-cache"})


def picture(request: Request) -> Response:
    """A drawing: its address holds a hash of its content, so it never changes."""
    name = request.path_params["name"]
    here = shelf(request.path_params["release"]) if request.path_params["release"] in dict(releases()) else None
    if here is None or not PICTURE.fullmatch(name) or not (here.pictures / name).is_file():
        return PlainTextResponse(t(NOT_HERE), 404)
    return FileResponse(here.pictures / name, media_type="image/svg+xml", headers=FOREVER)


def download(request: Request) -> Response:
    """A file of a release: only what its SHA256SUMS names, which is looked up and never used as a path unchecked."""
    here = shelf(request.path_params["release"]) if request.path_params["release"] in dict(releases()) else None
    name = request.path_params["file"]
    if here is None or name not in {one for one, *_ in here.files} | {"SHA256SUMS"}:
        return PlainTextResponse(t(NOT_HERE), 404)
    return FileResponse(here.folder / name, filename=f"{here.shown.id}-{name.replace('/', '-')}", headers=FOREVER)


def look(_: Request) -> Response:
    """The stylesheet."""
    return FileResponse(LOOK, media_type="text/css", headers={"Cache-Control": "public, max-age=3600"})


def font(request: Request) -> Response:
    """A typeface: its name holds its version, so it never changes."""
    name = request.path_params["name"]
    if not FONT.fullmatch(name) or not (FONTS / name).is_file():
        return PlainTextResponse(NOT_HERE, 404)
    return FileResponse(FONTS / name, media_type="font/woff2", headers=FOREVER)


def alive(_: Request) -> Response:
    """The process answers."""
    return PlainTextResponse("alive")


def ready(_: Request) -> Response:
    """The live release is ready to be shown, or there is none."""
    here = shelf()
    return PlainTextResponse(f"ready: release {here.shown.id}" if here else "ready: no release can be shown")


ROUTES = [
    Route("/plain/", plain_page),
    Route("/plain/{slug:path}", plain_page),
    Route("/figure/{release}/{name}", picture),
    Route("/download/{release}/{file:path}", download),
    Route("/look.css", look),
    Route("/fonts/{name}", font),
    Route("/healthz", alive),
    Route("/readyz", ready),
]
