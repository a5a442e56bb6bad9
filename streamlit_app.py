"""The ASGI app that `streamlit run` starts; `python -m portal` makes one of its own from its options."""

from streamlit.starlette import App

from portal.application import SCRIPT, options
from portal.serve import prepare
from portal.settings import read

app = App(SCRIPT, **options(prepare(read())))
