"""Security headers for every response, and the refusal of requests that no visitor sends: ASGI middleware around
everything else.
"""

import base64
import hashlib
import ipaddress
import re
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import Headers as RequestHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal import streamlit_internals
from portal.language import t
from portal.settings import Settings
from portal.shipped import shipped

HOST = re.compile(r"([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?")
HEALTH = ("/healthz", "/readyz", "/metrics")  # requested by neighboring machines, under any host name
# Streamlit's own paths that no browser needs here: they take uploads, show numbers of the process, or log in.
CLOSED = re.compile(rf"/({'|'.join(streamlit_internals.CLOSED)})(/|\Z)")
MOST_HEADERS = 100
EMBEDDED = ("/plain/figure/", "/embed/")  # may be framed by other sites
QUESTIONS = ("/ask", "/plain/ask", "/api/v1/ask")  # their URLs hold a visitor's question, which no Referer may pass on

PLAIN = {
    "default-src": "'none'",  # no script at all
    "style-src": "'self'",
    "style-src-attr": "'unsafe-inline'",  # a figure's bars and chips have their length in a style attribute
    "img-src": "'self' data:",  # the empty data: URL is how a page says that it has no icon
    "font-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
}
SITE = {
    "default-src": "'none'",
    "script-src": "'self' {inline}",  # Streamlit's own files, and the one inline script of its index.html by its hash
    "style-src": "'self' 'unsafe-inline'",  # Streamlit's components write their styles while they run, without a nonce
    "img-src": "'self' data:",  # Streamlit's icons of widgets are data: URLs
    "font-src": "'self' data:",  # Streamlit carries one of its fonts inside its script
    "connect-src": "'self' {sockets}",  # older Safari does not count the page's own websocket as 'self'
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in (
        "accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer",
        "microphone", "midi", "payment", "usb")),
    "Cross-Origin-Opener-Policy": "same-origin",
}


@shipped
def inline_scripts() -> str:
    """The hashes of the inline scripts in Streamlit's index.html, as a Content-Security-Policy lists them."""
    where = find_spec("streamlit")
    page = Path(str(where and where.origin)).parent / "static" / "index.html"
    scripts = re.findall(r"<script>(.*?)</script>", page.read_text("utf-8"), re.DOTALL)
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    return " ".join(f"'sha256-{digest}'" for digest in digests)


def _policy(directives: dict[str, str], framers: tuple[str, ...], host: str | None) -> str:
    ancestors = {"frame-ancestors": " ".join(framers) or "'none'"}
    policy = "; ".join(f"{name} {value}" for name, value in {**directives, **ancestors}.items())
    return policy.replace("{inline}", inline_scripts()).replace("{sockets}", f"ws://{host} wss://{host}")


def host_known(host: str, site_url: str) -> bool:
    """Whether the portal responds under this host name: that of PORTAL_ADDRESS, localhost, or an IP address. Any other
    name could be an attacker's that points to this machine (DNS rebinding).
    """
    return HOST.fullmatch(host) is not None and _named(host, site_url)


def _named(host: str, site_url: str) -> bool:
    name = re.sub(r":[0-9]+$", "", host).lower().rstrip(".")
    if name == "localhost" or name == (urlsplit(site_url).hostname or "localhost"):
        return True
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def origin_known(origin: str | None, host: str, site_url: str) -> bool:
    """Whether a request with this Origin may open a session or send anything: only a page of the portal's, or none."""
    if origin is None:
        return True
    allowed = {f"http://{host}", f"https://{host}"}
    if "://" in site_url:
        site = urlsplit(site_url)
        allowed.add(f"{site.scheme}://{site.netloc}")
    return origin in allowed


def _host(scope: Scope) -> str:
    return ",".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"host")  # two are no host


def refusal(scope: Scope, site_url: str) -> tuple[int, str] | None:
    """The status and the sentence with which a request is refused; None for one that is let through."""
    headers, path = RequestHeaders(scope=scope), scope["path"]
    host, names = _host(scope), {name for name, _ in scope["headers"]}
    if path not in HEALTH and not host_known(host, site_url):
        return 421, t("This server does not answer for that name.")
    if len(scope["headers"]) > MOST_HEADERS or {b"content-length", b"transfer-encoding"} <= names:
        return 400, t("This request can't be read.")  # two lengths: how requests are smuggled past a proxy
    sends = scope["type"] == "websocket" or scope["method"] not in {"GET", "HEAD", "OPTIONS"}
    if sends and not origin_known(headers.get("origin"), host, site_url):
        return 403, t("Another site may not do this.")
    if CLOSED.match(path) and path not in streamlit_internals.OPEN_PATHS:
        return 404, t("There is nothing at this address.")
    return None


class Headers:
    """ASGI middleware around everything that responds."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it in a sentence; either way with every header."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(scope, message, self.settings)
            await send(message)

        refused = refusal(scope, self.settings.address)
        if refused is None:
            await self.app(scope, receive, with_headers)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": refused[1]})
        else:
            await PlainTextResponse(refused[1], refused[0])(scope, receive, with_headers)


def _add(scope: Scope, message: Message, settings: Settings) -> None:
    """Set every security header at the start of a response, replacing headers of the same name."""
    path = scope["path"]
    sent_headers = message.get("headers", ())
    kind = next((value for name, value in sent_headers if name == b"content-type"), b"").split(b";")[0]
    site = kind == b"text/html" and not path.startswith(("/plain", "/ask", "/embed/"))
    unchanged = message["status"] == 304  # has no Content-Type, and its headers would replace those of the cached page
    framers = ("*",) if path.startswith(EMBEDDED) else settings.framed_by
    own_headers = _own_headers(unchanged or kind == b"application/pdf", framers, _host(scope) if site else None,
                       settings.address.startswith("https://"), path in QUESTIONS)
    secure = scope["scheme"] == "https" or settings.address.startswith("https://")
    message["headers"] = [*((name, cookie(value, settings.path, secure) if name == b"set-cookie" else value)
                            for name, value in sent_headers if name not in own_headers), *own_headers.items()]


def cookie(value: bytes, path: str, secure: bool) -> bytes:
    """Streamlit's cookie restricted to this site's path, and, if the site is served over TLS, to TLS."""
    parts = [part.strip() for part in value.split(b";")]
    attributes = [part for part in parts if part.lower() != b"secure" and not part.lower().startswith(b"path=")]
    return b"; ".join([*attributes, b"Path=" + (path or "/").encode(), *([b"Secure"] if secure else [])])


@lru_cache(64)
def _own_headers(free: bool, framers: tuple[str, ...], host: str | None, tls: bool, private: bool
                 ) -> dict[bytes, bytes]:
    """The security headers of one kind of response. `free`: without a content policy, for a 304, where the browser has
    one already, and for a PDF, which browsers show with their own scripts and styles. `framers`: the sites that may
    frame it. `host`: the host name of a page of Streamlit's, None for others. `private`: whether its URL holds a
    question.
    """
    headers = dict(ALWAYS)
    if not free:
        headers["Content-Security-Policy"] = _policy(PLAIN if host is None else SITE, framers, host)
    if not framers:
        headers["X-Frame-Options"] = "DENY"
    if private:
        headers["Referrer-Policy"] = "no-referrer"
    if tls:
        headers["Strict-Transport-Security"] = "max-age=63072000"
    return {name.lower().encode(): value.encode("latin-1") for name, value in headers.items()}
