"""What Streamlit shows when a page's script breaks."""

import streamlit as st

from portal.language import DEFAULT, speaking
from portal.logs import noted
from portal.render import markup
from portal.server.selection import language_named


def failed(error: Exception) -> bool:
    """One sentence with the number under which the log has the rest, and the way to the plain page. True: Streamlit
    shows nothing of its own.
    """
    reference, language = noted(error), language_named(st.query_params.get("lang", "")) or DEFAULT
    with speaking(language):
        st.html(f'<div class="portal">{markup.part("page_failed", reference, language)}</div>')
    return True
