"""A figure by itself and the files of what it shows: exactly what the address names, for ever, and safe to open."""

import csv
import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import html5lib
import openpyxl
import pandas as pd
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from portal.editions.files import tables
from portal.editions.routes import ROUTES
from portal.editions.tables import Sheet, as_csv, as_xlsx
from portal.figures import FIGURES
from portal.markup.live import watch
from portal.release.store import Release
from tests.conftest import SHIPPED, SMALLEST

FIRST, SECOND = SMALLEST
PINNED = f"/plain/figure/demand.received?release={FIRST}&period={FIRST}"


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("releases")
    publish(folder, FIRST)
    return folder


def publish(folder: Path, release: str) -> None:
    shutil.copytree(SHIPPED / release, folder / release)
    (folder / "current").write_text(f"{release}\n", encoding="utf-8")


@pytest.fixture
def site(releases: Path, drawn_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setenv("PORTAL_RELEASES", str(releases))
    monkeypatch.setenv("PORTAL_CACHE", str(drawn_cache))
    with TestClient(Starlette(routes=ROUTES)) as client:
        yield client


def numbers(text: str) -> list[str]:
    return re.findall(r'<data value="([^"]+)"', text)


def test_a_pinned_address_shows_the_same_number_after_newer_releases_are_published(
        tmp_path: Path, drawn_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_RELEASES", str(tmp_path / "releases"))
    monkeypatch.setenv("PORTAL_CACHE", str(drawn_cache))
    publish(tmp_path / "releases", FIRST)
    with TestClient(Starlette(routes=ROUTES)) as client:
        page = client.get("/plain/calls").text
        cited = re.search(r'<details class="cite">.*?href="https?://[^/]+([^"]+)"', page, re.DOTALL)
        assert cited
        address = cited[1].replace("&amp;", "&")
        before = client.get(address)
        assert "A newer one has been published" not in before.text
        publish(tmp_path / "releases", SECOND)
        watch().look()
        after = client.get(address)
    assert f"A newer one has been published: {SECOND}" in after.text
    assert numbers(after.text) == numbers(before.text) != []
    article = re.compile(r"<article.*</article>", re.DOTALL)
    assert article.findall(after.text) == article.findall(before.text)


def test_a_figure_alone_says_that_it_is_made_up_and_where_it_comes_from(site: TestClient) -> None:
    text = site.get(PINNED).text
    html5lib.HTMLParser(strict=True).parse(text)
    assert "Made-up numbers." in text
    assert 'target="_top"' in text
    assert re.search(r'href="/\w*\?release=[^"]*#demand.received"', text)
    assert "<nav" not in text


@pytest.mark.parametrize("figure", FIGURES)
def test_every_figure_has_its_address_and_its_files(site: TestClient, figure: str) -> None:
    assert site.get(f"/plain/figure/{figure}").status_code == 200
    for kind in ("csv", "xlsx"):
        assert site.get(f"/download/{FIRST}/figure/{figure}.{kind}").status_code == 200


@pytest.mark.parametrize(("address", "sentence"), [
    ("/plain/figure/nothing", "There is no figure of that name"),
    (f"/plain/figure/demand.received?release={FIRST}x", "There is no release of that name"),
    ("/plain/figure/demand.received?period=1999-Q1", "Nothing is published for that time"),
    ("/plain/figure/demand.received?lang=tlh", "not in that language"),
    (f"/download/{FIRST}/figure/nothing.csv", "no figure"),
    (f"/download/{FIRST}/figure/demand.received.exe", "nothing"),
    (f"/download/{FIRST}/table/nothing.csv", "nothing"), ("/download/2199-Q1/table/demand.received.csv", "nothing"),
    ("/download/2199-Q1/figure/demand.received.csv", "no release"), (f"/download/{FIRST}/table/all.csv", "nothing"),
])
def test_no_other_number_is_shown_in_place_of_one_that_is_not_there(
        site: TestClient, address: str, sentence: str) -> None:
    answer = site.get(address)
    assert answer.status_code == 404
    assert sentence in answer.text
    assert not numbers(answer.text)


def test_a_figure_s_csv_is_read_by_pandas_and_says_what_it_is(site: TestClient) -> None:
    answer = site.get(f"/download/{FIRST}/figure/demand.received.csv?period={FIRST}")
    assert answer.headers["content-disposition"] == f'attachment; filename="{FIRST}-demand.received.csv"'
    text = answer.content.decode("utf-8-sig")
    for wanted in ("# Made-up numbers.", "# Definition: ", f"release {FIRST}", "# Cite this: ", "# Address: "):
        assert wanted in text
    table = pd.read_csv(io.BytesIO(answer.content), comment="#", encoding="utf-8-sig")
    shown = {float(one) for one in numbers(site.get(PINNED).text.partition("<table")[2])}
    assert set(table.select_dtypes("number").to_numpy().ravel()) == shown != set()


def test_a_workbook_holds_the_same_numbers_as_numbers(site: TestClient) -> None:
    content = site.get(f"/download/{FIRST}/figure/demand.received.xlsx").content
    about, table = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    assert "Made-up" in str(about["A1"].value)
    in_csv = site.get(f"/download/{FIRST}/figure/demand.received.csv").content.decode("utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(in_csv)) if not row[0].startswith("#")]
    assert [[str(cell) for cell in row] for row in table.iter_rows(values_only=True)] == rows
    assert any(isinstance(cell, int | float) for row in table.iter_rows(min_row=2, values_only=True) for cell in row)


def test_each_table_of_a_release_says_its_statuses_in_words(site: TestClient) -> None:
    release = Release(SHIPPED / FIRST)
    seen = "".join(site.get(f"/download/{FIRST}/table/{one}.csv").text for one in tables(release))
    for words in ("not yet", "not collected", "Made-up"):
        assert words in seen
    book = openpyxl.load_workbook(io.BytesIO(site.get(f"/download/{FIRST}/table/all.xlsx").content), read_only=True)
    assert len(book.sheetnames) == len(tables(release)) + 1


@pytest.mark.parametrize("attack", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "=HYPERLINK(\"http://x\")"])
def test_no_cell_is_run_by_a_spreadsheet(attack: str) -> None:
    sheet = Sheet("Table", (("Note", attack),), ("a", attack), ((attack, -1.5),))
    rows = list(csv.reader(io.StringIO(as_csv(sheet).decode("utf-8-sig"))))
    assert all(not cell.startswith(("=", "+", "@", "\t", "\r", "＝")) for row in rows for cell in row)
    assert rows[-1][1] == "-1.5"
    cells = [cell for page in openpyxl.load_workbook(io.BytesIO(as_xlsx(sheet))).worksheets
             for row in page.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    assert -1.5 in [cell.value for cell in cells]
