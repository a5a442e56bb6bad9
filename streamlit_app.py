"""The ASGI app that `streamlit run` starts; `python -m portal` makes one of its own from its options."""

from portal.application import create_app
from portal.serve import prepare
from portal.settings import read

app = create_app(prepare(read()))
