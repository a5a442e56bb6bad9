"""Calls and response: how many calls come in, how many the team could take and took, and how long it needs."""

from portal.presenter import Presenter


def page(show: Presenter) -> None:
    """What stands on the page, in reading order."""
    show.title("How many calls come in, and who answers?", lead="calls.answer")
    show.choose("period")
    show.figure("demand.received")
    show.figure("change.received")
    show.figure("response.met")
    show.figure("change.answered")
    show.figure("response.unmet_reason")
    show.figure("hours.staffed")
    show.figure("change.per_hour")
    show.figure("demand.eligible")
    show.figure("demand.by_type")
    show.figure("demand.by_origin")
    show.figure("response.time_to_scene")
    show.figure("response.time_on_scene")
    show.text("calls/about")
