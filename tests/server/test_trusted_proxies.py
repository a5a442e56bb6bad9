"""A proxy is believed by its IPv4 address also where a server listens to IPv6 and IPv4 at once; nobody else is."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from portal.server.trusted_proxies import mapped
from portal.settings import trusted_proxies

FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}


def who_asks(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"{request.url.scheme} {request.client.host if request.client else ''}")


@pytest.mark.parametrize(("trusted", "ip", "believed"), [
    ("", "::ffff:127.0.0.1", True), ("", "::ffff:203.0.113.7", False),
    ("203.0.113.7", "::ffff:203.0.113.7", True), ("203.0.113.7", "::ffff:127.0.0.1", False),
    ("10.0.0.0/8, ::1", "::ffff:10.1.2.3", True), ("10.0.0.0/8, ::1", "::ffff:11.1.2.3", False),
    ("proxy.example", "::ffff:127.0.0.1", False),
])
def test_a_proxy_is_believed_as_ipv6_writes_its_address(trusted: str, ip: str, believed: bool) -> None:
    proxies = trusted_proxies({"FORWARDED_ALLOW_IPS": trusted})
    app = Starlette(routes=[Route("/", who_asks)],
                    middleware=[Middleware(ProxyHeadersMiddleware, trusted_hosts=mapped(proxies))])
    with TestClient(app, client=(ip, 4000)) as client:
        answer = client.get("/", headers=FORWARDED).text
    assert answer == ("https 203.0.113.9" if believed else f"http {ip}")
