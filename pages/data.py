"""Data: the files first, then what changed, what each number means, privacy, citing, and checking a number."""

from portal.page import DataPart, FigureCard, Page, Section, Text

PAGE = Page("data", "Data", "Where do these numbers come from?", lead="", choice="release", sections=(
    Section("Get the data", DataPart("downloads")),
    Section("What changed", Text("data/changes"), FigureCard("data.records")),
    Section("What each number means", DataPart("methods", figure="data.dictionary"), FigureCard("data.not_shown")),
    Section("Privacy", Text("data/privacy"), FigureCard("data.protection")),
    Section("How to cite", Text("data/cite"), DataPart("citation")),
    Section("Check it yourself", Text("data/check"), DataPart("history"), Text("data/use"), DataPart("sources")),
), says=(DataPart("release_facts"), Text("data/about")))
