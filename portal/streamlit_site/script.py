"""The Streamlit script: navigation and the page's frame, nothing else."""

import streamlit as st

from portal.language import override_language, t
from portal.navigation import PAGES, page_of
from portal.page import Page
from portal.render import lists, markup
from portal.render.rendered import Selection
from portal.server.selection import select
from portal.server.site_url import with_site_url
from portal.server.state import installed
from portal.streamlit_site.presenter import cached_html, show, site, verbatim


def nothing() -> None:
    """What st.navigation runs for each page: the page itself is shown inside its frame, below."""


KEPT = ("lang", "release", "period")  # what a visitor chose, on every page


def query() -> dict[str, str]:
    """The URL's query. Streamlit's own links to other pages drop it, so the session remembers what was chosen."""
    values = st.query_params.to_dict()
    for name in KEPT:
        if name not in values and name in st.session_state:
            st.query_params[name] = values[name] = st.session_state[name]
    return values


def frame(selection: Selection) -> None:
    """The requested page inside its frame: banner, masthead, help, footer."""
    chosen = st.navigation(
        [st.Page(nothing, title=t(page.name), url_path=page.id, default=not page.slug,
                 visibility="visible" if page.in_menu else "hidden") for page in PAGES],
        position="top")
    page = page_of(chosen.url_path) or PAGES[0]
    release = selection.release.facts if selection.release else None
    st.set_page_config(page_title=markup.title(page, selection), layout="centered")

    verbatim(with_site_url(f'<style>@import url("{markup.SITE_CSS_URL}");</style>', site()))
    cached_html("banner", page, selection, lambda: markup.part("banner", release))
    cached_html("masthead", page, selection, lambda: _masthead(page, selection))
    show(page, selection)
    cached_html("foot", page, selection, lambda: _foot(page, selection))


def _masthead(page: Page, selection: Selection) -> str:
    """The line of help, the portal's name, the field for questions and the languages."""
    name, menu = t("Somerville Co-Response Pilot"), t("All pages")
    languages = markup.languages(selection, lists.any_form_values(selection))
    return (f'{markup.help_line(page, "", selection.query)}<div class="masthead"><p class="name">{name}</p>'
            f'<a class="menu" href="#all-pages">{menu}</a>{markup.masthead_ask(page, "", selection)}{languages}</div>')


def _foot(page: Page, selection: Selection) -> str:
    """The footer, with the notice for a lost connection."""
    plain = f"/plain/{page.slug}{selection.with_form(lists.any_form_values(selection))}"
    other = (plain, t("Plain page, without script"))
    return f'<div class="foot">{markup.foot(page, "", selection, other)}</div>{markup.part("connection_lost")}'


state = installed()
selected = select(state.snapshots.snapshot, state.settings, query(), st.context.headers.get("accept-language", ""))
for chosen_name, chosen_value in selected.chosen:
    st.session_state[chosen_name] = chosen_value
with override_language(selected.language):
    frame(selected)
