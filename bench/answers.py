"""Responses that are cached as bytes, beside a bare route with the same bytes, a file of nginx's, and Datasette."""

import asyncio
import re
import tempfile
import time
import urllib.request
from pathlib import Path

from bench.load import requests
from bench.report import BenchReport
from bench.server import ROOT, Server, bare, datasette, nginx

NEWEST = max((ROOT / "data" / "releases").glob("*/release.sqlite"))
CACHED = (("plain page", "/plain/calls"), ("first paint", "/"), ("API: cells",
        f"/api/v1/releases/{NEWEST.parent.name}/cells"), ("API: a figure", "/api/v1/figures/response.met"),
        ("a drawing", ""))
DRAWING = re.compile(rb'"(/figure/[^"]+\.svg)"')


def _drawing(server: Server) -> str:
    """The URL of a drawing of the first page."""
    with urllib.request.urlopen(f"{server.url}/plain/calls", timeout=60) as page:
        found = DRAWING.search(page.read())
    if found is None:
        raise SystemExit("the page has no drawing")
    return found[1].decode()


def _body_and_tag(url: str) -> tuple[bytes, str]:
    """Body and ETag of an answer, in its brotli form."""
    request = urllib.request.Request(url, headers={"Accept-Encoding": "br"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read(), answer.headers.get("ETag", "")


def _rate(server: Server, path: str, seconds: float, etag: str = "") -> tuple[float, float]:
    """Answers a second, and microseconds of the server's processor time for each."""
    used = server.cpu()
    rate = asyncio.run(requests(server.url, path, seconds, etag=etag))
    return rate, 1e6 * (server.cpu() - used) / (rate * seconds)


def responses(report: BenchReport, server: Server, long: bool) -> None:
    """Requests a second for the same bytes: the portal, a bare route, nginx; then Datasette on the same file."""
    seconds = 5.0 if long else 2.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        for words, named in CACHED:
            path = named or _drawing(server)
            content, tag = _body_and_tag(server.url + path)
            page = folder / "page.html"
            page.write_bytes(content)
            with bare(page) as floor:
                least, cost = _rate(floor, "/", seconds)
            rate, cost_here = _rate(server, path, seconds)
            report.row(f"{words}, {len(content) / 1000:.0f} kB (brotli)",
                       f"{rate:.0f} a second ({cost_here:.0f} µs of CPU); bare Starlette route {least:.0f} "
                       f"({cost:.0f} µs): {100 * rate / least:.0f}%, by CPU {100 * cost / cost_here:.0f}%", "half")
            if path == CACHED[0][1]:
                rate, cost_here = _rate(server, path, seconds, etag=tag)
                report.row("   the same to who has it (304)", f"{rate:.0f} a second ({cost_here:.0f} µs of CPU)")
                if peer := nginx(folder):
                    with peer as static:
                        rate, _ = _rate(static, "/page.html", seconds)
                        report.row("   nginx, the same bytes as a file", f"{rate:.0f} a second (bound by the client)")


def peers(report: BenchReport, long: bool) -> None:
    """Datasette's page of the cells of the same file."""
    with tempfile.TemporaryDirectory() as name, datasette(Path(name), NEWEST) as peer:
        used, began, times = peer.cpu(), time.perf_counter(), 100 if long else 20
        for _ in range(times):
            with urllib.request.urlopen(f"{peer.url}/{NEWEST.stem}/cells", timeout=60) as answer:
                answer.read()
        rate, cost = times / (time.perf_counter() - began), 1000 * (peer.cpu() - used) / times
        report.row("   Datasette, page of the cells of the same file", f"{rate:.0f} a second ({cost:.0f} ms of CPU)")
