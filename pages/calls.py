"""Calls: how much the team is on duty, what comes in, what it goes to, and how long it takes."""

from portal.page import Figure, NotShown, Page, Section, Text

PAGE = Page("calls", "Calls", "How many calls come in, and who goes?", lead="calls.answer", choice="period", sections=(
    Section("Time on duty", Figure("service.coverage", "loud", ("hours.staffed", "demand.eligible"))),
    Section("Calls coming in", Figure("demand.received")),
    Section("When calls come", Figure("demand.by_time", holds=("demand.by_time_detail",)),
            Figure("service.more_hours", "folded")),
    Section("Does the team go?", Figure("response.met", "half", ("response.on_duty", "response.unmet_reason")),
            Figure("response.minutes", "half", ("response.time_to_scene", "response.time_on_scene"))),
    Section("What calls are about", Figure("demand.by_type"), Figure("demand.by_origin", "folded")),
    Section("What it costs", Figure("service.cost", "half")),
    Section("Is it changing?", Figure("change.service")),
    Section("What we can’t show", NotShown(), Figure("quality.missing", "folded")),
    Section("How to read it", Text("calls/about")),
))
