"""`make extracts`: every kind of damage on made-up and real extracts, as a table of what came of it."""

import argparse
import os
from collections import Counter, defaultdict
from collections.abc import Iterable
from multiprocessing import Pool

from tests.extracts.catalogue import ALL
from tests.extracts.judge import RESULTS
from tests.extracts.kind import Kind
from tests.extracts.runs import Run, real_folder, run, tasks


def table(kinds: Iterable[Kind], runs: dict[str, list[Run]]) -> list[str]:
    """A line a kind: how many runs ended in which way, and which of the results come after leaving out."""
    lines = ["| kind | runs | " + " | ".join(RESULTS) + " | silent or crashed once left out |",
             "|---|---|" + "---|" * (len(RESULTS) + 1)]
    total: Counter[str] = Counter()
    for kind in kinds:
        done = runs[kind.name]
        counts = Counter[str](one.result for one in done)
        counts["left out"] = sum(one.left_out in ("silent", "crash") for one in done)
        total += counts
        cells = [str(counts[name] or "") for name in (*RESULTS, "left out")]
        lines.append(f"| {kind.name}: {kind.text} | {len(done)} | {' | '.join(cells)} |")
    cells = [str(total[name]) for name in (*RESULTS, "left out")]
    lines.append(f"| **all** | {sum(total[name] for name in RESULTS)} | {' | '.join(cells)} |")
    return lines


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--only", default="", help="kinds whose name holds this text")
    parser.add_argument("--say", action="store_true", help="what was said in each run")
    asked = parser.parse_args()
    if real_folder() is None:
        print("Other cities' extracts are not there (REALDATA names their folder): made-up ones only.")
    wanted = [one for one in tasks(asked.seeds, real_folder() is not None) if asked.only in one.kind]
    with Pool(asked.workers) as pool:
        done = [one for one in pool.imap(run, wanted, chunksize=4) if one]
    runs: dict[str, list[Run]] = defaultdict(list)
    for one in done:
        runs[one.task.kind].append(one)
        if asked.say:
            print(f"{one.task.kind} {one.task.source} {one.task.seed}: {one.result}, {one.left_out}: {one.said}\n")
    for title, kinds in (("Harmless: equal to the truth", [one for one in ALL if one.harmless]),
                         ("Damage", [one for one in ALL if not one.harmless and not one.untellable]),
                         ("Nobody can tell it from the file alone", [one for one in ALL if one.untellable])):
        print(f"\n## {title}\n")
        print("\n".join(table([one for one in kinds if runs[one.name]], runs)), flush=True)


if __name__ == "__main__":
    main()
