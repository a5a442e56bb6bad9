"""Equity: whom the team serves, what is not known about them, and what cannot be told."""

from portal.presenter import Presenter


def page(show: Presenter) -> None:
    """What stands on the page, in reading order."""
    show.title("Who is served, and who is not?", lead="equity.answer")
    show.choose("period")
    show.text("equity/about")
    show.figure("equity.age")
    show.figure("equity.age_detail")
    show.figure("equity.race_ethnicity")
    show.figure("equity.race_ethnicity_detail")
    show.figure("equity.gender")
    show.figure("equity.language")
    show.figure("equity.housing")
    show.figure("equity.missing")
    show.figure("quality.missing")
