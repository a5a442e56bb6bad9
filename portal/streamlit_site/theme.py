"""The colours and typefaces that Streamlit sends with each run of the script, computed once.

They follow from the configuration alone. Streamlit looks through all of its settings six times for each run, which
takes a seventh of a page view.
"""

from functools import wraps

from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

from portal.shipped import shipped
from portal.streamlit_internals import POPULATE_THEME


@shipped
def compute_theme_once() -> None:
    """Let Streamlit compute each section of the theme once per process; nothing changes where it has no such function
    (`tests/streamlit_site/test_internals.py` looks for it).
    """
    populate = getattr(app_session, POPULATE_THEME, None)
    if populate is None:
        return

    @shipped
    def computed(section: str) -> CustomThemeConfig:
        message = CustomThemeConfig()
        populate(message, section)
        return message

    @wraps(populate)
    def merge_computed(message: CustomThemeConfig, section: str = "theme") -> None:
        if (found := computed(section)).ByteSize():  # merging an empty section would say that there is one
            message.MergeFrom(found)

    setattr(app_session, POPULATE_THEME, merge_computed)
