"""Explore: choose a number, how it is divided, its time and its chart."""

from portal.presenter import Presenter


def page(show: Presenter) -> None:
    """What stands on the page, in reading order."""
    show.title("What do you want to know?", lead="")
    show.text("explore/about")
    show.form("explore")
    show.figure("data.not_shown")
