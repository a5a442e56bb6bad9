"""Figures and parts of pages as HTML, from templates, content and facts. Opens no release and reads no request."""
