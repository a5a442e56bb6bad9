"""As data grows: publishing, starting, memory and page views of a longer pilot; a file of many cells, seconds."""

import asyncio
import shutil
import sqlite3
import tempfile
import time
from pathlib import Path

from bench.load import median, rounds
from bench.publishing import pilot
from bench.report import BenchReport
from bench.server import ROOT, Server, fresh_cache, portal
from portal.release import queries
from portal.release.store import DATABASE, Release

VIEWS = 20


def pilots(report: BenchReport, long: bool) -> None:
    """A pilot of 18 months, and in the long form of ten years: the whole way, from the extract to a page view."""
    for words, months in (("18 months", 18), ("10 years", 120))[: 1 + long]:
        with tempfile.TemporaryDirectory() as name, fresh_cache() as cache:
            releases = Path(name) / "releases"
            cost, _ = pilot(releases, Path(name), months, 110)
            cells = queries.table(Release(releases / "bench"), "cells").rows
            size = (releases / "bench" / DATABASE).stat().st_size / 1e3
            with portal(cache, releases=releases, patience=900) as server:
                drawn = server.seconds_to_first_page
            with portal(cache, releases=releases) as server:
                asyncio.run(rounds(server.url, "", 5))
                report.row(f"{words} ({len(cells):,} cells, {size:.0f} kB)", f"publish {cost.live}; first start "
                           f"{drawn:.1f} s, then {server.seconds_to_first_page:.1f} s; {server.megabytes():.0f} MB; "
                           + "; ".join([_view(server, slug) for slug in ("", "explore")]),
                           "no faster than the data; views the same")


def _view(server: Server, slug: str) -> str:
    """A page's milliseconds, and those of processor time, once it is warm."""
    asyncio.run(rounds(server.url, slug, 3))
    used = server.cpu()
    visits = asyncio.run(rounds(server.url, slug, VIEWS))
    return f"/{slug} {median(visits):.0f} ms, {1000 * (server.cpu() - used) / VIEWS:.0f} ms of CPU"


def many_cells(report: BenchReport, long: bool) -> None:
    """Files of 10^5 and, in the long form, 10^6 cells: the newest shipped release, and the same cells under the names
    of other towns. Time to open one and to ask what the site asks of it; a page view asks nothing (a test counts it).
    """
    newest = max((ROOT / "data" / "releases").glob("*/release.sqlite")).parent
    for cells in (None, 100_000, 1_000_000)[: 2 + long]:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / newest.name
            shutil.copytree(newest, folder)
            cells = _grown(folder / DATABASE, cells)
            began = time.perf_counter()
            release = Release(folder)
            queries.meta(release)
            opened = time.perf_counter() - began
            began = time.perf_counter()
            queries.series(release, "demand.received", "month", ["calls"])
            seconds = time.perf_counter() - began
            release.engine.dispose()
            report.row(f"a file of {cells:,} cells ({(folder / DATABASE).stat().st_size / 1e6:.1f} MB)",
                       f"opened in {1000 * opened:.0f} ms, a series of months in {1000 * seconds:.1f} ms; "
                       "a page view asks it nothing", "no faster than the data")


def _grown(database: Path, cells: int | None) -> int:
    """How many cells a file has once other towns' are added, up to so many."""
    database.chmod(0o644)
    with sqlite3.connect(database) as connection:
        (have,) = connection.execute("SELECT count(*) FROM cells").fetchone()
        columns = [row[1] for row in connection.execute("PRAGMA table_info(cells)")]
        other_columns = ", ".join(columns[1:])
        for town in range((cells or 0) // have):
            connection.execute(f"INSERT INTO cells SELECT 'town-{town}/' || {columns[0]}, {other_columns} "
                               f"FROM cells LIMIT {have}")
        (now,) = connection.execute("SELECT count(*) FROM cells").fetchone()
    connection.close()
    return int(now)


def growth(report: BenchReport, long: bool) -> None:
    """Both."""
    many_cells(report, long)
    pilots(report, long)
