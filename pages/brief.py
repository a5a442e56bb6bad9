"""For meetings: what to bring to one, and what was asked at the last ones."""

from portal.page import Figure, Page, Part, Section, Text

PAGE = Page("brief", "For meetings", "What can I bring to a meeting?", lead="calls.answer", sections=(
    Section("Make a document", Text("brief/about"), Part("documents")),
    Section("Questions councils ask", Figure("council.questions")),
    Section("Other programs", Figure("others.programs")),
    Section("Questions asked at meetings", Text("brief/questions"), Part("questions")),
))
