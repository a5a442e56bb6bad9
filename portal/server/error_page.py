"""What a visitor is told when something breaks: a sentence, a way on, a number. The operator has the rest."""

import html
import json

from starlette.datastructures import QueryParams
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.language import DEFAULT, speaking, t
from portal.logs import noted
from portal.server.selection import language_named
from portal.server.state import state_of

PAGE = """<!doctype html><html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{said}</title>
<link rel="stylesheet" href="/site.css"></head><body class="portal"><main class="wrap"><h1>{said}</h1>
<p><a href="/plain/?lang={language}">{way_on}</a></p><p>{crisis}</p></main></body></html>"""


def told(reference: str) -> str:
    """The sentence for a visitor, in the language in force."""
    return t("Something went wrong on our side. The number of this fault is {reference}.", reference=reference)


def page(reference: str, language: str) -> Response:
    """A page that needs nothing that could have broken: no template, no release."""
    with speaking(language):
        said, way_on = html.escape(told(reference)), html.escape(t("Go to the first page"))
        crisis = html.escape(t("In an emergency call 911. In a mental health crisis call or text 988."))
    return HTMLResponse(PAGE.format(language=language, said=said, way_on=way_on, crisis=crisis), 500)


def problem(reference: str, language: str) -> Response:
    """The same for a program (RFC 9457)."""
    with speaking(language):
        said = {"type": "about:blank", "status": 500, "title": told(reference), "reference": reference}
    return Response(json.dumps(said), 500, media_type="application/problem+json")


class Failures:
    """Stands inside Headers, around everything that could break."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a page, or with JSON below /api; a session just ends."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        started = gone = False
        metrics = state_of(HTTPConnection(scope)).metrics

        async def noticing(message: Message) -> None:
            nonlocal started, gone
            started = started or message["type"] in {"http.response.start", "websocket.close"}
            try:
                await send(message)
            except Exception:
                gone = True
                raise

        try:
            await self.app(scope, receive, noticing)
        except Exception as error:  # noqa: BLE001  # whatever it is, a visitor gets a sentence and not a traceback
            if gone or (scope["type"] == "websocket" and started):  # nobody is there any more: no fault of the portal
                metrics.add("visitors_gone")
                return
            reference = noted(error)
            metrics.add("failures")
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1011})
            if started or scope["type"] == "websocket":
                return
            language = language_named(QueryParams(scope["query_string"]).get("lang", "")) or DEFAULT
            answer = problem if scope["path"].startswith("/api/") else page
            await answer(reference, language)(scope, receive, send)
