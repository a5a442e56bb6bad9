"""The brief in all its forms: the figures' own numbers, tags that a screen reader needs, nothing from elsewhere."""

import io
import itertools
import re
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import html5lib
import pikepdf
import pytest
from starlette.testclient import TestClient

from portal.__main__ import app as commands
from portal.brief.document import ANSWERS, CHANGES, brief, options
from portal.brief.page import page
from portal.brief.pdf import apart, pdf
from portal.errors import CantWrite, NoRelease, OptionWrong
from portal.language import DEFAULT, LANGUAGES, speaking
from portal.release.store import sums_hash
from portal.render.documents import FORMS, SECTIONS
from portal.render.rendered import Selection
from portal.settings import Settings
from tests.browser.server import Server
from tests.conftest import SMALLEST
from tests.site import built, client_of, releases_in, selection_for, settings_for

OLD, NEW = SMALLEST


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory, drawn_cache: Path) -> Path:
    """Two releases that are drawn already, the newer one live."""
    return releases_in(tmp_path_factory.mktemp("two"), *SMALLEST)


@pytest.fixture(scope="module")
def settings(two: Path, drawn_cache: Path) -> Settings:
    return built(settings_for(two, drawn_cache))


@pytest.fixture
def chosen(settings: Settings) -> Selection:
    return selection_for(settings)


@pytest.fixture
def site(settings: Settings) -> Iterator[TestClient]:
    with client_of(settings, raise_server_exceptions=False) as client:
        yield client


def records(chosen: Selection) -> dict[str, dict[str, Any]]:
    assert chosen.release
    return {one: dict(chosen.release.figure(one, chosen.period).record) for one in (*ANSWERS, *CHANGES)}


def elements(node: Any) -> Iterator[Any]:
    """Every structure element of a tagged PDF, in reading order."""
    if isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        kids = node.get("/K")
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary):
                yield from elements(kid)


def glyphs(page: Any) -> list[str]:
    """What a page shows, each run of glyphs translated back to letters by its font."""
    maps: dict[str, dict[int, str]] = {}
    for name, font in page.Resources.Font.items():
        table = font.ToUnicode.read_bytes().decode("latin-1")
        pairs = re.findall(r"<([0-9A-Fa-f]{4})>\s+<([0-9A-Fa-f]+)>", table)
        maps[name] = {int(code, 16): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs}
    shown, now = [], {}
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            now = maps[str(operands[0])]
        elif str(operator) in ("Tj", "TJ"):
            runs = operands[0] if str(operator) == "TJ" else operands
            data = b"".join(bytes(run) for run in runs if isinstance(run, pikepdf.String))
            shown.append("".join(now.get(int.from_bytes(data[at:at + 2]), "") for at in range(0, len(data), 2)))
    return shown


def test_the_answers_are_those_of_the_figures(chosen: Selection, site: TestClient) -> None:
    text = re.sub(r"\s+", " ", site.get("/brief.html").text)
    for name, one in records(chosen).items():
        if name in ANSWERS and one["short"]:
            for said in (one["short"]["question"], one["short"]["number"], one["short"]["rest"]):
                assert said.replace("'", "&#39;") in text
        elif one["table"]:
            for said in (cell["text"] for row in one["table"]["rows"] for cell in row):
                assert said.replace("'", "&#39;") in text


def test_the_pdf_is_tagged_named_and_in_its_language(chosen: Selection) -> None:
    assert chosen.release
    made = brief(chosen, chosen.release, options({}, []))
    with pikepdf.open(io.BytesIO(pdf(made))) as file:
        root = file.Root
        assert (str(root.Lang), str(file.docinfo["/Title"]), bool(root.ViewerPreferences.DisplayDocTitle),
                bool(root.MarkInfo.Marked)) == ("en", made.title, True, True)
        with file.open_metadata() as said:
            assert said["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
        found = list(elements(root.StructTreeRoot))
        kinds = Counter(str(row.S) for row in found)
        assert kinds["/H1"] == 1 and kinds["/H2"] == len(SECTIONS)
        levels = [int(str(row.S)[2]) for row in found if re.fullmatch(r"/H\d", str(row.S))]
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), levels
        pictures = [str(row.Alt) for row in found if str(row.S) == "/Figure"]
        assert pictures == [answer.sentence for answer in made.answers if answer.drawing] and len(pictures) > 1
        rows = [[scope(cell) for cell in row.K] for row in found if str(row.S) == "/TR"]
        assert made.changes and rows[0] == ["/Column"] * len(made.changes.headers)
        assert rows[1:] == [["/Row", *[""] * (len(made.changes.headers) - 1)]] * len(made.changes.rows)
        assert not file.check_pdf_syntax()
        with file.open_outline() as outline:
            assert [one.title for one in outline.root] == [made.title]
            assert [child.title for child in outline.root[0].children] == list(made.headings.values())


def scope(cell: Any) -> str:
    """What a cell of a table heads; "": nothing, and then it names no header of its own either."""
    said = {name: value for attribute in cell.A for name, value in attribute.items()}
    assert str(cell.S) == ("/TH" if "/Scope" in said else "/TD")
    assert "/Scope" in said or "/Headers" not in said
    return str(said.get("/Scope", ""))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_matters_takes_one_page_in_every_language(portal_server: Server, language: str) -> None:
    with urllib.request.urlopen(f"{portal_server.url}/brief.pdf?lang={language}", timeout=240) as answer:
        content = answer.read()
    with pikepdf.open(io.BytesIO(content)) as file:
        assert (str(file.Root.Lang), len(file.pages)) == (language, 2)


@pytest.mark.parametrize("large", [False, True])
def test_every_page_of_the_pdf_says_that_its_numbers_are_made_up(chosen: Selection, large: bool) -> None:
    assert chosen.release
    made = brief(chosen, chosen.release, options({"large": "1" if large else ""}, []))
    with pikepdf.open(io.BytesIO(pdf(made))) as file:
        assert len(file.pages) == 2 or large
        for page in file.pages:
            assert "Made-up numbers" in " ".join(glyphs(page))
        assert made.answers[0].number in " ".join(glyphs(file.pages[0]))
        runs = [run for page in file.pages for run in glyphs(page)]
        checksum = made.checking.split()[-1].rstrip(".")
        assert len(checksum) == 64 and checksum in "".join(runs).replace("\u200b", "")
        assert not large or not any(checksum in run.replace("\u200b", "") for run in runs), "wider than the page"


def test_what_typst_refuses_is_said_with_its_reason(chosen: Selection) -> None:
    from dataclasses import replace

    assert chosen.release
    made = brief(chosen, chosen.release, options({}, []))
    with pytest.raises(RuntimeError, match="PDF/UA-1 error: heading title is empty"):
        pdf(replace(made, title=""))


def test_nepali_is_written_in_the_drawing_and_beside_it(chosen: Selection) -> None:
    from dataclasses import replace

    assert chosen.release
    made = brief(chosen, chosen.release, options({}, []))
    svg = made.answers[0].drawing.replace(">Crisis calls<", ">2027 सङ्कट कल 115<")
    assert "सङ्कट" in svg
    nepali = replace(made, language="ne", title="सभाका लागि संक्षेप", answers=(replace(made.answers[0], drawing=svg),))
    with pikepdf.open(io.BytesIO(pdf(nepali))) as file:
        assert str(file.Root.Lang) == "ne"
        assert "NotoSansDevanagari" in str([one.BaseFont for one in file.pages[0].Resources.Font.values()])


@pytest.fixture(scope="module")
def languages(drawn_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The older release in every language."""
    releases = releases_in(tmp_path_factory.mktemp("languages"), OLD)
    return built(settings_for(releases, drawn_cache, ahead=tuple(LANGUAGES)))


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != DEFAULT])
def test_the_pdf_is_made_in_every_language(
        languages: Settings, language: str) -> None:
    with speaking(language):
        selection = selection_for(languages, lang=language)
        assert selection.release
        made = brief(selection, selection.release, options({}, []))
    with pikepdf.open(io.BytesIO(pdf(made))) as file:
        assert (str(file.Root.Lang), str(file.docinfo["/Title"])) == (language, made.title)
        number = re.findall(r"\d+", made.answers[0].number)  # the shapes of Devanagari words are not their letters
        assert number and number[0] in " ".join(glyphs(file.pages[0]))
        marked = {str(element.Lang) for element in elements(file.Root.StructTreeRoot) if "/Lang" in element}
        assert "en" not in marked, "a part of the brief is not translated"


def test_what_is_not_translated_is_marked_as_english(chosen: Selection) -> None:
    from dataclasses import replace

    assert chosen.release
    made = replace(brief(chosen, chosen.release, options({}, [])), language="ht")
    assert page(made).count(' lang="en"') > 10
    with pikepdf.open(io.BytesIO(pdf(made))) as file:
        assert str(file.Root.Lang) == "ht"
        marked = [str(element.Lang) for element in elements(file.Root.StructTreeRoot) if "/Lang" in element]
        assert "en" in marked
    assert ' lang="en"' not in page(replace(made, language="en")).replace('<html lang="en"', "")


def test_a_drawing_s_words_are_taken_out_with_their_places(chosen: Selection) -> None:
    svg = ('<svg xmlns="http://www.w3.org/2000/svg" width="340" height="9"><g transform="translate(4,10)"><g>'
           '<text text-anchor="end" transform="translate(3,2.5)" font-weight="700" font-size="14px">24</text>'
           "</g></g></svg>")
    found = apart(svg)
    assert found["words"] == [{"said": "24", "x": 7.0, "y": 12.5, "anchor": "end", "bold": True, "fill": "#2b2b2b",
                               "size": 14.0}]
    assert "24" not in found["shapes"] and found["width"] == 340
    assert chosen.release
    for answer in brief(chosen, chosen.release, options({}, [])).answers:
        assert len(apart(answer.drawing)["words"]) == answer.drawing.count("<text") and "matrix" not in answer.drawing


def test_numbers_that_are_not_made_up_do_not_say_so(chosen: Selection) -> None:
    from dataclasses import replace

    assert chosen.release
    real = replace(chosen.release, facts=replace(chosen.release.facts, state="official"))
    made = brief(chosen, real, options({}, []))
    assert made.made_up == "" and "official" in made.release
    with pikepdf.open(io.BytesIO(pdf(made))) as file:
        assert not any("Made-up numbers" in " ".join(glyphs(page)) for page in file.pages)


def test_release_sections_and_size_can_be_chosen(site: TestClient) -> None:
    older = site.get(f"/brief.html?release={OLD}").text
    assert f"Release {OLD}" in older and "when there is a year to compare with" in older
    text = site.get("/brief.html?sections=unknown,definitions&large=1").text
    assert SECTIONS["unknown"] in text and SECTIONS["answers"] not in text and 'class="brief large"' in text
    usual = options({"large": "../../etc"}, ["nothing"])
    assert (usual.sections, usual.large) == (tuple(SECTIONS), False)


@pytest.mark.parametrize("form", FORMS)
def test_the_form_of_choices_leads_to_each_document(site: TestClient, form: str) -> None:
    answer = site.get(f"/brief-document?release={NEW}&sections=answers&sections=changes&as={form}",
                      follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{FORMS[form]}?release={NEW}&sections=answers,changes"
    got = site.get(answer.headers["location"])
    assert got.status_code == 200
    assert got.headers["content-type"].split(";")[0] == ("application/pdf" if form == "pdf" else "text/html")
    assert ("attachment" in got.headers.get("content-disposition", "")) is (form == "offline")


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


def test_the_command_writes_both_and_says_what_it_can_not(settings: Settings, tmp_path: Path) -> None:
    from typer.testing import CliRunner

    run = CliRunner(env={"PORTAL_RELEASES": settings.releases, "PORTAL_CACHE": str(settings.cache)})
    done = run.invoke(commands, ["brief", str(tmp_path / "x.pdf"), "--release", OLD, "--large-print"])
    assert done.exit_code == 0 and (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF-")
    done = run.invoke(commands, ["brief", str(tmp_path / "x.html")])
    assert done.exit_code == 0 and "<style>" in (tmp_path / "x.html").read_text(encoding="utf-8")
    assert run.invoke(commands, ["brief", str(tmp_path / "x.doc")]).exit_code == 2


def test_what_can_not_be_written_is_said(settings: Settings, tmp_path: Path) -> None:
    from portal.brief.write import write

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
        address = f"{portal_server.url}/brief.pdf?lang=es&sections={sections}"
        started.wait(30)
        try:
            with urllib.request.urlopen(address, timeout=60) as got:
                return got.status, None, got.read(5).decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.headers["Retry-After"], refused.read().decode()

    choices = [",".join(some) for some in itertools.combinations(SECTIONS, 2)]  # ten briefs that differ
    with ThreadPoolExecutor(10) as pool:
        answers = [pool.submit(ask, choice) for choice in choices]
        threading.Thread(target=started.wait, args=(30,), daemon=True).start()
        started.wait(30)
        begun = time.monotonic()
        with urllib.request.urlopen(f"{portal_server.url}/healthz", timeout=60) as healthy:
            assert healthy.status == 200
        waited = time.monotonic() - begun
        found = Counter(answer.result() for answer in answers)
    made = found.pop((200, None, "%PDF-"))
    assert waited < 5
    assert 2 <= made < 10
    assert {(status, retry) for status, retry, _ in found} == {(503, "3")}
    assert all(text.startswith("Se están preparando otros informes") for *_, text in found)


@pytest.mark.parametrize("sections", [[], ["answers"]])
def test_the_pdf_holds_the_head_hash_whatever_sections_are_chosen(chosen: Selection, sections: list[str]) -> None:
    assert chosen.release
    with pikepdf.open(io.BytesIO(pdf(brief(chosen, chosen.release, options({}, sections))))) as file:
        text = "".join(run for page in file.pages for run in glyphs(page)).replace("\u200b", "").replace(" ", "")
    assert sums_hash(chosen.release.copy) in text
