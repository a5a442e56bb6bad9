"""python -m tests.upgrade FOLDER: goes over from this project to a copy of it with another Streamlit, by the steps of
docs/operating.md (A new version of the portal), while pages are open in Chromium.

FOLDER: the copy, with a virtual environment in .venv. Prints how many visitors had a live page at each step; exits with
1 where one had none.
"""

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as BrowserError

from tests.browser.conftest import ALONE, FLAGS
from tests.browser.server import Server, free_port, start, stop
from tests.conftest import NEWEST, SHIPPED
from tests.hostile.proxy import MISSING, NGINX, proxied
from tests.source import ROOT

VISITORS, PAGES = 20, ("/", "/calls", "/outcomes", "/data")
LIVE_MS = 60_000
LIVE = """() => !document.getElementById('first')
    && document.querySelector('[data-test-connection-state="CONNECTED"] .portal .foot')"""


@contextmanager
def portal(project: Path, releases: Path, log: Path) -> Iterator[Server]:
    """The portal of a folder, by the Python of its own virtual environment and with a cache of its own."""
    port = free_port()
    command = ["env", f"--chdir={project}", f"PORTAL_CACHE={log.with_suffix('.cache')}", "PORTAL_AHEAD=none",
               str(project / ".venv" / "bin" / "python"), "-m", "portal", "serve", "--port", str(port),
               "--releases", str(releases)]
    server = start(command, f"http://127.0.0.1:{port}", log)
    try:
        yield server
    finally:
        stop(server.pid)


def is_live(page: Page) -> bool:
    """Whether Streamlit has drawn a visitor's page, and his session is open."""
    try:
        page.wait_for_function(LIVE, timeout=LIVE_MS)
    except BrowserError:
        return False
    return True


def visit(browser: Browser, url: str) -> list[Page]:
    """Visitors who open the pages in turn, each with a browser profile of his own."""
    visitors = [browser.new_context().new_page() for _ in range(VISITORS)]
    for number, page in enumerate(visitors):
        page.goto(url + PAGES[number % len(PAGES)])
    return visitors


def go_over(front: Server, former: Server, newer: Server) -> None:
    """Name another process in nginx's configuration, and let nginx read it again."""
    folder = front.log.parent
    configuration = folder / "nginx.conf"
    text = configuration.read_text("utf-8")
    configuration.write_text(text.replace(urlsplit(former.url).netloc, urlsplit(newer.url).netloc), "utf-8")
    os.kill(int((folder / "pid").read_text("ascii")), signal.SIGHUP)


def live(step: str, pages: list[Page]) -> bool:
    """Print how many of these pages are live; whether all are."""
    count = sum(map(is_live, pages))
    print(f"{step}: {count} of {len(pages)} pages live", flush=True)
    return count == len(pages)


def upgrade(copy: Path) -> bool:
    """Whether every page was live at each step of an upgrade."""
    with tempfile.TemporaryDirectory(prefix="portal-upgrade-") as name, ExitStack() as stack:
        folder, release = Path(name), NEWEST
        shutil.copytree(SHIPPED / release, folder / "releases" / release)
        (folder / "releases" / "current").write_text(f"{release}\n", "utf-8")
        former = stack.enter_context(portal(ROOT, folder / "releases", folder / "former.log"))
        newer = stack.enter_context(portal(copy, folder / "releases", folder / "newer.log"))
        front = stack.enter_context(proxied(former.url))
        chromium = stack.enter_context(sync_playwright()).chromium
        browser = stack.enter_context(chromium.launch(executable_path=shutil.which("chromium"), args=[*FLAGS, *ALONE]))
        earlier = visit(browser, front.url)
        steps = [live("before", earlier)]
        go_over(front, former, newer)
        steps += [live("nginx gone over, opened before", earlier), live("opened after", visit(browser, front.url))]
        stop(former.pid)
        steps.append(live("former process ended, opened before", earlier))
        return all(steps)


if __name__ == "__main__":
    if not NGINX:
        sys.exit(MISSING)
    os.chdir(ROOT)
    sys.exit(0 if upgrade(Path(sys.argv[1]).resolve()) else 1)
