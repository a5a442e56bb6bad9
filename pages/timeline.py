"""Timeline and commitments: what residents asked for, what was promised, and what can be seen of it."""

from portal.presenter import Presenter


def page(show: Presenter) -> None:
    """What stands on the page, in reading order."""
    show.title("Is the City keeping its word?", lead="")
    show.text("timeline/promises")
    show.part("commitments")
    show.text("timeline/way")
    show.figure("promise.punctual")
