"""What Streamlit shows when a page's script breaks."""

import streamlit as st

from portal.language import DEFAULT, override_language
from portal.logs import noted
from portal.render import markup
from portal.server.selection import language_named
from portal.server.site_url import with_site_url
from portal.streamlit_site.presenter import site


def failed(error: Exception) -> bool:
    """One sentence with the number under which the log has the rest, and the way to the plain page. True: Streamlit
    shows nothing of its own.
    """
    reference, language = noted(error), language_named(st.query_params.get("lang", "")) or DEFAULT
    with override_language(language):
        failure = with_site_url(markup.part("page_failed", reference, language), site())
        st.html(f'<div class="portal">{failure}</div>')
    return True
