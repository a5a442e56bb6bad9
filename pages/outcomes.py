"""Outcomes: what happened to the person, what officials did, and whether people were connected to care."""

from portal.page import Choice, Figure, Page, Section, Text

PAGE = Page("outcomes", "What happened", "What happened after the calls?", lead="outcomes.answer", sections=(
    Section("How responses ended", Choice("period"), Figure("outcome.kind"), Figure("outcome.detail"),
            Figure("outcome.involuntary"), Figure("outcome.contact")),
    Section("Arrests, force and injuries", Figure("outcome.arrest"), Figure("outcome.arrest_possible"),
            Figure("outcome.force"), Figure("outcome.injury")),
    Section("Connected to care", Figure("care.referral"), Figure("care.referral_detail"), Figure("care.follow_up"),
            Figure("care.follow_up_detail"), Figure("care.repeat")),
    Section("Is it changing?", Figure("change.outcomes"), Figure("change.when_known")),
    Section("What people say", Figure("experience.survey")),
    Section("How to read these numbers", Text("outcomes/about")),
))
