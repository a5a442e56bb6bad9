"""The static edition, written once and walked through: no broken link, no need of a server, the same numbers."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from starlette.testclient import TestClient

from portal.application import static_app
from portal.exports.static_edition import MARK, ExportRefused, export
from portal.exports.static_html import SITE
from portal.navigation import PAGES
from portal.release.store import sums_hash
from portal.settings import Settings
from tests.conftest import SMALLEST
from tests.site import SHIPPED, built, releases_in, settings_for

NUMBER = re.compile(r'<data value="([^"]+)"')
LINK = re.compile(r'\b(?:href|src|srcset)="([^"]+)"|url\("([^"]+)"\)')


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, drawn_cache: Path) -> Settings:
    """The oldest release, in English; pages in other languages show its figures in English, marked."""
    releases = releases_in(tmp_path_factory.mktemp("static"), SMALLEST[0])
    return built(settings_for(releases, drawn_cache, address=SITE))


@pytest.fixture(scope="module")
def edition(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out") / "static"
    exported = export(static_app(settings), out)
    assert exported.files == sum(file.is_file() for file in out.rglob("*")) - 1
    return out


@pytest.fixture(scope="module")
def served(settings: Settings) -> Iterator[TestClient]:
    with TestClient(static_app(settings), base_url="http://127.0.0.1") as client:
        yield client


def links(file: Path) -> set[str]:
    text = file.read_text("utf-8")
    return {unescape(one or other) for one, other in LINK.findall(text)}


@cache
def anchors(file: Path) -> frozenset[str]:
    return frozenset(re.findall(r'\bid="([^"]+)"', file.read_text("utf-8")))


def test_no_link_is_broken_and_none_needs_a_server(edition: Path) -> None:
    walked = 0
    for file in (*edition.rglob("*.html"), *edition.rglob("*.css")):
        own = f"https://disk.invalid/{file.relative_to(edition).as_posix()}"
        for link in links(file):
            target = urljoin(own, link)
            if not target.startswith("https://disk.invalid/"):
                assert urlsplit(target).scheme in {"https", "http", "mailto", "tel", "data"}
                continue
            assert not link.startswith("/"), f"{link} in {own} holds only at the root of a host"
            path = edition / unquote(urlsplit(target).path[1:])
            path = path / "index.html" if urlsplit(target).path.endswith("/") else path
            assert path.is_file(), f"{link} in {own}"
            fragment = urlsplit(target).fragment
            assert not fragment or fragment in anchors(path), f"{link} in {own}"
            walked += 1
    assert walked > 1000


def test_no_page_names_the_address_it_was_made_under(edition: Path) -> None:
    for file in edition.rglob("*"):
        if file.suffix in {".html", ".json", ".atom", ".xml", ".ics", ".txt", ".csv", ".css"}:
            assert "static.invalid" not in file.read_text("utf-8-sig"), file


@pytest.mark.parametrize("slug", [page.slug for page in PAGES])
def test_a_page_has_the_numbers_of_the_server_and_no_form(served: TestClient, edition: Path, slug: str) -> None:
    static = (edition / slug / "index.html").read_text("utf-8")
    assert NUMBER.findall(static) == NUMBER.findall(served.get(f"/plain/{slug}").text)
    assert "<form" not in static


def test_the_same_input_gives_the_same_bytes(settings: Settings, edition: Path, tmp_path: Path) -> None:
    export(static_app(settings), tmp_path / "again")
    first, second = ({file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*")
                      if file.is_file()} for folder in (edition, tmp_path / "again"))
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_a_folder_with_something_else_is_left_as_it_is(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    with pytest.raises(ExportRefused, match="something else than a static edition"):
        export(static_app(settings), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_folder_that_this_command_wrote_is_replaced(edition: Path) -> None:
    assert (edition / MARK).is_file()


def test_the_head_hash_and_the_program_that_checks_it_are_there(edition: Path, tmp_path: Path) -> None:
    head = sums_hash(SHIPPED / SMALLEST[0])
    for name in ("data/index.html", "brief.html", "feed.atom", "api/v1/index.json"):
        assert head in (edition / name).read_text("utf-8"), name
    program = edition / "verify_release.py"
    releases = shutil.copytree(edition / "download", tmp_path / "download",
                               ignore=shutil.ignore_patterns("figure", "table"))
    process = subprocess.run([sys.executable, "-I", "-S", str(program), str(releases)], capture_output=True, text=True,
                             check=False)
    assert process.stdout.startswith("ok") and head in process.stdout
