"""What others subscribe to or harvest: news, calendar, catalogue, list of pages. In English, as the files are."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape, quoteattr

from feedgen.feed import FeedGenerator
from icalendar import Calendar, Event
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from portal.clock import CITY_ZONE, midnight
from portal.contract.contract import threshold
from portal.exports.api import NOTICE, OPEN
from portal.exports.schedule import Out, Schedule, schedule
from portal.language import DEFAULT, LANGUAGES, day
from portal.navigation import PAGES
from portal.render.commitments import overdue
from portal.render.downloads import FILES
from portal.render.facts import contacts
from portal.render.rendered import Snapshot
from portal.server.response_cache import again
from portal.server.responses import Body, Keyed, body
from portal.server.site_address import base
from portal.server.snapshot import now
from portal.settings import here, setting

NAME = "Somerville Co-Response Pilot"
ABOUT = ("Counts and times of the calls that police officers and public health professionals answer together in "
         "Somerville, Massachusetts. A number is exact, or a word says why it is not shown.")
PUBLISHER = {"@type": "Organization", "name": "City of Somerville, Massachusetts"}
EMPTY_FEED_DAY = "2026-04-01"  # Atom wants a day also of a feed without entries
EXPECTED, CAME_OUT = 0, 1  # the SEQUENCE of a due day's event
KINDS = {".sqlite": "application/vnd.sqlite3", ".csv": "text/csv", ".json": "application/json"}


def _made_up(state: str) -> str:
    return f"{NOTICE} " if state == "illustrative" else ""


def feed(known: Schedule | None, served: Snapshot, address: str) -> bytes:
    """Atom: each release, each one that was late, each correction, and one that is not out though its day has passed;
    newest first.
    """
    atom = FeedGenerator()
    atom.id(f"{address}/feed.atom")
    atom.title(f"{NAME}: new releases and corrections")
    atom.link([{"href": f"{address}/feed.atom", "rel": "self"}, {"href": f"{address}/data", "rel": "alternate"}])
    atom.author({"name": PUBLISHER["name"]})
    atom.language(DEFAULT)
    releases, zone = (known.releases, known.zone) if known else ((), CITY_ZONE)
    atom.updated(midnight(max((one.came for one in releases), default=EMPTY_FEED_DAY), zone))
    for one in releases:
        for kind, title, said in _news(one):
            entry = atom.add_entry()  # feedgen puts each before those that were added earlier
            link = f"{address}/data?{urlencode({'release': one.id})}" if one.id in served.copies else f"{address}/data"
            entry.id(f"{address}/data?{urlencode({'release': one.id})}#{kind}")
            entry.title(title)
            entry.link(href=link)
            entry.updated(midnight(one.came, zone))
            entry.summary(_made_up(one.state) + said)
    if served.shelf and (promised := overdue(served.shelf.known)):
        entry = atom.add_entry()
        entry.id(f"{address}/timeline#due-{promised}")
        entry.title("A release is late")
        entry.link(href=f"{address}/timeline")
        overdue_since = midnight((date.fromisoformat(promised) + timedelta(1)).isoformat(), zone)
        entry.updated(overdue_since)
        atom.updated(overdue_since)
        entry.summary(f"The release due on {day(promised)} is not out yet.")
    made: bytes = atom.atom_str(pretty=True)
    return made


def _news(one: Out) -> list[tuple[str, str, str]]:
    """What is to be told of a release: kind, title, sentence."""
    told = [("release", f"Release {one.id} is out",
             f"It covers {day(one.start)} to {day(one.end)}. Due on {day(one.due)}, it came out on {day(one.came)}.")]
    if one.late:
        days = (date.fromisoformat(one.came) - date.fromisoformat(one.due)).days
        told.append(("late", f"Release {one.id} was late",
                     f"It was due on {day(one.due)} and came out {days} {'day' if days == 1 else 'days'} later."))
    return told + [(f"correction-{at}", f"Correction in release {one.id}", said)
                   for at, said in enumerate(one.corrections, 1)]


def calendar(known: Schedule | None, _: Snapshot, address: str) -> bytes:
    """iCalendar: the day each release was due, and the day the next one is."""
    made = Calendar()
    made.add("prodid", f"-//{NAME}//{address}//")
    made.add("version", "2.0")
    made.add("x-wr-calname", f"{NAME}: releases")
    if known:
        for one in known.releases:
            came = f"{_made_up(one.state)}It came out on {day(one.came)}{', late' if one.late else ''}."
            made.add_component(_event(one.due, f"Release {one.id} due", came, CAME_OUT, midnight(one.came, known.zone)))
        newest = known.releases[-1]
        wait = f"{_made_up(newest.state)}Expected {threshold('due_days')} days after the quarter ends."
        revised = midnight(newest.came, known.zone)
        made.add_component(_event(known.next_due, "Next release due", wait, EXPECTED, revised))
    for event in made.events:
        event.add("url", f"{address}/data")
    text: bytes = made.to_ical()
    return text


def _event(due: str, title: str, description: str, sequence: int, revised: datetime) -> Event:
    """The event of one due day. Its UID holds that day and nothing that changes, so that a calendar which was
    subscribed to before the release came out has one event for it; SEQUENCE tells which form of it is the later one
    (RFC 5545, 3.8.7.4). An all-day event has a day and no time zone: it is that day by every clock.
    """
    event = Event()
    event.add("uid", f"somerville-co-response-release-due-{due}")
    event.add("sequence", sequence)
    event.add("dtstamp", revised.astimezone(UTC))
    event.add("last-modified", revised.astimezone(UTC))
    event.add("dtstart", date.fromisoformat(due))
    event.add("dtend", date.fromisoformat(due) + timedelta(1))
    event.add("summary", title)
    event.add("description", description)
    event.add("transp", "TRANSPARENT")
    return event


def catalogue(known: Schedule | None, served: Snapshot, address: str) -> bytes:
    """data.json by DCAT-US 3 (resources.data.gov/standards/catalog): each release that is served is a dataset."""
    datasets = [_dataset(one, served, address) for one in reversed(known.releases if known else ())
                if one.id in served.copies]
    said = {"@id": f"{address}/data.json", "@type": "Catalog", "title": NAME, "description": ABOUT,
            "publisher": PUBLISHER, "language": [code[:2] for code in LANGUAGES], "dataset": datasets,
            "homepage": _document(NAME, f"{address}/"), "conformsTo": {"@type": "Standard", "title": "DCAT-US 3.0"}}
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def _document(title: str, address: str) -> dict[str, str]:
    return {"@type": "Document", "@id": address, "title": title, "accessURL": address}


def _contact() -> dict[str, str]:
    """Whom to write to, which DCAT-US demands: the address for feedback; until one is set, the one in the footer."""
    if (given := setting("feedback")).startswith("mailto:"):
        return {"@type": "Kind", "fn": PUBLISHER["name"], "hasEmail": given.partition("?")[0]}
    return {"@type": "Kind", "fn": f"{PUBLISHER['name']}: accessibility contact, until one for data is named",
            "hasEmail": f"mailto:{contacts()['accessibility'].email}"}


def _terms(folder: Path, state: str) -> dict[str, Any]:
    """The terms of a release, as its Data Package has them: a license by its address, and what is said of it."""
    named = json.loads((folder / "datapackage.json").read_text("utf-8")).get("licenses", ())
    free = ["Made-up numbers. They may be used for anything."] if state == "illustrative" else []
    address = next((one["path"] for one in named if one.get("path")), None)
    return {"rights": [*free, *(f"{one['title']}." for one in named if one.get("title"))],
            **({"license": address} if address else {})}


def _dataset(one: Out, served: Snapshot, address: str) -> dict[str, Any]:
    folder, page = served.copies[one.id], f"{address}/data?{urlencode({'release': one.id})}"
    files, terms = [path for path in sorted(folder.rglob("*")) if path.suffix in KINDS], _terms(folder, one.state)
    title = f"{NAME}: release {one.id}"
    return {
        "@type": "Dataset", "@id": page, "identifier": f"somerville-co-response-{one.id.lower()}", "title": title,
        "description": _made_up(one.state) + ABOUT, "publisher": PUBLISHER, "version": one.id,
        "contactPoint": [_contact()], "issued": one.came, "modified": one.came, "accrualPeriodicity": "R/P3M",
        "keyword": ["co-response", "crisis calls", "police", "public health", one.state],
        "landingPage": _document(title, page), "accessRights": "public", "rights": terms["rights"],
        "temporal": [{"@type": "PeriodOfTime", "startDate": one.start, "endDate": one.end}],
        "spatial": [{"@type": "Location", "prefLabel": "Somerville, Massachusetts"}],
        "distribution": [{
            "@type": "Distribution", "title": name, "mediaType": KINDS[path.suffix], **terms,
            **({"description": FILES[name]} if name in FILES else {}), "byteSize": str(path.stat().st_size),
            "downloadURL": f"{address}/download/{one.id}/{name}", "accessURL": page}
            for path in files for name in (path.relative_to(folder).as_posix(),)]}


def sitemap(known: Schedule | None, _: Snapshot, address: str) -> bytes:
    """Every page in every language, each with its other languages."""
    last = f"<lastmod>{known.releases[-1].came}</lastmod>" if known else ""
    pages = []
    for page in PAGES:
        own = {code: f"{address}/{page.slug}" + ("" if code == DEFAULT else f"?lang={code}") for code in LANGUAGES}
        others = "".join(f'<xhtml:link rel="alternate" hreflang="{code}" href={quoteattr(where)}/>'
                         for code, where in own.items())
        pages += [f"<url><loc>{escape(where)}</loc>{last}{others}</url>" for where in own.values()]
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
            f'xmlns:xhtml="http://www.w3.org/1999/xhtml">{"".join(pages)}</urlset>').encode()


Write = Callable[[Schedule | None, Snapshot, str], bytes]


@lru_cache(maxsize=64)
def _ready(write: Write, media_type: str, address: str, kept: Keyed[Snapshot]) -> Body:
    return body(write(schedule(kept.thing), kept.thing, address), media_type)


def answer(write: Write, media_type: str) -> Callable[[Request], Response]:
    """A route that answers with what `write` makes of the releases, made again when they change, or one is late."""
    def answered(request: Request) -> Response:
        served = now()
        live = served.shelf.folder if served.shelf else None
        late = overdue(served.shelf.known) if served.shelf else ""
        kept = Keyed((live, tuple(served.copies.items()), late), served)
        return again(request, _ready(write, media_type, base(request) or here(), kept), headers=OPEN)
    return answered


def robots(request: Request) -> Response:
    """Search engines may read everything; where the list of pages is."""
    return PlainTextResponse(f"User-agent: *\nDisallow: /_stcore/\nSitemap: {base(request) or here()}/sitemap.xml\n")


FEEDS = [
    Route("/data.json", answer(catalogue, "application/json")),
    Route("/feed.atom", answer(feed, "application/atom+xml; charset=utf-8")),
    Route("/calendar.ics", answer(calendar, "text/calendar; charset=utf-8")),
    Route("/sitemap.xml", answer(sitemap, "application/xml")),
    Route("/robots.txt", robots),
]
