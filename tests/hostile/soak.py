"""Everything at once, for as long as wanted: visitors on every kind of URL while releases are published and rolled
back, the builder is killed or hangs, the database restarts and the disk is full. Nobody may see a wrong number or two
releases on one page, and memory stays flat.
"""

import csv
import json
import os
import random
import re
import signal
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress

from websockets.exceptions import ConnectionClosed

from portal.navigation import PAGES
from tests.browser.server import Server, children
from tests.conftest import SHIPPED, SMALLEST
from tests.hostile.places import Folder
from tests.hostile.served import visited
from tests.hostile.sockets import megabytes
from tests.hostile.wire import Tried

OLD, NEW = SMALLEST
VISITORS = 6
SOON = 5.0  # seconds until what is built already is live, whatever the builder does
GROWTH = 1.10
OF_A_RELEASE = re.compile(r'/(?:figure|download)/([0-9]{4}-Q[1-4])/')
HASHES = re.compile(r"/download/[^/]+/SHA256SUMS")  # Data lists those of all releases
ARTICLE = re.compile(r'<article class="card" id="demand.received".*?</article>', re.DOTALL)
VALUE = re.compile(r'<data value="([^"]+)"')


def get(url: str) -> tuple[int, str]:
    """Status and text of a URL."""
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode("utf-8", "replace")


def published(release: str) -> dict[tuple[str, ...], str]:
    """Every number of a shipped release, as its own files have it."""
    with (SHIPPED / release / "csv" / "cells.csv").open(encoding="utf-8", newline="") as file:
        return {_key(row): row["value"] for row in csv.DictReader(file)}


def _key(row: dict[str, object]) -> tuple[str, ...]:
    columns = ("table_id", "period_id", "measure_id", "dimension_1", "category_1", "dimension_2", "category_2")
    return tuple(str(row[column] or "") for column in columns)


class Soak:
    """Visitors of one server, and what they saw that they should not."""

    def __init__(self, server: Server, seed: int) -> None:
        self.server, self.chance = server, random.Random(seed)
        self.numbers = {release: published(release) for release in SMALLEST}
        self.shown: dict[str, tuple[str, ...]] = {}  # by release: the numbers of one figure, as first seen
        self.result = Tried("visits while releases change and the builder fails")
        self.ended = threading.Event()
        self.event = "the beginning"  # what happened last
        self.slowest = 0.0  # seconds until a release was live
        self.silent = 0  # live pages that said nothing for a minute

    def visit(self) -> None:
        """One visit, of a random kind."""
        self.result.times += 1
        self.chance.choice([self.page, self.page, self.cells, self.session])()

    def page(self) -> None:
        """A page shows one release, and a release always the same numbers."""
        slug = self.chance.choice(PAGES).slug
        status, text = get(f"{self.server.url}/plain/{slug}")
        if status != 200:
            self.lost(f"/plain/{slug} was answered {status}")
        self.one_release(f"/plain/{slug}", text)

    def session(self) -> None:
        """So does a live page. A server may close a session; then the browser opens another, as after a minute without
        a word, which is counted.
        """
        try:
            self.one_release("a live page", visited(self.server, "calls"))
        except ConnectionClosed:
            pass  # allowed: nothing was shown
        except TimeoutError:
            self.silent += 1

    def one_release(self, where: str, text: str) -> None:
        """Note where two releases stand on one page, or a figure's numbers are not those of its release."""
        releases = set(OF_A_RELEASE.findall(HASHES.sub("", text)))
        if len(releases) > 1:
            self.lost(f"{where} showed {' and '.join(sorted(releases))}")
        article = ARTICLE.search(text)
        if article and len(releases) == 1:
            numbers = tuple(VALUE.findall(article[0]))
            if self.shown.setdefault(*releases, numbers) != numbers:
                self.lost(f"{where} showed other numbers for {releases}")

    def cells(self) -> None:
        """Every number that programs get is the published one."""
        release = self.chance.choice(SMALLEST)
        status, text = get(f"{self.server.url}/api/v1/releases/{release}/cells")
        if status not in {200, 404, 503}:  # withdrawn, or being prepared
            self.lost(f"the cells of {release} were answered {status}")
        for row in json.loads(text)["cells"] if status == 200 else ():
            known = self.numbers[release].get(_key(row))
            if known is None or (float(known) if known else None) != row["value"]:
                self.lost(f"{release} answered {row['value']} where {known} is published: {_key(row)}")

    def lost(self, what: str) -> None:
        """Note something that must not happen, and what happened before it."""
        self.result.lost.append(f"{what} (after: {self.event})")

    def visitors(self) -> list[threading.Thread]:
        """Everybody, until the end."""
        def stay() -> None:
            while not self.ended.is_set():
                self.visit()

        threads = [threading.Thread(target=stay, daemon=True) for _ in range(VISITORS)]
        for thread in threads:
            thread.start()
        return threads


def events(soak: Soak, place: Folder) -> Iterator[tuple[str, Callable[[], object]]]:
    """What happens meanwhile, in order."""
    def live(release: str) -> None:
        place.publish(release)
        begun = time.monotonic()
        while f"ready: release {release}" not in get(f"{soak.server.url}/readyz")[1]:
            if time.monotonic() > begun + 4 * SOON:
                break
        seconds = time.monotonic() - begun
        soak.slowest = max(soak.slowest, seconds)
        if seconds > SOON:
            soak.lost(f"{release} was not live within {SOON:g} s, but after {seconds:.1f} s")

    def send(kind: signal.Signals) -> None:
        for pid in children(soak.server.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, kind)

    while True:
        yield "published", lambda: live(NEW)
        yield "rolled back", lambda: live(OLD)
        yield "builder killed", lambda: send(signal.SIGKILL)
        yield "published without a builder", lambda: live(NEW)
        yield "builder stopped", lambda: send(signal.SIGSTOP)
        yield "rolled back while it hangs", lambda: live(OLD)
        yield "builder goes on", lambda: send(signal.SIGCONT)
        for trouble in place.troubles:
            yield trouble.name, trouble.begin
            if trouble.publishing:
                yield f"{trouble.name}, and published", lambda: live(NEW)
            yield f"{trouble.name} no more", trouble.end
            yield f"{trouble.name} no more, and rolled back", lambda: live(OLD)


def soak(server: Server, place: Folder, seconds: float, seed: int = 1) -> Tried:
    """So many seconds of it on a server where both releases are built. Memory may not grow after the first third."""
    trial, started = Soak(server, seed), time.monotonic()
    visitors, memory, count = trial.visitors(), 0.0, 0
    for name, happen in events(trial, place):
        trial.event, count = name, count + 1
        happen()
        trial.ended.wait(min(10.0, seconds / 12))
        passed = time.monotonic() - started
        memory = memory or (megabytes(server) if passed > seconds / 3 else 0.0)
        if passed > seconds:
            break
    trial.ended.set()
    for trouble in place.troubles:
        trouble.end()
    for visitor in visitors:
        visitor.join(120)
    after = megabytes(server)
    if after > memory * GROWTH:
        trial.lost(f"memory grew from {memory:.0f} to {after:.0f} MB")
    trial.result.what += (f" ({count} events; live after {trial.slowest:.1f} s at most; {trial.silent} sessions silent"
                          f" for a minute; {memory:.0f} MB, then {after:.0f} MB)")
    return trial.result
