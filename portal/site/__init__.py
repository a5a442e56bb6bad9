"""Streamlit: the presenter that adds widgets to ready markup. May touch markup, figures and release; computes nothing."""
