"""The ASGI app: Streamlit's site and the routes that answer without it."""

from streamlit.starlette import App

from portal.editions.routes import ROUTES
from portal.settings import ROOT

app = App(ROOT / "portal" / "app.py", routes=ROUTES)
