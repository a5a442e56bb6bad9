"""Streamlit: the presenter that adds widgets to ready markup. Touches markup, figures and release; computes nothing."""
