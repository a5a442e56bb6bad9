"""What the portal leans on in Streamlit that Streamlit documents nowhere, each with its reason, in one place.

A new version of Streamlit may change any of it. `tests/streamlit_site/test_internals.py` looks for each in the version
that is installed, and `make next` does so in the newest one before anybody upgrades.
"""

from types import MappingProxyType

STREAM = "/_stcore/stream"  # the websocket of a session: held back, counted and paced
OPEN_PATHS = MappingProxyType({
    STREAM: "without it no page is live",
    "/_stcore/health": "the browser asks it before it opens a session again",
    "/_stcore/host-config": "the browser asks it before it opens its first session",
})
PREFIXES = ("/_stcore/", "/media/")  # answered by Streamlit itself

POPULATE_THEME = "_populate_theme_msg"  # in streamlit.runtime.app_session: the theme of a run, computed once here

RERUN = "rerun_script"
MESSAGES = MappingProxyType({
    RERUN: "asks for a page, or says what was chosen",
    "stop_script": "ends a run that nobody waits for",
    "app_heartbeat": "keeps a session open",
})  # fields of BackMsg's `type`; every other one is ignored
RUN_ENDED = "script_finished"  # field of ForwardMsg's `type`: the page is complete, and the next run may begin

ELEMENTS = ("Html", "Selectbox", "Checkbox")  # what pages are made of; each is a file static/js/<name>.<hash>.js

CLOSED = ("_stcore", "component", "auth", "oauth2callback")  # first parts of paths that no page needs, but OPEN_PATHS
CONNECTION_STATE = "data-test-connection-state"  # CONNECTED while a session lives; the style tells of a lost one
SCRIPT_STATE = "data-test-script-state"
RUNNING = ("running", "rerunRequested")  # values of it: what is on the page is not complete yet

ELEMENT_IDS = MappingProxyType({
    "root": "Streamlit draws into it; the first paint stands beside it until then",
    "stMain": "what scrolls, and where the skip link leads",
})

TEST_IDS = MappingProxyType({
    "stAppDeployButton": "hidden: visitors deploy nothing",
    "stAppViewContainer": "takes the colours of the page",
    "stCheckbox": "large enough to be touched, visible focus",
    "stDialog": "hidden: a lost connection is told by the page itself, in the reader's language",
    "stElementContainer": "grid of cards and list of contents",
    "stHeader": "as high as its links, in the page's colours",
    "stMain": "scrolls; printed at full height",
    "stMainBlockContainer": "as wide as the plain page",
    "stMainMenu": "hidden: it offers what visitors can't use",
    "stSelectbox": "large enough to be touched, visible focus",
    "stSidebar": "hidden in print",
    "stSkeleton": "while one stands, the page is not complete",
    "stSkipToContent": "hidden: the page has one in the reader's language",
    "stTopNavLink": "visible focus, large enough to be touched",
    "stVegaLiteChart": "scrolls by keyboard where it is wider than a phone",
    "stVerticalBlock": "grid of cards and list of contents",
    "stWidgetLabel": "in the typeface of the page",
})
