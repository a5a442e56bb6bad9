"""Calls: how much the team is on duty, what comes in, what it goes to, and how long it takes."""

from portal.page import FigureCard, NotShown, Page, Section, Text

PAGE = Page("calls", "Calls", "How many calls come in, and who goes?", lead="calls.answer", choice="period", sections=(
    Section("Time on duty", FigureCard("service.coverage", "loud", ("hours.staffed", "demand.eligible"))),
    Section("Calls coming in", FigureCard("demand.received")),
    Section("When calls come", FigureCard("demand.by_time", holds=("demand.by_time_detail",)),
            FigureCard("service.more_hours", "folded")),
    Section("Does the team go?", FigureCard("response.met", "half", ("response.on_duty", "response.unmet_reason")),
            FigureCard("response.minutes", "half", ("response.time_to_scene", "response.time_on_scene"))),
    Section("What calls are about", FigureCard("demand.by_type"), FigureCard("demand.by_origin", "folded")),
    Section("What it costs", FigureCard("service.cost", "half")),
    Section("Is it changing?", FigureCard("change.service")),
    Section("What we can’t show", NotShown(), FigureCard("quality.missing", "folded")),
    Section("How to read it", Text("calls/about")),
))
