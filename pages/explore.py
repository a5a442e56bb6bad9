"""Explore: choose a number, how it is divided, its time and its chart."""

from portal.page import FigureCard, Form, Page, Section, Text

PAGE = Page("explore", "Explore", "What do you want to know?", lead="", asks=True, says=(Form("explore"),), sections=(
    Section("Choose a number", Form("explore"), Text("explore/about")),
    Section("What is not shown", FigureCard("data.not_shown")),
))
