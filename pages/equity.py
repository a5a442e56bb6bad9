"""Equity: whom the team serves, what is not known about them, and what cannot be told."""

from portal.page import FigureCard, NotShown, Page, Section, Text

PAGE = Page("equity", "Who is served", "Who is served, and who is not?", lead="equity.answer", choice="period",
            sections=(
    Section("Age, race, gender, housing", FigureCard("equity.people", "loud", (
        "equity.age", "equity.age_detail", "equity.race_ethnicity", "equity.race_ethnicity_detail", "equity.gender",
        "equity.language", "equity.housing", "equity.missing"))),
    Section("What we can’t show", NotShown()),
    Section("How to read it", Text("equity/about")),
))
