"""Addresses of the brief: as PDF, as a page, as screens, and as one file for a room without a network."""

from collections.abc import Callable
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from portal.brief import projector
from portal.brief.document import Brief, Options, brief, options
from portal.brief.pdf import pdf
from portal.language import speaking, t
from portal.release.description import ILLUSTRATIVE
from portal.render.documents import FORMS
from portal.render.rendered import Selection
from portal.server.responses import FRESH, NOT_INDEXED, body, respond
from portal.server.selection import select

HTML = "text/html; charset=utf-8"
Make = Callable[[Brief, Selection, Options], bytes]


def _sections(request: Request) -> list[str]:
    """Sections may be named one by one (a form's boxes) or with commas."""
    return [one for value in request.query_params.getlist("sections") for one in value.split(",")]


def query(selection: Selection, chosen: Options) -> str:
    """The choice as the end of an address: what goes without saying is left out."""
    usual = options({}, [])
    pairs = [pair for pair in selection.chosen if pair[0] != "period"]
    pairs += [("sections", ",".join(chosen.sections))] if chosen.sections != usual.sections else []
    pairs += [("large", "1")] if chosen.large else []
    return f"?{urlencode(pairs, safe=',')}" if pairs else ""


def _answer(request: Request, media_type: str, make: Make, name: str = "") -> Response:
    selection = select(request.query_params, request.headers.get("accept-language", ""))
    with speaking(selection.language):
        if selection.shelf is None:
            said = t("No numbers are published yet, so there is no brief.")
            return PlainTextResponse(said, 404, {"Cache-Control": FRESH})
        chosen = options(request.query_params, _sections(request))
        made = brief(selection, selection.shelf, chosen)
        content = make(made, selection, chosen)
        file = f"somerville-co-response-{selection.shelf.shown.id}-{selection.language}{name}"
    how = "attachment" if name == ".html" else "inline"
    headers = {"Content-Disposition": f'{how}; filename="{file}"'} if name else {}
    headers |= NOT_INDEXED if selection.shelf.shown.state == ILLUSTRATIVE else {}
    return respond(request, body(content, media_type, compress=name != ".pdf"), headers=headers)


def as_pdf(request: Request) -> Response:
    """The brief as PDF/UA-1."""
    return _answer(request, "application/pdf", lambda made, *_: pdf(made), ".pdf")


def as_page(request: Request) -> Response:
    """The brief as a page, with links to its other forms."""
    def make(made: Brief, selection: Selection, chosen: Options) -> bytes:
        said = {"pdf": t("PDF"), "screens": t("For the projector"), "offline": t("For a room without a network")}
        doors = [(FORMS[form] + query(selection, chosen), words) for form, words in said.items()]
        return projector.page(made, doors).encode()
    return _answer(request, HTML, make)


def as_screens(request: Request) -> Response:
    """The brief as screens for a projector."""
    return _answer(request, HTML, lambda made, *_: projector.projector(made).encode())


def offline(request: Request) -> Response:
    """The screens as one file that needs nothing else."""
    return _answer(request, HTML, lambda made, *_: projector.projector(made, alone=True).encode(), ".html")


def document(request: Request) -> Response:
    """Where the form of choices leads: the address of the chosen form, with nothing in it that goes without saying."""
    selection = select(request.query_params, request.headers.get("accept-language", ""))
    chosen = options(request.query_params, _sections(request))
    form = FORMS.get(request.query_params.get("as", ""), FORMS["page"])
    return RedirectResponse(form + query(selection, chosen), 303)


def style(request: Request) -> Response:
    """The style of page and screens."""
    return respond(request, body(projector.style().encode(), "text/css; charset=utf-8"))


def script(request: Request) -> Response:
    """The keys of the projector."""
    return respond(request, body(projector.SCRIPT.read_bytes(), "text/javascript; charset=utf-8"))


MEETING = [
    Route(FORMS["pdf"], as_pdf), Route(FORMS["page"], as_page), Route(FORMS["screens"], as_screens),
    Route(FORMS["offline"], offline), Route("/brief-document", document), Route("/meeting.css", style),
    Route("/meeting.js", script),
]
