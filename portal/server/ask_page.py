"""/ask and /plain/ask: the answers to a question, without script. Never cached, and never counted."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse

from portal.language import LANGUAGES, gettext_lazy, override_language, t
from portal.page import FIRST, Page
from portal.render import markup
from portal.render.rendered import Selection, language_pair
from portal.search.tokens import LONGEST
from portal.server.asking import Answers, answers
from portal.server.cached_responses import selection_of
from portal.server.selection import select
from portal.server.site_url import site_of, with_site_url
from portal.server.state import state_of

PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
STAY = "stay"  # query parameter: answer in the language of the page, whatever language the question seems to be in
PAGE = Page(FIRST, gettext_lazy("Ask"), "", "", ())


def ask_page(request: Request) -> HTMLResponse:
    """The page for a question, in the language of the URL; its answers in the language of the question."""
    selection = selection_of(request)
    question = " ".join(request.query_params.get("q", "")[:LONGEST].split())
    prefix = "/plain" if request.url.path.startswith("/plain") else ""
    stay = STAY in request.query_params
    found = answers(question, selection, state_of(request).indexes, prefix, stay=stay) if question else None
    if found and found.crisis:  # nobody should have to read help in another language than the one she wrote in
        selection = select(selection.snapshot, state_of(request).settings, {"lang": found.language})
    with override_language(selection.language):
        text = markup.ask_page(PAGE, _body(question, found, selection, prefix), selection, prefix,
                               (("q", question),) if question else (), urgent=bool(found and found.crisis))
    return HTMLResponse(with_site_url(text, site_of(request)), headers=PRIVATE)


def _body(question: str, found: Answers | None, selection: Selection, prefix: str) -> str:
    head = markup.head(t("Ask this site"), "")
    field = markup.ask_field(prefix, selection, question)
    if found is None:
        return f"{head}\n{field}"
    with override_language(found.language):
        answer_list = markup.part("ask_answers", found, template="ask")
    if found.language == selection.language:
        return f"{head}\n{field}\n{answer_list}"
    back = f"{prefix}/ask?{urlencode([*language_pair(selection.language), ('q', question), (STAY, 'yes')])}"
    line = markup.part("ask_language", found.language, LANGUAGES[found.language], back, template="ask")
    return f'{head}\n{field}\n{line}\n<div lang="{found.language}">{answer_list}</div>'
