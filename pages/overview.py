"""Overview: the four questions that are asked first, each with its number; then what changed, and where help is."""

from portal.presenter import Presenter


def page(show: Presenter) -> None:
    """What stands on the page, in reading order."""
    show.title("How is the pilot doing?", lead="overview.answer")
    show.numbers("demand.received", "response.met", "outcome.kind", "care.referral", "overview.new")
    show.choose("period")
    show.figure("overview.new")
    show.figure("demand.received")
    show.text("overview/about")
