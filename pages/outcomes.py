"""Outcomes: what happened to the person, what officials did, and whether people were connected to care."""

from portal.presenter import Presenter


def page(show: Presenter) -> None:
    """What stands on the page, in reading order."""
    show.title("What happened after the calls?", lead="outcomes.answer")
    show.choose("period")
    show.figure("outcome.kind")
    show.figure("outcome.detail")
    show.figure("outcome.involuntary")
    show.figure("outcome.contact")
    show.figure("outcome.arrest")
    show.figure("change.arrest")
    show.figure("outcome.force")
    show.figure("change.force")
    show.figure("outcome.injury")
    show.figure("care.referral")
    show.figure("change.referral")
    show.figure("care.referral_detail")
    show.figure("care.follow_up")
    show.figure("care.follow_up_detail")
    show.figure("care.repeat")
    show.figure("experience.survey")
    show.text("outcomes/about")
