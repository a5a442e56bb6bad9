"""The brief as a document: the figures' own words and numbers, in all its forms; nothing from elsewhere."""

import itertools
import re
import threading
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from html import unescape
from pathlib import Path

import html5lib
import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from portal.__main__ import app as commands
from portal.brief.document import FINDINGS, HEADLINES, brief, options
from portal.brief.page import page
from portal.brief.write import write
from portal.errors import CantWrite, NoRelease, OptionWrong
from portal.navigation import page_of
from portal.page import Tiles
from portal.render.documents import FORMS, SECTIONS
from portal.render.rendered import RenderedRelease, Selection
from portal.settings import Settings
from tests.browser.server import Server
from tests.conftest import SMALLEST
from tests.site import client_of, settings_for

OLD, NEW = SMALLEST


def words_of(html: str) -> str:
    """The text of a page, without its markup."""
    return re.sub(r"\s+", " ", unescape(re.sub("<[^>]+>", "", html)))


def test_the_headlines_and_findings_are_those_of_the_page_for_meetings(
        release: RenderedRelease, site: TestClient) -> None:
    declared = page_of("brief")
    assert declared
    assert [item.figures for item in declared.items if isinstance(item, Tiles)] == [HEADLINES]
    shown = words_of(site.get("/brief.html").text)
    for figure_id in HEADLINES:
        record = release.figure(figure_id, release.default_period).record
        short = record["short"]
        for words in (short["question"], short["number"], short["rest"]) if short else (record["headline"],):
            assert words in shown
    for figure_id in FINDINGS:
        figure = release.figure(figure_id, release.default_period)
        if figure.shown:
            assert figure.record["headline"] in shown and figure.record["sub"] in shown


def test_each_comparison_s_counts_and_verdict_are_listed_once(
        selection: Selection, release: RenderedRelease) -> None:
    document = brief(selection, release, options({}, ["definitions"]))
    listed = [row for item in document.definitions for row in item.rows]
    table = release.figure("change.all", release.default_period).record["table"]
    assert table and [row.word for row in listed] == [row[0]["text"] for row in table["rows"]]
    for row, cells in zip(listed, table["rows"], strict=True):
        texts = [cell["text"] for cell in cells[1:]]
        assert all(text in " ".join(row.text) for text in (texts if texts[0] != texts[2] else texts[3:]))


def test_the_annexes_hold_every_question_of_councils_and_every_number_of_other_programs(
        selection: Selection, release: RenderedRelease) -> None:
    document = brief(selection, release, options({}, []))
    for figure_id, count in (("council.questions", len(document.questions)),
                             ("others.programs", sum(len(program.numbers) for program in document.programs))):
        table = release.figure(figure_id, release.default_period).record["table"]
        assert table and len(table["rows"]) == count > 10


def test_what_cant_be_shown_has_its_reason_once(selection: Selection, release: RenderedRelease) -> None:
    unknown = brief(selection, release, options({}, ["front"])).unknown
    reasons = [item.text for item in unknown]
    assert unknown and len(reasons) == len(set(reasons))
    assert all(item.word and item.text[0] for item in unknown)


def test_what_is_not_translated_is_marked_as_english(selection: Selection, release: RenderedRelease) -> None:
    document = replace(brief(selection, release, options({}, [])), language="ht")
    assert page(document).count(' lang="en"') > 10
    assert ' lang="en"' not in page(replace(document, language="en")).replace('<html lang="en"', "")


def test_release_sections_and_size_can_be_chosen(site: TestClient) -> None:
    older = site.get(f"/brief.html?release={OLD}").text
    assert f"Release {OLD}" in older
    text = site.get("/brief.html?sections=promises,definitions&large=1").text
    assert SECTIONS["promises"] in text and SECTIONS["others"] not in text and 'class="brief large"' in text
    default = options({"large": "../../etc"}, ["nothing"])
    assert (default.sections, default.large) == (tuple(SECTIONS), False)


@pytest.mark.parametrize("form", FORMS)
def test_the_form_of_choices_leads_to_each_document(site: TestClient, form: str) -> None:
    answer = site.get(f"/brief-document?release={NEW}&sections=front&sections=others&as={form}",
                      follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{FORMS[form]}?release={NEW}&sections=front,others"
    document = site.get(answer.headers["location"])
    assert document.status_code == 200
    assert document.headers["content-type"].split(";")[0] == ("application/pdf" if form == "pdf" else "text/html")
    assert ("attachment" in document.headers.get("content-disposition", "")) is (form == "offline")


def test_the_same_pdf_is_not_sent_twice(site: TestClient) -> None:
    first = site.get("/brief.pdf")
    again = site.get("/brief.pdf", headers={"if-none-match": first.headers["etag"]})
    assert (first.status_code, again.status_code) == (200, 304)


@pytest.mark.parametrize("path", ["/brief.html", "/projector", "/brief-offline.html"])
def test_pages_and_screens_are_valid_and_made_up(site: TestClient, path: str) -> None:
    text = site.get(path).text
    html5lib.HTMLParser(strict=True).parse(text)
    ids = re.findall(r'\sid="([^"]*)"', text)
    assert len(ids) == len(set(ids))
    sections = text.count('class="screen"') or 1
    assert text.count('class="made-up"') == sections


def test_the_offline_file_needs_nothing_else(site: TestClient) -> None:
    text = site.get("/brief-offline.html").text
    elsewhere = r'(?:src|href)="(?!#|data:)[^"]*"|url\("(?!data:)|@import|https?://(?!www\.w3\.org/2000/svg)'
    assert not re.findall(elsewhere, text)
    assert re.findall(elsewhere, site.get("/projector").text)
    assert "addEventListener" in text and "font/woff2;base64" in text


@pytest.mark.parametrize("path", list(FORMS.values()))
def test_without_a_release_there_is_a_sentence(path: str, tmp_path: Path) -> None:
    with client_of(settings_for(tmp_path / "none", tmp_path / "cache")) as client:
        answer = client.get(path)
        assert (answer.status_code, answer.text) == (404, "No numbers are published yet, so there is no brief.")


def test_the_command_writes_pdf_and_page_and_refuses_other_suffixes(settings: Settings, tmp_path: Path) -> None:
    runner = CliRunner(env={"PORTAL_RELEASES": settings.releases, "PORTAL_CACHE": str(settings.cache)})
    result = runner.invoke(commands, ["brief", str(tmp_path / "x.pdf"), "--release", OLD, "--large-print"])
    assert result.exit_code == 0 and (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF-")
    result = runner.invoke(commands, ["brief", str(tmp_path / "x.html")])
    assert result.exit_code == 0 and "<style>" in (tmp_path / "x.html").read_text(encoding="utf-8")
    assert runner.invoke(commands, ["brief", str(tmp_path / "x.doc")]).exit_code == 2


def test_what_cant_be_written_is_refused_with_its_reason(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(OptionWrong, match="no release 'nope'"):
        write(settings, tmp_path / "x.pdf", "nope", "en", large=False)
    with pytest.raises(OptionWrong, match="language 'tlh'"):
        write(settings, tmp_path / "x.pdf", None, "tlh", large=False)
    with pytest.raises(CantWrite, match="nothing"):
        write(settings, tmp_path / "nothing" / "x.pdf", None, "en", large=False)
    with pytest.raises(NoRelease):
        write(settings_for(tmp_path / "none", settings.cache), tmp_path / "x.pdf", None, "en", large=False)


def test_while_two_briefs_are_made_others_are_asked_to_come_back_and_nobody_else_waits(portal_server: Server) -> None:
    started = threading.Barrier(12)

    def ask(sections: str) -> tuple[int, str | None, str]:
        url = f"{portal_server.url}/brief.pdf?lang=es&sections={sections}"
        started.wait(30)
        try:
            with urllib.request.urlopen(url, timeout=240) as response:
                return response.status, None, response.read(5).decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.headers["Retry-After"], refused.read().decode()

    choices = [",".join(pair) for pair in itertools.combinations(SECTIONS, 2)]  # ten briefs that differ
    with ThreadPoolExecutor(10) as pool:
        answers = [pool.submit(ask, choice) for choice in choices]
        threading.Thread(target=started.wait, args=(30,), daemon=True).start()
        started.wait(30)
        with urllib.request.urlopen(f"{portal_server.url}/healthz", timeout=60) as healthy:
            assert healthy.status == 200
        waiting = [answer for answer in answers if not answer.done()]
        counts = Counter(answer.result() for answer in answers)
    rendered = counts.pop((200, None, "%PDF-"))
    assert waiting, "it was answered while briefs were made"
    assert 2 <= rendered < 10
    assert {(status, retry) for status, retry, _ in counts} == {(503, "3")}
    assert all(text.startswith("Se están preparando otros informes") for *_, text in counts)
