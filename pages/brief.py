"""For meetings: what to bring to one, and what was asked at the last ones."""

from portal.page import Page, Part, Section, Text

PAGE = Page("brief", "For meetings", "What can I bring to a meeting?", lead="calls.answer", sections=(
    Section("Make a document", Text("brief/about"), Part("documents")),
    Section("Questions asked at meetings", Text("brief/questions"), Part("questions")),
))
