"""URLs of the brief: as PDF, as a page, as screens, and as one file for a room without a network."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from portal.brief import page
from portal.brief.document import BriefOptions, brief, options
from portal.brief.pdf import pdf
from portal.brief.screens import projector
from portal.contract.contract import ILLUSTRATIVE
from portal.language import DEFAULT, override_language, t
from portal.render.documents import FORMS
from portal.render.rendered import RenderedRelease, Selection
from portal.server.cached_responses import cached, selection_of
from portal.server.limited_work import Busy, LimitedWork
from portal.server.responses import FRESH, NOT_INDEXED, Body, body, respond
from portal.server.selection import language_named
from portal.server.site_url import site_of, with_site_url
from portal.server.state import snapshot_of, state_of

HTML = "text/html; charset=utf-8"
PATIENCE = 2.0  # seconds
RETRY_AFTER = "3"  # seconds: a PDF takes one


def _sections(parameters: QueryParams) -> list[str]:
    """The sections that a URL names: each by itself (as the boxes of a form do), or several with commas."""
    return [section for value in parameters.getlist("sections") for section in value.split(",")]


def query(selection: Selection, chosen: BriefOptions) -> str:
    """The choice as the query of a URL: what is the default is left out."""
    default = options({}, [])
    pairs = [pair for pair in selection.chosen if pair[0] != "period"]
    pairs += [("sections", ",".join(chosen.sections))] if chosen.sections != default.sections else []
    pairs += [("large", "1")] if chosen.large else []
    return f"?{urlencode(pairs, safe=',')}" if pairs else ""


class BriefFormat(NamedTuple):
    """One form of the brief: its media type, what renders it, and the suffix of its file's name ("": it has none)."""

    media_type: str
    render: Callable[[Selection, RenderedRelease, BriefOptions], bytes]
    suffix: str = ""


def _pdf(selection: Selection, release: RenderedRelease, chosen: BriefOptions) -> bytes:
    return pdf(brief(selection, release, chosen))


def _page(selection: Selection, release: RenderedRelease, chosen: BriefOptions) -> bytes:
    names = {"pdf": t("PDF"), "screens": t("For the projector"), "offline": t("For a room without a network")}
    links = [(FORMS[form] + query(selection, chosen), name) for form, name in names.items()]
    return page.page(brief(selection, release, chosen), links).encode()


def _screens(selection: Selection, release: RenderedRelease, _: BriefOptions) -> bytes:
    return projector(selection, release).encode()


def _offline(selection: Selection, release: RenderedRelease, _: BriefOptions) -> bytes:
    return projector(selection, release, alone=True).encode()


class RenderedBrief(NamedTuple):
    """A brief that is ready to be sent, with its headers."""

    body: Body
    headers: dict[str, str]


def _rendered(form: BriefFormat, request: Request) -> RenderedBrief | str:
    """The brief that a URL asks for; a sentence where there is none."""
    selection, parameters = selection_of(request), request.query_params
    release, chosen = selection.release, options(parameters, _sections(parameters))
    with override_language(selection.language):
        if release is None:
            return t("No numbers are published yet, so there is no brief.")
        content = form.render(selection, release, chosen)
    if form.media_type == HTML:
        content = with_site_url(content.decode(), site_of(request)).encode()
    name = f"somerville-co-response-{release.facts.id}-{selection.language}{form.suffix}"
    disposition = "attachment" if form.suffix == ".html" else "inline"
    headers = {"Content-Disposition": f'{disposition}; filename="{name}"'} if form.suffix else {}
    headers |= NOT_INDEXED if release.facts.state == ILLUSTRATIVE else {}
    return RenderedBrief(body(content, form.media_type, compress=form.suffix != ".pdf"), headers)


BRIEFS: LimitedWork[RenderedBrief | str] = LimitedWork()


def endpoint(form: BriefFormat) -> Callable[[Request], Awaitable[Response]]:
    """The route of one form. A brief takes processor time: while too many are being rendered, a visitor waits for two
    seconds and is then asked to come back, which a browser does by itself. Waiting costs nothing, and whoever floods
    the server can't do it faster than that.
    """
    async def rendered(request: Request) -> RenderedBrief | str:
        ip = request.client.host if request.client else ""
        key = form, request.url.query, id(snapshot_of(request)), site_of(request)
        return await BRIEFS.get(key, ip, lambda: _rendered(form, request))

    async def respond_to(request: Request) -> Response:
        try:
            answer = await rendered(request)
        except Busy:
            await asyncio.sleep(PATIENCE)
            try:
                answer = await rendered(request)
            except Busy:
                return _busy(request)
        if isinstance(answer, str):
            return PlainTextResponse(answer, 404, {"Cache-Control": FRESH})
        return cached(request, answer.body, headers=answer.headers)

    return respond_to


def _busy(request: Request) -> Response:
    """The answer while too many briefs are being rendered."""
    with override_language(language_named(request.query_params.get("lang", "")) or DEFAULT):
        sentence = t("Other briefs are being made. Please try again in a few seconds.")
    return PlainTextResponse(sentence, 503, {"Cache-Control": "no-store", "Retry-After": RETRY_AFTER,
                                             "Refresh": RETRY_AFTER})


def document(request: Request) -> Response:
    """Redirects the form of choices to the URL of the chosen document, with no default named in it."""
    selection = selection_of(request)
    chosen = options(request.query_params, _sections(request.query_params))
    form = FORMS.get(request.query_params.get("as", ""), FORMS["page"])
    return RedirectResponse(state_of(request).settings.path + form + query(selection, chosen), 303)


def style(request: Request) -> Response:
    """The style of page and screens."""
    css = with_site_url(page.style(), site_of(request))
    return respond(request, body(css.encode(), "text/css; charset=utf-8"))


def script(request: Request) -> Response:
    """The keys of the projector."""
    return respond(request, body(page.SCRIPT.read_bytes(), "text/javascript; charset=utf-8"))


MEETING = [
    Route(FORMS["pdf"], endpoint(BriefFormat("application/pdf", _pdf, ".pdf"))),
    Route(FORMS["page"], endpoint(BriefFormat(HTML, _page))),
    Route(FORMS["screens"], endpoint(BriefFormat(HTML, _screens))),
    Route(FORMS["offline"], endpoint(BriefFormat(HTML, _offline, ".html"))),
    Route("/brief-document", document), Route("/meeting.css", style), Route("/meeting.js", script),
]
