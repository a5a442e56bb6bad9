"""Outcomes: events the City must answer for, what happened to the person, and how people were connected to care."""

from portal.page import FigureCard, NotShown, Page, Section, Text

PAGE = Page("outcomes", "What happened", "What happened after the team arrived?", lead="outcomes.answer",
            choice="period", help=True, sections=(
    Section("Arrests, force, injuries",
            FigureCard("outcome.conduct", "loud", ("outcome.arrest", "outcome.force", "outcome.injury")),
            FigureCard("outcome.arrest_possible", "folded")),
    Section("How responses ended", FigureCard("outcome.kind"), FigureCard("outcome.detail"),
            FigureCard("outcome.involuntary"), FigureCard("outcome.contact")),
    Section("Connected to care", FigureCard("care.referral_detail", holds=("care.referral",))),
    Section("Follow-up", FigureCard("care.follow_up_detail", "half", ("care.follow_up",)),
            FigureCard("care.repeat", "half")),
    Section("Is it changing?", FigureCard("change.outcomes")),
    Section("What people say", FigureCard("experience.survey")),
    Section("What we can’t show", NotShown()),
    Section("How to read it", Text("outcomes/about")),
))
