"""The site's own address: for what is read elsewhere (feeds, catalogues, link previews, citations), and for the links
of a site that stands under a path of another (`https://example.org/portal`).
"""

import re
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.render.rendered import SITE
from portal.server.state import state_of
from portal.settings import HOST

# What leads to the root of the host in markup and styles of ours: attributes always stand in double quotes there.
ROOTED = re.compile(r'(\b(?:href|src|srcset|action)="|url\(")/(?!/)')


def base(request: HTTPConnection) -> str:
    """The site's address without a slash at the end: PORTAL_ADDRESS, else what the visitor asked for, looked at.

    A Host header that is none gives "": the addresses then stay relative. The scheme is the one that a trusted proxy
    names (X-Forwarded-Proto, which uvicorn reads from FORWARDED_ALLOW_IPS alone).
    """
    settings = state_of(request).settings
    if "://" in settings.address:
        return settings.address
    host = request.headers.get("host", "")
    return f"{request.scope['scheme']}://{host.lower()}{settings.path}" if HOST.fullmatch(host) else ""


def site_of(request: HTTPConnection) -> str:
    """The same; where the visitor named the site by no address that is one, where this server listens."""
    return base(request) or state_of(request).settings.site


def addressed(text: str, site: str) -> str:
    """Markup or a style as it is sent from the site of that address: whole addresses name the site, and links to its
    root lead to its path.
    """
    path = urlsplit(site).path
    with_site = text.replace(SITE, site)
    return ROOTED.sub(rf"\1{path}/", with_site) if path else with_site


class UnderPath:
    """The outermost ASGI middleware: takes the site's path off the address of each request, so that nothing inside
    knows of it. A proxy that has taken it off already is answered, too.
    """

    def __init__(self, app: ASGIApp, path: str) -> None:
        self.app = app
        self.path = path  # "" for a site at the root of its host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on with the address inside the site; `/portal` is the way to `/portal/`."""
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
