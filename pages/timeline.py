"""Promises: what the City and this site promised, what came of it, when we will know, and the way so far."""

from portal.page import Figure, Page, Part, Section, Text

PAGE = Page("timeline", "Promises", "Is the City keeping its word?", lead="", sections=(
    Section("What was promised", Part("commitments"), Text("timeline/promises")),
    Section("When will we know?", Figure("change.when_known", "table")),
    Section("Each release on time", Figure("promise.punctual")),
    Section("The way so far", Text("timeline/way")),
), says=(Part("promise_counts"),))
