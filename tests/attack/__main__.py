"""`make attack`: the whole of what is measured for docs/privacy.md, as its tables. The short set is in `make test`."""

import argparse
import statistics
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing import Pool
from resource import RUSAGE_SELF, getrusage

from portal.publish.protection.attack import attack, attacker_knowledge
from tests.attack import histories, insiders
from tests.attack.naive import Told, counts, quarters_and_years

RATES = (3, 5, 8, 20, 60)
MONTHS = 36
MARKS = (6, 12, 18, 36)
NAIVE = (.36, .24, .12, .10, .08, .08, .02)


@dataclass
class One:
    """What came of one made-up pilot."""

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


def one(task: tuple[float, int, bool]) -> One:
    """Publish a made-up pilot and attack it."""
    rate, seed, drifted = task
    extract = histories.history(rate, seed, MONTHS, shares=histories.DRIFTED if drifted else None)
    book, passed = histories.guarded_release(extract)
    outcome = passed.outcome
    found = One(Counter(cell.verdict for cell in outcome.cells), outcome.targets, sum(c.holes for c in outcome.cells),
                sum(c.witnesses for c in outcome.cells), len(passed.left_out), outcome.seconds,
                getrusage(RUSAGE_SELF).ru_maxrss // 1024)
    for mark in MARKS:
        end = histories.months_of(histories.FIRST, mark + 1)[-1] - timedelta(days=1)
        found.numbers[mark], found.shown, found.pairs = histories.numbers(book, end.isoformat())
    return found


def pipeline(seeds: int, drifted: bool, workers: int, rates: tuple[float, ...] = RATES) -> None:
    """The real pipeline at every rate."""
    title = "far from planned" if drifted else "as planned"
    print(f"\nThe pipeline, {seeds} pilots of {MONTHS} months each, real shares {title}\n")
    print("| responses a month | attacked | pinned | narrowed | told | not audited | with holes | witnesses"
          " | left out by gate | exact numbers at month 6 · 12 · 18 · 36 | pairs shown | most seconds | most MB |")
    print("|---|---|---|---|---|---|---|---|---|---|---|---|---|")
    for rate in rates:
        with Pool(workers, maxtasksperchild=8) as pool:
            found = pool.map(one, [(rate, seed, drifted) for seed in range(seeds)], chunksize=1)
        total = Counter[str]()
        for each in found:
            total += each.verdicts
        targets = sum(each.targets for each in found)
        marks = " · ".join(f"{statistics.mean(each.numbers[mark] for each in found):.0f}" for mark in MARKS)
        shown = 100 * sum(each.shown for each in found) / sum(each.pairs for each in found)
        print(f"| {rate} | {targets:,} | {total['pinned']} | {total['narrowed'] + total['nearly_all']} | "
              f"{total['told']} | "
              f"{total['unaudited'] + targets - total.total()} | {100 * sum(e.holes for e in found) / targets:.1f} % | "
              f"{100 * sum(e.witnesses for e in found) / targets:.0f} % | {sum(e.left_out for e in found)} | {marks} | "
              f"{shown:.0f} % | {max(e.seconds for e in found):.0f} | {max(e.megabytes for e in found)} |", flush=True)


def naive(seeds: int) -> None:
    """Rules that hide small numbers, attacked by the same program."""
    print(f"\nNaive rules, {seeds} pilots of {MONTHS} months each: pinned · narrowed of what was meant to be hidden\n")
    print("| rule | " + " | ".join(f"{rate} a month" for rate in RATES) + " |\n|---" + "|---" * len(RATES) + "|")
    for threshold in (5, 11):
        cells = []
        for rate in RATES:
            verdicts, targets = Counter[str](), 0
            for seed in range(seeds):
                told = Told(counts(rate, seed, NAIVE))
                told.small_hidden(threshold, quarters_and_years(12))
                outcome = attack(told.world)
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
            book, _ = histories.guarded_release(extract, every=99)
            total += insiders.attacked(attacker_knowledge([book]), extract, pick, seed)
        print(f"| {label} | {total['attacked']:,} | {total['pinned']} | {total['under_ten']} | {total['beyond']} |",
              flush=True)


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--drifted", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rates", type=float, nargs="+", default=RATES, help="responses a month")
    asked = parser.parse_args()
    naive(max(2, asked.seeds // 2))
    pipeline(asked.seeds, drifted=False, workers=asked.workers, rates=tuple(asked.rates))
    if asked.drifted:
        pipeline(asked.drifted, drifted=True, workers=asked.workers, rates=tuple(asked.rates))
    known_responses(max(1, asked.seeds // 7))


if __name__ == "__main__":
    main()
