"""Precompressed conditional responses: bytes are compressed and hashed once, and not sent again to clients that have
them.

`prepared = body(content, "text/html; charset=utf-8")` once hashes and compresses; then, for each request,
`respond(request, prepared)` gives 304, or the smallest form that the client accepts.
"""

import gzip
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from starlette.requests import Request
from starlette.responses import Response

from portal.builder.precompress import brotli_form

FRESH = "no-cache"  # may be cached, but is revalidated each time: a new release shows at once
FOREVER = "public, max-age=31536000, immutable"  # for URLs that change with their content
# For files of a release, which may be withdrawn: browsers and proxies revalidate them after a minute.
WITHDRAWABLE = "public, max-age=60, must-revalidate"
# Scripts of any site may read what is published, with its version, and which part of a file a response holds.
CORS = {"Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "ETag, Last-Modified, Content-Length, Content-Range, Accept-Ranges"}
NOT_INDEXED = {"X-Robots-Tag": "noindex"}  # search engines list neither data for programs nor made-up data
SMALLEST = 500  # bytes: below, compressing saves nothing
LONGEST = 300  # characters of an Accept-Encoding that are parsed


# Whether responses are compressed: the static export writes them to files uncompressed.
_COMPRESSED: ContextVar[bool] = ContextVar("compressed", default=True)


@contextmanager
def uncompressed() -> Iterator[None]:
    """Make responses without compressed forms, which take most of the time of a page."""
    before = _COMPRESSED.set(False)
    try:
        yield
    finally:
        _COMPRESSED.reset(before)


@dataclass(frozen=True)
class Body:
    """The body of a response in every form in which it is sent."""

    content: bytes
    media_type: str
    etag: str  # weak: the compressed forms say the same
    modified: datetime | None
    brotli: bytes | None
    gzip: bytes | None


def etag_of(content: bytes) -> str:
    """The entity tag of a content: weak, because its compressed forms share it."""
    return f'W/"{hashlib.sha256(content).hexdigest()[:24]}"'


def body(content: bytes, media_type: str, modified: float | None = None, *, compress: bool = True) -> Body:
    """A body with its hash and its compressed forms; takes some milliseconds. `modified`: when the content last
    changed, in seconds since 1970, never in the future.
    """
    worth = compress and _COMPRESSED.get() and len(content) >= SMALLEST
    when = None if modified is None else datetime.fromtimestamp(int(modified), UTC)
    return Body(content, media_type, etag_of(content), when,
                brotli_form(content) if worth else None,
                gzip.compress(content, 9, mtime=0) if worth else None)


def respond(request: Request, prepared: Body, status: int = 200, cache: str = FRESH,
            headers: Mapping[str, str] | None = None) -> Response:
    """The response to a request: 304 where the client has these bytes, else the smallest form that it accepts."""
    response_headers = {"ETag": prepared.etag, "Cache-Control": cache, **(headers or {})}
    if prepared.brotli is not None:
        response_headers.setdefault("Vary", "Accept-Encoding")
    if prepared.modified:
        response_headers["Last-Modified"] = format_datetime(prepared.modified, usegmt=True)
    if status == 200 and _has_it(request, prepared):
        return Response(status_code=304, headers=response_headers)
    content, encoding = _form(request.headers.get("accept-encoding", ""), prepared)
    if encoding:
        response_headers["Content-Encoding"] = encoding
    response_headers["Content-Type"] = prepared.media_type
    return Response(content, status, response_headers)


def _has_it(request: Request, prepared: Body) -> bool:
    """Whether the client has the same bytes: by ETag, or, where it sends none, by date (RFC 9110, 13.2.2)."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        plain = prepared.etag.removeprefix("W/")
        return any(part.strip().removeprefix("W/") in {plain, "*"} for part in tags.split(","))
    since = request.headers.get("if-modified-since")
    if since is None or prepared.modified is None:
        return False
    try:
        return prepared.modified <= parsedate_to_datetime(since).replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # an invalid date is ignored
        return False


def _form(accepted: str, prepared: Body) -> tuple[bytes, str]:
    """The bytes to send and their encoding: brotli before gzip, neither if the client refuses it by q=0."""
    accepted_encodings = _accepted_encodings(accepted[:LONGEST])
    if prepared.brotli is not None and "br" in accepted_encodings:
        return prepared.brotli, "br"
    if prepared.gzip is not None and "gzip" in accepted_encodings:
        return prepared.gzip, "gzip"
    return prepared.content, ""


def _accepted_encodings(accepted: str) -> frozenset[str]:
    """The encodings that an Accept-Encoding names and does not refuse."""
    named = [part.partition(";") for part in accepted.lower().split(",")]
    return frozenset(name.strip() for name, _, quality in named
                     if quality.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"})
