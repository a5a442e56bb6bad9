"""A figure's card: everything needed to read and to check its answer, escaped, in one order."""

from xml.etree import ElementTree

import html5lib
import pytest
from sqlalchemy import text

from portal.figures.charts.bars import bars
from portal.figures.charts.chart import Portion
from portal.figures.figure import Beside, Cell, Figure, Provenance, RichText, Short, Table
from portal.release.queries import Answer
from portal.render import markup
from portal.render.citation import citation
from portal.render.rendered import Picture

SQL = "SELECT value FROM cells WHERE value < 12"
PICTURES = {f"{mode}-{layout}": Picture(f"/figure/r/{mode}-{layout}.svg", width, 300)
            for mode in ("light", "dark") for layout, width in (("wide", 640), ("narrow", 320))}


def figure(title: str = "How many calls?", table: bool = True, beside: bool = False) -> Figure:
    rows = ((Cell("July 2027"), Cell("1,234", 1234.0)), (Cell("August 2027"), Cell("Not collected")))
    return Figure(
        "demand.received", title, RichText(("In all, ", Cell("1,234", 1234.0), " calls.")),
        Table("Calls by month", ("Month", "Calls"), rows) if table else None, (), ("By chance, too.",), "July 2027",
        Provenance("2027-Q3", "illustrative", "release.sqlite", "ab" * 32, "What it is.", "Why.", "Limits.", "CAD",
                   (Answer(text(SQL), ("value",), ((1,),)),)), headline=RichText((Cell("1,234", 1234.0), " calls")),
        sub=RichText(("Since the start.",)), chart=bars("", [Portion("July 2027", 1234)], ""),
        beside=(Beside("July 2027", RichText(("a month.",)), RichText((Cell("99", 99.0), " calls")), True),
                Beside("June 2027", RichText(("a month.",)))) if beside else ())


def card(figure_: Figure, pictures: dict[str, Picture]) -> str:
    return markup.figure(figure_, pictures, citation(figure_, "2027-11-12", "2027-Q2"))


def parsed(html: str) -> ElementTree.Element:
    """The fragment, read as strictly as the standard allows."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    found: ElementTree.Element = parser.parse(f"<!doctype html><html lang=en><title>t</title>{html}")
    return found


def words(element: ElementTree.Element | None) -> str:
    assert element is not None
    return " ".join("".join(element.itertext()).split())


def test_the_finding_is_the_headline_below_its_question_and_the_table_holds_the_numbers_as_values() -> None:
    page = parsed(card(figure(), {}))
    assert words(page.find(".//p[@class='kicker']")) == "How many calls?"
    assert words(page.find(".//h2")) == "1,234 calls"
    assert words(page.find(".//p[@class='sub']")) == "Since the start."
    assert [match.get("value") for match in page.findall(".//data")] == ["1234.0", "1234.0"]
    assert [match.get("scope") for match in page.findall(".//th")] == ["col", "col", "row", "row"]
    assert words(page.find(".//caption")) == "Calls by month"
    assert words(page.findall(".//td")[1]) == "Not collected"


def test_the_picture_has_four_drawings_with_their_sizes_and_says_its_numbers() -> None:
    page = parsed(card(figure(), PICTURES))
    drawn = [*page.findall(".//source"), *page.findall(".//img")]
    assert {one.get("srcset") or one.get("src") for one in drawn} == {picture.url for picture in PICTURES.values()}
    assert {(one.get("width"), one.get("height")) for one in drawn} == {("640", "300"), ("320", "300")}
    assert drawn[-1].get("alt") == "July 2027: 1,234"


def test_a_half_has_the_phone_s_drawing_at_any_width() -> None:
    one = figure()
    page = parsed(markup.figure(one, PICTURES, citation(one, "2027-11-12", "2027-Q2"), "half"))
    drawn = [*page.findall(".//source"), *page.findall(".//img")]
    assert {(one.get("srcset") or one.get("src", "")).rpartition("-")[2] for one in drawn} == {"narrow.svg"}


def test_the_newest_period_stands_beside_the_picture_and_by_itself_without_one() -> None:
    rows = parsed(card(figure(beside=True), PICTURES)).findall(".//dl[@class='beside']/div")
    assert [words(row) for row in rows] == ["July 2027, newest 99 calls a month.", "June 2027 a month."]
    alone = parsed(card(figure(beside=True), {}))
    assert alone.find(".//picture") is None
    assert words(alone.find(".//div[@class='figures']")) == "99 calls a month. July 2027 a month. June 2027"


def test_four_tools_stand_in_one_order_in_a_group_named_with_its_figure() -> None:
    group = parsed(card(figure(), {})).find(".//div[@role='group']")
    assert group is not None and group.get("aria-label") == "How many calls?"
    named = [words(match) for match in group.findall(".//summary")]
    assert named == ["Table", "About", "Download", "Share"]
    without = [words(match) for match in parsed(card(figure(table=False), {})).findall(".//summary")]
    assert without == named[1:]


def test_a_tile_has_a_question_a_number_and_what_it_is_out_of() -> None:
    inside = markup.tile(Short("Is it?", RichText((Cell("9", 9.0), " of 10")), RichText(("calls.",)), "July: 2 of 3"))
    page = parsed(markup.tiles([("/calls#a", inside)]))
    assert words(page.find(".//a[@href='/calls#a']")) == "Is it? 9 of 10 calls. July: 2 of 3"


def test_about_this_number_names_definition_statement_file_and_checksum() -> None:
    about = parsed(card(figure(), {})).findall(".//details")[1]
    said = words(about)
    for wanted in ("What it is.", "Why.", "Limits.", "CAD", SQL, "release.sqlite", "ab" * 32):
        assert wanted in said
    assert "/download/2027-Q3/release.sqlite" in [match.get("href") for match in about.findall(".//a")]


def test_share_has_an_address_with_the_release_pinned_and_a_citation() -> None:
    cite = parsed(card(figure(), {})).findall(".//details")[-1]
    for wanted in ("How many calls?", "1,234", "November 12, 2027", "July 2027"):
        assert wanted in words(cite)
    assert [str(match.get("href")).partition("/plain/")[2] for match in cite.findall(".//a")] == [
        "figure/demand.received?release=2027-Q3&period=2027-Q2"]


def test_markup_in_words_of_a_release_is_shown_and_never_obeyed() -> None:
    attack = "<script>alert(1)</script> & \"'"
    html = card(figure(title=attack), {})
    assert "<script" not in html
    assert words(parsed(html).find(".//p[@class='kicker']")) == attack


def test_help_has_the_four_numbers_in_their_order() -> None:
    links = [match.get("href") for match in parsed(markup.help_box()).findall(".//a")]
    assert links == ["tel:911", "tel:988", "tel:+18337732445", "tel:+18332222030"]


def test_the_record_of_the_last_test_is_shown_as_it_stands_and_its_lack_is_stated() -> None:
    record = {"date": "2026-11-24", "tools": {"axe-core": "4.10", "Chromium": "120"}, "standards": ["WCAG 2.2 AA"],
              "pages": 10, "languages": ["en", "ht"], "widths": [320, 1280], "runs": 400, "violations": 3,
              "rules": "region"}
    shown = words(parsed(markup.block("test_record", record, {"en": "English", "ht": "Kreyòl ayisyen"})))
    for wanted in ("November 24, 2026", "axe-core 4.10, Chromium 120", "400", "3 (region)"):
        assert wanted in shown
    assert "No full test is on record yet." in words(parsed(markup.block("test_record", None, {})))


@pytest.mark.parametrize(("written", "shown"), [
    ("noon to 4 pm: 30 calls", "noon to 4~pm: 30 calls"), ("8 a. m. a 8 p. m.: 6", "8~a.~m. a 8~p.~m.: 6"),
    ("4 places", "4 places")])
def test_an_hour_stays_with_its_half_of_the_day(written: str, shown: str) -> None:
    assert markup.unbroken_hours(written) == shown.replace("~", "\u00a0")
