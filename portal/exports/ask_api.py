"""/api/v1/ask: the places that answer a question, for programs. In no cache, no count and no log."""

import json

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.exports.api import (
    JSON,
    METHODS_ANSWERED,
    ROOT,
    about_release,
    checked_language,
    checked_query,
    problem,
    unless_read,
)
from portal.render.facts import contacts
from portal.search.tokens import LONGEST
from portal.server.ask_page import PRIVATE
from portal.server.asking import Answers, answers
from portal.server.figure_request import NotThere
from portal.server.responses import CORS, NOT_INDEXED
from portal.server.selection import select
from portal.server.site_url import base
from portal.server.state import snapshot_of, state_of


def answer_question(request: Request) -> Response:
    """The places that answer a question, the best first, each with its answer in the newest release."""
    if refused := unless_read(request):
        return refused
    try:
        query = checked_query(request, "q", "lang")
        checked_language(request, query, "lang")
        if "q" not in query:
            raise NotThere(400, "Ask something: /api/v1/ask?q=your question")
    except NotThere as error:
        return problem(request, error.status, str(error), PRIVATE)
    state, snapshot = state_of(request), snapshot_of(request)
    selection = select(snapshot, state.settings, {name: query[name] for name in query if name == "lang"})
    found = answers(query["q"][:LONGEST], selection, state.indexes, base(request))
    facts = snapshot.live.facts if snapshot.live else None
    about = about_release(facts.id, facts.state) if facts else dict.fromkeys(("release", "state", "notice")) | {
        "made_up": False}
    return Response(json.dumps({**about, **_record(found)}, ensure_ascii=False), media_type=JSON,
                    headers=CORS | NOT_INDEXED | PRIVATE)


def _record(found: Answers) -> dict[str, object]:
    numbers = [{"number": contact.number, "call": contact.call} for contact in list(contacts().values())[:4]]
    return {
        "language": found.language,
        "sure": found.sure,
        "found": found.found,
        "help_first": numbers if found.crisis else [],
        "results": [
            {
                "page": result.page,
                "id": result.id,
                "kind": result.kind,
                "title": result.title,
                "answer": result.answer,
                "href": result.href,
                "says": result.says,
            }
            for result in found.results
        ],
    }


ASK = Route(f"{ROOT}ask", answer_question, methods=METHODS_ANSWERED)
