"""Compares the orders in which the gate may leave tables out: how much is still published."""

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
class OrderResult:
    """What one order leaves: exact numbers, runs that show "What happened?", and how many tables it left out."""

    numbers: int
    first_asked: int
    left_out: int


def by_order(rate: float, seed: int, months: int) -> dict[str, OrderResult]:
    """What each order leaves, after a leak was planted: tables are published although one of their runs is not shown,
    or has other groups. Empty where the first attack, the same for all orders, finds nothing.
    """
    extract = histories.history(rate, seed, months, shares=histories.DRIFTED)
    results, first = dict[str, OrderResult](), list[Outcome]()
    for name, order in ORDERS.items():
        again = iter(tuple(first))

        def attacked(world: World, limit: float, again: Iterator[Outcome] = again) -> Outcome:
            outcome = next(again, None) or attack(world, limit)
            first[:] = first or [outcome]
            return outcome
        with (patch.object(assemble_runs, "parts_published", lambda *_: True), patch.object(gate, "attack", attacked),
              patch.object(gate, "LEFT_OUT_FIRST", order)):
            book, gate_result = histories.gated_release(extract, every=99)
        if not gate_result.left_out:
            return {}
        results[name] = OrderResult(histories.numbers(book)[0], len(book.published("outcome.kind", "run")),
                                    len(gate_result.left_out))
    return results
