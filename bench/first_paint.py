"""A first visit in a real Chromium: when the Overview's main number can be read, beside a bare Streamlit hello page.

`python -m bench.first_paint`. Slow is a processor four times slower, 1.6 Mbit/s and 150 ms, through Chromium's own
throttling; every visit has an empty cache.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from rich.console import Console
from rich.table import Table

from bench.server import answers, free_port, fresh_cache, portal

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]
RUNS = 3
# Writes down, on the page's own clock, when the frame after an element's arrival was drawn.
WATCH = """(selectors) => { window.seen = {};
  const look = () => { for (const [name, selector] of Object.entries(selectors))
      if (!(name in window.seen) && document.querySelector(selector)) { window.seen[name] = -1;
        requestAnimationFrame(() => setTimeout(() => { window.seen[name] = performance.now() / 1000 })) } };
  new MutationObserver(look).observe(document, {childList: true, subtree: true}); look() }"""


@dataclass(frozen=True)
class TimedPage:
    """A page to visit: its URL, what of it is the number, and what shows that Streamlit has drawn it."""

    name: str
    url: str
    number: str
    live: str


@contextmanager
def hello() -> Iterator[str]:
    """A bare Streamlit page, from a stock server."""
    folder, port = Path(tempfile.mkdtemp(prefix="portal-hello-")), free_port()
    (folder / "hello.py").write_text('import streamlit as st\nst.title("Hello")\nst.write("1,234 calls")\n', "utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "hello.py", "--server.port", str(port), "--server.headless", "true",
         "--browser.gatherUsageStats", "false"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        while not answers(f"{url}/_stcore/health"):
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def visit(browser: Browser, page: TimedPage, slow: bool) -> tuple[dict[str, float], int]:
    """Seconds until number and live page were drawn, and the bytes that had come when the number was."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    tab = context.new_page()
    devtools = context.new_cdp_session(tab)
    devtools.send("Network.enable")
    received: list[tuple[float, float]] = []
    devtools.on("Network.dataReceived", lambda event: received.append((event["timestamp"], event["encodedDataLength"])))
    started: list[float] = []
    devtools.on("Network.requestWillBeSent", lambda event: started.append(event["timestamp"]))
    if slow:
        devtools.send("Network.emulateNetworkConditions", {
            "offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8})
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    tab.add_init_script(f"({WATCH})({{number: `{page.number}`, live: `{page.live}`}})")
    tab.goto(page.url, wait_until="commit")
    tab.wait_for_function("() => window.seen.number > 0 && window.seen.live > 0", timeout=120_000)
    times: dict[str, float] = tab.evaluate("window.seen")
    context.close()
    return times, int(sum(size for when, size in received if when - started[0] <= times["number"]))


def measured(url: str) -> Iterator[tuple[str, str, float, float, float]]:
    """Page, machine and line, seconds to the number, kilobytes until then, seconds to the live page: medians of a few
    visits to the portal at that URL, then to a bare hello page. Nothing where Debian's Chromium is not installed.
    """
    path = shutil.which("chromium")
    if path is None:
        return
    with sync_playwright() as playwright, hello() as other:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for page in (TimedPage("Overview", f"{url}/", ".portal .lead data", "#root .portal .foot"),
                     TimedPage("bare Streamlit hello", other, "#root h1", "#root h1")):
            for slow in (False, True):
                visits = [visit(browser, page, slow) for _ in range(RUNS)]
                number, live = (statistics.median(times[name] for times, _ in visits) for name in ("number", "live"))
                size = statistics.median(size for _, size in visits) / 1000
                yield page.name, "4 times slower, 1.6 Mbit/s" if slow else "not slowed", number, size, live
        browser.close()


def main() -> None:
    """Print the table."""
    table = Table("Page", "Machine and line", "Number on screen", "Bytes until then", "Streamlit has drawn it")
    with fresh_cache() as cache, portal(cache) as server:
        for name, line, number, size, live in measured(server.url):
            table.add_row(name, line, f"{number:.2f} s", f"{size:.0f} kB", f"{live:.1f} s")
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
