"""Forms that need no script: fields with what was chosen, read from the address alone, and what comes of the choice."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from portal.render.content import Here
from portal.render.rendered import RenderedRelease

Pairs = tuple[tuple[str, str], ...]  # name and value, as they stand in an address
Options = tuple[tuple[str, str], ...]  # value in the address, and words


@dataclass(frozen=True)
class Field:
    """One choice: a list of which one is chosen, or boxes (`many`) of which any may be."""

    name: str
    label: str
    options: Options
    chosen: tuple[str, ...]
    many: bool = False

    def boxes(self) -> tuple[tuple[str, str, bool], ...]:
        """Name in the address, words and whether it is ticked, for each box of a field with many."""
        return tuple((f"{self.name}-{value}", words, value in self.chosen) for value, words in self.options)

    def named(self, given: Mapping[str, str]) -> Pairs:
        """What an address names of it, known values only, as it would be named again."""
        if self.many:
            return tuple((name, "yes") for name, _, ticked in self.boxes() if ticked)
        return tuple((self.name, value) for value in self.chosen if given.get(self.name) == value)


@dataclass(frozen=True)
class Filled:
    """A form with its answer: `head` and `rest` are shown by both editions, `picture` where there is no script, and
    `spec` (Vega-Lite) where there is.
    """

    fields: tuple[Field, ...]
    head: str
    rest: str
    picture: str = ""
    spec: dict[str, object] = field(default_factory=dict)
    alt: str = ""

    def named(self, given: Mapping[str, str]) -> Pairs:
        """What an address names of all its fields."""
        return tuple(pair for one in self.fields for pair in one.named(given))


def one_of(name: str, label: str, options: Options, given: Mapping[str, str]) -> Field:
    """A list: what the address names, or else its first option."""
    known = [value for value, _ in options]
    asked = given.get(name, "")
    return Field(name, label, options, (asked,) if asked in known else tuple(known[:1]))


def any_of(name: str, label: str, options: Options, given: Mapping[str, str]) -> Field:
    """Boxes: those that the address names."""
    return Field(name, label, options, tuple(value for value, _ in options if given.get(f"{name}-{value}")), many=True)


Maker = Callable[[RenderedRelease | None, Mapping[str, str], Here], Filled]
