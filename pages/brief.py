"""For meetings: one page to print, what councils ask, other programs, and the brief as a document."""

from portal.page import Figure, Page, Part, Section, Text, Tiles

PAGE = Page("brief", "For meetings", "What can I bring to a meeting?", lead="calls.answer", sections=(
    Section("One page to print", Tiles("demand.received", "response.met", "service.coverage", "outcome.conduct",
                                       "care.referral_detail", "equity.people"),
            Figure("service.reach", "loud"), Figure("outcome.conduct"), Figure("care.referral_detail"),
            Figure("change.all")),
    Section("What councils ask", Part("council", figure="council.questions"), Part("questions")),
    Section("Other programs", Figure("others.programs")),
    Section("Make a document", Part("documents"), Text("brief/about")),
))
