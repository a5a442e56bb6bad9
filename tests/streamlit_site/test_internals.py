"""What the portal leans on in Streamlit without its word is there in the version installed, and stands in one list."""

import inspect
import re
from functools import cache
from itertools import chain
from pathlib import Path

import streamlit
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

from portal import streamlit_internals as internals
from portal.builder.streamlit_assets import at_once, files, for_elements
from portal.server.security_headers import inline_scripts
from portal.streamlit_site.theme import compute_theme_once
from tests.source import ROOT

OURS = [*ROOT.glob("portal/**/*.py"), *ROOT.glob("portal/render/**/*.css"), *ROOT.glob("portal/render/**/*.js"),
        *ROOT.glob("portal/**/*.jinja"), *ROOT.glob("deploy/*")]
DECLARED = ROOT / "portal" / "streamlit_internals.py"


@cache
def scripts() -> str:
    """All of Streamlit's own scripts for the browser."""
    return "".join(path.read_text("utf-8") for path in sorted(files().glob("static/js/*.js")))


@cache
def server_code() -> str:
    """Streamlit's own Python code."""
    folder = Path(streamlit.__file__).parent
    return "".join(path.read_text("utf-8") for path in sorted(folder.glob("web/**/*.py")))


def used(pattern: str) -> set[str]:
    """What the portal's own files name by this pattern, outside of the list."""
    texts = (path.read_text("utf-8") for path in OURS if path.is_file() and path != DECLARED)
    return set(chain.from_iterable(re.findall(pattern, text) for text in texts))


def test_streamlit_knows_the_messages_that_are_let_through() -> None:
    fields = {field.name for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields}
    assert internals.MESSAGES.keys() <= fields
    assert internals.RUN_ENDED in {field.name for field in ForwardMsg.DESCRIPTOR.oneofs_by_name["type"].fields}
    assert hasattr(ForwardMsg, "FINISHED_EARLY_FOR_RERUN")


def test_streamlit_answers_at_the_addresses_that_are_open() -> None:
    for path in (*internals.OPEN_PATHS, *internals.PREFIXES):
        assert path.strip("/") in server_code(), path


def test_its_page_has_the_root_and_one_script_inside_it() -> None:
    page = (files() / "index.html").read_text("utf-8")
    assert '<div id="root"></div>' in page
    assert len(inline_scripts().split()) == 1, "a second script inside the page: read it before the policy allows it"


def test_the_scripts_of_a_page_are_named_as_the_portal_looks_for_them() -> None:
    assert len(at_once(files())) >= 2
    for name in internals.ELEMENTS:
        assert any(re.fullmatch(rf"static/js/{name}\.[\w-]+\.js", found) for found in for_elements(files())), name


def test_its_page_has_the_parts_that_style_and_scripts_take_hold_of() -> None:
    wanted = (*internals.TEST_IDS, internals.CONNECTION_STATE, "CONNECTED", internals.SCRIPT_STATE, *internals.RUNNING)
    missing = [name for name in wanted if name not in scripts()]
    assert not missing, f"Streamlit has no part of that name any more: {missing}"
    written = (files() / "index.html").read_text("utf-8") + scripts()
    assert all(re.search(rf"[`'\"]{name}[`'\"]", written) for name in internals.ELEMENT_IDS)


def test_the_theme_computed_once_is_the_one_that_streamlit_computes() -> None:
    compute_theme_once()
    once = getattr(app_session, internals.POPULATE_THEME)
    anew = inspect.unwrap(once)
    assert anew is not once
    for section in ("theme", "theme.light", "theme.dark", "theme.sidebar"):
        expected = CustomThemeConfig()
        anew(expected, section)
        for _ in range(2):
            message = CustomThemeConfig()
            once(message, section)
            assert message == expected
    whole = CustomThemeConfig()
    once(whole.sidebar, "theme.sidebar")
    assert not whole.HasField("sidebar"), "a section without a setting is not sent"


def test_each_name_that_is_used_stands_in_the_list_and_the_other_way_round() -> None:
    assert used(r"data-testid=\\?[\"'](\w+)") == internals.TEST_IDS.keys()
    assert used(r"(/_stcore/\w[\w-]*)") <= internals.OPEN_PATHS.keys()
    assert used(r"#(stMain|root)\b") == internals.ELEMENT_IDS.keys()
    assert used(r"data-test-[\w-]+") == {internals.CONNECTION_STATE, internals.SCRIPT_STATE}
    assert used(rf"{internals.SCRIPT_STATE}=\"(\w+)\"") == {*internals.RUNNING}
    assert all(reason for table in (internals.TEST_IDS, internals.OPEN_PATHS, internals.MESSAGES, internals.ELEMENT_IDS)
               for reason in table.values())
