"""Debian's nginx with deploy/nginx.conf before a running portal: smuggled requests, slow clients, floods, false copies.

A portal that counts (PORTAL_METRICS) tells how many requests have reached it.
"""

import re
import select
import shutil
import socket
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from os import environ
from pathlib import Path
from urllib.parse import urlsplit

from tests.browser.server import Server, free_port, start, stop
from tests.hostile.wire import Tried, parsed, until
from tests.source import ROOT

NGINX = shutil.which("nginx", path=f"{environ.get('PATH', '')}:/usr/sbin")
MISSING = "nginx is not installed: run scripts/install-nginx"
CONFIGURATION = ROOT / "deploy" / "nginx.conf"
ANOTHER = "127.0.0.2"  # the IP address of another visitor
ANSWER = re.compile(rb"^HTTP/1\.[01] [2-5]\d\d", re.MULTILINE)


@contextmanager
def proxied(process: str, *changes: tuple[str, str], second: str = "") -> Iterator[Server]:
    """Portal processes behind nginx with deploy/nginx.conf, in which only ports and folders differ. `process` and
    `second` are their URLs; `changes` are patterns and replacements. nginx writes its logs beside the server's.
    """
    with tempfile.TemporaryDirectory(prefix="portal-nginx-") as name:
        folder, port = Path(name), free_port()
        folder.chmod(0o755)
        text = CONFIGURATION.read_text("utf-8")
        other = (r"127\.0\.0\.1:8502", urlsplit(second).netloc) if second else (r"server 127\.0\.0\.1:8502.*", "")
        own = [(r"listen 8080;", f"listen 127.0.0.1:{port};"), other,
               (r"127\.0\.0\.1:8501", urlsplit(process).netloc), (r"/var/(log|cache)/(nginx/)?", f"{folder}/"),
               (r" buffer=64k flush=5s", "")]
        for pattern, instead in (*own, *changes):
            text, found = re.subn(pattern, instead, text)
            assert found, f"deploy/nginx.conf has no {pattern}"
        (folder / "nginx.conf").write_text(text, "utf-8")
        command = [str(NGINX), "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf",
                   "-g", f"daemon off; pid {folder}/pid;"]
        server = start(command, f"http://127.0.0.1:{port}", folder / "server.log")
        try:
            yield server
        finally:
            stop(server.pid)


def said(proxy: Server, raw: bytes, wait: float = 20, visitor: str = "") -> bytes:
    """What comes back for these bytes until it is closed, or nothing has come for so many seconds."""
    where, got = urlsplit(proxy.url), b""
    to = str(where.hostname), int(where.port or 0)
    with socket.create_connection(to, wait, (visitor, 0)) as wire, suppress(OSError):
        wire.sendall(raw)
        while part := wire.recv(65536):
            got += part
    return got


def asked(proxy: Server, path: str, visitor: str = "", **headers: str) -> tuple[int, str]:
    """Status and text of a plain question."""
    lines = {"Host": urlsplit(proxy.url).netloc, "Connection": "close"} | headers
    raw = f"GET {path} HTTP/1.1\r\n" + "".join(f"{key}: {value}\r\n" for key, value in lines.items()) + "\r\n"
    answer = parsed(said(proxy, raw.encode(), visitor=visitor))
    return (answer.status, answer.body.decode("utf-8", "replace")) if answer else (0, "")


def reached(server: Server) -> int:
    """How many requests have reached the portal itself, this one left out."""
    found = re.search(r"^portal_request_seconds_count ([0-9.e+]+)$", asked(server, "/metrics")[1], re.MULTILINE)
    assert found
    return int(float(found[1]))


def settled(server: Server) -> int:
    """The same once nothing else is under way: a request is counted a little after it was answered."""
    counts = [reached(server)]

    def is_still() -> bool:
        counts.append(reached(server))
        return counts[-1] == counts[-2] + 1  # the question itself

    until(is_still, 60)
    return counts[-1]


def smuggled(host: bytes) -> dict[str, bytes]:
    """Requests with a second one hidden in them, for whoever reads their length in another way."""
    hidden = b"GET /hidden HTTP/1.1\r\nHost: " + host + b"\r\nX: "
    chunked = b"0\r\n\r\n" + hidden
    length = b"Content-Length: %d" % len(chunked)

    def post(*headers: bytes, body: bytes = chunked, line: bytes = b"POST /data HTTP/1.1") -> bytes:
        return b"\r\n".join([line, b"Host: " + host, *headers, b"", body])

    kinds = [b"Transfer-Encoding: chunked", b"Transfer-Encoding : chunked", b"Transfer-Encoding: xchunked",
             b"Transfer-Encoding:\x0bchunked", b"Transfer-Encoding: chunked, identity", b"Transfer-Encoding: identity",
             b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x", b"X: y\nTransfer-Encoding: chunked",
             b"Transfer-Encoding\n : chunked", b"Transfer-Encoding: chunked\x00", b"\x20Transfer-Encoding: chunked",
             b"Transfer_Encoding: chunked", b"transfer-encoding: CHUNKED"]
    tries = {f"length and {kind!r}": post(length, kind) for kind in kinds}
    tries |= {f"{kind!r} and length": post(kind, b"Content-Length: 4", body=b"5c\r\n" + hidden) for kind in kinds[:6]}
    lengths = [b"Content-Length: 0\r\nContent-Length: 60", b"Content-Length: 60\r\nContent-Length: 0",
               b"Content-Length: 0, 60", b"Content-Length: +0", b"Content-Length: -1", b"Content-Length: 0x0",
               b"Content-Length: 0\x0b", b"Content-Length : 0", b"Content-Length: 99999999999999999999"]
    tries |= {repr(length): post(length, body=hidden) for length in lengths}
    chunks = [b"0\n\n", b"0;\r\n\r\n", b"00000000000000000\r\n\r\n", b"fffffffffffffff1\r\n", b"0\r\n\r", b"-1\r\n\r\n",
              b"0x0\r\n\r\n", b"1\r\nZ\r\n0\r\nX: y\r\n\r\n", b"2\r\nZ\r\n0\r\n\r\n", b"0 \r\n\r\n", b"0;\nx\r\n\r\n"]
    tries |= {f"chunk {chunk!r}": post(kinds[0], body=chunk + hidden) for chunk in chunks}
    tries["a GET with a body"] = post(b"Content-Length: 60", body=hidden, line=b"GET /data HTTP/1.1")
    tries["chunks in HTTP/1.0"] = post(kinds[0], line=b"POST /data HTTP/1.0")
    tries["an end of line in the address"] = post(line=b"GET /data%0d%0aX:%20y\x0dGET /hidden HTTP/1.1", body=b"")
    tries["an upgrade that is none"] = post(b"Connection: Upgrade", b"Upgrade: websocket", b"Sec-WebSocket-Version: 9",
                                            line=b"GET /_stcore/stream HTTP/1.1", body=hidden)
    tries["an upgrade to HTTP/2"] = post(b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: AA",
                                         line=b"GET /data HTTP/1.1", body=b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
    return tries


def smuggling(proxy: Server, server: Server) -> Tried:
    """Nothing reaches the portal that nginx did not take for a request, and whoever comes next gets her own answer."""
    tries = smuggled(urlsplit(proxy.url).netloc.encode())
    outcome = Tried("requests smuggled past nginx", len(tries))
    for what, raw in tries.items():
        for wait in (0.3, 12):  # a busy machine may need longer for an answer: nothing is lost before that was tried
            before = settled(server)
            known = len(ANSWER.findall(said(proxy, raw, wait)))
            after = [asked(proxy, "/healthz") for _ in range(3)]
            seen = reached(server) - before - 1 - len(after)
            if seen <= known:
                break
        else:
            outcome.lost.append(f"{what}: {seen} requests reached the portal, {known} were answered")
        if after != [(200, "alive")] * 3:
            outcome.lost.append(f"{what}: the next visitor got {after}")
    return outcome


def oversize(proxy: Server, server: Server) -> Tried:
    """Headers, URLs and bodies that are far too large do not even reach the portal."""
    much, host = b"a" * 200_000, b"Host: " + urlsplit(proxy.url).netloc.encode()
    tries = {"one header": [b"GET / HTTP/1.1", host, b"X: " + much],
             "a cookie": [b"GET / HTTP/1.1", host, b"Cookie: " + much],
             "5,000 headers": [b"GET / HTTP/1.1", host, *(b"X-%d: 1" % number for number in range(5000))],
             "an address": [b"GET /" + much + b" HTTP/1.1", host], "no end of a line": [much],
             "a body": [b"POST / HTTP/1.1", host, b"Content-Length: 200000"],
             "a body in pieces": [b"POST / HTTP/1.1", host, b"Transfer-Encoding: chunked", b"", b"30d40", much, b"0"]}
    outcome = Tried("requests that are too large for nginx", len(tries))
    for _ in range(2):  # one of an earlier nginx may still end, and is counted then: look twice
        before = settled(server)
        for what, lines in tries.items():
            answer = parsed(said(proxy, b"\r\n".join([*lines, b"", b""]), wait=2))
            if answer and not 400 <= answer.status < 500:
                outcome.lost.append(f"{what} of 200 kB was answered {answer.status}")
        arrived = reached(server) - before - 1
        if not arrived:
            return outcome
    outcome.lost.append(f"{arrived} of them reached the portal")
    return outcome


def slow(proxy: Server, each: int, most: float) -> Tried:
    """So many who send a header drop by drop, and a few who send a body so: each is let go within `most` seconds, and
    meanwhile everybody else is answered.
    """
    where, host = urlsplit(proxy.url), urlsplit(proxy.url).netloc.encode()
    begins = {"header": b"GET /plain/ HTTP/1.1\r\nHost: " + host + b"\r\nX: ",
              "body": b"POST /data HTTP/1.1\r\nHost: " + host + b"\r\nContent-Length: 60000\r\n\r\n"}
    wires = {socket.create_connection((str(where.hostname), int(where.port or 0))): kind for kind in begins
             for _ in range(each if kind == "header" else each // 10)}
    done, others, until = Tried("slow clients of nginx", len(wires)), Counter[int](), time.monotonic() + most
    for wire, kind in wires.items():
        wire.setblocking(False)
        wire.sendall(begins[kind])
    staying = list(wires)
    while staying and time.monotonic() < until:
        others[asked(proxy, "/plain/calls", visitor=ANOTHER)[0]] += 1
        waiting = select.poll()  # unlike select(), for more than 1,024 of them
        for wire in staying:
            waiting.register(wire, select.POLLIN)
        waiting.poll(100)  # a drop each, ten times a second, or as soon as one is let go
        staying = [wire for wire in staying if _stays(wire)]
    for wire in wires:
        wire.close()
    done.what += f" ({sum(others.values())} others were answered meanwhile)"
    done.lost += [f"{count} slow senders of a {kind} were still there after {most:.0f} s"
                  for kind, count in Counter(map(wires.__getitem__, staying)).items()]
    if set(others) != {200}:
        done.lost.append(f"others were answered {dict(others)}")
    return done


def _stays(wire: socket.socket) -> bool:
    """Send one more byte; whether the other side still listens."""
    try:
        wire.send(b"a")
        return bool(wire.recv(4096))
    except BlockingIOError:
        return True
    except OSError:
        return False


def flood(proxy: Server, times: int) -> Tried:
    """Many requests of one visitor, as fast as can be: she is told to wait, and nobody else is."""
    host, done = urlsplit(proxy.url).netloc, Tried("requests of one visitor in a row", times)
    raw = f"GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n".encode() * (times - 1)
    got = said(proxy, raw + f"GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    told = Counter(ANSWER.findall(got))
    if not told[b"HTTP/1.1 429"] or not told[b"HTTP/1.1 200"]:
        done.lost.append(f"answered {dict(told)}")
    if (other := asked(proxy, "/healthz", visitor=ANOTHER)[0]) != 200:
        done.lost.append(f"another visitor was answered {other}")
    return done


def poisoned(proxy: Server, release: str) -> Tried:
    """What nginx keeps of an odd URL or host is not shown to who asks for the right one."""
    file, page = f"/download/{release}/csv/cells.csv", "/plain/calls"
    odd = ["/{}", "/x/..{}", "/.{}", "{}%20", "/%2e{}", "/x/%2e%2e{}", "{}#x", "{}/../calls", "//.//{}"]
    outcome = Tried("addresses that nginx reads in another way")
    for path, whole in ((file, "table_id,period_id"), (page, "<main")):
        for request in odd:
            outcome.times += 1
            asked(proxy, request.format(path))
        for host in ("203.0.113.9", "[2001:db8::9]:81"):
            outcome.times += 1
            asked(proxy, path, Host=host)
        status, text = asked(proxy, path)
        if status != 200 or whole not in text or "203.0.113.9" in text or "2001:db8" in text:
            outcome.lost.append(f"{path} is kept as something else: {status} {text[:60]!r}")
    for header in ("Accept-Language", "Accept"):
        outcome.times += 1
        asked(proxy, f"{page}?lang=e", **{header: "s"})  # there is no such language: English
        status, text = asked(proxy, f"{page}?lang=es")
        if '<html lang="es"' not in text:
            outcome.lost.append(f"a page is kept for a longer address by {header}: {status} {text[:60]!r}")
    return outcome
