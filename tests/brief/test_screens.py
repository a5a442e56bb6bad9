"""The projector's screens: one finding each, with what the pages say of it, and nothing from elsewhere."""

import re
from dataclasses import replace

import html5lib
from starlette.testclient import TestClient

from portal.brief.screens import FINDINGS, projector, screens
from portal.language import override_language
from portal.render.rendered import RenderedRelease, Selection
from tests.conftest import SMALLEST


def test_there_are_at_most_twelve_screens_and_each_has_a_heading_of_its_own(
        selection: Selection, release: RenderedRelease) -> None:
    headings = [screen.heading for screen in screens(selection, release)]
    assert len(headings) == len(set(headings)) <= 12


def test_a_finding_is_the_headline_of_its_card_with_its_definition(
        selection: Selection, release: RenderedRelease) -> None:
    shown = {screen.question: screen for screen in screens(selection, release) if screen.question}
    figures = [release.figure(name, release.default_period) for name in FINDINGS]
    assert len(shown) == sum(figure.shown for figure in figures) > 3
    for figure in figures:
        if figure.shown:
            screen = shown[figure.record["question"]]
            assert screen.heading == figure.record["headline"]
            assert figure.record["definition"] in screen.definition
            assert not screen.drawing or screen.alt == figure.record["answer"]


def test_every_screen_says_that_its_numbers_are_made_up_and_none_does_of_a_real_release(
        selection: Selection, release: RenderedRelease) -> None:
    words = "Made-up numbers. No real call is counted here."
    assert projector(selection, release).count(words) == len(screens(selection, release))
    real = replace(release, facts=replace(release.facts, state="official"))
    assert words not in projector(selection, real)


def test_what_is_not_translated_is_marked_as_english(selection: Selection, release: RenderedRelease) -> None:
    with override_language("ht"):
        text = projector(selection, release)
    assert '<html lang="ht">' in text
    assert text.count(' lang="en"') > len(FINDINGS) / 2


def test_the_list_of_screens_leads_to_each_of_them(site: TestClient) -> None:
    page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(site.get("/projector").text)
    ids = {element.get("id") for element in page.iter()}
    listed = [link.get("href") for link in page.iterfind(".//ol//a")]
    assert len(listed) == len(page.findall(".//section")) - 1
    assert {target.removeprefix("#") for target in listed} <= ids


def test_nothing_is_asked_of_another_host_and_the_file_for_offline_asks_for_nothing(site: TestClient) -> None:
    fetched = r'(?:src|href|srcset)="(?!#|data:)([^"]+)"|url\("?(?!data:)([^")]+)'
    for path in ("/projector", "/meeting.css"):
        for found in re.findall(fetched, site.get(path).text):
            assert "".join(found).startswith("/") and not "".join(found).startswith("//")
    assert re.findall(fetched, site.get("/brief-offline.html").text) == []


def test_the_page_for_meetings_links_to_the_screens_of_the_chosen_release(site: TestClient) -> None:
    for path, wanted in (("/plain/brief", "/projector"), (f"/plain/brief?release={SMALLEST[0]}",
                                                          f"/projector?release={SMALLEST[0]}")):
        assert f'href="{wanted}"' in site.get(path).text
        assert site.get(wanted).status_code == 200
