"""What stands beside a figure that no single measure of the contract defines."""

from dataclasses import replace

from portal.figures.figure import Provenance
from portal.figures.view import View
from portal.release.queries import Answer


def explained(view: View, definition: str, why: str, limits: str, method: str, *answers: Answer) -> Provenance:
    """How to get a figure's numbers by hand: the published numbers it uses with their statements, and the method."""
    return replace(view.provenance("response.met", *answers), definition=definition, why=why, limits=limits, source="",
                   method=method)
