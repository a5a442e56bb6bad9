"""Outcomes: events the City must answer for, what happened to the person, and how people were connected to care."""

from portal.page import Figure, NotShown, Page, Section, Text

PAGE = Page("outcomes", "What happened", "What happened after the team arrived?", lead="outcomes.answer",
            choice="period", help=True, sections=(
    Section("Arrests, force, injuries",
            Figure("outcome.conduct", "loud", ("outcome.arrest", "outcome.force", "outcome.injury")),
            Figure("outcome.arrest_possible", "folded")),
    Section("How responses ended", Figure("outcome.kind"), Figure("outcome.detail"), Figure("outcome.involuntary"),
            Figure("outcome.contact")),
    Section("Connected to care", Figure("care.referral_detail", holds=("care.referral",))),
    Section("Follow-up", Figure("care.follow_up_detail", "half", ("care.follow_up",)), Figure("care.repeat", "half")),
    Section("Is it changing?", Figure("change.outcomes")),
    Section("What people say", Figure("experience.survey")),
    Section("What we can’t show", NotShown()),
    Section("How to read it", Text("outcomes/about")),
))
