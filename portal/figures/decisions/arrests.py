"""Arrests where one was possible, and what a count of none can mean."""

from portal.figures.statistics import Estimate, share


def not_arrested(arrests: float, possible_without: float) -> Estimate | None:
    """Of the responses in which the law would have allowed an arrest, the share in which none was made, with Wilson's
    interval (JASA 1927); None where there was no such response. Nobody can tell in how many one would have been made
    without the team.
    """
    possible = arrests + possible_without
    return share(possible_without, possible) if possible else None


def most_if_none(total: int, level: float = 0.95) -> float:
    """The largest share that still gives none in `total` in one case of twenty: 1 - 0.05^(1/n), about 3/n (Hanley and
    Lippman-Hand, JAMA 1983). Raises ValueError out of nothing.
    """
    if total < 1:
        raise ValueError("none of nothing says nothing")
    return float(1 - (1 - level)**(1 / total))
