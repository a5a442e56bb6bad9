"""/sitemap.xml and /robots.txt: what search engines may list."""

from xml.sax.saxutils import escape, quoteattr

from portal.contract.contract import ILLUSTRATIVE
from portal.exports.schedule import Schedule
from portal.language import DEFAULT, LANGUAGES
from portal.navigation import PAGES
from portal.page import Page
from portal.render.rendered import Snapshot


def sitemap(schedule: Schedule | None, snapshot: Snapshot, site_url: str) -> bytes:
    """Every page that may be found, in every language, each with its other languages. While the numbers are made up,
    the pages that show numbers are not among them (they also say `noindex`).
    """
    made_up = snapshot.live is not None and snapshot.live.facts.state == ILLUSTRATIVE
    changed = f"<lastmod>{schedule.releases[-1].published_on}</lastmod>" if schedule else ""
    entries = "".join(_entries(page, changed, site_url) for page in PAGES if not (made_up and page.numbers))
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
            f'xmlns:xhtml="http://www.w3.org/1999/xhtml">{entries}</urlset>').encode()


def _entries(page: Page, changed: str, site_url: str) -> str:
    urls = {code: f"{site_url}/{page.slug}" + ("" if code == DEFAULT else f"?lang={code}") for code in LANGUAGES}
    alternates = "".join(f'<xhtml:link rel="alternate" hreflang="{code}" href={quoteattr(translation)}/>'
                         for code, translation in urls.items())
    return "".join(f"<url><loc>{escape(translation)}</loc>{changed}{alternates}</url>" for translation in urls.values())


def robots(_: Schedule | None, __: Snapshot, site_url: str) -> bytes:
    """Search engines may read everything, else they would not see `noindex`; and where the list of pages is."""
    return f"User-agent: *\nDisallow: /_stcore/\nSitemap: {site_url}/sitemap.xml\n".encode()
