"""Data: the files first, then what changed, what each number means, privacy, citing, and checking a number."""

from portal.page import Figure, Page, Part, Section, Text

PAGE = Page("data", "Data", "Where do these numbers come from?", lead="", choice="release", sections=(
    Section("Get the data", Part("downloads")),
    Section("What changed", Text("data/changes"), Figure("data.records")),
    Section("What each number means", Part("methods", figure="data.dictionary"), Figure("data.not_shown")),
    Section("Privacy", Text("data/privacy"), Figure("data.protection")),
    Section("How to cite", Text("data/cite"), Part("citation")),
    Section("Check it yourself", Text("data/check"), Part("history"), Text("data/use"), Part("sources")),
), says=(Part("release_facts"), Text("data/about")))
