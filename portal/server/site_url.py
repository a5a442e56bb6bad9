"""The site's URL: for content that is read elsewhere (feeds, catalogues, link previews, citations), and for the links
of a site that is served under a path (`https://example.org/portal`).
"""

import re
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.render.rendered import SITE
from portal.server.state import state_of
from portal.settings import HOST

# Links to the root of the host in the portal's markup and styles, in which attributes always have double quotes.
ROOTED = re.compile(r'(\b(?:href|src|srcset|action|data-style)="|url\(")/(?!/)')


def base(request: HTTPConnection) -> str:
    """The site's URL without a slash at the end: PORTAL_ADDRESS, else from the request's Host header.

    An invalid Host gives "": links then stay relative. The scheme is the one that a trusted proxy names
    (X-Forwarded-Proto, which uvicorn reads only from FORWARDED_ALLOW_IPS).
    """
    settings = state_of(request).settings
    if "://" in settings.address:
        return settings.address
    host = request.headers.get("host", "")
    return f"{request.scope['scheme']}://{host.lower()}{settings.path}" if HOST.fullmatch(host) else ""


def site_of(request: HTTPConnection) -> str:
    """As `base`; for an invalid Host, the URL on which this server listens."""
    return base(request) or state_of(request).settings.site


def with_site_url(text: str, site: str) -> str:
    """Markup or styles for the site of that URL: SITE is replaced by the URL, and links to the root get its path."""
    path = urlsplit(site).path
    with_site = text.replace(SITE, site)
    return ROOTED.sub(rf"\1{path}/", with_site) if path else with_site


class UnderPath:
    """The outermost ASGI middleware: strips the site's path from each request, so that nothing inside has to know it.
    Requests from which a proxy has stripped it already are passed on unchanged.
    """

    def __init__(self, app: ASGIApp, path: str) -> None:
        self.app = app
        self.path = path  # "" for a site at the root of its host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with the path inside of the site; redirect `/portal` to `/portal/`."""
        path = scope.get("path", "")
        if self.path and scope["type"] == "http" and path == self.path:
            query = scope["query_string"].decode("latin-1")
            target = f"{self.path}/{'?' if query else ''}{query}"
            await RedirectResponse(target, 308)(scope, receive, send)
            return
        if self.path and path.startswith(f"{self.path}/"):
            raw = scope.get("raw_path") or path.encode()
            scope = {**scope, "path": path.removeprefix(self.path), "raw_path": raw.removeprefix(self.path.encode())}
        await self.app(scope, receive, send)
