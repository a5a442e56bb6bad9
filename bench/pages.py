"""Live pages over real websockets: a crowd, each page, a change of the quarter, sessions that stay, a first visit."""

import asyncio
import os

from bench import first_paint
from bench.load import Load, crowd, median, rounds
from bench.report import BenchReport
from bench.server import Server, hello
from bench.visit import change, staying
from portal.navigation import PAGES


def visited_by_crowd(report: BenchReport, server: Server, words: str, page: str, aim: str, residents: int, within: float
                     ) -> None:
    """A crowd on one page, first paint and live page: times, errors, processor time a view."""
    before = server.cpu()
    load: Load = asyncio.run(crowd(server.url, residents, within, page, first_paint=True))
    cpu = 1000 * (server.cpu() - before) / residents
    report.row(f"{residents} residents in {within:.0f} s: {words}", f"{load}, {cpu:.1f} ms of CPU a view (load client "
               f"{1000 * load.client / residents:.1f})", aim)


def crowds(report: BenchReport, server: Server, long: bool) -> None:
    """A crowd on the Overview, on Explore, and beside them on Streamlit's smallest page."""
    residents, within = (1000, 30.0) if long else (200, 6.0)
    more = [("Overview", "", "95th 40 ms, 0 errors", 3000)] if long else []
    for words, page, aim, count in (("Overview", "", "95th 40 ms, 0 errors", residents), *more,
                                    ("Explore", "explore", "within twice the Overview", residents)):
        asyncio.run(rounds(server.url, page, 5))  # the first sessions import what every later one shares
        before = server.megabytes()
        visited_by_crowd(report, server, words, page, aim, count, within)
        report.row("memory after them", f"{server.megabytes():.0f} MB ({server.megabytes() - before:+.0f})", "130 MB")
    with hello() as floor:
        asyncio.run(rounds(floor.url, "", 5))
        visited_by_crowd(report, floor, "Streamlit hello, tuned alike but for TCP_NODELAY", "",
                         "the floor of the Overview", residents, within)


def each(report: BenchReport, server: Server, long: bool) -> None:
    """One view after another of every page."""
    views, least = 60 if long else 20, 0.0
    for page in PAGES:
        asyncio.run(rounds(server.url, page.slug, 3))
        used, visits = server.cpu(), asyncio.run(rounds(server.url, page.slug, views))
        cpu = 1000 * (server.cpu() - used) / views
        least = least or cpu
        report.row(f"one view after another: /{page.slug}",
                   f"{median(visits):.0f} ms, {cpu:.1f} ms of CPU ({cpu / least:.1f} times the Overview), "
                   f"{visits[-1].messages} messages, {visits[-1].size // 1000} kB, "
                   f"{sum(visit.errors for visit in visits)} errors",
                   "" if page is PAGES[0] else "within twice the Overview")


async def _stayed(server: Server, residents: int, long: bool) -> tuple[float, float]:
    """Megabytes of the server while so many have a page open, and a while after all of them have left."""
    async with staying(server.url, residents):
        during = server.megabytes()
    await asyncio.sleep(150 if long else 0)  # Streamlit keeps a session two minutes for who comes back
    await rounds(server.url, "", 5)
    return during, server.megabytes()


def sessions(report: BenchReport, server: Server, long: bool) -> None:
    """What a change of the quarter takes, and the memory of sessions that stay open."""
    changes = [asyncio.run(change(server.url, "calls")) for _ in range(60 if long else 20)]
    report.row(
        "another quarter chosen: /calls",
        f"{median(changes):.0f} ms, {sum(change_.errors for change_ in changes)} errors",
        "100 ms",
    )
    before, residents = server.megabytes(), 300 if long else 100
    during, after = asyncio.run(_stayed(server, residents, long))
    when = "150 s after they left" if long else "as soon as they left (given back after 120 s: --long)"
    report.row(f"{residents} sessions that stay open", f"{(during - before) / residents:.2f} MB each, "
               f"{after - before:+.1f} MB {when}", "0.1 MB each, given back")
    if long:  # what stays is used again: otherwise each wave would add as much
        during, again = asyncio.run(_stayed(server, residents, long))
        report.row("   as many again", f"{(during - after) / residents:.2f} MB each, {again - after:+.1f} MB {when}",
                   "nothing more")


def first_visits(report: BenchReport, server: Server, _: bool) -> None:
    """A first visit in a real browser (bench.first_paint), beside a bare hello page, where Chromium is installed."""
    measured = False
    for name, line, number, size, live in first_paint.measured(server.url):
        is_portal, slow = name == "Overview", "4" in line
        measured = True
        report.row(f"first visit, {line}: {name}", f"number after {number:.2f} s and {size:.0f} kB, live page after "
                   f"{live:.1f} s", ("1.5 s, 40 kB, 5 s" if slow else "live in 1.2 s") if is_portal
                   else "the stock server")
    if not measured:
        raise SystemExit(f"Chromium is not in {os.environ.get('PATH', '')}")
