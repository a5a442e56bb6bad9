"""For meetings: one page to print, what councils ask, other programs, and the brief as a document."""

from portal.page import DataPart, FigureCard, Page, Section, Text, Tiles

PAGE = Page("brief", "For meetings", "What can I bring to a meeting?", lead="calls.answer", sections=(
    Section("One page to print", Tiles("demand.received", "response.met", "service.coverage", "outcome.conduct",
                                       "care.referral_detail", "equity.people"),
            FigureCard("service.reach", "loud"), FigureCard("outcome.conduct"), FigureCard("care.referral_detail"),
            FigureCard("change.all")),
    Section("What councils ask", DataPart("council", figure="council.questions"), DataPart("questions")),
    Section("Other programs", FigureCard("others.programs")),
    Section("Make a document", DataPart("documents"), Text("brief/about")),
))
