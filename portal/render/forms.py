"""Forms that need no script: their fields, read from the URL's query alone, and the result of the choices."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from portal.render.content import Edition
from portal.render.rendered import Pairs, RenderedRelease

SelectOptions = tuple[tuple[str, str], ...]  # value in the query, and its words


@dataclass(frozen=True)
class Field:
    """One choice: a drop-down list with one chosen option, or checkboxes (`many`) with any number."""

    name: str
    label: str
    options: SelectOptions
    chosen: tuple[str, ...]
    many: bool = False

    def boxes(self) -> tuple[tuple[str, str, bool], ...]:
        """For each checkbox its name in the query, its words, and whether it is ticked."""
        return tuple((f"{self.name}-{value}", words, value in self.chosen) for value, words in self.options)

    def values_in(self, given: Mapping[str, str]) -> Pairs:
        """The known values that a query gives to this field, as a link repeats them."""
        if self.many:
            return tuple((name, "yes") for name, _, ticked in self.boxes() if ticked)
        return tuple((self.name, value) for value in self.chosen if given.get(self.name) == value)


@dataclass(frozen=True)
class Filled:
    """A form with its result. Both editions show `title` and `rest` below the fields; between them the plain edition
    shows `picture` (HTML), Streamlit `spec` (Vega-Lite). `lead` and `status`: the answer and a line below it, as HTML,
    for a page that has them below its heading.
    """

    fields: tuple[Field, ...]
    title: str
    rest: str
    lead: str = ""
    status: str = ""
    picture: str = ""
    spec: dict[str, object] = field(default_factory=dict)
    alt: str = ""

    def values_in(self, given: Mapping[str, str]) -> Pairs:
        """The known values that a query gives to all fields."""
        return tuple(pair for field in self.fields for pair in field.values_in(given))


def one_of(name: str, label: str, options: SelectOptions, given: Mapping[str, str]) -> Field:
    """A drop-down list: the option that the query names, else the first one."""
    known = [value for value, _ in options]
    wanted = given.get(name, "")
    return Field(name, label, options, (wanted,) if wanted in known else tuple(known[:1]))


def any_of(name: str, label: str, options: SelectOptions, given: Mapping[str, str]) -> Field:
    """Checkboxes: ticked where the query names them."""
    return Field(name, label, options, tuple(value for value, _ in options if given.get(f"{name}-{value}")), many=True)


Maker = Callable[[RenderedRelease | None, Mapping[str, str], Edition], Filled]
