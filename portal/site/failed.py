"""What Streamlit shows when a page's script breaks."""

import streamlit as st

from portal.language import DEFAULT, LANGUAGES, speaking
from portal.logs import noted
from portal.markup import render


def failed(error: Exception) -> bool:
    """One sentence with the number under which the log has the rest, and the way to the plain page. True: Streamlit
    shows nothing of its own.
    """
    reference, asked = noted(error), st.query_params.get("lang", DEFAULT)
    language = asked if asked in LANGUAGES else DEFAULT
    with speaking(language):
        st.html(f'<div class="portal">{render.part("failed", reference, language)}</div>')
    return True
