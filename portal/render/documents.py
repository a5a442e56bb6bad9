"""The brief's forms (PDF, page, screens, a file for a room without a network) and what may be chosen for them."""

from urllib.parse import urlencode

from portal.language import LANGUAGES, gettext_lazy, spoken, t
from portal.render.markup import part
from portal.render.rendered import RenderedRelease, Snapshot, language_pair

READY = ("screens", "offline")  # forms with nothing to choose but release and language: a link leads to each
FORMS = {"pdf": "/brief.pdf", "page": "/brief.html", "screens": "/projector", "offline": "/brief-offline.html"}
SECTIONS = {"front": gettext_lazy("One page to print"), "definitions": gettext_lazy("What each number means"),
            "promises": gettext_lazy("Promises kept and missed"), "questions": gettext_lazy("What councils ask"),
            "others": gettext_lazy("Other programs")}


def choices(release: RenderedRelease | None, live: Snapshot) -> str:
    """The form that leads to each document. It needs no script, and stands in every edition."""
    if release is None:
        return ""
    forms = (("pdf", t("PDF, to print or send")), ("page", t("A page, to read or print")),
             ("screens", t("For the projector: one figure a screen")),
             ("offline", t("One file for a room without a network")))
    shown = live.live.facts.id if live.live else ""
    pairs = [*language_pair(spoken()), *([("release", release.facts.id)] if release.facts.id != shown else [])]
    links = [(url + (f"?{urlencode(pairs)}" if pairs else ""), words)
             for name, words in forms if name in READY and (url := FORMS[name])]
    return part("document_form", links, live.choices(), release.facts.id,
                [(name, t(words)) for name, words in SECTIONS.items()], forms, list(LANGUAGES.items()), spoken(),
                template="documents")
