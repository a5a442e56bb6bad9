"""What a page may ask of whoever shows it: Streamlit, plain HTML, or a test that only listens."""

from typing import Literal, Protocol

Choice = Literal["period", "release"]
Part = Literal["commitments", "questions", "methods", "sources", "documents", "tested"]
Form = Literal["explore", "request"]


class Presenter(Protocol):
    """One page, in reading order. Each call adds a part; every presenter shows the same parts in the same order."""

    def title(self, question: str, lead: str) -> None:
        """The page's h1, a reader's question, and below it the answer of the figure `lead` ("": none)."""

    def text(self, key: str) -> None:
        """A long text from content/<lang>/<key>.md."""

    def numbers(self, *figure_ids: str) -> None:
        """The questions of these figures with their numbers, large."""

    def choose(self, what: Choice) -> None:
        """A choice the visitor may make; it stands in the address."""

    def figure(self, figure_id: str) -> None:
        """One figure: question, answer, picture, statuses, table, about, links, source."""

    def downloads(self) -> None:
        """The tables and files of the release, with what each holds; the files with their size and checksum."""

    def part(self, name: Part) -> None:
        """A part made from data in content/ or from the contract: promises, questions asked, methods, sources,
        the brief's documents.
        """

    def form(self, name: Form) -> None:
        """Several choices, and below them what comes of them; all of it stands in the address, none is kept."""
