"""What a page says of itself to search engines, link previews and other languages' readers."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from portal.language import DEFAULT, LANGUAGES, spoken, t
from portal.page import Page
from portal.render import markup
from portal.render.rendered import Picture, RenderedRelease, Selection

TERRITORY = {"pt-BR": "pt_BR", "en": "en_US", "es": "es_US", "ht": "ht_HT", "ne": "ne_NP"}  # as Open Graph wants it


@dataclass(frozen=True)
class About:
    """A page's own words and addresses, each absolute where the site's address is known."""

    base: str
    title: str
    description: str
    address: str
    alternates: tuple[tuple[str, str], ...]
    locale: str
    picture: Picture | None
    picture_text: str
    linked_data: Markup


def about(page: Page, selection: "Selection", base: str) -> About:
    """What a page says of itself. Its address is the live page's: the plain edition names it too."""
    shelf = selection.shelf
    lead = shelf.figure(page.lead, selection.period)["alt"] if shelf and page.lead else t(page.question)
    own, here = f"{base}/{page.slug}", spoken()
    alternates = [(code, own + selection.in_language(code).rstrip("?")) for code in (*LANGUAGES, DEFAULT)]
    picture, text = _picture(page, selection)
    made_up = t("Made-up numbers.") + " " if shelf and shelf.shown.state == "illustrative" else ""
    return About(
        base, markup.title(page, selection), f"{made_up}{lead}", own + selection.query,
        (*alternates[:-1], ("x-default", alternates[-1][1])), TERRITORY.get(here, here), picture, text,
        _script(dataset(shelf, base, made_up)) if shelf else Markup())


def _picture(page: Page, selection: "Selection") -> tuple[Picture | None, str]:
    """The drawing of the first figure that has one to send, and its text; without one, that of the calls."""
    if shelf := selection.shelf:
        for one in (*page.figures, "demand.received"):
            ready = shelf.figure(one, selection.period)
            if ready.get("preview"):
                address, width, height = json.loads(ready["preview"])
                return Picture(address, width, height), ready["alt"]
    return None, ""


def _script(data: dict[str, Any]) -> Markup:
    """JSON that no text in it can end."""
    return Markup(json.dumps(data, ensure_ascii=False).replace("<", "\\u003c"))  # noqa: S704  # "<" is gone


def dataset(shelf: RenderedRelease, base: str, made_up: str) -> dict[str, Any]:
    """The release as a schema.org Dataset."""
    one = shelf.shown
    kinds = {".sqlite": "application/vnd.sqlite3", ".csv": "text/csv", ".json": "application/json"}
    files = [(name, kinds[ending]) for name, *_ in shelf.files for ending in kinds if name.endswith(ending)]
    return {
        "@context": "https://schema.org", "@type": "Dataset",
        "name": t("Somerville Co-Response Pilot: release {release}", release=one.id),
        "description": f"{made_up}" + t("Counts and times of the calls that police officers and public health "
                                        "professionals answer together in Somerville, Massachusetts."),
        "url": f"{base}/data?{urlencode({'release': one.id})}", "version": one.id, "isAccessibleForFree": True,
        "inLanguage": spoken(), "spatialCoverage": {"@type": "Place", "name": "Somerville, Massachusetts"},
        "creativeWorkStatus": one.state,
        "distribution": [{"@type": "DataDownload", "name": name, "encodingFormat": kind,
                          "contentUrl": f"{base}/download/{one.id}/{name}"} for name, kind in files]}
