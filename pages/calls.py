"""Calls and response: how many calls come in, how many the team could take and took, and how long it needs."""

from portal.page import Choice, Figure, Page, Section, Text

PAGE = Page("calls", "Calls", "How many calls come in, and who answers?", lead="calls.answer", sections=(
    Section("How far it reaches", Choice("period"), Figure("service.reach")),
    Section("Calls coming in", Figure("demand.received")),
    Section("When calls come", Figure("demand.by_time"), Figure("service.more_hours"),
            Figure("demand.by_time_detail")),
    Section("Calls answered", Figure("response.met"), Figure("response.on_duty"),
            Figure("response.unmet_reason")),
    Section("Time on duty", Figure("hours.staffed")),
    Section("Is it changing?", Figure("change.service")),
    Section("Kinds of calls", Figure("demand.eligible"), Figure("demand.by_type"), Figure("demand.by_origin")),
    Section("How long it takes", Figure("response.time_to_scene"), Figure("response.time_on_scene")),
    Section("How to read these numbers", Text("calls/about")),
))
