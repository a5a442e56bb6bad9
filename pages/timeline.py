"""Timeline and commitments: what residents asked for, what was promised, and what can be seen of it."""

from portal.page import Figure, Page, Part, Section, Text

PAGE = Page("timeline", "Promises", "Is the City keeping its word?", lead="", sections=(
    Section("The promises", Text("timeline/promises"), Part("commitments")),
    Section("When will we know?", Figure("change.when_known")),
    Section("The way so far", Text("timeline/way"), Figure("promise.punctual")),
))
