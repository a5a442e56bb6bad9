"""Addresses of the brief: as PDF, as a page, as screens, and as one file for a room without a network."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from portal.brief import page
from portal.brief.document import Options, brief, options
from portal.brief.pdf import pdf
from portal.brief.screens import projector
from portal.language import DEFAULT, speaking, t
from portal.release.description import ILLUSTRATIVE
from portal.render.documents import FORMS
from portal.render.rendered import RenderedRelease, Selection
from portal.server.cached_responses import cached, selection_of
from portal.server.limited_work import Busy, LimitedWork
from portal.server.responses import FRESH, NOT_INDEXED, Body, body, respond
from portal.server.selection import language_named
from portal.server.site_address import addressed, site_of
from portal.server.state import snapshot_of, state_of

HTML = "text/html; charset=utf-8"
PATIENCE = 2.0  # seconds
RETRY_AFTER = "3"  # seconds: a PDF takes one


def _sections(parameters: QueryParams) -> list[str]:
    """The sections that an address names: each by itself (as the boxes of a form do), or several with commas."""
    return [section for value in parameters.getlist("sections") for section in value.split(",")]


def query(selection: Selection, chosen: Options) -> str:
    """The choice as the end of an address: what goes without saying is left out."""
    usual = options({}, [])
    pairs = [pair for pair in selection.chosen if pair[0] != "period"]
    pairs += [("sections", ",".join(chosen.sections))] if chosen.sections != usual.sections else []
    pairs += [("large", "1")] if chosen.large else []
    return f"?{urlencode(pairs, safe=',')}" if pairs else ""


class Form(NamedTuple):
    """One form of the brief: its media type, how it is made, and the end of its file's name ("": it has none)."""

    media_type: str
    make: Callable[[Selection, RenderedRelease, Options], bytes]
    ending: str = ""


def _pdf(selection: Selection, release: RenderedRelease, chosen: Options) -> bytes:
    return pdf(brief(selection, release, chosen))


def _page(selection: Selection, release: RenderedRelease, chosen: Options) -> bytes:
    names = {"pdf": t("PDF"), "screens": t("For the projector"), "offline": t("For a room without a network")}
    links = [(FORMS[form] + query(selection, chosen), name) for form, name in names.items()]
    return page.page(brief(selection, release, chosen), links).encode()


def _screens(selection: Selection, release: RenderedRelease, _: Options) -> bytes:
    return projector(selection, release).encode()


def _offline(selection: Selection, release: RenderedRelease, _: Options) -> bytes:
    return projector(selection, release, alone=True).encode()


class Made(NamedTuple):
    """A brief that is ready to be sent, with its headers."""

    body: Body
    headers: dict[str, str]


def _made(form: Form, request: Request) -> Made | str:
    """The brief that an address asks for; a sentence where there is none."""
    selection, parameters = selection_of(request), request.query_params
    release, chosen = selection.release, options(parameters, _sections(parameters))
    with speaking(selection.language):
        if release is None:
            return t("No numbers are published yet, so there is no brief.")
        content = form.make(selection, release, chosen)
    if form.media_type == HTML:
        content = addressed(content.decode(), site_of(request)).encode()
    name = f"somerville-co-response-{release.facts.id}-{selection.language}{form.ending}"
    disposition = "attachment" if form.ending == ".html" else "inline"
    headers = {"Content-Disposition": f'{disposition}; filename="{name}"'} if form.ending else {}
    headers |= NOT_INDEXED if release.facts.state == ILLUSTRATIVE else {}
    return Made(body(content, form.media_type, compress=form.ending != ".pdf"), headers)


BRIEFS: LimitedWork[Made | str] = LimitedWork()


def endpoint(form: Form) -> Callable[[Request], Awaitable[Response]]:
    """The route of one form. A brief takes processor time: while too many are being made, a visitor waits for two
    seconds and is then asked to come back, which a browser does by itself. Waiting costs nothing, and whoever floods
    the server can't do it faster than that.
    """
    async def get(request: Request) -> Made | str:
        address = request.client.host if request.client else ""
        key = form, request.url.query, id(snapshot_of(request)), site_of(request)
        return await BRIEFS.get(key, address, lambda: _made(form, request))

    async def answer(request: Request) -> Response:
        try:
            made = await get(request)
        except Busy:
            await asyncio.sleep(PATIENCE)
            try:
                made = await get(request)
            except Busy:
                return _busy(request)
        if isinstance(made, str):
            return PlainTextResponse(made, 404, {"Cache-Control": FRESH})
        return cached(request, made.body, headers=made.headers)

    return answer


def _busy(request: Request) -> Response:
    """That a brief has to wait."""
    with speaking(language_named(request.query_params.get("lang", "")) or DEFAULT):
        sentence = t("Other briefs are being made. Please try again in a few seconds.")
    return PlainTextResponse(sentence, 503, {"Cache-Control": "no-store", "Retry-After": RETRY_AFTER,
                                             "Refresh": RETRY_AFTER})


def document(request: Request) -> Response:
    """Where the form of choices leads: the address of the chosen form, with nothing in it that goes without saying."""
    selection = selection_of(request)
    chosen = options(request.query_params, _sections(request.query_params))
    form = FORMS.get(request.query_params.get("as", ""), FORMS["page"])
    return RedirectResponse(state_of(request).settings.path + form + query(selection, chosen), 303)


def style(request: Request) -> Response:
    """The style of page and screens."""
    style = addressed(page.style(), site_of(request))
    return respond(request, body(style.encode(), "text/css; charset=utf-8"))


def script(request: Request) -> Response:
    """The keys of the projector."""
    return respond(request, body(page.SCRIPT.read_bytes(), "text/javascript; charset=utf-8"))


MEETING = [
    Route(FORMS["pdf"], endpoint(Form("application/pdf", _pdf, ".pdf"))),
    Route(FORMS["page"], endpoint(Form(HTML, _page))),
    Route(FORMS["screens"], endpoint(Form(HTML, _screens))),
    Route(FORMS["offline"], endpoint(Form(HTML, _offline, ".html"))),
    Route("/brief-document", document), Route("/meeting.css", style), Route("/meeting.js", script),
]
