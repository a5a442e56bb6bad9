"""What tests of several rooms share."""

import asyncio
import multiprocessing
import os
import shutil
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from tests.browser.server import Server, free_port, shared
from tests.source import ROOT

SHIPPED = ROOT / "data" / "releases"
ALL_SHIPPED = tuple(sorted(folder.name for folder in SHIPPED.iterdir() if folder.is_dir()))
SMALLEST, NEWEST = ALL_SHIPPED[:2], ALL_SHIPPED[-1]  # the smallest are rendered soonest
SERVED = (SMALLEST[0], NEWEST)  # by the portal of the browser tests
SOON = ("es", "ne")  # languages in which it renders the newest: the longest one, and the one in another script


# Speed is measured in bench/, never asserted by a clock: a busy machine fails no test.
settings.register_profile("project", deadline=None)
settings.load_profile("project")
if sys.platform == "linux":
    # A process that runs tests has threads, and a fork of it may wait for ever for a lock that one of them holds.
    multiprocessing.set_start_method("forkserver", force=True)
    multiprocessing.set_forkserver_preload(["portal.builder.build", "portal.builder.renderer"])


MAIN = sys.modules["__main__"]


@contextmanager
def own_event_loop(item: pytest.Item) -> Iterator[None]:
    """Playwright leaves its event loop running in the process, in which asyncio.run refuses: only its tests see it."""
    if "chromium" in getattr(item, "fixturenames", ()):
        yield
        return
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(loop)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    with own_event_loop(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    with own_event_loop(item):
        return (yield)


@pytest.fixture(autouse=True)
def own_main_module() -> Iterator[None]:
    """AppTest puts Streamlit's script in the place of the main module, and a new process would run it again."""
    sys.modules["__main__"] = MAIN
    yield
    sys.modules["__main__"] = MAIN


@pytest.fixture(scope="session")
def drawn_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache, shared by all test processes, in which the two smallest shipped releases are rendered in English.

    DRAWN names one that is kept from one run to the next.
    """
    from tests.site import built, releases_in, settings_for

    base = tmp_path_factory.getbasetemp()
    base = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "drawn"
    base = Path(os.environ.get("DRAWN", base))
    base.mkdir(exist_ok=True)
    with FileLock(base / "lock"):
        shutil.rmtree(base / "releases", ignore_errors=True)  # those of an earlier run may have been others
        releases_in(base / "releases", *SMALLEST)
        built(settings_for(base / "releases", base / "cache"))
    return base / "cache"


def copy_of_cache(cache: Path, to: Path) -> Path:
    """A copy of what is rendered in a cache, while others may build there. Returns the copy."""
    return Path(shutil.copytree(cache, to, ignore=shutil.ignore_patterns(".*", "accepted*", "index*")))


@pytest.fixture(scope="session")
def translated_cache(session_folder: Path, drawn_cache: Path) -> Path:
    """A cache, shared by all test processes, in which the smallest shipped release is rendered in every language and in
    the stretched one. Not `drawn_cache`: while one builder is at work in a cache, others wait.
    """
    from portal.language import LANGUAGES, PSEUDO
    from tests.site import built, releases_in, settings_for

    folder = session_folder / "translated"
    folder.mkdir(exist_ok=True)
    with FileLock(folder / "lock"):
        if not (folder / "cache").exists():
            copy_of_cache(drawn_cache, folder / "cache")
            releases = releases_in(folder / "releases", SMALLEST[0])
            built(settings_for(releases, folder / "cache", ahead=(*LANGUAGES, PSEUDO), pseudo=True))
    return folder / "cache"


@pytest.fixture(scope="session")
def realdata() -> Path:
    """The folder of other cities' real extracts, which is no part of the project; its README has their known answers.

    REALDATA names it, else it is looked for beside the project. Missing: skipped, or failed with CI set.
    """
    folder = Path(os.environ.get("REALDATA") or ROOT.parent / "shared" / "realdata")
    missing = [name for name in ("oakland/calls.csv.gz", "milwaukee/calls.csv.gz", "dallas/force.csv.gz")
               if not (folder / name).is_file()]
    if missing:
        why = f"{', '.join(missing)} not found in {folder}: set REALDATA to the folder of the real extracts"
        if os.environ.get("CI"):
            pytest.fail(f"{why}. With CI set this is a failure.", pytrace=False)
        pytest.skip(why)
    return folder


@pytest.fixture(scope="session")
def session_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder all test processes of this session share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session")
def portal_server(session_folder: Path, translated_cache: Path) -> Iterator[Server]:
    """The portal on the newest shipped release, rendered in English before it starts and in SOON meanwhile, and on the
    smallest in every language. Its cache is its own for the session: what others hold already is not rendered again.
    """
    from portal.settings import Settings
    from tests.site import built, releases_in, settings_for

    folder = session_folder / "portal-server"
    folder.mkdir(exist_ok=True)
    own = settings_for(folder / "releases", folder / "cache", port=free_port(), ahead=SOON, pseudo=True)
    with FileLock(folder / "releases.lock"):
        if not (folder / "releases").exists():
            copy_of_cache(translated_cache, own.cache)
            releases_in(folder / "releases", *SERVED)
            built(replace(own, ahead=()))
            built(replace(own, ahead=Settings().ahead), SERVED[0])
    with shared(folder, [sys.executable, "-m", "portal", "serve"], own.site, own.environment()) as server:
        yield server
