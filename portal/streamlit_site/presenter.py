"""A page shown by Streamlit: ready markup, with widgets for what a visitor may choose."""

import json
from html import escape

import streamlit as st

from portal.language import speaking, t
from portal.palette import darkened
from portal.presenter import Choice, Form, Part
from portal.render import downloads, lists, markup
from portal.render.content import Here, words
from portal.render.forms import Field
from portal.server.selection import Selection

CHOICE = 296  # pixels: three in a row of the page, one on a phone


class StreamlitPresenter:
    """Shows a page's parts one below the other; computes nothing."""

    def __init__(self, selection: Selection) -> None:
        self.selection = selection

    def html(self, content: str) -> None:
        """Ready markup, in the language of the page."""
        st.html(f'<div class="portal" lang="{self.selection.language}">{content}</div>')

    def title(self, question: str, lead: str) -> None:
        """The page's h1 and the answer below it."""
        shelf = self.selection.shelf
        said = shelf.figure(lead, self.selection.period)["answer"] if shelf and lead else ""
        notices = "".join(markup.part("notice", one) for one in self.selection.notices)
        awaited = "" if shelf else markup.part("awaited", self.selection.now.refused)
        self.html(markup.head(t(question), said) + notices + awaited)

    def text(self, key: str) -> None:
        """A long text."""
        self.html(words(key, Here("", self.selection.query)))

    def numbers(self, *figure_ids: str) -> None:
        """Large numbers."""
        if shelf := self.selection.shelf:
            self.html(markup.numbers([shelf.figure(one, self.selection.period)["short"] for one in figure_ids]))

    def choose(self, what: Choice) -> None:
        """A choice, kept in the address."""
        shelf = self.selection.shelf
        if not shelf:
            return
        options = dict(shelf.choices if what == "period" else self.selection.now.releases())
        chosen = self.selection.period if what == "period" else shelf.shown.id
        label = t("Show the numbers of") if what == "period" else t("Release")
        _select(what, label, options, chosen)

    def figure(self, figure_id: str) -> None:
        """One figure, and a button that swaps in the interactive chart."""
        if shelf := self.selection.shelf:
            ready = shelf.figure(figure_id, self.selection.period)
            self.html(ready["html"])
            if ready["spec"]:
                _explore(figure_id, ready, self.selection.language)

    def downloads(self) -> None:
        """The files of the release."""
        if shelf := self.selection.shelf:
            self.html(downloads.listed(shelf))

    def part(self, name: Part) -> None:
        """A part made from data."""
        self.html(lists.part(name, self.selection, ""))

    def form(self, name: Form) -> None:
        """A form as widgets, and what comes of it."""
        filled = lists.form(name, self.selection, "")
        with st.container(horizontal=not any(one.many for one in filled.fields)):
            for one in filled.fields:
                _field(one)
        if filled.head:
            self.html(filled.head)
        if filled.spec:
            st.vega_lite_chart(filled.spec, alt=filled.alt)
        if filled.rest:
            self.html(filled.rest)


def _select(name: str, label: str, options: dict[str, str], chosen: str) -> None:
    """A list of which one is chosen. What is picked goes into the address, and the page is drawn by that alone: the
    widget stays the same one, so that a keyboard's focus stays on it.
    """
    key = f"choose-{name}"

    def picked() -> None:
        if st.session_state[key] in options:
            st.query_params[name] = st.session_state[key]

    st.session_state[key] = chosen
    st.selectbox(label, list(options), format_func=options.__getitem__, key=key, on_change=picked, width=CHOICE)


def _box(name: str, label: str, ticked: bool) -> None:
    """A box to tick; whether it is stands in the address."""
    key = f"choose-{name}"

    def changed() -> None:
        if st.session_state[key]:
            st.query_params[name] = "yes"
        else:
            st.query_params.pop(name, None)

    st.session_state[key] = ticked
    st.checkbox(label, key=key, on_change=changed)


def _field(one: Field) -> None:
    """One choice of a form as widgets."""
    if one.many:
        st.html(f'<p class="portal legend" id="legend-{one.name}">{escape(one.label)}</p>')
        for name, words, ticked in one.boxes():
            _box(name, words, ticked)
    else:
        _select(one.name, one.label, dict(one.options), one.chosen[0])


@st.fragment
def _explore(figure_id: str, ready: dict[str, str], language: str) -> None:
    """The interactive chart, when it is asked for: nothing of it is loaded before. Streamlit calls it alone, too."""
    with speaking(language):
        label = t("Explore this chart: {title}", title=ready["title"])
    if st.toggle(label, key=f"explore-{figure_id}"):
        spec = darkened(ready["spec"]) if st.context.theme.type == "dark" else ready["spec"]
        st.vega_lite_chart(json.loads(spec), alt=ready["alt"], theme=None, width="content")
