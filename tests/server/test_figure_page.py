"""A figure by itself and the files of what it shows: exactly what the URL names, for ever, and safe to open."""

import csv
import html
import io
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import html5lib
import openpyxl
import pandas as pd
import pytest
from starlette.testclient import TestClient

from portal.exports.spreadsheets import Worksheet, as_csv, as_xlsx
from portal.figures import FIGURES
from portal.language import LANGUAGES, override_language, t
from portal.release import queries
from portal.release.store import Release
from portal.render import downloads
from portal.render.downloads import FILES, tables
from portal.settings import Settings
from tests.conftest import SHIPPED, SMALLEST
from tests.publish import made
from tests.site import app_of, built, client_of, releases_in, selection_for, settings_for

FIRST = SMALLEST[0]
PINNED = f"/plain/figure/demand.received?release={FIRST}&period={FIRST}"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, drawn_cache: Path) -> Settings:
    return built(settings_for(releases_in(tmp_path_factory.mktemp("releases"), FIRST), drawn_cache))


@pytest.fixture
def site(settings: Settings) -> Iterator[TestClient]:
    with client_of(settings) as client:
        yield client


def numbers(text: str) -> list[str]:
    return re.findall(r'<data value="([^"]+)"', text)


ARTICLE = re.compile(r"<article.*</article>", re.DOTALL)


def test_a_pinned_address_shows_the_same_number_after_another_release_is_published(
        tmp_path: Path) -> None:
    """Two releases through the pipeline, one after the other; the later extract holds a late call of the first time."""
    settings = settings_for(tmp_path / "releases", tmp_path / "cache")
    (first, second), rows = made.quarter_ends(2), made.rows([22, 30], others=10)
    late = made.row(1_000, date(2026, 5, 2), random.Random(1), team=True, recorded_on=pd.Timestamp("2026-08-20"))
    with made.in_2031():
        made.publish(made.extract(rows), first, tmp_path / "releases")
    app = app_of(built(settings))
    with TestClient(app) as client:
        page = client.get("/plain/calls").text
        links = re.findall(r'href="https?://[^/]+(/plain/figure/[^"]+)"', page)
        pinned = [html.unescape(link) for link in links]
        assert len(pinned) > 1 and all("release=2026-Q2" in href for href in pinned)
        before = {url: client.get(url).text for url in pinned}
        with made.in_2031():
            made.publish(made.extract([*rows, late]), second, tmp_path / "releases")
        built(settings)
        app.state.portal.snapshots.poll()
        assert client.get("/api/v1/").json()["release"] == "2026-Q3"
        assert numbers(client.get("/plain/calls").text) != numbers(page)
        for url, then in before.items():
            after = client.get(url).text
            assert "A newer one has been published" not in then
            assert "A newer one has been published: 2026-Q3" in after
            assert numbers(after) == numbers(then)
            assert ARTICLE.findall(after) == ARTICLE.findall(then) != []
        assert any(numbers(then) for then in before.values())
    assert "recorded late" in (tmp_path / "releases" / "2026-Q3" / "NOTES.md").read_text("utf-8")


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


@pytest.mark.parametrize(("url", "sentence"), [
    ("/plain/figure/nothing", "There is no figure of that name"),
    (f"/plain/figure/demand.received?release={FIRST}x", "There is no release of that name"),
    ("/plain/figure/demand.received?period=1999-Q1", "Nothing is published for that time"),
    ("/plain/figure/demand.received?lang=tlh", "not in that language"),
    (f"/download/{FIRST}/figure/nothing.csv", "no figure"),
    (f"/download/{FIRST}/figure/demand.received.exe", "nothing"),
    (f"/download/{FIRST}/table/nothing.csv", "nothing"), ("/download/2199-Q1/table/demand.received.csv", "nothing"),
    (f"/download/{FIRST}/table/demand.received.csv?lang=tlh", "nothing"),
    ("/download/2199-Q1/figure/demand.received.csv", "no release"), (f"/download/{FIRST}/table/all.csv", "nothing"),
])
def test_no_other_number_is_shown_in_place_of_one_that_is_not_there(
        site: TestClient, url: str, sentence: str) -> None:
    answer = site.get(url)
    assert answer.status_code == 404
    assert sentence in answer.text
    assert not numbers(answer.text)


def test_a_figure_s_csv_is_read_by_pandas_and_says_in_each_row_what_it_is(site: TestClient) -> None:
    answer = site.get(f"/download/{FIRST}/figure/demand.received.csv?period={FIRST}")
    assert answer.headers["content-disposition"] == f'attachment; filename="{FIRST}-demand.received.csv"'
    assert answer.content.startswith("\ufeff".encode()), "the mark by which Excel knows UTF-8"
    table = pd.read_csv(io.BytesIO(answer.content))
    for column in ("Made-up numbers.", "Definition", "Source", "Cite this", "Address"):
        assert table[column].notna().all()
    assert set(table["Address"].str.partition("/plain/")[2]) == {PINNED.removeprefix("/plain/")}
    card_numbers = {float(number) for number in numbers(site.get(PINNED).text.partition("<table")[2])}
    assert set(table.select_dtypes("number").to_numpy().ravel()) == card_numbers != set()


def test_a_workbook_holds_the_same_numbers_as_numbers(site: TestClient) -> None:
    content = site.get(f"/download/{FIRST}/figure/demand.received.xlsx").content
    about, table = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    assert "Made-up" in str(about["A1"].value)
    in_csv = site.get(f"/download/{FIRST}/figure/demand.received.csv").content.decode("utf-8-sig")
    rows = [row[:table.max_column] for row in csv.reader(io.StringIO(in_csv))]
    assert [[str(cell) for cell in row] for row in table.iter_rows(values_only=True)] == rows
    assert any(isinstance(cell, int | float) for row in table.iter_rows(min_row=2, values_only=True) for cell in row)


def test_each_table_of_a_release_says_its_statuses_in_words(site: TestClient) -> None:
    known = tables(Release(SHIPPED / FIRST))
    sheets = "".join(site.get(f"/download/{FIRST}/table/{table.id}.csv").text for table in known)
    for words in ("Waits for more: 10 of 40 responses", "Not collected", "Made-up", "Shown"):
        assert words in sheets
    assert not re.search("not_due|not_collected|suppressed|,published|run_open", sheets)
    book = openpyxl.load_workbook(io.BytesIO(site.get(f"/download/{FIRST}/table/all.xlsx").content), read_only=True)
    assert book.sheetnames == ["About", *(table.id[:31] for table in known)]


def test_a_table_holds_the_cells_of_the_release(site: TestClient) -> None:
    answer = site.get(f"/download/{FIRST}/table/demand.eligible.csv")
    table = pd.read_csv(io.BytesIO(answer.content))
    cells = [record for record in queries.table(Release(SHIPPED / FIRST), "cells").records
             if record["table_id"] == "demand.eligible"]
    assert [None if pd.isna(value) else value for value in table["Value"]] == [cell["value"] for cell in cells] != []
    assert list(table["Period"]) == [cell["period_id"] for cell in cells]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_visitor_of_the_data_page_finds_every_table_and_file_in_the_language_of_the_page(
        settings: Settings, site: TestClient, language: str) -> None:
    query = "" if language == "en" else f"?lang={language}"
    release = selection_for(settings, release=FIRST).release
    assert release and release.tables == tables(Release(SHIPPED / FIRST))
    with override_language(language):
        known = tables(Release(SHIPPED / FIRST))
        page = downloads.listed(replace(release, tables=known))
        heads = [t(name) for name in ("Period", "Unit", "Group", "Value", "Status")]
    links = re.findall(r'href="(/download/[^"]+/table/[^"]+)"', page)
    assert links == [f"/download/{FIRST}/table/{name}{query}" for name in (
        "all.xlsx", *(f"{known_table.id}.{kind}" for known_table in known for kind in ("csv", "xlsx")))]
    assert all(table.question in html.unescape(page) for table in known)
    assert {name for name, *_ in release.files} == set(FILES), "a file without a word on what it is"
    lines = site.get(links[1]).content.decode("utf-8-sig").splitlines()
    head = next(csv.reader(lines))
    assert set(heads) <= set(head)
    assert language == "en" or not {"Period", "Group", "Value", "Status"} <= set(head)


@pytest.mark.parametrize("attack", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "=HYPERLINK(\"http://x\")"])
def test_no_cell_is_run_by_a_spreadsheet(attack: str) -> None:
    sheet = Worksheet("Table", (("Note", attack),), ("a", attack), ((attack, -1.5),))
    rows = list(csv.reader(io.StringIO(as_csv(sheet).decode("utf-8-sig"))))
    assert all(not cell.startswith(("=", "+", "@", "\t", "\r", "＝")) for row in rows for cell in row)
    assert rows[-1][1] == "-1.5"
    cells = [cell for page in openpyxl.load_workbook(io.BytesIO(as_xlsx(sheet))).worksheets
             for row in page.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    assert -1.5 in [cell.value for cell in cells]


def test_a_figure_fits_into_somebody_else_s_frame(site: TestClient) -> None:
    frame = site.get(f"/embed/demand.received?release={FIRST}")
    assert frame.status_code == 200
    figure = site.get(f"/api/v1/figures/demand.received?release={FIRST}").json()
    assert f"<h1>{figure['headline']}</h1>" in frame.text
    assert "Made-up numbers." in frame.text
    assert "<script" not in frame.text
    assert 'target="_top"' in frame.text
    assert site.get("/embed/nothing").status_code == 404


def test_a_card_offers_its_frame_its_picture_and_the_way_to_explore_it(site: TestClient) -> None:
    page = site.get("/plain/calls").text
    frames = re.findall(r'&lt;iframe src="https?://[^/"]+(/embed/[^"]+)"', page)
    assert frames
    assert all(site.get(frame.replace("&amp;", "&")).status_code == 200 for frame in frames)
    links = re.findall(r'href="(/plain/explore\?measure=[^"]+)"', page)
    assert len(links) >= 3
    for link in links:
        measure = re.search(r"measure=([\w.]+)", link)
        assert measure
        assert f'value="{measure[1]}" selected' in site.get(link.replace("&amp;", "&")).text
