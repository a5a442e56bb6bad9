"""The kinds of damage, as data: each module of kinds adds its own to one list, which is fixed."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Literal

from tests.extracts.desk import Damage, Desk

Group = Literal["times", "zones", "keys", "codes", "rows", "joins", "files", "roster", "harmless", "cannot be told"]
Worker = Callable[[Desk, Random], Damage]


@dataclass(frozen=True)
class ExtractKind:
    """One kind of damage: `needs` are the portal's columns without which it can't be done ("a|b": one of them); `dress`
    the way of writing times that it asks for (empty: any, also other cities' own). `first` changes the clean extract
    too, where it lacks what the damage is about.

    `harmless`: the numbers must be equal to the truth, and no remark may be added. `untellable`: nobody can tell it
    from the file alone; what the analyst reviews must show it.
    """

    name: str
    group: Group
    text: str
    damage: Worker
    needs: tuple[str, ...] = ()
    dress: str = ""
    first: Callable[[Desk, Random], object] | None = None

    @property
    def harmless(self) -> bool:
        """Whether it only looks different."""
        return self.group == "harmless"

    @property
    def untellable(self) -> bool:
        """Whether nobody can tell it from the file alone."""
        return self.group == "cannot be told"


KINDS: dict[str, ExtractKind] = {}


def kind(group: Group, text: str, *, needs: tuple[str, ...] = (), dress: str = "",
         first: Callable[[Desk, Random], object] | None = None) -> Callable[[Worker], Worker]:
    """Add a function to the kinds, under its own name."""
    def add(damage: Worker) -> Worker:
        assert damage.__name__ not in KINDS, f"{damage.__name__} is there twice"
        KINDS[damage.__name__] = ExtractKind(damage.__name__, group, text, damage, needs, dress, first)
        return damage
    return add
