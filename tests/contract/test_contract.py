"""The contract: thresholds with reasons, ladders that nest, shares that sum to one, measures that say what they
need.
"""

import re
from typing import get_args

import pytest

from portal.contract.contract import (
    DIMENSIONS,
    LEFT_OUT_FIRST,
    MEASURES,
    SCHEMA,
    THRESHOLDS,
    VERSION,
    Dimension,
    Measure,
    ThresholdName,
    threshold,
)
from portal.publish.ingest.columns import BY_NAME

LADDERS = [dimension for dimension in DIMENSIONS.values() if dimension.ladder]
ALL = list(MEASURES.values())


def test_every_threshold_has_a_reason_and_a_source() -> None:
    assert VERSION == 2
    assert threshold("block_responses") == 11
    for threshold_ in THRESHOLDS.values():
        assert threshold_.value > 0
        assert threshold_.reason.endswith(".")
        assert threshold_.source
    with pytest.raises(KeyError):
        threshold("none")


@pytest.mark.parametrize("dimension", LADDERS, ids=lambda item: item.id)
def test_planned_shares_sum_to_one_over_the_base_categories(dimension: Dimension) -> None:
    assert set(dimension.shares) == set(dimension.base)
    assert sum(dimension.shares.values()) == pytest.approx(1)
    assert all(0 < share < 1 for share in dimension.shares.values())


@pytest.mark.parametrize("dimension", LADDERS, ids=lambda item: item.id)
def test_every_rung_covers_each_base_category_once_and_has_two_blocks(dimension: Dimension) -> None:
    for rung in dimension.ladder:
        assert sorted(category for block in rung for category in dimension.covers[block]) == sorted(dimension.base)
        assert len(rung) >= 2


@pytest.mark.parametrize("dimension", LADDERS, ids=lambda item: item.id)
def test_a_rung_only_merges_blocks_of_the_rung_before(dimension: Dimension) -> None:
    for finer, coarser in zip(dimension.ladder, dimension.ladder[1:], strict=False):
        assert len(coarser) < len(finer)
        for block in finer:
            covering = [wide for wide in coarser if set(dimension.covers[block]) <= set(dimension.covers[wide])]
            assert len(covering) == 1, block


@pytest.mark.parametrize("dimension", DIMENSIONS.values(), ids=lambda item: item.id)
def test_every_block_is_named_and_every_merged_block_is_used(dimension: Dimension) -> None:
    assert dimension.labels.keys() == dimension.covers.keys()
    assert len(set(dimension.labels.values())) == len(dimension.labels)
    merged = {block for block, covers in dimension.covers.items() if covers != (block,)}
    used = {block for rung in dimension.ladder for block in rung}
    assert used <= dimension.covers.keys()
    assert merged <= used
    assert all(
        len(dimension.covers[block]) > 1 and set(dimension.covers[block]) <= set(dimension.base) for block in merged
    )


@pytest.mark.parametrize("dimension", DIMENSIONS.values(), ids=lambda item: item.id)
def test_a_merged_block_that_holds_what_is_not_recorded_says_so(dimension: Dimension) -> None:
    for block, covers in dimension.covers.items():
        if "not_recorded" in covers:
            assert "not recorded" in dimension.labels[block].lower(), block


@pytest.mark.parametrize(
    "dimension", [dimension for dimension in DIMENSIONS.values() if dimension.id in BY_NAME], ids=lambda item: item.id
)
def test_base_categories_are_those_of_the_portals_column(dimension: Dimension) -> None:
    own_categories = set(BY_NAME[dimension.id].categories)
    assert own_categories - {"off_duty"} <= set(dimension.base)
    assert set(dimension.base) - own_categories <= {"not_recorded", "off_duty"}


@pytest.mark.parametrize("measure", ALL, ids=lambda item: item.id)
def test_a_measure_says_what_it_is_in_words(measure: Measure) -> None:
    assert measure.question.endswith("?")
    for text in (measure.definition, measure.why, measure.limits):
        assert text.endswith((".", "?"))
    assert measure.unit
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", value) and label for value, label in measure.values.items())


@pytest.mark.parametrize("measure", ALL, ids=lambda item: item.id)
def test_what_a_measure_needs_is_known(measure: Measure) -> None:
    known = BY_NAME.keys() | {"roster", "survey"}
    assert {*measure.needs, *(need for needs in measure.value_needs.values() for need in needs)} <= known
    assert measure.value_needs.keys() <= measure.values.keys()
    assert not measure.dimension or measure.dimension in DIMENSIONS


@pytest.mark.parametrize("measure", ALL, ids=lambda item: item.id)
def test_a_measure_has_what_its_kind_of_table_takes(measure: Measure) -> None:
    if measure.kind == "people":
        assert measure.over in ("calls", "responses", "responses_without_arrest")
        assert not measure.dimension or DIMENSIONS[measure.dimension].ladder
    elif measure.kind == "conduct":
        assert measure.over == "responses"
        assert {"responses", "not_recorded"} < measure.values.keys()
    elif measure.kind == "derived":
        source = MEASURES[measure.source_measure]
        assert source.kind == "people"
        assert set(measure.categories) < set(DIMENSIONS[source.dimension].base)
        assert measure.needs == source.needs
    else:
        assert not measure.over
        assert bool(measure.values) == (measure.kind == "activity")


def test_only_one_table_is_made_on_each_attribute_of_a_person_but_for_longer_runs_of_the_same() -> None:
    people = [measure for measure in ALL if measure.kind == "people" and measure.dimension]
    used = [measure.dimension for measure in people if not measure.within]
    assert len(used) == len(set(used))
    for longer in (measure for measure in people if measure.within):
        single = MEASURES[longer.within]
        assert (longer.dimension, longer.over, longer.needs) == (single.dimension, single.over, single.needs)
        assert longer.runs_together > single.runs_together == 1


def test_the_order_in_which_tables_are_left_out_names_each_people_table_once_and_longer_runs_first() -> None:
    people = [measure.id for measure in ALL if measure.kind == "people"]
    assert sorted(LEFT_OUT_FIRST) == sorted(people)
    for longer in (measure for measure in ALL if measure.within):
        assert LEFT_OUT_FIRST.index(longer.id) < LEFT_OUT_FIRST.index(longer.within)


def test_files_have_the_columns_that_other_peoples_tools_rely_on() -> None:
    assert list(SCHEMA["cells"]) == [
        "table_id",
        "period_id",
        "measure_id",
        "dimension_1",
        "category_1",
        "dimension_2",
        "category_2",
        "value",
        "status",
    ]
    assert list(SCHEMA["periods"]) == ["period_id", "grain", "start", "end"]
    assert list(SCHEMA["categories"]) == ["dimension", "category", "covers"]


def test_each_threshold_has_a_name_that_the_type_checker_knows() -> None:
    assert set(get_args(ThresholdName)) == set(THRESHOLDS)
