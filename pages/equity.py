"""Equity: whom the team serves, what is not known about them, and what cannot be told."""

from portal.page import Choice, Figure, Page, Section, Text

PAGE = Page("equity", "Who is served", "Who is served, and who is not?", lead="equity.answer", sections=(
    Section("How to read these numbers", Choice("period"), Text("equity/about")),
    Section("Age", Figure("equity.age"), Figure("equity.age_detail")),
    Section("Race and ethnicity", Figure("equity.race_ethnicity"), Figure("equity.race_ethnicity_detail")),
    Section("Gender, language and housing", Figure("equity.gender"), Figure("equity.language"),
            Figure("equity.housing")),
    Section("What was not recorded", Figure("equity.missing"), Figure("quality.missing")),
))
