"""Thousands of odd requests over raw sockets, and what may never come back."""

import gzip
import random
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

import brotli

from portal.application import ROUTES
from portal.language import LANGUAGES
from portal.navigation import PAGES
from tests.browser.server import Server
from tests.conftest import SHIPPED

MARK = "<zq7>\"'`"  # in every hostile value: raw in a page, it would be markup
RAW = MARK[:5]
TRACES = re.compile(r"Traceback \(most|File \"/|site-packages|sqlite3\.|sqlalchemy|jinja2\.|Internal Server Error")
MARKED_UP = ("text/html", "application/xhtml+xml", "image/svg+xml", "application/atom+xml", "application/xml")
RELEASES = [path.name for path in SHIPPED.iterdir() if path.is_dir()]
NAMES = ["release", "period", "lang", "by", "measure", "table", "format", "limit", "offset", "page", "q", "id", "theme",
         "embed", "embed_options", "figure", "year", "callback", "_", "[]", "__proto__"]
EVIL = [
    "../../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd",
    "..%252f..%252fetc%252fpasswd", "....//....//etc/passwd", "..%5c..%5cwindows%5cwin.ini",
    "%c0%ae%c0%ae/etc/passwd", "/etc/passwd", "//etc/passwd", "file:///etc/passwd", "\\\\evil\\share",
    "release.sqlite%00.csv", "%00", ".", "..", "~root", "current", ".git/config", "' OR 1=1 --",
    "1; DROP TABLE cells", "') UNION SELECT sql FROM sqlite_master --", "${7*7}", "{{7*7}}", "{7*7}",
    "%0d%0aX-Injected: 1", "%0aX-Injected:%201", "\u560d\u560aX-Injected: 1", "%E5%98%8D%E5%98%8AX-Injected:1",
    "javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "<script>alert(1)</script>", "%ff%fe",
    "\U0001f9e8", "\u202eabc", "NaN", "Infinity", "-1", "0", "9" * 400, "1e309", "null", "true", "[]",
    "a" * 3000, "%", "%zz", "%u0041",
]
METHODS = ["GET"] * 30 + ["HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "FOO", "PROPFIND"]


@dataclass
class Tried:
    """How often something was tried, and what was lost: a sentence each."""

    what: str
    times: int = 0
    lost: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class WireResponse:
    """An answer as it came over the wire."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        """The first header of that name; empty where there is none."""
        return next((value for key, value in self.headers if key == name), "")


def until(reached: Callable[[], bool], seconds: float) -> None:
    """Ask five times a second whether something is reached; fails after so many seconds."""
    deadline, pause = time.monotonic() + seconds, threading.Event()
    while not reached():
        assert time.monotonic() < deadline, f"not reached within {seconds:g} s"
        pause.wait(0.2)


def exchange(server: Server, raw: bytes, timeout: float = 60) -> bytes:
    """Send bytes, and read until the server closes."""
    where = urlsplit(server.url)
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=timeout) as wire:
        got = b""
        try:
            wire.sendall(raw)
            while part := wire.recv(65536):
                got += part
        except ConnectionError:
            pass  # refused half-way: what was said before it counts
    return got


def plain(server: Server, url: str) -> bytes:
    """A request that has nothing odd but perhaps its URL."""
    return f"GET {url} HTTP/1.1\r\nHost: {urlsplit(server.url).netloc}\r\nConnection: close\r\n\r\n".encode()


def parsed(raw: bytes) -> WireResponse | None:
    """The answer in these bytes; None where there is none."""
    head, _, body = raw.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    found = re.match(r"HTTP/1\.[01] (\d{3})", lines[0])
    if not found:
        return None
    pairs = [line.partition(":") for line in lines[1:]]
    headers = [(name.strip().lower(), value.strip()) for name, _, value in pairs]
    answer = WireResponse(int(found[1]), headers, body)
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress}.get(answer.header("content-encoding"))
    return WireResponse(answer.status, headers, unpack(body)) if unpack and body else answer


def value(chance: random.Random) -> str:
    """Something nobody should send, or something known with an odd end."""
    kind = chance.random()
    if kind < 0.5:
        return chance.choice(EVIL) + chance.choice(["", "", MARK])
    if kind < 0.8:
        known = chance.choice([*RELEASES, *LANGUAGES, "csv/cells.csv", "demand.received", "SHA256SUMS", "12"])
        return known + chance.choice(["", "", MARK, "/", "%00", "/../" + known, "\t", "%20"])
    return "".join(chance.choice("abcXYZ019/.%<>&;'\"{}[]()$|`^~ \u00e9\u4e2d") for _ in range(chance.randrange(1, 40)))


def encoded(text: str, chance: random.Random) -> str:
    """As a client may write it: quoted, half quoted or raw."""
    return chance.choice([quote(text, safe=""), quote(text, safe="%"), quote(text, safe="%/"), quote(quote(text))])


def url(chance: random.Random) -> str:
    """A path of the portal with odd parts, and an odd query."""
    paths = [route.path for route in ROUTES] + [f"/{page.slug}" for page in PAGES] + [
        "/plain/{slug}", "/_stcore/{x}", "/static/{x}", "/media/{x}", "/component/{x}", "/{x}", "/{x}/{y}"]
    path = re.sub(r"\{[^}]+\}", lambda _: encoded(value(chance), chance), chance.choice(paths))
    pairs = [f"{encoded(chance.choice([*NAMES, value(chance)]), chance)}={encoded(value(chance), chance)}"
             for _ in range(chance.randrange(4))]
    return path + (f"?{'&'.join(pairs)}" if pairs else "")


def request(server: Server, chance: random.Random) -> bytes:
    """One odd request, ready to be sent."""
    lines = [f"{chance.choice(METHODS)} {url(chance)} HTTP/1.1"]
    host = urlsplit(server.url).netloc
    lines.append(f"Host: {host if chance.random() < 0.95 else quote(value(chance), safe='<>/:')}")
    odd = ["Range", "If-None-Match", "If-Modified-Since", "Accept", "Accept-Encoding", "Accept-Language", "Cookie",
           "Origin", "Referer", "User-Agent", "X-Forwarded-Host", "X-Forwarded-For", "Content-Type"]
    for name in chance.sample(odd, chance.randrange(4)):
        sane = {"Range": "bytes=5-2", "Accept-Encoding": chance.choice(["br", "gzip", "zstd", "*"]),
                "If-Modified-Since": "Wed, 21 Oct 2999 07:28:00 GMT", "If-None-Match": '"x", W/"y", *'}.get(name)
        wild = "".join(character for character in value(chance) if character not in "\r\n")[:2000]
        lines.append(f"{name}: {sane if sane and chance.random() < 0.5 else wild}")
    return ("\r\n".join([*lines, "Connection: close", "", ""])).encode("utf-8", "replace")


def lost(raw: bytes, answer: WireResponse | None) -> Iterator[str]:
    """What an answer gives away or breaks."""
    said = raw.split(b"\r\n")[0].decode("latin-1")[:200]
    if answer is None:
        yield f"no answer to {said}"
        return
    text = answer.body.decode("utf-8", "replace")
    if answer.status >= 500 and not (answer.status == 501 and "FOO" in said):
        yield f"{answer.status} to {said}"
    if TRACES.search(text):
        yield f"a trace of the inside in the answer to {said}"
    kind = answer.header("content-type").split(";")[0]
    if kind in MARKED_UP and RAW in text:
        yield f"reflected markup in the answer to {said}"
    if any("injected" in name for name, _ in answer.headers):
        yield f"an injected header in the answer to {said}"
    if "root:x:0" in text:
        yield f"a file of the system in the answer to {said}"


def requests(server: Server, times: int, seed: int = 1) -> Tried:
    """Send so many odd requests, eight at a time."""
    chance = random.Random(seed)
    raw = [request(server, chance) for _ in range(times)]
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda one: parsed(exchange(server, one)), raw)
        found = [loss for sent, answer in zip(raw, answers, strict=True) for loss in lost(sent, answer)]
    return Tried("requests with odd paths, queries, methods and headers", times, found)


def oversize(server: Server) -> Tried:
    """Requests that are far too large, or never end as they should: refused, and the server lives."""
    host = b"Host: " + urlsplit(server.url).netloc.encode()
    much = b"a" * 200_000

    def ask(line: bytes, *headers: bytes, body: bytes = b"") -> bytes:
        return b"\r\n".join([line + b" HTTP/1.1", *headers, b"Connection: close", b"", body])

    chunked, smuggled = b"Transfer-Encoding: chunked", b"0\r\n\r\n" + ask(b"GET /smuggled", host)
    tries = {
        "one header of 200 kB": ask(b"GET /", host, b"X: " + much),
        "5,000 headers": ask(b"GET /", host, *(b"X-%d: 1" % number for number in range(5000))),
        "an address of 200 kB": ask(b"GET /" + much, host),
        "a query of 200 kB": ask(b"GET /plain/?period=" + much, host),
        "no line at all": b"\x00" * 100_000 + b"\r\n\r\n",
        "two lengths": ask(b"POST /", host, b"Content-Length: 3", b"Content-Length: 9", body=b"abc"),
        "length and chunks": ask(b"POST /plain/", host, b"Content-Length: 4", chunked, body=smuggled),
        "a chunk of negative length": ask(b"POST /", host, chunked, body=b"-1\r\nx\r\n"),
        "no host": ask(b"GET /"),
        "two hosts": ask(b"GET /", host, b"Host: evil.example"),
        "another protocol": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500,
        "HTTP/2 without asking": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    }
    found = []
    for what, raw in tries.items():
        answer = parsed(exchange(server, raw, timeout=20))
        if answer and answer.status < 400:
            found.append(f"{what} was answered {answer.status}")
        if answer and (answer.status >= 500 or TRACES.search(answer.body.decode("latin-1"))):
            found.append(f"{what} was answered {answer.status}: {answer.body[:80]!r}")
    return Tried("requests too large, or never ending as they should", len(tries), found)
