"""Feedback carries the page, the release and the language to the configured URL, and nothing else."""

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from portal.language import PSEUDO, override_language
from portal.navigation import PAGES
from portal.render import markup
from portal.render.feedback import feedback
from portal.render.rendered import Known, ReleaseFacts, RenderedRelease, Selection, Snapshot

RELEASE = RenderedRelease(
    ReleaseFacts("2027-Q3", "illustrative", "", ""), "en", (), frozenset(), (), (), Known("", (), {}), Path(), Path(),
    lambda _: {}, lambda: ())


def selected(feedback: str) -> Selection:
    """A visitor's selection on a site with this feedback URL."""
    return Selection(Snapshot(), RELEASE, "", (), (), feedback=feedback)


def test_a_form_gets_page_release_and_language() -> None:
    form = "https://example.org/form?id=7"
    told = parse_qs(urlsplit(feedback(form, "calls", "2027-Q3", "problem")).query)
    assert told == {"id": ["7"], "page": ["/calls"], "release": ["2027-Q3"], "lang": ["en"], "about": ["problem"]}
    with override_language(PSEUDO):
        assert f"lang={PSEUDO}" in feedback(form, "", "", "useful")
    assert "release=none" in feedback(form, "", "", "useful")


def test_an_email_has_them_in_its_text() -> None:
    url = feedback("mailto:someone@example.org", "calls", "2027-Q3", "problem")
    assert url.startswith("mailto:someone@example.org?subject=")
    assert "release=2027-Q3" in unquote(url)


@pytest.mark.parametrize("page", PAGES, ids=[page.id for page in PAGES])
def test_every_page_has_it_or_says_whom_to_write_to(page: object) -> None:
    one = next(each for each in PAGES if each == page)
    with_address = markup.foot(one, "", selected("https://example.org/form"), ("/plain/", "Plain"))
    assert f"page=%2F{one.slug}&amp;release=2027-Q3&amp;lang=en&amp;about=problem" in with_address
    assert "about=useful" in with_address
    assert "about=not-useful" in with_address
    without = markup.foot(one, "", selected(""), ("/plain/", "Plain"))
    assert "example.org" not in without
    assert "Tell the City: call" in without
    assert 'href="mailto:apomeroy@somervillema.gov"' in without
