"""The contract of a release, read from contract.toml: thresholds, dimensions with their ladders, measures, and the
schema.
"""

import tomllib
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

TableKind = Literal["activity", "conduct", "people", "derived", "release"]
Status = Literal["published", "suppressed", "not_collected", "not_due"]
Grain = Literal["month", "quarter", "run", "year", "pilot"]
ReleaseState = Literal["illustrative", "preliminary", "official"]
ThresholdName = Literal["block_responses", "block_people", "run_responses", "run_rest", "service_answered",
                        "service_unanswered", "rung_margin_percent", "block_share_percent", "person_share_percent",
                        "quantile_rest", "unstable", "earliest_days", "due_days"]
Block = str
Rung = tuple[Block, ...]

ILLUSTRATIVE: ReleaseState = "illustrative"  # made up
STATES: tuple[ReleaseState, ...] = (ILLUSTRATIVE, "preliminary", "official")
STATUSES: tuple[Status, ...] = ("published", "suppressed", "not_collected", "not_due")

# Why a table has its status in a period. A published one needs no reason.
REASONS: dict[Status, tuple[str, ...]] = {
    "published": ("",),
    "suppressed": ("privacy", "changed", "parts", "merged", "ended", "withdrawn"),
    "not_collected": ("not_collected", "no_records"),
    "not_due": ("run_open", "run_rest", "runs_together", "service_open", "service_rest", ""),
}
# What happened to records that this release could not count as they were: told of each release alone, never summed.
RECORD_REASONS = ("late", "corrected", "left_out", "repeated")
RECORD_SIZES = ("fewer than 11", "11 or more")
ERRATUM_KINDS = ("superseded", "withdrawn")  # activity is superseded; numbers on people are withdrawn, never restated

# The schema: every table of release.sqlite and csv/, with the type of each column. The order is the order in the files.
# DATE is text, YYYY-MM-DD.
SCHEMA: dict[str, dict[str, str]] = {
    "meta": {"key": "TEXT", "value": "TEXT"},
    "releases": {
        "release_id": "TEXT",
        "state": "TEXT",
        "period_start": "DATE",
        "period_end": "DATE",
        "due_on": "DATE",
        "published_on": "DATE",
        "recorded_through": "DATE",
    },
    "periods": {"period_id": "TEXT", "grain": "TEXT", "start": "DATE", "end": "DATE"},
    "sums": {"table_id": "TEXT", "period_id": "TEXT", "part_id": "TEXT", "start": "DATE", "end": "DATE"},
    "categories": {"dimension": "TEXT", "category": "TEXT", "covers": "TEXT"},
    "labels": {"dimension": "TEXT", "category": "TEXT", "label": "TEXT"},
    "measures": {
        "table_id": "TEXT",
        "measure_id": "TEXT",
        "kind": "TEXT",
        "question": "TEXT",
        "label": "TEXT",
        "unit": "TEXT",
        "dimension": "TEXT",
        "definition": "TEXT",
        "numerator": "TEXT",
        "denominator": "TEXT",
        "limits": "TEXT",
        "source": "TEXT",
    },
    "states": {
        "table_id": "TEXT",
        "period_id": "TEXT",
        "status": "TEXT",
        "reason": "TEXT",
        "have": "INTEGER",
        "need": "INTEGER",
    },
    "coverage": {"period_id": "TEXT", "days": "INTEGER", "days_without_records": "INTEGER"},
    "attack": {"what": "TEXT", "number": "INTEGER"},
    "breaks": {"day": "DATE", "kind": "TEXT"},
    "records": {"release_id": "TEXT", "reason": "TEXT", "records": "TEXT"},
    "remarks": {"release_id": "TEXT", "remark": "TEXT"},
    "errata": {"release_id": "TEXT", "table_id": "TEXT", "kind": "TEXT", "text": "TEXT"},
    "costs": {"release_id": "TEXT", "period_id": "TEXT", "amount": "REAL", "covers": "TEXT", "source": "TEXT"},
    "cells": {
        "table_id": "TEXT",
        "period_id": "TEXT",
        "measure_id": "TEXT",
        "dimension_1": "TEXT",
        "category_1": "TEXT",
        "dimension_2": "TEXT",
        "category_2": "TEXT",
        "value": "REAL",
        "status": "TEXT",
    },
}
# What meta holds, each as text; dates as YYYY-MM-DD.
# `previous_sums`: the sha256 of the SHA256SUMS of the release before: one hash commits to all that was ever published.
# `pilot_ended`: the pilot's last day, once it is over.
META_KEYS = ("contract_version", "release_id", "state", "title", "previous", "previous_sums", "period_start",
             "period_end", "recorded_through", "due_on", "published_on", "pilot_ended", "time_zone")
PRIMARY_KEYS: dict[str, tuple[str, ...]] = {
    "meta": ("key",), "releases": ("release_id",), "periods": ("period_id",),
    "sums": ("table_id", "period_id", "part_id"),
    "categories": ("dimension", "category"), "labels": ("dimension", "category"),
    "measures": ("table_id", "measure_id"), "states": ("table_id", "period_id"), "coverage": ("period_id",),
    "attack": ("what",), "breaks": ("day", "kind"), "records": ("release_id", "reason"),
    "remarks": ("release_id", "remark"), "errata": ("release_id", "table_id"),
    "costs": ("release_id", "period_id"),
    "cells": ("table_id", "period_id", "measure_id", "category_1"),
}
# (table, its columns, the table they point to, the columns there)
FOREIGN_KEYS: tuple[tuple[str, tuple[str, ...], str, tuple[str, ...]], ...] = (
    ("cells", ("table_id", "measure_id"), "measures", ("table_id", "measure_id")),
    ("cells", ("table_id", "period_id"), "states", ("table_id", "period_id")),
    ("cells", ("period_id",), "periods", ("period_id",)),
    ("cells", ("dimension_1", "category_1"), "categories", ("dimension", "category")),
    ("states", ("period_id",), "periods", ("period_id",)),
    ("sums", ("table_id", "period_id"), "states", ("table_id", "period_id")),
    ("sums", ("table_id", "part_id"), "states", ("table_id", "period_id")),
    ("coverage", ("period_id",), "periods", ("period_id",)),
    ("records", ("release_id",), "releases", ("release_id",)),
    ("remarks", ("release_id",), "releases", ("release_id",)),
    ("errata", ("release_id",), "releases", ("release_id",)),
    ("costs", ("release_id",), "releases", ("release_id",)),
    ("costs", ("period_id",), "periods", ("period_id",)),
)


@dataclass(frozen=True)
class Threshold:
    """One number of the disclosure rules, with why it is so and who says so."""

    id: str
    value: int
    reason: str
    source: str


@dataclass(frozen=True)
class Break:
    """A way in which counting can change from one day to the next; numbers before and after can't be compared."""

    id: str
    label: str
    affects: tuple[str, ...]  # how the names of the measures that change begin

    def touches(self, measure: str) -> bool:
        """Whether a measure is counted in another way after it."""
        return measure.startswith(self.affects)


@dataclass(frozen=True)
class Dimension:
    """One way to divide a count: base categories, planned shares, and the nested ladder of blocks, fine to coarse."""

    id: str
    label: str
    labels: dict[str, str]  # base and merged categories, in words
    shares: dict[str, float]  # planned shares of the base categories; empty for the service's own work
    covers: dict[Block, tuple[str, ...]]  # each block, and the base categories it stands for
    ladder: tuple[Rung, ...]

    @property
    def base(self) -> tuple[str, ...]:
        """The base categories, in the order they are shown."""
        return tuple(category for category, covers in self.covers.items() if covers == (category,))

    def planned(self, block: Block, not_collected: Collection[str] = ()) -> float:
        """The planned share of a block, from 0 to 1: the sum of its base categories' shares, among all categories but
        those that the source does not collect.
        """
        collected = sum(share for category, share in self.shares.items() if category not in not_collected)
        return sum(self.shares[category] for category in self.covers[block] if category not in not_collected) / (
            collected if not_collected else 1)

    def collected(self, rung: Rung, not_collected: Collection[str]) -> Rung:
        """The blocks of a rung of which the source collects a category; the others are empty by design."""
        return tuple(block for block in rung if not set(self.covers[block]) <= set(not_collected))

    def divides(self, rung: Rung, not_collected: Collection[str] = ()) -> bool:
        """Whether a rung makes two groups or more of what the source collects, and none of what is not recorded alone:
        in a complete record that would be empty.
        """
        blocks = self.collected(rung, not_collected)
        return len(blocks) >= 2 and not any({"not_recorded", *not_collected} >= set(self.covers[block])
                                            for block in blocks)


@dataclass(frozen=True)
class Measure:
    """Something counted or timed: one table of a release. `values` are its measure_ids with their labels."""

    id: str
    question: str
    kind: TableKind
    unit: str
    values: dict[str, str]
    needs: tuple[str, ...]
    definition: str
    why: str
    limits: str
    numerator: str = ""
    denominator: str = ""
    over: str = ""  # people and conduct: "responses", "responses_without_arrest" or "calls": the public total
    dimension: str = ""
    clock: str = ""  # activity: "service" where quarters are put together until no single call can be told
    runs_together: int = 1
    within: str = ""  # people: the table of single runs that this one, of several, divides further
    source_measure: str = ""  # derived: the measure whose published blocks it sums
    categories: tuple[str, ...] = ()  # derived: the base categories it sums
    value_needs: dict[str, tuple[str, ...]] = field(default_factory=dict)  # what single values need beside `needs`


def _dimension(name: str, raw: dict[str, Any]) -> Dimension:
    merged = raw.get("merged", {})
    covers = {category: (category,) for category in raw["labels"]} | {
        block: tuple(entry["covers"]) for block, entry in merged.items()
    }
    labels = raw["labels"] | {block: entry["label"] for block, entry in merged.items()}
    return Dimension(
        name, raw["label"], labels, raw.get("shares", {}), covers, tuple(tuple(rung) for rung in raw.get("ladder", ()))
    )


def _measure(name: str, raw: dict[str, Any]) -> Measure:
    known = {key: raw[key] for key in ("question", "kind", "unit", "definition", "why", "limits")}
    names = ("numerator", "denominator", "over", "dimension", "clock", "runs_together", "within")
    optional = {key: raw[key] for key in names if key in raw}
    return Measure(
        id=name,
        values=raw.get("values", {}),
        needs=tuple(raw["needs"]),
        source_measure=raw.get("from", ""),
        categories=tuple(raw.get("categories", ())),
        value_needs={value: tuple(needs) for value, needs in raw.get("value_needs", {}).items()},
        **known,
        **optional,
    )


_RAW: dict[str, Any] = tomllib.loads((Path(__file__).parent / "contract.toml").read_text("utf-8"))
VERSION: int = _RAW["version"]
THRESHOLDS = {name: Threshold(name, **raw) for name, raw in _RAW["thresholds"].items()}
DIMENSIONS = {name: _dimension(name, raw) for name, raw in _RAW["dimensions"].items()}
LEFT_OUT_FIRST: tuple[str, ...] = tuple(_RAW["left_out_first"])
BREAKS = {name: Break(name, raw["label"], tuple(raw["affects"])) for name, raw in _RAW["breaks"].items()}
MEASURES = {name: _measure(name, raw) for name, raw in _RAW["measures"].items()}
SERVICE = tuple(
    measure for measure in MEASURES.values() if measure.clock == "service"
)  # published on the clock of service tables


def threshold(name: ThresholdName) -> int:
    """The value of one threshold of the contract, such as `threshold("block_responses")`."""
    return THRESHOLDS[name].value
