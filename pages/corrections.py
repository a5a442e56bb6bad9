"""Corrections: what was wrong, late, left out or withdrawn, from the releases themselves."""

from portal.page import DataPart, Page, Section, Text

PAGE = Page("corrections", "Corrections", "What was corrected, late or withdrawn?", lead="", sections=(
    Section("All corrections", Text("corrections/about"), DataPart("corrections")),
), in_menu=False)
