"""What Explore offers of a release, as it is rendered to JSON and read again: the shapes of its entries."""

from typing import NotRequired, TypedDict


class ExploredPeriod(TypedDict):
    """The numbers of one time: each with its name. `beside`: the ids of periods that it may be compared with; `holds`:
    the ids of its quarters.
    """

    id: str
    words: str
    sql: str
    beside: list[str]
    rows: list[tuple[str, float | None]]
    holds: NotRequired[list[str]]


class Cut(TypedDict):
    """One way to divide a measure: over time (`columns`, `rows` and `sql`), or at one of its `periods`. `totals`: names
    of numbers that others are parts of.
    """

    id: str
    words: str
    time: bool
    totals: list[str]
    columns: NotRequired[list[str]]
    rows: NotRequired[list[tuple[str, list[float | None]]]]
    sql: NotRequired[str]
    periods: NotRequired[list[ExploredPeriod]]


class ExploredMeasure(TypedDict):
    """A measure and its cuts. `absent`: what is not shown, why, and what it waits for; `computed`: whether its numbers
    are estimates, which no statement gives.
    """

    id: str
    group: str
    question: str
    unit: str
    cuts: list[Cut]
    absent: list[tuple[str, str, str]]
    caveats: tuple[str, ...]
    computed: bool
