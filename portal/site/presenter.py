"""A page shown by Streamlit: ready markup, with widgets for what a visitor may choose."""

import json

import streamlit as st

from portal.language import speaking, t
from portal.markup import downloads, lists, render
from portal.markup.content import Here, words
from portal.markup.forms import Field
from portal.markup.selection import Selection
from portal.presenter import Choice, Form, Part


class StreamlitPresenter:
    """Shows a page's parts one below the other; computes nothing."""

    def __init__(self, selection: Selection) -> None:
        self.selection = selection

    def html(self, markup: str) -> None:
        """Ready markup, in the language of the page."""
        st.html(f'<div class="portal" lang="{self.selection.language}">{markup}</div>')

    def title(self, question: str, lead: str) -> None:
        """The page's h1 and the answer below it."""
        shelf = self.selection.shelf
        said = shelf.figure(lead, self.selection.period)["answer"] if shelf and lead else ""
        notices = "".join(render.part("notice", one) for one in self.selection.notices)
        awaited = "" if shelf else render.part("awaited", self.selection.now.refused)
        self.html(render.head(t(question), said) + notices + awaited)

    def text(self, key: str) -> None:
        """A long text."""
        self.html(words(key, Here("", self.selection.query)))

    def numbers(self, *figure_ids: str) -> None:
        """Large numbers."""
        if shelf := self.selection.shelf:
            self.html(render.numbers([shelf.figure(one, self.selection.period)["short"] for one in figure_ids]))

    def choose(self, what: Choice) -> None:
        """A choice, kept in the address."""
        shelf = self.selection.shelf
        if not shelf:
            return
        options = dict(shelf.choices if what == "period" else self.selection.now.releases())
        chosen = self.selection.period if what == "period" else shelf.shown.id
        label = t("Show the numbers of") if what == "period" else t("Release")
        known = list(options)
        picked = st.selectbox(label, known, index=known.index(chosen), format_func=options.__getitem__,
                              key=f"choose-{what}-{chosen}")
        if picked and picked != chosen and st.query_params.get(what) != picked:
            st.query_params[what] = picked
            st.rerun()

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
        for one in filled.fields:
            _field(one)
        if filled.head:
            self.html(filled.head)
        if filled.spec:
            st.vega_lite_chart(filled.spec, alt=filled.alt)
        if filled.rest:
            self.html(filled.rest)


def _field(one: Field) -> None:
    """One choice of a form as a widget; a new one goes into the address, and the page is drawn by that."""
    known, words = [value for value, _ in one.options], dict(one.options)
    key = f"form-{one.name}-{'-'.join(one.chosen)}"
    if one.many:
        picked = st.multiselect(one.label, known, default=list(one.chosen), format_func=words.__getitem__, key=key,
                                placeholder=t("Choose"))
        if set(picked) != set(one.chosen):
            for value in known:
                st.query_params.pop(f"{one.name}-{value}", None)
            st.query_params.update({f"{one.name}-{value}": "yes" for value in picked})
            st.rerun()
    else:
        at = known.index(one.chosen[0])
        chosen = st.selectbox(one.label, known, index=at, format_func=words.__getitem__, key=key)
        if chosen and chosen != one.chosen[0]:
            st.query_params[one.name] = chosen
            st.rerun()


@st.fragment
def _explore(figure_id: str, ready: dict[str, str], language: str) -> None:
    """The interactive chart, when it is asked for: nothing of it is loaded before. Streamlit calls it alone, too."""
    with speaking(language):
        label = t("Explore this chart: {title}", title=ready["title"])
    if st.toggle(label, key=f"explore-{figure_id}"):
        spec = json.loads(ready["spec"])
        st.vega_lite_chart(spec, alt=ready["alt"], theme=None)
