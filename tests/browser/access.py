"""`make access`: all pages, languages, themes and widths in both editions, through axe; prints what was found and keeps
the record that the Accessibility page shows (content/access-record.json).
"""

import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from portal.language import LANGUAGES
from portal.settings import override
from tests.browser.conftest import FLAGS
from tests.browser.server import Server, free_port, start, stop
from tests.browser.visit import DECIDED, EDITIONS, SLUGS, axe, opened, seen, unfold
from tests.source import ROOT

RECORD = ROOT / "content" / "access-record.json"
THEMES, WIDTHS = ("light", "dark"), (320, 1280)
# What is known to fall short, found by looking; the page shows these sentences as they stand.
FALLS_SHORT = (
    "No person who uses a screen reader has tried this site yet.",
    "While a list of choices is open in the interactive site, a screen reader meets that list alone.",
    "A chart that was made interactive can be read by its sentence and its table, but not point by point.",
    "Translations are drafts until a person has reviewed them.",
)


@contextmanager
def portal(folder: Path) -> Iterator[Server]:
    """A portal of its own, on the shipped releases."""
    port = free_port()
    override("cache", str(folder / "cache"))
    command = [sys.executable, "-m", "portal", "serve", "--host", "127.0.0.1", "--port", str(port)]
    server = start(command, f"http://127.0.0.1:{port}", folder / "log", rounds=6000)
    try:
        yield server
    finally:
        stop(server.pid)


Found = dict[tuple[int, str], list[str]]  # by width and theme


def looked(browser: Browser, server: Server, edition: str, slug: str, language: str) -> Found:
    """What axe finds on a page, unfolded, in each width and theme."""
    page = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    opened(page, server.url, edition, slug, f"?lang={language}")
    unfold(page)
    found = {}
    for width in WIDTHS:
        for theme in THEMES:
            seen(page, width, theme)
            found[width, theme] = [*axe(page)[0], *axe(page)[1]]
    page.close()
    return found


def record(runs: Counter[str], found: list[str], browser: str) -> dict[str, Any]:
    """What the Accessibility page says of a run."""
    rules = ", ".join(sorted({one.split(":")[0] for one in found}))
    return {
        "date": datetime.now(UTC).date().isoformat(), "commit": commit(),
        "tools": {"axe-core": core(), "axe-playwright-python": version("axe-playwright-python"), "Chromium": browser,
                  "Playwright": version("playwright")},
        "standards": ["WCAG 2.0 A and AA", "WCAG 2.1 A and AA", "WCAG 2.2 A and AA", "axe best practice"],
        "pages": len(SLUGS), "editions": list(EDITIONS), "languages": list(LANGUAGES), "themes": list(THEMES),
        "widths": list(WIDTHS), "runs": sum(runs.values()), "violations": len(found), "rules": rules,
        "decided": [{"rule": rule, "where": where, "seen": why} for rule, some in DECIDED.items()
                    for where, why in some.items()],
        "falls_short": list(FALLS_SHORT)}


def commit() -> str:
    """The commit that was looked at, shortened."""
    asked = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def core() -> str:
    """The version of axe-core that comes with the library."""
    import axe_playwright_python

    script = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text("utf-8")
    told = re.search(r"axe v([\d.]+)", script)
    return told[1] if told else ""


def main() -> int:
    """Look at everything, print a table, keep the record; 1 where something was found."""
    languages = sys.argv[1:] or list(LANGUAGES)
    runs: Counter[str] = Counter()
    found: list[str] = []
    heads = [f"{width} {theme}" for width in WIDTHS for theme in THEMES]
    print(f"{'page':<15}{'edition':<11}{'language':<10}" + "".join(f"{one:>12}" for one in heads), flush=True)
    with tempfile.TemporaryDirectory() as folder, portal(Path(folder)) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for language in languages:
            for edition in EDITIONS:
                for slug in SLUGS:
                    here = looked(browser, server, edition, slug, language)
                    runs[language] += len(here)
                    found += [one for some in here.values() for one in some]
                    counts = "".join(f"{len(here[width, theme]):>12}" for width in WIDTHS for theme in THEMES)
                    print(f"{slug or 'overview':<15}{edition:<11}{language:<10}{counts}", flush=True)
        made = record(runs, found, browser.version)
    print(f"\n{sum(runs.values())} runs, violations: {len(found)}")
    print("\n".join(sorted(set(found))))
    if set(languages) == set(LANGUAGES):
        RECORD.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"Kept in {RECORD.relative_to(ROOT)}")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
