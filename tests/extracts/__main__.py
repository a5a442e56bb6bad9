"""`make extracts`: every kind of damage on made-up and real extracts, as a table of what came of it."""

import argparse
import os
from collections import Counter, defaultdict
from collections.abc import Iterable
from multiprocessing import Pool
from multiprocessing.pool import Pool as PoolOfProcesses

from tests.extracts.catalogue import ALL
from tests.extracts.judge import RESULTS
from tests.extracts.kind import ExtractKind
from tests.extracts.runs import VOLUMES, ExtractRun, real_folder, remarks_on_clean, run, tasks

COLUMNS = (*RESULTS, "silent or crashed once left out", "visible in the review")


def counts_of(done: Iterable[ExtractRun]) -> Counter[str]:
    """How many runs ended in which way."""
    counts: Counter[str] = Counter()
    for run_ in done:
        counts[run_.result] += 1
        counts["runs"] += 1
        counts[COLUMNS[-2]] += run_.left_out in ("silent", "crash")
        counts[COLUMNS[-1]] += run_.visible
    return counts


def table(kinds: Iterable[ExtractKind], runs: dict[str, list[ExtractRun]], columns: tuple[str, ...]) -> list[str]:
    """A line a kind, and their sum."""
    lines = [f"| kind | runs | {' | '.join(columns)} |", "|---|---|" + "---|" * len(columns)]
    total: Counter[str] = Counter()
    for kind in kinds:
        counts = counts_of(runs[kind.name])
        total += counts
        cells = [str(counts[name] or "") for name in ("runs", *columns)]
        lines.append(f"| {kind.group}: {kind.text} (`{kind.name}`) | {' | '.join(cells)} |")
    return [*lines, f"| **all** | {' | '.join(str(total[name]) for name in ('runs', *columns))} |"]


def print_calmness(pool: PoolOfProcesses, seeds: range) -> None:
    """Remarks on clean made-up extracts: at most one each."""
    print(f"\n## Remarks on clean extracts, {len(seeds)} seeds\n\n| extract | rows | with a remark | most in one |")
    print("|---|---|---|---|")
    for name in VOLUMES:
        found = pool.starmap(remarks_on_clean, [(seed, name) for seed in seeds], chunksize=2)
        rows = sum(count for count, _ in found) // len(seeds)
        listed = [names for _, names in found]
        print(f"| {name} | {rows:,} | {sum(map(bool, listed))} | {max(map(len, listed))} |", flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--first-seed", type=int, default=1, help="another one gives other extracts and damage")
    parser.add_argument("--clean", type=int, default=20, help="seeds of clean extracts to look for remarks on")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--only", nargs="*", default=[""], help="kinds whose name holds one of these texts")
    parser.add_argument("--say", action="store_true", help="what was said in each run")
    arguments = parser.parse_args()
    cities = real_folder() is not None
    if not cities:
        print("Other cities' extracts are not there (REALDATA names their folder): made-up ones only.")
    seeds = range(arguments.first_seed, arguments.first_seed + arguments.seeds)
    selected = [task for task in tasks(seeds, cities) if any(text in task.kind for text in arguments.only)]
    runs: dict[str, list[ExtractRun]] = defaultdict(list)
    with Pool(arguments.workers) as pool:
        for result in filter(None, pool.imap(run, selected, chunksize=4)):
            runs[result.task.kind].append(result)
            if arguments.say:
                print(
                    f"{result.task.kind} {result.task.source} {result.task.seed}: {result.result}, {result.left_out}, "
                    f"visible {result.visible}: {result.said}\n",
                    flush=True,
                )
        print_tables(runs)
        if arguments.clean:
            print_calmness(pool, range(arguments.first_seed, arguments.first_seed + arguments.clean))


def print_tables(runs: dict[str, list[ExtractRun]]) -> None:
    """What is harmless, what is damage, and what nobody can tell, apart."""
    finished = [kind for kind in ALL if runs[kind.name]]
    for title, kinds, columns in (
            ("Harmless: equal to the truth", [kind for kind in finished if kind.harmless], RESULTS),
            ("Damage", [kind for kind in finished if not kind.harmless and not kind.untellable], COLUMNS[:-1]),
            ("Nobody can tell it from the file alone", [kind for kind in finished if kind.untellable],
             (*RESULTS, COLUMNS[-1]))):
        print(f"\n## {title}\n")
        print("\n".join(table(kinds, runs, columns)), flush=True)


if __name__ == "__main__":
    main()
