"""A page's declaration shown by Streamlit: ready markup, with widgets for what a visitor may choose."""

from collections.abc import Callable
from html import escape
from urllib.parse import urlsplit

import streamlit as st

from portal.language import spoken
from portal.page import Form, Page
from portal.render import lists, markup
from portal.render.forms import Field
from portal.render.rendered import Selection
from portal.server import plain_presenter
from portal.server.site_url import with_site_url
from portal.server.state import installed
from portal.settings import HOST

WIDTH = 280  # pixels of a drop-down list: four in a row of the page, one on a phone


def site() -> str:
    """The site's URL as this visitor's browser names it, and PORTAL_ADDRESS where it is set."""
    settings = installed().settings
    requested = urlsplit(st.context.url or "")
    if "//" in settings.address or requested.scheme not in {"http", "https"} or not HOST.fullmatch(requested.netloc):
        return settings.site
    return f"{requested.scheme}://{requested.netloc}{settings.path}"


class _Markup(str):
    """Markup that st.html sends unchanged. It dedents any other string, which takes a millisecond a page."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return str(self)


def verbatim(content: str) -> None:
    """Markup as it is, in one element."""
    st.html(_Markup(content))


def html(content: str) -> None:
    """Ready markup, in the language in force."""
    if content:
        verbatim(_wrapped(content, site()))


def _wrapped(content: str, site_url: str) -> str:
    return f'<div class="portal" lang="{spoken()}">{with_site_url(content, site_url)}</div>'


def cached_html(name: str, page: Page, selection: Selection, render: Callable[[], str]) -> None:
    """Markup that depends on a page and a selection alone, rendered when it is asked for first. `name`: of the piece,
    one for each place of a page.
    """
    pieces, site_url = installed().markup.of(selection.snapshot), site()
    key = name, page.id, site_url, selection.key, lists.any_form_values(selection)
    piece = pieces.get(key)
    if piece is None:
        content = render()
        piece = pieces[key] = _wrapped(content, site_url) if content else ""
    if piece:
        verbatim(piece)


def show(page: Page, selection: Selection) -> None:
    """A page: its head and choice, then its sections. Choices and forms are widgets, all else is the markup of the
    plain edition, in one element where no form stands in between.
    """
    with st.container():  # the style lays out the box for help, the heading and the choice in it
        cached_html("help", page, selection, lambda: markup.help_box() if page.help else "")
        if page.forms:  # a heading may give the result of a form
            html(_head(page, selection))
        else:
            cached_html("head", page, selection, lambda: _head(page, selection))
        if page.choice and selection.release:
            _select(page.choice, *plain_presenter.choice(page, selection))
    if not page.forms:
        cached_html("sections", page, selection, lambda: _sections(page, selection))
        return
    found = plain_presenter.sections(page, selection, "")
    with st.container():
        html(plain_presenter.contents(list(found), selection))
        for section, row in found.items():
            html(plain_presenter.section_html(section, []))
            for value in row:
                if isinstance(value, Form):
                    _form(value, selection)
                else:
                    html(value)


def _head(page: Page, selection: Selection) -> str:
    return plain_presenter.head(page, selection, "", with_help=False)


def _sections(page: Page, selection: Selection) -> str:
    """The sections of a page without forms, beside the list of them."""
    found = plain_presenter.sections(page, selection, "")
    return plain_presenter.laid_out(plain_presenter.contents(list(found), selection), "".join(
        plain_presenter.section_html(section, [str(value) for value in row]) for section, row in found.items()))


def _form(form: Form, selection: Selection) -> None:
    """A form as widgets, with its result below."""
    filled = lists.form(form.name, selection, "")
    with st.container(horizontal=not any(field.many for field in filled.fields)):
        for field in filled.fields:
            _field(field)
    html(filled.title)
    with st.container():  # the style lays the table out beside the chart
        if filled.spec:
            st.vega_lite_chart(filled.spec, alt=filled.alt)
        html(filled.rest)


def _select(name: str, label: str, options: dict[str, str], chosen: str) -> None:
    """A drop-down list. A new choice goes into the URL's query, and the page is drawn from that alone. The widget's key
    stays the same, so that the keyboard's focus stays on it.
    """
    key = f"choose-{name}"

    def picked() -> None:
        if st.session_state[key] in options:
            st.query_params[name] = st.session_state[key]

    st.session_state[key] = chosen
    st.selectbox(label, list(options), format_func=options.__getitem__, key=key, on_change=picked, width=WIDTH)


def _checkbox(name: str, label: str, ticked: bool) -> None:
    """A checkbox whose state stands in the URL's query."""
    key = f"choose-{name}"

    def changed() -> None:
        if st.session_state[key]:
            st.query_params[name] = "yes"
        else:
            st.query_params.pop(name, None)

    st.session_state[key] = ticked
    st.checkbox(label, key=key, on_change=changed)


def _field(field: Field) -> None:
    """One choice of a form as widgets."""
    if field.many:
        st.html(f'<p class="portal legend" id="legend-{field.name}">{escape(field.label)}</p>')
        for name, words, ticked in field.boxes():
            _checkbox(name, words, ticked)
    else:
        _select(field.name, field.label, dict(field.options), field.chosen[0])
