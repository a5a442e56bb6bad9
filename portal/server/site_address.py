"""The site's own address, for what is read elsewhere: feeds, catalogues, link previews, citations."""

from starlette.requests import Request

from portal import settings


def base(request: Request) -> str:
    """The site's address without a slash at the end: PORTAL_ADDRESS, else what the visitor asked for, looked at.

    A Host header that is none gives "": the addresses then stay relative.
    """
    if given := settings.address():
        return given
    host = request.headers.get("host", "")
    return f"{request.scope['scheme']}://{host.lower()}" if settings.HOST.fullmatch(host) else ""
