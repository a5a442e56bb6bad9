"""How the program works: what the City says, the steps of a call, what is known, the evidence, questions, words."""

from portal.page import Page, Section, Text

PAGE = Page("program", "The program", "How does the program work?", lead="", sections=(
    Section("When you call", Text("program/steps")),
    Section("Who does what", Text("program/responsible")),
    Section("What is known", Text("program/known")),
    Section("Does it work?", Text("program/evidence")),
    Section("Questions", Text("program/questions")),
    Section("Words", Text("program/glossary")),
), help=True, numbers=False, says=(Text("program/says"),))
