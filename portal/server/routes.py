"""The portal's own routes beside Streamlit: plain pages, pictures, downloads, health."""

import re
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from portal.builder.index import PICTURES
from portal.builder.rendered_parts import FILES
from portal.language import DEFAULT, gettext_lazy, t
from portal.navigation import page_of
from portal.page import Page
from portal.release.description import describe
from portal.release.store import SUMS, Release
from portal.render.markup import ANNOUNCER_JS, SITE_CSS, SITE_CSS_URL, TAKEOVER_JS
from portal.render.rendered import Selection
from portal.server.ask_page import ask_page
from portal.server.cached_responses import cached, selection_of
from portal.server.figure_page import alone, embedded
from portal.server.plain_presenter import nothing_here, plain
from portal.server.responses import CORS, FOREVER, FRESH, NOT_INDEXED, WITHDRAWABLE, body, respond
from portal.server.site_url import base, site_of, with_site_url
from portal.server.state import snapshot_of, state_of
from portal.server.static_files import precompressed
from portal.settings import ROOT

CHECK = ROOT / "checks" / "verify_release.py"
NOT_HERE = gettext_lazy("There is nothing at this address. The pages are at /plain/, the files at /plain/data.")
FONTS, FONT = ROOT / "portal" / "fonts", re.compile(r"[a-z0-9.-]+\.woff2")
PICTURE = re.compile(r"[0-9a-f]{20}\.(svg|png)")
WritePage = Callable[[Page, Selection, str], str]


def page_response(request: Request, page: Page, write: WritePage) -> Response:
    """A page as written by `write` for the request's selection and the site's URL."""
    text = with_site_url(write(page, selection_of(request), base(request)), site_of(request))
    return cached(request, body(text.encode(), "text/html; charset=utf-8"),
                  headers={"Vary": "Accept-Encoding, Accept-Language"})


def plain_page(request: Request) -> Response:
    """A page of the plain edition, at /plain/ or /plain/<slug>."""
    page = page_of(request.path_params.get("slug", ""))
    return page_response(request, page, plain) if page else lost(request)


def to_plain(request: Request) -> Response:
    """Redirect `/plain` to `/plain/`, by a relative URL that holds under whatever path the site is served."""
    return RedirectResponse(f"plain/?{request.url.query}".rstrip("?"), 308)


def lost(request: Request) -> Response:
    """The page "Nothing here", with status 404."""
    return HTMLResponse(with_site_url(nothing_here(selection_of(request)), site_of(request)), 404,
                        {"Cache-Control": "no-cache", "Vary": "Accept-Language"})


def picture(request: Request) -> Response:
    """A drawing or PNG. Its name is a hash, but it is not cached for ever: its release may be withdrawn."""
    release_id, language, name = (request.path_params[part] for part in ("release", "language", "name"))
    release = snapshot_of(request).rendered.get((release_id, language))
    if release is None or not PICTURE.fullmatch(name):
        return PlainTextResponse(t(NOT_HERE), 404)
    if drawing := precompressed(release.folder / name):
        return cached(request, drawing, cache=WITHDRAWABLE)
    if name.endswith(".png") and PICTURES not in release.ready:
        words = t("This picture is being made ready. Try again in a minute.")
        return PlainTextResponse(words, 503, {"Retry-After": "60"})
    return PlainTextResponse(t(NOT_HERE), 404)


def download(request: Request) -> Response:
    """A file of a release, if its SHA256SUMS names it: a name is looked up before it is used as a path. Sent in its
    precompressed form if there is one; range requests, which continue a download, get the file itself.
    """
    release, name = request.path_params["release"], request.path_params["file"]
    copy = snapshot_of(request).copies.get(release)
    if copy is None or name not in {*Release(copy).checksums, SUMS}:
        return PlainTextResponse(t(NOT_HERE), 404)
    headers = {"Content-Disposition": f'attachment; filename="{release}-{name.replace("/", "-")}"', **CORS,
               **(NOT_INDEXED if describe(copy).made_up else {})}
    rendered = None if "range" in request.headers else snapshot_of(request).rendered.get((release, DEFAULT))
    if rendered and (prepared := precompressed(rendered.folder / FILES / name)):
        return respond(request, prepared, cache=WITHDRAWABLE, headers=headers)
    return FileResponse(copy / name, headers={**headers, "Cache-Control": WITHDRAWABLE})


def stylesheet(request: Request) -> Response:
    """The stylesheet."""
    style = with_site_url(SITE_CSS.read_text("utf-8"), site_of(request))
    asked_for = f"{request.url.path}?{request.url.query}"
    lasting = FOREVER if asked_for == SITE_CSS_URL else FRESH if request.url.query else "public, max-age=3600"
    return cached(request, body(style.encode(), "text/css; charset=utf-8"), cache=lasting)


def check_program(_: Request) -> Response:
    """The program with which anybody can check published releases: checks/verify_release.py of the repository."""
    return FileResponse(CHECK, media_type="text/x-python; charset=utf-8",
                        headers={"Content-Disposition": f'attachment; filename="{CHECK.name}"', "Cache-Control": FRESH})


def font(request: Request) -> Response:
    """A typeface: its name holds its version, so it never changes."""
    name = request.path_params["name"]
    if not FONT.fullmatch(name) or not (FONTS / name).is_file():
        return PlainTextResponse(t(NOT_HERE), 404)
    return FileResponse(FONTS / name, media_type="font/woff2", headers={"Cache-Control": FOREVER})


def first(_: Request) -> Response:
    """The script that removes the first paint when Streamlit has drawn the page."""
    return FileResponse(TAKEOVER_JS, media_type="text/javascript", headers={"Cache-Control": "public, max-age=3600"})


def reader(_: Request) -> Response:
    """The script that announces Streamlit's changes to screen readers."""
    return FileResponse(ANNOUNCER_JS, media_type="text/javascript", headers={"Cache-Control": "public, max-age=3600"})


async def alive(_: Request) -> Response:
    """Liveness: the process responds. Needs no thread."""
    return PlainTextResponse("alive")


async def ready(request: Request) -> Response:
    """Readiness: 200 when a verified release is shown, or none is published; 503 with the reason otherwise."""
    snapshot = snapshot_of(request)
    live = snapshot.live.facts.id if snapshot.live else ""
    status = f"ready: release {live}" if live else "ready: nothing is published yet"
    if not snapshot.refused:
        return PlainTextResponse(f"{status}; being prepared: {snapshot.coming}" if snapshot.coming else status)
    if live:
        return PlainTextResponse(f"{status}; refused: {snapshot.refused}")
    return PlainTextResponse(f"not ready: {snapshot.refused}", 503)


async def metrics(request: Request) -> Response:
    """The metrics for Prometheus; 404 unless PORTAL_METRICS is on."""
    state = state_of(request)
    if not state.settings.metrics:
        return PlainTextResponse("", 404)
    return PlainTextResponse(state.metrics.text(bool(snapshot_of(request).refused)),
                             media_type="text/plain; version=0.0.4")


ROUTES = [
    Route("/plain", to_plain),
    Route("/plain/", plain_page),
    Route("/plain/figure/{figure}", alone),
    Route("/embed/{figure}", embedded),
    Route("/ask", ask_page),
    Route("/plain/ask", ask_page),
    Route("/plain/{slug:path}", plain_page),
    Route("/figure/{release}/{language}/{name}", picture),
    Route("/download/{release}/{file:path}", download),
    Route("/verify_release.py", check_program),
    Route("/site.css", stylesheet),
    Route("/fonts/{name}", font),
    Route("/takeover.js", first),
    Route("/announcer.js", reader),
    Route("/healthz", alive),
    Route("/readyz", ready),
    Route("/metrics", metrics),
]
