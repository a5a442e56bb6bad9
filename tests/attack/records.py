"""The true records behind published numbers, which no attacker has: what a test compares an attack with."""

from collections.abc import Collection

import pandas as pd

from portal.publish.ingest.extract import Extract
from portal.publish.tables.tabulate import tally, without_arrest


def true_records(extract: Extract, quarters: Collection[str], over: str = "responses") -> pd.DataFrame:
    """The calls that count in some quarters, by their ids; of them those that are counted `over`."""
    calls = tally(extract, [(extract.last_day, extract.last_day)]).calls
    counted = calls[calls["quarter"].isin(quarters)]
    if over == "calls":
        return counted
    answered = counted[counted["response"]]
    return without_arrest(answered) if over == "responses_without_arrest" else answered
