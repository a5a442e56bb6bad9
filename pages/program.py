"""How the program works: step by step, questions and answers, other models, the evidence, who is responsible."""

from portal.presenter import Presenter


def page(show: Presenter) -> None:
    """What stands on the page, in reading order."""
    show.title("How does the program work?", lead="")
    show.text("program/steps")
    show.text("program/questions")
    show.text("program/cohr")
    show.figure("care.follow_up")
    show.text("program/models")
    show.text("program/evidence")
    show.text("program/responsible")
    show.text("program/glossary")
