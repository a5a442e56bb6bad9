"""Promises: what the City and this site promised, what came of it, when we will know, and the way so far."""

from portal.page import DataPart, FigureCard, Page, Section, Text

PAGE = Page("timeline", "Promises", "Is the City keeping its word?", lead="", sections=(
    Section("What was promised", DataPart("commitments"), Text("timeline/promises")),
    Section("When will we know?", FigureCard("change.when_known", "table")),
    Section("Each release on time", FigureCard("promise.punctual")),
    Section("The way so far", Text("timeline/way")),
), says=(DataPart("promise_counts"),))
