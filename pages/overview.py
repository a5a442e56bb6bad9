"""Overview: the four questions that are asked first, each with its number; then what changed, and where help is."""

from portal.page import Ask, Choice, Figure, Page, Section, Text, Tiles

PAGE = Page("overview", "Overview", "How is the pilot doing?", lead="overview.answer", sections=(
    Section("The first questions", Ask(), Tiles("demand.received", "response.met", "outcome.kind", "care.referral",
                                         "overview.new")),
    Section("What is new", Choice("period"), Figure("overview.new"), Figure("demand.received")),
    Section("What the pilot is", Text("overview/about")),
))
