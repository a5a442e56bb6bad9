"""The addresses of all exports, and how those that are generated from the list of releases are cached."""

from collections.abc import Callable
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.exports.api import API
from portal.exports.catalogue import catalogue
from portal.exports.downloads import DOWNLOADS
from portal.exports.due_days import due_days
from portal.exports.feed import feed
from portal.exports.schedule import Schedule, schedule
from portal.exports.sitemap import robots, sitemap
from portal.render.commitments import overdue
from portal.render.rendered import Snapshot
from portal.server.response_cache import again
from portal.server.responses import CORS, Body, Keyed, body
from portal.server.site_address import base
from portal.server.snapshot import now
from portal.settings import here

Write = Callable[[Schedule | None, Snapshot, str], bytes]


@lru_cache(maxsize=64)
def _body(write: Write, media_type: str, address: str, snapshot: Keyed[Snapshot]) -> Body:
    return body(write(schedule(snapshot.thing), snapshot.thing, address), media_type)


def generated(write: Write, media_type: str) -> Callable[[Request], Response]:
    """A route that answers with what `write` makes of the releases, made anew when they change, or one is late."""
    def answer(request: Request) -> Response:
        snapshot = now()
        live = snapshot.shelf.folder if snapshot.shelf else None
        late = overdue(snapshot.shelf.known) if snapshot.shelf else ""
        keyed = Keyed((live, tuple(snapshot.copies.items()), late), snapshot)
        return again(request, _body(write, media_type, base(request) or here(), keyed), headers=CORS)
    return answer


GENERATED: dict[str, tuple[Write, str]] = {
    "/data.json": (catalogue, "application/json"),
    "/feed.atom": (feed, "application/atom+xml; charset=utf-8"),
    "/calendar.ics": (due_days, "text/calendar; charset=utf-8"),
    "/sitemap.xml": (sitemap, "application/xml"),
    "/robots.txt": (robots, "text/plain; charset=utf-8"),
}
EXPORTS = [*API, *DOWNLOADS, *(Route(path, generated(*made)) for path, made in GENERATED.items())]
