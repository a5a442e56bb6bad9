"""How the program works: step by step, questions and answers, other models, the evidence, who is responsible."""

from portal.page import Figure, Page, Section, Text

PAGE = Page("program", "The program", "How does the program work?", lead="", sections=(
    Section("Step by step", Text("program/steps")),
    Section("Questions and answers", Text("program/questions"), Text("program/cohr"), Figure("care.follow_up")),
    Section("Other models and the evidence", Text("program/models"), Text("program/evidence")),
    Section("Who is responsible", Text("program/responsible")),
    Section("Words", Text("program/glossary")),
), numbers=False)
