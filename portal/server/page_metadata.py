"""The metadata of a page for search engines, link previews, and readers of other languages."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup

from portal.language import DEFAULT, LANGUAGES, locale, spoken, t
from portal.page import Page
from portal.release.description import Description, describe
from portal.render import markup
from portal.render.rendered import STAND_IN, Picture, RenderedRelease, Selection


@dataclass(frozen=True)
class About:
    """A page's metadata. URLs are absolute where the site's URL is known."""

    base: str
    title: str
    description: str
    url: str
    alternates: tuple[tuple[str, str], ...]
    locale: str
    picture: Picture | None
    picture_text: str
    linked_data: Markup
    indexed: bool  # whether search engines may list the page


def about(page: Page, selection: Selection, base: str) -> About:
    """The metadata of a page. Its canonical URL is the live page's, also in the plain edition."""
    release = selection.release
    lead = release.figure(page.lead, selection.period).alt if release and page.lead else t(page.question)
    url = f"{base}/{page.slug}"
    alternates = [(code, url + selection.in_language(code).rstrip("?")) for code in (*LANGUAGES, DEFAULT)]
    picture, text = _picture(page, selection)
    described = describe(release.copy) if release else None
    made_up = described is not None and described.made_up
    hidden = made_up and page.numbers
    return About(
        base, markup.title(page, selection), f"{t('Made-up numbers.')} {lead}" if hidden else lead,
        url + selection.query, (*alternates[:-1], ("x-default", alternates[-1][1])), str(locale()), picture,
        text, json_ld_script(dataset(described, release, base)) if release and described and not made_up else Markup(),
        indexed=not hidden)


def _picture(page: Page, selection: Selection) -> tuple[Picture | None, str]:
    """The preview of the first drawn figure, and its text; else that of STAND_IN."""
    if release := selection.release:
        for name in (*page.figures, STAND_IN):
            figure = release.figure(name, selection.period)
            if figure.preview and figure.picture:
                return figure.preview, figure.alt
    return None, ""


def json_ld_script(data: Mapping[str, object]) -> Markup:
    """JSON-LD that is safe inside of a script element: no text in it can end the element."""
    return Markup(json.dumps(data, ensure_ascii=False).replace("<", "\\u003c"))  # noqa: S704  # "<" is gone


def dataset(described: Description, release: RenderedRelease, base: str) -> dict[str, object]:
    """A release as a schema.org Dataset, which search engines for data list. Not used for made-up releases."""
    kinds = {".sqlite": "application/vnd.sqlite3", ".csv": "text/csv", ".json": "application/json"}
    files = [(name, kinds[ending]) for name, *_ in release.files for ending in kinds if name.endswith(ending)]
    city = {"@type": "GovernmentOrganization", "name": "City of Somerville, Massachusetts",
            "url": "https://www.somervillema.gov"}
    return {
        "@context": "https://schema.org", "@type": "Dataset",
        "name": t("Somerville Co-Response Pilot: release {release}", release=described.id),
        "description": t("Counts and times of the calls that police officers and public health professionals answer "
                         "together in Somerville, Massachusetts."),
        "url": f"{base}/data?{urlencode({'release': described.id})}", "version": described.id,
        "identifier": f"somerville-co-response-{described.id.lower()}", "isAccessibleForFree": True,
        "creator": city, "publisher": city, "datePublished": described.published_on,
        "dateModified": described.published_on, "temporalCoverage": f"{described.start}/{described.end}",
        **({"license": described.license_url} if described.license_url else {}),
        "inLanguage": spoken(), "spatialCoverage": {"@type": "Place", "name": "Somerville, Massachusetts"},
        "creativeWorkStatus": described.state,
        "distribution": [{"@type": "DataDownload", "name": name, "encodingFormat": kind,
                          "contentUrl": f"{base}/download/{described.id}/{name}"} for name, kind in files]}
