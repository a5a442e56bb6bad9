"""Who is answered, and what every answer carries: a pure ASGI middleware around everything else."""

import base64
import hashlib
import ipaddress
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import Headers as Asked
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.language import t
from portal.settings import setting

HOST = re.compile(r"([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?")
HEALTH = ("/healthz", "/readyz", "/metrics")  # asked by machines next door, by whatever name they know
# What the browser needs of Streamlit's own addresses. The others take uploads, show numbers of the process, or log in.
STREAMLIT = ("/_stcore/health", "/_stcore/host-config", "/_stcore/stream")
CLOSED = ("/_stcore", "/component", "/auth", "/oauth2callback")
MOST_HEADERS = 100
EMBEDDED = "/plain/figure/"  # made to be framed by others

PLAIN = {
    "default-src": "'none'",  # no script at all
    "style-src": "'self'",
    "style-src-attr": "'unsafe-inline'",  # a figure's bars and chips have their length in a style attribute
    "img-src": "'self' data:",  # the empty data: address is how a page says that it has no icon
    "font-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
}
SITE = {
    "default-src": "'none'",
    "script-src": "'self' {inline}",  # Streamlit's own files, and the one inline script of its index.html by its hash
    "style-src": "'self' 'unsafe-inline'",  # Streamlit's components write their styles while they run, without a nonce
    "img-src": "'self' data:",  # Streamlit's icons of widgets are data: addresses
    "font-src": "'self' data:",  # Streamlit carries one of its fonts inside its script
    "connect-src": "'self' {sockets}",  # older Safari does not count the page's own websocket as 'self'
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{one}=()" for one in (
        "accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer",
        "microphone", "midi", "payment", "usb")),
    "Cross-Origin-Opener-Policy": "same-origin",
}


@cache
def inline_scripts() -> str:
    """The hashes of the scripts that stand in Streamlit's index.html itself, as a policy names them."""
    where = find_spec("streamlit")
    page = Path(str(where and where.origin)).parent / "static" / "index.html"
    inside = re.findall(r"<script>(.*?)</script>", page.read_text("utf-8"), re.DOTALL)
    return " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in inside)


def _policy(directives: dict[str, str], path: str, host: str) -> str:
    framed = "*" if path.startswith(EMBEDDED) else "'none'"
    said = "; ".join(f"{name} {value}" for name, value in {**directives, "frame-ancestors": framed}.items())
    return said.replace("{inline}", inline_scripts()).replace("{sockets}", f"ws://{host} wss://{host}")


def host_known(host: str) -> bool:
    """Whether the portal answers under this name: that of PORTAL_ADDRESS, this machine's own, or a bare IP address,
    which no foreign name can be made to point to (DNS rebinding).
    """
    if not HOST.fullmatch(host):
        return False
    name = re.sub(r":[0-9]+$", "", host).lower().rstrip(".")
    if name == "localhost" or name == (urlsplit(setting("address")).hostname or "localhost"):
        return True
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def origin_known(origin: str | None, host: str) -> bool:
    """Whether a page of this origin may open a session or send something: only the portal's own, or no page at all."""
    if origin is None:
        return True
    address = urlsplit(setting("address"))
    return origin in {f"http://{host}", f"https://{host}", f"{address.scheme}://{address.netloc}"}


def refusal(scope: Scope) -> tuple[int, str] | None:
    """Status and sentence for whoever is not answered; None for everybody else."""
    asked, path = Asked(scope=scope), scope["path"]
    host = ",".join(asked.getlist("host"))  # two of them are no host
    if path not in HEALTH and not host_known(host):
        return 421, t("This server does not answer for that name.")
    if len(asked) > MOST_HEADERS or {"content-length", "transfer-encoding"} <= {*asked}:
        return 400, t("This request can't be read.")  # two lengths: how requests are smuggled past a proxy
    sends = scope["type"] == "websocket" or scope["method"] not in {"GET", "HEAD", "OPTIONS"}
    if sends and not origin_known(asked.get("origin"), host):
        return 403, t("Another site may not do this.")
    closed = any(path == one or path.startswith(f"{one}/") for one in CLOSED)
    if closed and path not in STREAMLIT:
        return 404, t("There is nothing at this address.")
    return None


class Headers:
    """The outermost middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse in a sentence; either way with every header."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(scope, MutableHeaders(scope=message))
            await send(message)

        refused = refusal(scope)
        if refused is None:
            await self.app(scope, receive, with_headers)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": refused[1]})
        else:
            await PlainTextResponse(refused[1], refused[0])(scope, receive, with_headers)

    @staticmethod
    def _add(scope: Scope, headers: MutableHeaders) -> None:
        path, kind = scope["path"], headers.get("content-type", "").split(";")[0]
        host = Asked(scope=scope).get("host", "")
        plain = kind != "text/html" or path.startswith("/plain")
        if kind != "application/pdf":  # the browser's own viewer draws it with scripts and styles of its own
            headers["Content-Security-Policy"] = _policy(PLAIN if plain else SITE, path, host)
        for name, value in ALWAYS.items():
            headers[name] = value
        if not path.startswith(EMBEDDED):
            headers["X-Frame-Options"] = "DENY"
        if setting("address").startswith("https://"):
            headers["Strict-Transport-Security"] = "max-age=63072000"
