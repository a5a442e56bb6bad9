"""A figure's card: everything needed to read and to check its answer, escaped, in one order."""

from xml.etree import ElementTree

import html5lib
import pytest

from portal.figures.figure import Cell, Chip, Figure, Provenance, Short, Table, Text
from portal.release.queries import Answer
from portal.render import markup
from portal.render.citation import citation
from portal.render.rendered import Picture

SQL = "SELECT value FROM cells WHERE value < 12"
PICTURES = {f"{mode}-{layout}": Picture(f"/figure/r/{mode}-{layout}.svg", width, 300)
            for mode in ("light", "dark") for layout, width in (("wide", 820), ("narrow", 288))}


def figure(title: str = "How many calls?", chips: tuple[Chip, ...] = (), table: bool = True) -> Figure:
    rows = ((Cell("July 2027"), Cell("1,234", 1234.0)), (Cell("August 2027"), Cell("Not collected")))
    return Figure(
        "demand.received", title, Text(("In all, ", Cell("1,234", 1234.0), " calls.")),
        Table("Calls by month", ("Month", "Calls"), rows) if table else None, chips, ("By chance, too.",), "July 2027",
        Provenance("2027-Q3", "illustrative", "release.sqlite", "ab" * 32, "What it is.", "Why.", "Limits.", "CAD",
                   (Answer(SQL, ("value",), ((1,),)),)))


def card(one: Figure, pictures: dict[str, Picture]) -> str:
    return markup.figure(one, pictures, citation(one, "2027-11-12", "2027-Q2"))


def parsed(html: str) -> ElementTree.Element:
    """The fragment, read as strictly as the standard allows."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    found: ElementTree.Element = parser.parse(f"<!doctype html><html lang=en><title>t</title>{html}")
    return found


def words(element: ElementTree.Element | None) -> str:
    assert element is not None
    return " ".join("".join(element.itertext()).split())


def test_question_answer_and_table_hold_the_numbers_as_values() -> None:
    page = parsed(card(figure(), {}))
    assert words(page.find(".//h2")) == "How many calls?"
    assert words(page.find(".//p[@class='answer']")) == "In all, 1,234 calls."
    assert [one.get("value") for one in page.findall(".//data")] == ["1234.0", "1234.0"]
    assert [one.get("scope") for one in page.findall(".//th")] == ["col", "col", "row", "row"]
    assert words(page.find(".//caption")) == "Calls by month"
    assert words(page.findall(".//td")[1]) == "Not collected"


def test_the_picture_has_four_drawings_with_their_sizes_and_says_the_answer() -> None:
    page = parsed(card(figure(), PICTURES))
    drawn = [*page.findall(".//source"), *page.findall(".//img")]
    assert {one.get("srcset") or one.get("src") for one in drawn} == {one.address for one in PICTURES.values()}
    assert {(one.get("width"), one.get("height")) for one in drawn} == {("820", "300"), ("288", "300")}
    assert drawn[-1].get("alt") == "In all, 1,234 calls."


def test_without_picture_and_table_the_card_still_reads_whole() -> None:
    page = parsed(card(figure(table=False), {}))
    assert page.find(".//picture") is None
    assert page.find(".//table") is None
    assert words(page.find(".//p[@class='source']")) == "July 2027"


@pytest.mark.parametrize("kind", ["not-shown", "not-yet", "not-collected", "too-few"])
def test_a_status_is_a_word_and_a_sentence(kind: str) -> None:
    chip = Chip(kind, "Not yet: 27 of 40", "We wait for 40.", 27, 40)  # type: ignore[arg-type]
    status = parsed(card(figure(chips=(chip,)), {})).find(".//ul[@class='status']")
    assert words(status) == "Not yet: 27 of 40 We wait for 40."
    short = markup.tile(Short("Is it?", None, Text(("Rest.",)), chip))
    assert "Not yet: 27 of 40" in short
    assert kind in short


def test_about_this_number_names_definition_statement_file_and_checksum() -> None:
    about = parsed(card(figure(), {})).findall(".//details")[-2]
    said = words(about)
    for wanted in ("What it is.", "Why.", "Limits.", "CAD", SQL, "release.sqlite", "ab" * 32):
        assert wanted in said
    assert "/download/2027-Q3/release.sqlite" in [one.get("href") for one in about.findall(".//a")]


def test_cite_this_has_title_number_release_period_date_and_an_address_with_the_release_pinned() -> None:
    cite = parsed(card(figure(), {})).find(".//details[@class='cite']")
    for wanted in ("How many calls?", "1,234", "November 12, 2027", "July 2027"):
        assert wanted in words(cite)
    assert cite is not None
    assert [str(one.get("href")).partition("/plain/")[2] for one in cite.findall(".//a")] == [
        "figure/demand.received?release=2027-Q3&period=2027-Q2"]


def test_markup_in_words_of_a_release_is_shown_and_never_obeyed() -> None:
    attack = "<script>alert(1)</script> & \"'"
    html = card(figure(title=attack), {})
    assert "<script" not in html
    assert words(parsed(html).find(".//h2")) == attack


def test_help_has_the_four_numbers_in_their_order() -> None:
    links = [one.get("href") for one in parsed(markup.help_box()).findall(".//a")]
    assert links == ["tel:911", "tel:988", "tel:+18337732445", "tel:+18332222030"]


def test_the_record_of_the_last_test_is_shown_as_it_stands_and_its_lack_is_said() -> None:
    record = {"date": "2026-11-24", "tools": {"axe-core": "4.10", "Chromium": "120"}, "standards": ["WCAG 2.2 AA"],
              "pages": 10, "languages": ["en", "ht"], "widths": [320, 1280], "runs": 400, "violations": 3,
              "rules": "region"}
    shown = words(parsed(markup.block("test_record", record, {"en": "English", "ht": "Kreyòl ayisyen"})))
    for wanted in ("November 24, 2026", "axe-core 4.10, Chromium 120", "400", "3 (region)"):
        assert wanted in shown
    assert "No full test is on record yet." in words(parsed(markup.block("test_record", None, {})))
