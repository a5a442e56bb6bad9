"""Data: the releases, the files, what each number means, what is not shown and why, and how to check a number."""

from portal.page import Choice, Figure, Page, Part, Section, Text

PAGE = Page("data", "Data", "Where do these numbers come from?", lead="", sections=(
    Section("Get the data", Text("data/about"), Choice("release"), Part("downloads")),
    Section("Check and use it", Text("data/check"), Part("history"), Text("data/use"), Figure("promise.punctual")),
    Section("What is not shown, and privacy", Figure("data.not_shown"), Text("data/privacy"),
            Figure("data.protection")),
    Section("What each number means", Part("methods"), Figure("quality.missing"), Figure("data.dictionary")),
    Section("Changes, citing and words", Text("data/changes"), Text("data/cite"), Text("data/words")),
    Section("Sources", Part("sources")),
))
