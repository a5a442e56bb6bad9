"""The brief as PDF: one page for a packet, then what it means; tagged for screen readers, and large enough to read."""

import itertools
import re
import urllib.request
from collections import Counter
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from urllib.error import HTTPError

import pytest

from portal.brief.document import HEADLINES, Brief, brief, options
from portal.brief.pdf import pdf
from portal.language import DEFAULT, LANGUAGES, override_language
from portal.release.store import sums_hash
from portal.render.documents import SECTIONS
from portal.render.drawings import shapes_and_words
from portal.render.rendered import RenderedRelease, Selection
from portal.settings import Settings
from tests.brief.reading import elements, opened, runs, text_of
from tests.browser.server import Server
from tests.conftest import SMALLEST
from tests.hostile.wire import until
from tests.site import built, releases_in, selection_for, settings_for

LEAST = 9.0  # points: no word is smaller


@pytest.fixture
def whole(selection: Selection, release: RenderedRelease) -> Brief:
    return brief(selection, release, options({}, []))


def test_the_pdf_is_tagged_named_and_in_its_language(whole: Brief) -> None:
    with opened(pdf(whole)) as file:
        assert (str(file.Root.Lang), str(file.docinfo["/Title"]), bool(file.Root.ViewerPreferences.DisplayDocTitle),
                bool(file.Root.MarkInfo.Marked)) == ("en", whole.title, True, True)
        with file.open_metadata() as metadata:
            assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
        assert not file.check_pdf_syntax()


def test_headings_follow_each_other_and_are_the_bookmarks(whole: Brief) -> None:
    with opened(pdf(whole)) as file:
        kinds = [str(element.S) for element in elements(file.Root.StructTreeRoot)]
        levels = [int(kind[2]) for kind in kinds if re.fullmatch(r"/H\d", kind)]
        assert levels[0] == 1 and Counter(levels)[1] == 1
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), levels
        with file.open_outline() as outline:
            assert [row.title for row in outline.root] == [whole.title]
            chapters = [row.title for row in outline.root[0].children]
    assert set(chapters) >= {finding.headline for finding in whole.findings}
    assert [title for title in chapters if title in whole.headings.values()] == [
        heading for name, heading in whole.headings.items() if name != "front"]


def test_every_picture_has_the_words_of_its_figure(whole: Brief) -> None:
    drawn = [finding.alt for finding in whole.findings if finding.drawing]
    with opened(pdf(whole)) as file:
        pictures = [str(element.Alt) for element in elements(file.Root.StructTreeRoot) if str(element.S) == "/Figure"]
    assert drawn and all(drawn)
    assert sorted(pictures) == sorted(drawn)


def downloaded(url: str) -> bytes:
    """A brief, asked for again for as long as others wait for theirs."""
    contents: list[bytes] = []

    def answered() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=240) as answer:
                contents.append(answer.read())
        except HTTPError as error:
            if error.code != HTTPStatus.SERVICE_UNAVAILABLE:
                raise
        return bool(contents)
    until(answered, 240)
    return contents[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_packet_is_one_page_and_no_page_is_half_empty(portal_server: Server, language: str) -> None:
    with opened(downloaded(f"{portal_server.url}/brief.pdf?lang={language}")) as file:
        assert str(file.Root.Lang) == language
        texts = [text_of(page).replace(" ", "") for page in file.pages]
        assert re.search("[0-9a-f]{64}", texts[0]), "page one does not hold the head hash, which stands last on it"
        assert len(texts[-1]) > 0.6 * len(texts[1])
        sizes = {run.size for page in file.pages for run in runs(page)}
        assert min(sizes) > LEAST - 0.01
    assert len(texts) <= 5


@pytest.mark.parametrize("large", [False, True])
def test_every_page_says_that_its_numbers_are_made_up(
        selection: Selection, release: RenderedRelease, large: bool) -> None:
    document = brief(selection, release, options({"large": "1" if large else ""}, []))
    with opened(pdf(document)) as file:
        texts = [text_of(page) for page in file.pages]
        assert all("Made-up numbers" in text for text in texts)
        assert document.headlines[0].tile and document.headlines[0].tile.number in texts[0]
        words = [run.text for page in file.pages for run in runs(page)]
    checksum = document.checking.split()[-1].rstrip(".")
    assert len(checksum) == 64 and checksum in "".join(words).replace("\u200b", "")
    assert not large or not any(checksum in text.replace("\u200b", "") for text in words), "wider than the page"


def test_numbers_that_are_not_made_up_do_not_say_so(selection: Selection, release: RenderedRelease) -> None:
    real = replace(release, facts=replace(release.facts, state="official"))
    document = brief(selection, real, options({}, []))
    assert document.made_up == "" and "official" in document.release
    with opened(pdf(document)) as file:
        assert not any("Made-up numbers" in text_of(page) for page in file.pages)


def test_what_typst_refuses_is_raised_with_its_reason(whole: Brief) -> None:
    with pytest.raises(RuntimeError, match="PDF/UA-1 error: heading title is empty"):
        pdf(replace(whole, title=""))


def test_nepali_is_written_in_the_drawing_and_beside_it(whole: Brief) -> None:
    place = next(at for at, finding in enumerate(whole.findings) if "<text" in finding.drawing)
    drawing = re.sub(">[^<>]+</text>", ">2027 सङ्कट कल 115</text>", whole.findings[place].drawing, count=1)
    findings = list(whole.findings)
    findings[place] = replace(findings[place], drawing=drawing)
    with opened(pdf(replace(whole, language="ne", title="सभाका लागि संक्षेप", findings=tuple(findings)))) as file:
        assert str(file.Root.Lang) == "ne"
        assert "NotoSansDevanagari" in str([font.BaseFont for font in file.pages[0].Resources.Font.values()])


@pytest.fixture(scope="module")
def translated(translated_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The older release in every language."""
    releases = releases_in(tmp_path_factory.mktemp("languages"), SMALLEST[0])
    return built(settings_for(releases, translated_cache, ahead=tuple(LANGUAGES)))


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != DEFAULT])
def test_the_pdf_is_set_in_every_language(translated: Settings, language: str) -> None:
    with override_language(language):
        selection = selection_for(translated, lang=language)
        assert selection.release
        document = brief(selection, selection.release, options({}, []))
    with opened(pdf(document)) as file:
        assert (str(file.Root.Lang), str(file.docinfo["/Title"])) == (language, document.title)
        tile = document.headlines[0].tile
        digits = re.findall(r"\d+", tile.number) if tile else []  # the shapes of Devanagari words are not their letters
        assert digits and digits[0] in text_of(file.pages[0])
        front = text_of(file.pages[0]).replace(" ", "").replace("\u200b", "")
        assert re.search("[0-9a-f]{64}", front), "page one does not hold the head hash"
        marked = {str(element.Lang) for element in elements(file.Root.StructTreeRoot) if "/Lang" in element}
        assert "en" not in marked, "a part of the brief is not translated"


def test_what_is_not_translated_is_marked_as_english(whole: Brief) -> None:
    with opened(pdf(replace(whole, language="ht"))) as file:
        assert str(file.Root.Lang) == "ht"
        assert "en" in [str(element.Lang) for element in elements(file.Root.StructTreeRoot) if "/Lang" in element]


def test_a_drawing_s_words_are_separated_with_their_places(whole: Brief) -> None:
    svg = ('<svg xmlns="http://www.w3.org/2000/svg" width="340" height="9"><g transform="translate(4,10)"><g>'
           '<text text-anchor="end" transform="translate(3,2.5)" font-weight="700" font-size="14px">24</text>'
           "</g></g></svg>")
    picture = shapes_and_words(svg)
    assert picture["words"] == [{"text": "24", "x": 7.0, "y": 12.5, "anchor": "end", "bold": True, "fill": "#2b2b2b",
                                 "size": 14.0}]
    assert "24" not in picture["shapes"] and picture["width"] == 340
    for finding in whole.findings:
        assert len(shapes_and_words(finding.drawing)["words"]) == finding.drawing.count("<text")
        assert "matrix" not in finding.drawing


@pytest.mark.parametrize("sections", [(), *((name,) for name in SECTIONS)])
def test_page_one_holds_the_head_hash_whatever_sections_are_chosen(
        selection: Selection, release: RenderedRelease, sections: tuple[str, ...]) -> None:
    with opened(pdf(brief(selection, release, options({}, sections)))) as file:
        assert sums_hash(release.copy) in text_of(file.pages[0]).replace(" ", "")


def test_all_six_headlines_are_on_page_one(whole: Brief) -> None:
    assert len(HEADLINES) == len(whole.headlines) == 6
    with opened(pdf(whole)) as file:
        shown = re.sub(r"\s", "", text_of(file.pages[0]))
    for figure in whole.headlines:
        assert re.sub(r"\s", "", figure.tile.number if figure.tile else figure.headline) in shown
