"""What is left to see when the gate leaves tables out in one order or another."""

from collections.abc import Iterator
from dataclasses import dataclass
from unittest.mock import patch

from portal.contract.contract import LEFT_OUT_FIRST
from portal.publish.output import assemble_runs
from portal.publish.protection import gate
from portal.publish.protection.attack import Outcome, attack
from portal.publish.protection.attack_world import World
from tests.attack import histories

ORDERS = {"the contract's": LEFT_OUT_FIRST, "turned round": LEFT_OUT_FIRST[::-1],
          "by name": tuple(sorted(LEFT_OUT_FIRST))}


@dataclass(frozen=True)
class Left:
    """What one order left: exact numbers, runs in which "What happened?" is shown, and how much it took away."""

    numbers: int
    first_asked: int
    left_out: int


def by_order(rate: float, seed: int, months: int) -> dict[str, Left]:
    """Planted: tables are divided further although one of their runs is not shown, or more coarsely. Left in each
    order; nothing where the first attack, the same for all of them, finds nothing.
    """
    extract = histories.history(rate, seed, months, shares=histories.DRIFTED)
    found, first = dict[str, Left](), list[Outcome]()
    for name, order in ORDERS.items():
        again = iter(tuple(first))

        def attacked(world: World, limit: float, again: Iterator[Outcome] = again) -> Outcome:
            outcome = next(again, None) or attack(world, limit)
            first[:] = first or [outcome]
            return outcome
        with (patch.object(assemble_runs, "parts_published", lambda *_: True), patch.object(gate, "attack", attacked),
              patch.object(gate, "LEFT_OUT_FIRST", order)):
            book, passed = histories.guarded_release(extract, every=99)
        if not passed.left_out:
            return {}
        found[name] = Left(histories.numbers(book)[0], len(book.published("outcome.kind", "run")), len(passed.left_out))
    return found
