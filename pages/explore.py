"""Explore: choose a number, how it is divided, its time and its chart."""

from portal.page import Ask, Figure, Form, Page, Section, Text

PAGE = Page("explore", "Explore", "What do you want to know?", lead="", sections=(
    Section("Choose a number", Ask(), Text("explore/about"), Form("explore")),
    Section("What is not shown", Figure("data.not_shown")),
))
