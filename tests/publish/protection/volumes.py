"""How much of a combined period's tables on people is shown as responses grow: by the rules alone, without the gate.

`python -m tests.publish.protection.volumes` prints the table of docs/privacy.md (with REALDATA: real extracts too).
"""

import os
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from portal.contract.contract import DIMENSIONS, MEASURES, Measure
from portal.publish.ingest.columns import BY_NAME, NOT_RECORDED
from portal.publish.ingest.extract import read_extract
from portal.publish.ingest.mapping import read_mapping
from portal.publish.protection import protect
from tests.source import ROOT

A_MONTH = (5, 20, 60, 150, 400)
PEOPLE = [measure for measure in MEASURES.values() if measure.kind == "people" and measure.dimension
          and measure.unit != "minutes" and measure.runs_together == 1]
TABLES = [measure for measure in PEOPLE if measure.over != "calls"]
FILES = {"oakland": "calls.csv.gz", "milwaukee": "calls.csv.gz", "dallas": "force.csv.gz"}
Draw = Callable[[np.random.Generator, int, Measure], pd.Series]
Lists = Mapping[str, Collection[str]]  # dimension -> categories of it that the source can't record


def shown(a_month: int, draw: Draw, *, tables: list[Measure] = TABLES, named: Lists | None = None, draws: int = 12
          ) -> tuple[float, float]:
    """Of tables over three months, each drawn so many times: the share that is shown, and how many groups each has on
    average. `named`: what the release says is not collected.
    """
    responses = max(40, 3 * a_month)
    chance, groups = np.random.default_rng(responses), []
    for measure in tables:
        dimension, empty = DIMENSIONS[measure.dimension], (named or {}).get(measure.dimension, ())
        for _ in range(draws):
            blocks = protect.protect_people(dimension, draw(chance, responses, measure), pd.Series(range(responses)),
                                            responses, empty)
            groups.append(len(blocks.counts or {}))
    return float(np.mean([count > 0 for count in groups])), float(np.mean(groups))


def planned(without: Lists | None = None) -> Draw:
    """Draws by the planned shares, but for the categories that the source has none of."""
    def draw(chance: np.random.Generator, responses: int, measure: Measure) -> pd.Series:
        dimension = DIMENSIONS[measure.dimension]
        names = list(dimension.shares)
        absent = (without or {}).get(measure.dimension, ())
        weights = np.array([0 if name in absent else dimension.shares[name] for name in names])
        return pd.Series(chance.choice(names, responses, p=weights / weights.sum()))
    return draw


def complete() -> Lists:
    """Nothing is ever left unrecorded."""
    return {measure.dimension: [NOT_RECORDED] for measure in TABLES}


def lacking() -> list[tuple[str, str]]:
    """Each dimension that is a column with each of its categories that a mapping may name, but for columns of two: one
    alone is no table.
    """
    columns = dict.fromkeys(measure.dimension for measure in TABLES if measure.dimension in BY_NAME)
    return [(name, category) for name in columns for category in BY_NAME[name].categories
            if len(BY_NAME[name].categories) > 2]


def real(name: str, folder: Path) -> tuple[Draw, list[Measure], Lists]:
    """Draws from a city's records, its tables, and the categories for which its mapping has no code."""
    mapping = read_mapping(ROOT / "tests" / "mappings" / f"{name}.toml")
    calls = read_extract(folder / name / FILES[name], mapping).calls
    tables = [measure for measure in PEOPLE if measure.dimension in calls and measure.dimension in BY_NAME
              and calls[measure.dimension].nunique() > 1]
    lists = {measure.dimension: set(BY_NAME[measure.dimension].categories)
             - {*mapping.fields[measure.dimension].codes.values(), mapping.fields[measure.dimension].default_category}
             for measure in tables}

    def draw(chance: np.random.Generator, responses: int, measure: Measure) -> pd.Series:
        return pd.Series(chance.choice(calls[measure.dimension].astype(str).to_numpy(), responses))
    return draw, tables, lists


def line(label: str, found: list[tuple[float, float]]) -> str:
    """A row of the table."""
    return f"| {label} | {' | '.join(f'{share:.0%} · {groups:.1f}'.replace('%', ' %') for share, groups in found)} |"


def lacking_one(*, named: bool, draws: int) -> list[tuple[float, float]]:
    """By volume, of the tables that lack a category, over all categories: what is shown."""
    found = []
    for a_month in A_MONTH:
        of_each = [shown(a_month, planned({name: [category]}), named={name: [category]} if named else None,
                         tables=[measure for measure in TABLES if measure.dimension == name], draws=draws)
                   for name, category in lacking()]
        found.append((float(np.mean([share for share, _ in of_each])), float(np.mean([many for _, many in of_each]))))
    return found


def repeats(a_month: int, without_key: float, draws: int = 60) -> float:
    """How often "Does the team see the same people again?" is shown over its two combined periods, where so large a
    share of responses has no key of a person. These may all be to one person.
    """
    dimension, responses = DIMENSIONS["repeat"], 2 * max(40, 3 * a_month)
    chance, found = np.random.default_rng(responses), []
    for _ in range(draws):
        drawn, keys = planned()(chance, responses, MEASURES["care.repeat"]), pd.Series(range(responses)).astype(str)
        lost = chance.random(responses) < without_key
        blocks = protect.protect_people(dimension, drawn.mask(lost, NOT_RECORDED), keys.mask(lost, ""), responses)
        found.append(blocks.counts is not None)
    return float(np.mean(found))


def main() -> None:
    """Print the tables."""
    print(f"| record | {' | '.join(map(str, A_MONTH))} |\n|---|{'---|' * len(A_MONTH)}")
    print(line("as complete as planned", [shown(a_month, planned(), draws=25) for a_month in A_MONTH]))
    print(line("wholly complete", [shown(a_month, planned(complete()), draws=25) for a_month in A_MONTH]), flush=True)
    for named in (False, True):
        print(line("one category lacks, named in the mapping" if named else "one category lacks, not named",
                   lacking_one(named=named, draws=12)), flush=True)
    for name in FILES if "REALDATA" in os.environ else ():
        draw, tables, lists = real(name, Path(os.environ["REALDATA"]))
        label = f"{name.title()}: {', '.join(measure.dimension for measure in tables)}"
        absent = "; ".join(sorted(category for categories in lists.values() for category in categories))
        print(line(label, [shown(a_month, draw, tables=tables, draws=50) for a_month in A_MONTH]))
        print(line(f"{label}, named: {absent}", [shown(a_month, draw, tables=tables, named=lists, draws=50)
                                                 for a_month in A_MONTH]), flush=True)
    print(f"\n| without a key | {' | '.join(map(str, A_MONTH))} |\n|---|{'---|' * len(A_MONTH)}")
    for without_key in (.03, .1, .2, .3, .4, .5, .6):
        shares = (f"{repeats(a_month, without_key):.0%}".replace("%", " %") for a_month in A_MONTH)
        print(f"| {round(100 * without_key)} % | {' | '.join(shares)} |", flush=True)


if __name__ == "__main__":
    main()
