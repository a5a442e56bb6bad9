"""`make attack`: everything that docs/privacy.md says was measured, as its tables. `make test` runs a part of it."""

import argparse
import statistics
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing import Pool
from resource import RUSAGE_SELF, getrusage

from portal.publish.protection.attack import attack, attacker_knowledge
from tests.attack import histories, insiders
from tests.attack.naive import Publisher, counts, quarters_and_years

RATES = (3, 5, 8, 20, 60)
MONTHS = 36
CHECKED_MONTHS = (6, 12, 18, 36)
NAIVE = (.36, .24, .12, .10, .08, .08, .02)


@dataclass
class PilotResult:
    """What publishing and attacking one made-up pilot gave."""

    verdicts: Counter[str]
    targets: int
    holes: int
    witnesses: int
    left_out: int
    seconds: float
    megabytes: int
    numbers: dict[int, int] = field(default_factory=dict)
    shown: int = 0
    pairs: int = 0


def attack_pilot(task: tuple[float, int, bool]) -> PilotResult:
    """Publish a made-up pilot and attack it."""
    rate, seed, drifted = task
    extract = histories.history(rate, seed, MONTHS, shares=histories.DRIFTED if drifted else None)
    book, gate = histories.gated_release(extract)
    outcome = gate.outcome
    result = PilotResult(Counter(cell.verdict for cell in outcome.cells), outcome.targets,
                         sum(cell.holes for cell in outcome.cells), sum(cell.witnesses for cell in outcome.cells),
                         len(gate.left_out), outcome.seconds,
                         getrusage(RUSAGE_SELF).ru_maxrss // 1024)
    for month in CHECKED_MONTHS:
        end = histories.months_of(histories.FIRST, month + 1)[-1] - timedelta(days=1)
        result.numbers[month], result.shown, result.pairs = histories.numbers(book, end.isoformat())
    return result


def pipeline(seeds: int, drifted: bool, workers: int, rates: tuple[float, ...] = RATES) -> None:
    """The real pipeline at every rate."""
    title = "far from planned" if drifted else "as planned"
    print(f"\nThe pipeline, {seeds} pilots of {MONTHS} months each, real shares {title}\n")
    print("| responses a month | attacked | pinned | narrowed | told | not audited | with holes | witnesses"
          " | left out by gate | exact numbers at month 6 · 12 · 18 · 36 | pairs shown | most seconds | most MB |")
    print("|---|---|---|---|---|---|---|---|---|---|---|---|---|")
    for rate in rates:
        with Pool(workers, maxtasksperchild=8) as pool:
            results = pool.map(attack_pilot, [(rate, seed, drifted) for seed in range(seeds)], chunksize=1)
        total = Counter[str]()
        for result in results:
            total += result.verdicts
        targets = sum(result.targets for result in results)
        numbers = " · ".join(f"{statistics.mean(result.numbers[month] for result in results):.0f}"
                             for month in CHECKED_MONTHS)
        sums = {name: sum(getattr(result, name) for result in results)
                for name in ("shown", "pairs", "holes", "witnesses", "left_out")}
        print(f"| {rate} | {targets:,} | {total['pinned']} | {total['narrowed'] + total['nearly_all']} | "
              f"{total['told']} | {total['unaudited'] + targets - total.total()} | "
              f"{100 * sums['holes'] / targets:.1f} % | {100 * sums['witnesses'] / targets:.0f} % | "
              f"{sums['left_out']} | {numbers} | {100 * sums['shown'] / sums['pairs']:.0f} % | "
              f"{max(result.seconds for result in results):.0f} | {max(result.megabytes for result in results)} |",
              flush=True)


def naive(seeds: int) -> None:
    """Rules that hide small numbers, attacked by the same program."""
    print(f"\nNaive rules, {seeds} pilots of {MONTHS} months each: pinned · narrowed of what was meant to be hidden\n")
    print("| rule | " + " | ".join(f"{rate} a month" for rate in RATES) + " |\n|---" + "|---" * len(RATES) + "|")
    for threshold in (5, 11):
        cells = []
        for rate in RATES:
            verdicts, targets = Counter[str](), 0
            for seed in range(seeds):
                publisher = Publisher(counts(rate, seed, NAIVE))
                publisher.publish_hiding_small(threshold, quarters_and_years(12))
                outcome = attack(publisher.world)
                verdicts.update(cell.verdict for cell in outcome.cells)
                targets += outcome.targets
            pinned, narrowed = (100 * verdicts[name] / max(targets, 1) for name in ("pinned", "narrowed"))
            cells.append(f"{pinned:.0f} · {narrowed:.0f} %")
        print(f"| hide under {threshold}, by quarter and year | {' | '.join(cells)} |", flush=True)


def known_responses(seeds: int) -> None:
    """An attacker who knows some of the responses, or all of one person's."""
    print(f"\nAn attacker who knows responses, 8 a month, {seeds} pilots: of the numbers about the others\n")
    print("| knows | attacked | pinned | under ten apart | under ten less those known |\n|---|---|---|---|---|")
    for label, pick in insiders.KNOWS.items():
        total = Counter[str]()
        for seed in range(seeds):
            extract = histories.history(8, seed, MONTHS)
            book, _ = histories.gated_release(extract, every=99)
            total += insiders.attack_with_known_responses(attacker_knowledge([book]), extract, pick, seed)
        print(f"| {label} | {total['attacked']:,} | {total['pinned']} | {total['under_ten']} | {total['beyond']} |",
              flush=True)


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--drifted", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rates", type=float, nargs="+", default=RATES, help="responses a month")
    arguments = parser.parse_args()
    naive(max(2, arguments.seeds // 2))
    pipeline(arguments.seeds, drifted=False, workers=arguments.workers, rates=tuple(arguments.rates))
    if arguments.drifted:
        pipeline(arguments.drifted, drifted=True, workers=arguments.workers, rates=tuple(arguments.rates))
    known_responses(max(1, arguments.seeds // 7))


if __name__ == "__main__":
    main()
