"""The same pages without Streamlit: plain HTML and downloads, as Starlette routes."""
