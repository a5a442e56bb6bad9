"""The Streamlit site without a browser: every page runs, shows what the plain edition shows, and keeps a choice."""

import json
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from portal import figures
from portal.navigation import PAGES
from portal.page import Page
from portal.server.plain_presenter import plain
from portal.server.state import ServerState
from portal.settings import Settings
from tests.site import built, client_of, releases_in, selection_for, settings_for, state_of_site, statements
from tests.source import ROOT

RELEASES = ROOT / "data" / "releases"
OLDEST = min(path.name for path in RELEASES.iterdir() if path.is_dir())
SHOWN = sorted(path.name for path in RELEASES.iterdir() if path.is_dir())[
    1
]  # two quarters: there is something to choose
QUESTIONS = re.compile(r"<h2 id=\"[^\"]+-h\">.*?</h2>|<p class=\"sub\">.*?</p>|<table.*?</table>", re.DOTALL)

SCRIPT = """
from portal.navigation import page_of
from portal.server.selection import select
from portal.server.state import installed
from portal.streamlit_site.presenter import show
state = installed()
show(page_of({!r}), select(state.snapshots.snapshot, state.settings, {{}}))
"""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, drawn_cache: Path) -> Settings:
    """A release of two quarters, live."""
    return built(settings_for(releases_in(tmp_path_factory.mktemp("site"), SHOWN), drawn_cache))


@pytest.fixture(autouse=True)
def state(settings: Settings) -> ServerState:
    """The state that Streamlit's script reads."""
    return state_of_site(settings)


def plain_page(settings: Settings, page: Page, **query: str) -> str:
    return plain(page, selection_for(settings, **query))


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "portal" / "streamlit_site" / "script.py"), default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def markup(app: AppTest) -> str:
    """All that st.html shows, in order."""
    return "\n".join(str(element.proto.body) for element in app.get("html"))


def test_a_chosen_period_survives_a_change_of_page() -> None:
    app = opened(period=OLDEST)
    app.query_params.clear()  # as Streamlit's own links to other pages do
    app.run()
    assert "".join(app.query_params["period"]) == OLDEST and app.selectbox[0].value == OLDEST


def test_the_link_to_the_plain_edition_keeps_the_choices_of_a_form() -> None:
    text = unescape(markup(opened(**{"way": "phone", "aid-asl": "yes", "aid-x": "yes"})))
    assert '<a href="/plain/?way=phone&aid-asl=yes">' in text


def test_the_overview_shows_help_before_numbers_and_says_that_they_are_made_up() -> None:
    app = opened()
    assert not app.exception
    text = markup(app)
    assert text.index("Made-up numbers.") < text.index("tel:911") < text.index("<h1") < text.index("<article")


def test_a_live_page_imports_the_style_of_its_version_which_lasts_for_ever(settings: Settings) -> None:
    style = re.search(r'<style>@import url\("(/site\.css\?\w+)"\);</style>', markup(opened()))
    assert style
    site = client_of(settings)
    answer, outdated = site.get(style[1]), site.get("/site.css?0123456789ab")
    assert answer.text == outdated.text == site.get("/site.css").text
    assert "immutable" in answer.headers["cache-control"]
    assert outdated.headers["cache-control"] == "no-cache", "while two versions serve, neither lasts under a wrong name"


def test_both_editions_show_the_same_questions_answers_and_tables_in_the_same_order(settings: Settings) -> None:
    shown = QUESTIONS.findall(markup(opened()))
    assert len(shown) > 2
    assert shown == QUESTIONS.findall(plain_page(settings, PAGES[0]))


@pytest.mark.parametrize(("query", "sentence"), [
    ({"period": "1999-Q1"}, "Nothing is published for that time"),
    ({"release": "../../etc"}, "There is no release of that name"),
    ({"lang": "tlh"}, "not in that language"),
])
def test_an_unknown_choice_gets_a_sentence_and_the_default(query: dict[str, str], sentence: str) -> None:
    app = opened(**query)
    assert not app.exception
    assert sentence in markup(app)
    assert app.selectbox[0].value == "start"


def test_links_to_other_languages_keep_the_known_choices_of_a_form() -> None:
    links = re.search(r'<nav class="languages".*?</nav>', markup(opened(**{"aid-asl": "yes", "way": "pigeon"})),
                      re.DOTALL)
    assert links and 'href="?lang=es&amp;aid-asl=yes"' in links[0]


def test_a_chosen_quarter_stands_in_the_address_and_in_the_answers(settings: Settings) -> None:
    app = opened()
    before = markup(app)
    older, older_id = app.selectbox[0].options[-1], OLDEST
    app.selectbox[0].select(older).run()
    assert not app.exception
    period = "".join(app.query_params["period"])
    assert period == older_id
    assert markup(app) != before
    assert QUESTIONS.findall(markup(app)) == QUESTIONS.findall(plain_page(settings, PAGES[0], period=period))
    app.selectbox[0].select(app.selectbox[0].options[0]).run()
    assert QUESTIONS.findall(markup(app)) == QUESTIONS.findall(before)


SHOWN_WHOLE = """
import json, logging, sys
logging.disable(logging.WARNING)
from portal.server.state import install, state_for
from portal.settings import read
install(state_for(read()))
from portal.server.state import installed
installed().snapshots.poll()
from streamlit.testing.v1 import AppTest
charts = 0
for script in json.loads(sys.argv[1]):
    app = AppTest.from_string(script, default_timeout=60).run()
    assert not app.exception
    charts += len(app.get("vega_lite_chart"))
heavy = {"pandas", "pyarrow", "numpy", "altair", "vl_convert", "scipy", "highspy", "portal.publish"}
print(json.dumps([charts, sorted(heavy & set(sys.modules))]))
"""


def test_no_page_loads_what_draws_or_tabulates(settings: Settings) -> None:
    scripts = json.dumps([SCRIPT.format(page.slug) for page in PAGES])
    process = subprocess.run([sys.executable, "-c", SHOWN_WHOLE, scripts], cwd=ROOT, capture_output=True, text=True,
                             check=True, env=settings.environment() | {"PYTHONPATH": str(ROOT)})
    charts, loaded = json.loads(process.stdout.splitlines()[-1])
    assert charts == 1  # Explore's
    assert loaded == []


def test_without_a_release_the_page_is_whole(tmp_path: Path) -> None:
    state_of_site(settings_for(tmp_path, tmp_path / "cache"))
    app = opened()
    assert not app.exception
    text = markup(app)
    assert "Data is awaited" in text
    assert "tel:988" in text
    assert "<article" not in text
    assert not app.selectbox


@pytest.mark.parametrize("page", PAGES, ids=[page.id for page in PAGES])
def test_both_editions_show_the_same_of_every_page(page: Page, settings: Settings) -> None:
    app = AppTest.from_string(SCRIPT.format(page.slug), default_timeout=30).run()
    assert not app.exception
    assert QUESTIONS.findall(markup(app)) == QUESTIONS.findall(plain_page(settings, page))


MOST = 60  # elements of a page, each a message: Streamlit's browser side takes some milliseconds for each


@pytest.mark.parametrize("page", PAGES, ids=[page.id for page in PAGES])
def test_a_page_view_asks_no_database_builds_no_figure_and_sends_few_elements(
        page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    built_figures: list[object] = []
    monkeypatch.setattr(figures, "build", lambda *arguments: built_figures.append(arguments))
    with statements() as sent:
        app = AppTest.from_string(SCRIPT.format(page.slug), default_timeout=30).run()
    assert not app.exception
    assert sent == built_figures == []
    assert 0 < len([*app.main]) <= MOST
