"""The page for a visitor when something fails: a sentence with a reference number, and a link. Details are logged."""

import html
import json

from starlette.datastructures import QueryParams
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.language import DEFAULT, override_language, t
from portal.logs import noted
from portal.server.selection import language_named
from portal.server.state import state_of

PAGE = """<!doctype html><html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{sentence}</title>
<link rel="stylesheet" href="{path}/site.css"></head><body class="portal"><main class="wrap"><h1>{sentence}</h1>
<p><a href="{path}/plain/?lang={language}">{link}</a></p><p>{crisis}</p></main></body></html>"""


def fault_sentence(reference: str) -> str:
    """The sentence for a visitor, in the current language."""
    return t("Something went wrong on our side. The number of this fault is {reference}.", reference=reference)


def page(reference: str, language: str, path: str = "") -> Response:
    """An error page that needs nothing that could have failed: no template, no release. `path`: of the site."""
    with override_language(language):
        sentence, link = html.escape(fault_sentence(reference)), html.escape(t("Go to the first page"))
        crisis = html.escape(t("In an emergency call 911. In a mental health crisis call or text 988."))
    return HTMLResponse(PAGE.format(language=language, sentence=sentence, link=link, crisis=crisis, path=path), 500)


def problem(reference: str, language: str) -> Response:
    """The same as JSON for programs (RFC 9457)."""
    with override_language(language):
        answer = {"type": "about:blank", "status": 500, "title": fault_sentence(reference), "reference": reference}
    return Response(json.dumps(answer), 500, media_type="application/problem+json")


class Failures:
    """ASGI middleware around everything that can fail, inside of the security headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """On an error send a page, or JSON below /api; a websocket session is closed."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        started = gone = False
        metrics = state_of(HTTPConnection(scope)).metrics

        async def watched_send(message: Message) -> None:
            nonlocal started, gone
            started = started or message["type"] in {"http.response.start", "websocket.close"}
            try:
                await send(message)
            except Exception:
                gone = True
                raise

        try:
            await self.app(scope, receive, watched_send)
        except Exception as error:  # noqa: BLE001  # whatever it is, a visitor gets a sentence and no traceback
            if gone or (scope["type"] == "websocket" and started):  # the visitor has left: no fault of the portal
                metrics.visitors_gone.inc()
                return
            reference = noted(error)
            metrics.failures.inc()
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1011})
            if started or scope["type"] == "websocket":
                return
            language = language_named(QueryParams(scope["query_string"]).get("lang", "")) or DEFAULT
            path = state_of(HTTPConnection(scope)).settings.path
            answer = (problem(reference, language) if scope["path"].startswith("/api/")
                      else page(reference, language, path))
            await answer(scope, receive, send)
