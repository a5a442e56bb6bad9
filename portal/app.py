"""The Streamlit script: navigation and the page's frame, nothing else."""

from importlib import import_module

import streamlit as st

from portal.language import t
from portal.markup import render
from portal.markup.selection import select
from portal.outline import PAGES, page_of
from portal.site.presenter import StreamlitPresenter


def nothing() -> None:
    """Navigation wants something to run; the page itself is drawn below, inside its frame."""


chosen = st.navigation(
    [st.Page(nothing, title=t(one.title), url_path=one.slug or "overview", default=not one.slug) for one in PAGES],
    position="top")
page = page_of(chosen.url_path) or PAGES[0]
selection = select(st.query_params.to_dict())
release = selection.shelf.shown if selection.shelf else None
st.set_page_config(page_title=render.title(page, release), layout="centered")

st.html(render.LOOK)
name, menu = t("Somerville Co-Response Pilot"), t("All pages")
st.html(f'<div class="portal">{render.part("banner", release)}<div class="masthead"><p class="name">{name}</p>'
        f'<a class="menu" href="#all-pages">{menu}</a></div>{render.help_box()}</div>')
import_module(f"pages.{page.module}").page(StreamlitPresenter(selection))
other = (f"/plain/{page.slug}{selection.query}", t("Plain page, without script"))
footer = render.foot("", selection.query, other, release)
st.html(f'<div class="portal"><div class="foot">{footer}</div></div>')
