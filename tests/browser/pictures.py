"""`make pictures`: the reviewed pictures of docs/pictures, taken from a running portal: every page on a screen and on a
phone, the Overview in both themes and in Haitian Creole too.
"""

import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from portal.language import DEFAULT
from tests.browser.access import portal
from tests.browser.conftest import FLAGS
from tests.browser.visit import SLUGS, open_edition, resize, text_of
from tests.hostile.wire import until
from tests.source import ROOT

OUT = ROOT / "docs" / "pictures"
HEIGHT = {1280: 2000, 320: 1600}  # pixels of a page that are kept: its first screens
LOADED = """() => Promise.all([document.fonts.load('17px "Source Sans 3"'),
    document.fonts.load('700 17px "Source Sans 3"'),
    ...[...document.images].map(one => one.decode())]).then(() => document.fonts.ready).then(() => true, () => true)"""
COLOURS = 64  # enough for text and flat charts, and a third of the size


def shots() -> list[tuple[str, int, str, str]]:
    """Slug, width, theme and language of each picture."""
    first = [("", width, theme, language)
             for language in (DEFAULT, "ht") for width in HEIGHT for theme in ("light", "dark")]
    rest = [(slug, width, theme, DEFAULT) for slug in SLUGS if slug
            for width, theme in ((1280, "light"), (320, "dark"))]
    return sorted(first + rest, key=lambda shot: shot[3] != DEFAULT)  # another language is rendered later


def take(browser: Browser, url: str, slug: str, width: int, theme: str, language: str) -> Path:
    """One picture, as a PNG of few colours. Streamlit scrolls inside of its window, so the window is made that high."""
    until(lambda: '<p class="lead"><span lang="en">' not in text_of(f"{url}/plain/?lang={language}"), 600)  # rendered
    page = browser.new_page(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    open_edition(page, url, "streamlit", slug, "" if language == DEFAULT else f"?lang={language}")
    resize(page, width, theme, HEIGHT[width])
    page.evaluate(LOADED)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    name = [slug or "overview", str(width), theme, *([] if language == DEFAULT else [language])]
    path = OUT / f"{'-'.join(name)}.png"
    picture.save(path, optimize=True)
    page.close()
    return path


def main() -> None:
    """Take them all, in place of those that are there."""
    OUT.mkdir(exist_ok=True)
    for old in OUT.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder, portal(Path(folder)) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for shot in shots():
            path = take(browser, server.url, *shot)
            print(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1000:.0f} kB", flush=True)
    print(f"{sum(path.stat().st_size for path in OUT.glob('*.png')) / 1e6:.1f} MB in all")


if __name__ == "__main__":
    main()
