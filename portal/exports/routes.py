"""The URLs of all exports, and how those that are generated from the list of releases are cached."""

from collections.abc import Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.exports.api import API
from portal.exports.ask_api import ASK
from portal.exports.catalogue import catalogue
from portal.exports.downloads import DOWNLOADS
from portal.exports.due_days import due_days
from portal.exports.feed import feed
from portal.exports.schedule import Schedule, schedule
from portal.exports.sitemap import robots, sitemap
from portal.render.rendered import Snapshot
from portal.server.cached_responses import cached
from portal.server.responses import CORS, body
from portal.server.site_url import site_of
from portal.server.state import snapshot_of, state_of

WriteExport = Callable[[Schedule | None, Snapshot, str], bytes]


def generated(write: WriteExport, media_type: str) -> Callable[[Request], Response]:
    """A route that answers with what `write` makes of the releases: it stays until they change, or one is late."""
    def answer(request: Request) -> Response:
        snapshot = snapshot_of(request)
        return cached(request, body(write(schedule(snapshot), snapshot, site_of(request)), media_type), headers=CORS)
    return answer


def catalogue_file(request: Request) -> Response:
    """/data.json, which names whom to write to."""
    feedback = state_of(request).settings.feedback
    return generated(partial(catalogue, feedback=feedback), "application/json")(request)


GENERATED: dict[str, tuple[WriteExport, str]] = {
    "/feed.atom": (feed, "application/atom+xml; charset=utf-8"),
    "/calendar.ics": (due_days, "text/calendar; charset=utf-8"),
    "/sitemap.xml": (sitemap, "application/xml"),
    "/robots.txt": (robots, "text/plain; charset=utf-8"),
}
EXPORTS = [ASK, *API, *DOWNLOADS, Route("/data.json", catalogue_file),
           *(Route(path, generated(*arguments)) for path, arguments in GENERATED.items())]
