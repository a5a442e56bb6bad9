"""An answer is compressed once, named by its content, and not sent again to who has it."""

import gzip

import brotli
import pytest
from starlette.requests import Request
from starlette.responses import Response

from portal.server.responses import FOREVER, Body, body, respond

TEXT = b"the same words over and over. " * 100
READY = body(TEXT, "text/plain; charset=utf-8", modified=1825977600.7)  # Fri, 12 Nov 2027


def asked(ready: Body = READY, status: int = 200, cache: str = "no-cache", **headers: str) -> Response:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return respond(Request({"type": "http", "method": "GET", "headers": raw}), ready, status, cache)


@pytest.mark.parametrize(("accepted", "encoding"), [
    ("", None), ("identity", None), ("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip;q=0.5", "gzip"),
    ("GZIP;q=0.000", None), ("*", None),
])
def test_a_client_gets_the_smallest_form_it_reads(accepted: str, encoding: str | None) -> None:
    answer = asked(accept_encoding=accepted)
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["vary"] == "Accept-Encoding"
    opened = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding](bytes(answer.body))
    assert opened == TEXT
    assert encoding is None or len(answer.body) < len(TEXT) / 5
    assert int(answer.headers["content-length"]) == len(answer.body)


@pytest.mark.parametrize(("headers", "status"), [
    ({"if_none_match": READY.etag}, 304), ({"if_none_match": READY.etag.removeprefix("W/")}, 304),
    ({"if_none_match": f'"x", {READY.etag}'}, 304), ({"if_none_match": "*"}, 304), ({"if_none_match": '"x"'}, 200),
    ({"if_modified_since": "Fri, 12 Nov 2027 00:00:00 GMT"}, 304),
    ({"if_modified_since": "Thu, 11 Nov 2027 23:59:59 GMT"}, 200),
    ({"if_modified_since": "yesterday"}, 200), ({"if_modified_since": "Fri, 99 Nov 99999 00:00:00 GMT"}, 200),
    ({"if_none_match": '"x"', "if_modified_since": "Fri, 12 Nov 2027 00:00:00 GMT"}, 200),
])
def test_who_has_the_bytes_is_told_so(headers: dict[str, str], status: int) -> None:
    answer = asked(**headers)
    assert answer.status_code == status
    assert bool(answer.body) == (status == 200)
    assert answer.headers["etag"] == READY.etag
    assert answer.headers["last-modified"] == "Fri, 12 Nov 2027 00:00:00 GMT"


def test_an_error_is_never_told_to_be_known() -> None:
    assert asked(status=404, if_none_match=READY.etag).status_code == 404


def test_the_tag_follows_the_content_and_the_cache_is_the_caller_s() -> None:
    assert body(b"a", "text/plain").etag != body(b"b", "text/plain").etag
    assert asked(cache=FOREVER).headers["cache-control"] == FOREVER
    assert asked(body(b"short", "text/plain"), accept_encoding="br").headers.get("content-encoding") is None
