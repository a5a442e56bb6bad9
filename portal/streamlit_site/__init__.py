"""The site shown by Streamlit: its script, its presenter, its error page."""
