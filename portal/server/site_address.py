"""The site's own address, for what is read elsewhere: feeds, catalogues, link previews, citations."""

from starlette.requests import HTTPConnection

from portal.server.state import state_of
from portal.settings import HOST


def base(request: HTTPConnection) -> str:
    """The site's address without a slash at the end: PORTAL_ADDRESS, else what the visitor asked for, looked at.

    A Host header that is none gives "": the addresses then stay relative.
    """
    if given := state_of(request).settings.address:
        return given
    host = request.headers.get("host", "")
    return f"{request.scope['scheme']}://{host.lower()}" if HOST.fullmatch(host) else ""
