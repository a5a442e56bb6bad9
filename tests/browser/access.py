"""`make access`: every page, language, theme and width in both editions, unfolded and with choices used, through axe.

Prints what was found and keeps the record that the Accessibility page shows (content/access-record.json). A part of it:
`make access ARGS="--languages es ht --pages calls"`. A row that could not be looked at loses no other;
`ARGS=--resume` looks only at the rows that this commit has not passed yet.
"""

import argparse
import json
import multiprocessing
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, Page, sync_playwright

from portal.language import LANGUAGES
from portal.settings import Settings
from tests.browser.conftest import FLAGS
from tests.browser.server import Server, free_port, start, stop
from tests.browser.visit import (
    DECIDED,
    EDITIONS,
    SLUGS,
    axe,
    open_edition,
    resize,
    stretched,
    unfold,
    unfolded_list,
    used,
)
from tests.source import ROOT

RECORD = ROOT / "content" / "access-record.json"
ROWS = ROOT / ".access-rows.jsonl"  # what was found so far, for --resume
THEMES, WIDTHS = ("light", "dark"), (320, 1280)
STATES = (*(f"{width} {theme}" for width in WIDTHS for theme in THEMES), "list open", "used 320 dark",
          "used 1280 light")
WAIT_MS = 60_000  # for a condition on a page
# What is known to fall short, found by looking; the page shows these sentences as they stand.


@dataclass(frozen=True)
class AuditRow:
    """A page of an edition in a language, and what was found in each state it was looked at in."""

    slug: str
    edition: str
    language: str
    found: dict[str, list[str]] = field(default_factory=dict)  # a state that is not in it is not one of this page's
    failed: str = ""  # why it could not be looked at

    @property
    def name(self) -> tuple[str, str, str]:
        """Which row it is."""
        return self.slug, self.edition, self.language

    def line(self) -> str:
        """The row of the table: how many violations in each state."""
        counts = "".join(f"{len(self.found[state]) if state in self.found else '-':>17}" for state in STATES)
        return f"{self.slug or 'overview':<15}{self.edition:<11}{self.language:<9}{self.failed or counts}"


@contextmanager
def portal(folder: Path) -> Iterator[Server]:
    """A portal of its own, on the shipped releases."""
    settings = Settings(cache=folder / "cache", port=free_port())
    command = [sys.executable, "-m", "portal", "serve"]
    server = start(command, settings.site, folder / "log", settings.environment(), rounds=6000)
    try:
        yield server
    finally:
        stop(server.pid)


def findings_on(page: Page, edition: str) -> Iterator[tuple[str, list[str]]]:
    """What axe finds on a page: as it comes, all unfolded; with a list of choices open; with every choice used."""
    def against() -> list[str]:
        return [violation for part in axe(page) for violation in part]

    unfold(page)
    for width in WIDTHS:
        for theme in THEMES:
            resize(page, width, theme)
            yield f"{width} {theme}", against()
    if edition == "streamlit" and page.get_by_test_id("stSelectbox").count():
        page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = false })")
        resize(page, 320, "light")
        stretched(page)
        unfolded_list(page)
        yield "list open", against()
        page.keyboard.press("Escape")
    resize(page, 320, "dark")
    if used(page, edition):
        unfold(page)
        yield "used 320 dark", against()
        resize(page, 1280, "light")
        yield "used 1280 light", against()


def audit_row(browser: Browser, url: str, row: AuditRow) -> AuditRow:
    """A row with what was found; with the reason where it could not be looked at."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(WAIT_MS)
    try:
        page = context.new_page()
        open_edition(page, url, row.edition, row.slug, f"?lang={row.language}")
        return AuditRow(*row.name, dict(findings_on(page, row.edition)))
    except (Error, AssertionError) as error:
        return AuditRow(*row.name, failed=f"not looked at: {str(error).splitlines()[0][:120]}")
    finally:
        context.close()


def with_browser(url: str, row: AuditRow) -> AuditRow:
    """The same in a browser of its own, so that one that breaks takes nothing along; once more where it failed."""
    for _ in range(2):
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
            row = audit_row(browser, url, row)
            browser.close()
        if not row.failed:
            break
    return row


def commit() -> str:
    """The commit that is looked at, with a mark where files differ from it."""
    command = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def passed_rows(at: str) -> dict[tuple[str, str, str], AuditRow]:
    """The rows in which this commit showed no violation."""
    lines = [json.loads(line) for line in ROWS.read_text("utf-8").splitlines()] if ROWS.exists() else []
    rows = [AuditRow(**line["row"]) for line in lines if line["commit"] == at]
    return {row.name: row for row in rows if not row.failed and not any(row.found.values())}


def record(rows: Sequence[AuditRow], at: str) -> dict[str, Any]:
    """What the Accessibility page says of a run."""
    violations = [message for row in rows for some in row.found.values() for message in some]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        chromium = browser.version
        browser.close()
    return {
        "date": datetime.now(UTC).date().isoformat(), "commit": at,
        "tools": {"axe-core": core(), "axe-playwright-python": version("axe-playwright-python"), "Chromium": chromium,
                  "Playwright": version("playwright")},
        "standards": ["WCAG 2.0 A and AA", "WCAG 2.1 A and AA", "WCAG 2.2 A and AA", "axe best practice"],
        "pages": len(SLUGS), "editions": list(EDITIONS), "languages": list(LANGUAGES), "themes": list(THEMES),
        "widths": list(WIDTHS), "states": list(STATES), "runs": sum(len(row.found) for row in rows),
        "violations": len(violations),
        "rules": ", ".join(sorted({violation.split(":")[0] for violation in violations})),
        "decided": [{"rule": rule, "where": where, "seen": why} for rule, some in DECIDED.items()
                    for where, why in some.items()]}


def core() -> str:
    """The version of axe-core that comes with the library."""
    import axe_playwright_python

    script = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text("utf-8")
    version_line = re.search(r"axe v([\d.]+)", script)
    return version_line[1] if version_line else ""


def read_options() -> argparse.Namespace:
    """What is to be looked at."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--languages", nargs="+", choices=list(LANGUAGES), default=list(LANGUAGES))
    parser.add_argument("--pages", nargs="+", choices=[slug or "overview" for slug in SLUGS],
                        default=[slug or "overview" for slug in SLUGS])
    parser.add_argument("--editions", nargs="+", choices=list(EDITIONS), default=list(EDITIONS))
    parser.add_argument("--resume", action="store_true", help="only the rows that this commit has not passed yet")
    parser.add_argument("--workers", type=int, default=2, help="browsers at a time")
    return parser.parse_args()


def main() -> int:
    """Look at everything, print a table, keep the record; 1 where something was found or could not be looked at."""
    options, at = read_options(), commit()
    requested = [AuditRow("" if slug == "overview" else slug, edition, language)
                 for language in options.languages for slug in options.pages for edition in options.editions]
    known = passed_rows(at) if options.resume else {}
    if not options.resume:
        ROWS.unlink(missing_ok=True)
    print(f"{'page':<15}{'edition':<11}{'language':<9}" + "".join(f"{state:>17}" for state in STATES), flush=True)
    rows = []
    with (tempfile.TemporaryDirectory() as folder, portal(Path(folder)) as server,
          ProcessPoolExecutor(options.workers, multiprocessing.get_context("spawn")) as workers,
          ROWS.open("a", encoding="utf-8") as file):
        todo = workers.map(partial(with_browser, server.url), [row for row in requested if row.name not in known])
        for line in requested:
            row = known.get(line.name) or next(todo)
            rows.append(row)
            print(row.line(), flush=True)
            if line.name not in known:
                file.write(json.dumps({"commit": at, "row": asdict(row)}) + "\n")
                file.flush()
    result = record(rows, at)
    failed = [row for row in rows if row.failed]
    print(f"\n{result['runs']} runs, violations: {result['violations']}, "
          f"rows that could not be looked at: {len(failed)}")
    print("\n".join(sorted({f"{state}: {violation}" for row in rows for state, violations in row.found.items()
                            for violation in violations})))
    if len(rows) == len(SLUGS) * len(EDITIONS) * len(LANGUAGES) and not failed:
        RECORD.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"Kept in {RECORD.relative_to(ROOT)}")
    return 1 if failed or result["violations"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
