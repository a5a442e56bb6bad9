"""Accessibility and requests: whom to ask for an aid, how to ask, how to complain, how to report a barrier here."""

from portal.presenter import Presenter


def page(show: Presenter) -> None:
    """What stands on the page, in reading order."""
    show.title("How can I take part?", lead="")
    show.text("accessibility/contact")
    show.text("accessibility/aids")
    show.text("accessibility/helper")
    show.form("request")
    show.text("accessibility/language")
    show.text("accessibility/complaint")
    show.text("accessibility/site")
    show.part("tested")
