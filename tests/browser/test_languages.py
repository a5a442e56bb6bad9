"""Pages in the other languages are open to everyone: one of each language here, all of them by `make access`.

A file of its own, the last but few: by then the server has rendered the languages, and no test waits for them.
"""

from typing import Literal

import pytest

from portal.language import DEFAULT, LANGUAGES
from tests.browser.conftest import NewPage
from tests.browser.server import Server
from tests.browser.visit import against, open_edition, sideways, text_of, unfold
from tests.conftest import SERVED, SOON
from tests.hostile.wire import until

# Each language once, the pages, editions, widths and themes in turn.
IN_OTHER_LANGUAGES = (("outcomes", "es", "plain", 320, "dark"), ("equity", "pt-BR", "streamlit", 1280, "light"),
                      ("", "ht", "plain", 1280, "dark"), ("outcomes", "ne", "streamlit", 320, "light"))


def release_in(language: str) -> str:
    """The release of the shared portal that is rendered in a language."""
    return SERVED[1] if language in SOON else SERVED[0]


def test_every_language_but_english_is_audited_here() -> None:
    assert {language for _, language, _, _, _ in IN_OTHER_LANGUAGES} == {*LANGUAGES} - {DEFAULT}


@pytest.mark.parametrize(("slug", "language", "edition", "width", "theme"), IN_OTHER_LANGUAGES)
def test_another_language_is_open_to_everyone(portal_server: Server, new_page: NewPage, slug: str, language: str,
                                              edition: str, width: int, theme: Literal["light", "dark"]) -> None:
    query = f"?release={release_in(language)}&lang={language}"
    until(lambda: '<p class="lead"><span lang="en">' not in text_of(f"{portal_server.url}/plain/{query}"), 240)
    page = new_page(width=width, theme=theme)
    open_edition(page, portal_server.url, edition, slug, query)
    assert page.locator("html").get_attribute("lang") == language
    unfold(page)
    found = against(page, language) + sideways(page, width, language)
    assert not found, "\n".join(found)
