"""Data: the releases, the files, what each number means, what is not shown and why, and how to check a number."""

from portal.presenter import Presenter


def page(show: Presenter) -> None:
    """What stands on the page, in reading order."""
    show.title("Where do these numbers come from?", lead="")
    show.text("data/about")
    show.choose("release")
    show.downloads()
    show.text("data/check")
    show.text("data/use")
    show.figure("promise.punctual")
    show.figure("data.not_shown")
    show.text("data/privacy")
    show.figure("data.protection")
    show.part("methods")
    show.figure("quality.missing")
    show.figure("data.dictionary")
    show.text("data/changes")
    show.text("data/cite")
    show.text("data/words")
    show.part("sources")
