"""For meetings: what to bring to one, and what was asked at the last ones."""

from portal.presenter import Presenter


def page(show: Presenter) -> None:
    """What stands on the page, in reading order."""
    show.title("What can I bring to a meeting?", lead="calls.answer")
    show.text("brief/about")
    show.part("documents")
    show.text("brief/questions")
    show.part("questions")
