"""(Release, selection, language) in, Figure out: pure, without Streamlit and without SQL."""
