"""What an attacker learns from the tables on people and the arrests: their numbers, and, of a table that is not shown,
or more coarsely than its size allows, that one of its blocks broke a rule.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from portal.contract.contract import DIMENSIONS, MEASURES, Dimension, Measure, threshold
from portal.publish.protection.attack_world import (
    Choice,
    Shape,
    SumBounds,
    Target,
    World,
    counted_in,
    quarters_in,
    rule_failure,
)
from portal.publish.protection.protect import rungs_tried
from portal.release.book import TOTALS, PublicBook

ARRESTS = "outcome.arrest"
MOST_UNIONS = 7  # base categories of which every union is a target: 126 unions


def add_arrests(world: World, book: PublicBook) -> None:
    """Add the arrests: unknown by quarter, and exact for each run."""
    responses = world.totals["responses"]
    for quarter, total in responses.items():
        world.unknown(("arrests", "", quarter, ""), total)
    for run in book.published(ARRESTS, "run"):
        number = int(book.values((ARRESTS, run.period_id))["arrests", ""])
        quarters = quarters_in(book, MEASURES[ARRESTS], run.period_id, responses)
        world.arrests.append((quarters, number))
        terms = world.sum_of("arrests", "", quarters, [""])
        world.facts.append(SumBounds(terms, number, number, ARRESTS, run.period_id))


def add_exhaustive_totals(world: World, population: str, dimension: Dimension) -> None:
    """Add that each quarter's categories add up to its public total, or to this less its arrests."""
    over = counted_in(population)
    for quarter, total in world.totals[over].items():
        if (population, dimension.id, quarter, dimension.base[0]) in world.unknowns:
            continue
        terms = {world.unknown((population, dimension.id, quarter, category), total): 1 for category in dimension.base}
        if population == "responses_without_arrest":
            terms[world.unknowns["arrests", "", quarter, ""]] = 1
        world.facts.append(SumBounds(terms, total, total, TOTALS[over][0], quarter))


def add_published_numbers(world: World, book: PublicBook, measure: Measure) -> None:
    """Add each published number: it is the sum of its base categories over the quarters it counts.

    A longer period's number that is just the sum of its runs' numbers adds nothing, and is left out: it would only
    connect runs that the solver can solve one by one.
    """
    runs: list[SumBounds] = []
    runs_first = sorted(book.cells.items(), key=lambda entry: book.periods[entry[0][1]].grain != "run")
    for (table, period), cells in runs_first:
        if table != measure.id:
            continue
        quarters = quarters_in(book, measure, period, world.totals[counted_in(measure.over)])
        for cell in cells:
            if cell["status"] == "published" and cell["category_1"]:
                covers = DIMENSIONS[cell["dimension_1"]].covers[cell["category_1"]]
                terms, number = world.sum_of(measure.over, cell["dimension_1"], quarters, covers), int(cell["value"])
                fact = SumBounds(terms, number, number, table, period)
                if book.periods[period].grain == "run":
                    runs.append(fact)
                elif _is_sum_of(fact, runs):
                    continue
                world.facts.append(fact)


def _is_sum_of(fact: SumBounds, runs: Iterable[SumBounds]) -> bool:
    """Whether a number is the sum of runs' numbers that together count exactly what it counts, once each."""
    inside = [run for run in runs if run.terms.keys() <= fact.terms.keys()]
    counted = [term for run in inside for term in run.terms]
    return len(counted) == len(fact.terms) and sum(run.low for run in inside) == fact.low


def add_rules(world: World, book: PublicBook, measure: Measure) -> None:
    """Add, for each run of a table, its blocks, and what it means that finer ones, or none, are shown: which rungs were
    tried is known, since they follow from the public total.
    """
    dimension, totals = DIMENSIONS[measure.dimension], world.totals[counted_in(measure.over)]
    shapes = world.shapes.setdefault((measure.over, measure.dimension), [])
    for table, period in _closed_runs(book, measure):
        state, quarters = book.states[table, period], quarters_in(book, measure, period, totals)
        empty = book.not_collected((table, period))
        _never_recorded(world, measure, quarters, empty, (table, period))
        least = threshold("block_responses")
        if state["status"] == "published":
            shown = {_without(dimension.covers[block], empty): int(value)
                     for (_, block), value in book.values((table, period)).items() if block}
            failed = () if measure.within else _next_finer(dimension, shown, empty)
            shapes.append(Shape(quarters, shown, failed, least, empty=empty))
            if failed:
                world.choices.append(Choice(tuple(
                    SumBounds(world.sum_of(measure.over, dimension.id, quarters, block), 0, least - 1, table, period)
                    for block in failed)))
        elif state["reason"] == "privacy" and (total := _public_size(world, measure, quarters)) is not None:
            tried = rungs_tried(dimension, total, empty)
            rung = _blocks(dimension, tried[0] if measure.within else tried[-1], empty)
            most = -(-threshold("block_share_percent") * total // 100)
            shapes.append(Shape(quarters, {}, tuple(rung), least, most, total, empty))
            blocks = [world.sum_of(measure.over, dimension.id, quarters, block) for block in rung]
            world.choices.append(rule_failure(blocks, least, most, total, (table, period)))


def _next_finer(dimension: Dimension, shown: Mapping[tuple[str, ...], int], empty: frozenset[str]
                ) -> tuple[tuple[str, ...], ...]:
    """Of a table that is not shown on the first rung that was tried, the blocks of the next finer rung that are not
    shown: one of them was too small, or had too few people. Coarser rungs are nested in finer ones, so that this one
    failed says all about those before it.
    """
    finer: tuple[tuple[str, ...], ...] = ()
    for at in rungs_tried(dimension, sum(shown.values()), empty):
        blocks = _blocks(dimension, at, empty)
        if set(blocks) == shown.keys():
            return tuple(block for block in finer if block not in shown)
        finer = blocks
    return ()


def _blocks(dimension: Dimension, at: int, empty: frozenset[str]) -> tuple[tuple[str, ...], ...]:
    """The base categories of each block of a rung, without those that the source does not collect."""
    return tuple(_without(dimension.covers[block], empty) for block in dimension.collected(dimension.ladder[at], empty))


def _closed_runs(book: PublicBook, measure: Measure) -> list[tuple[str, str]]:
    """A table with each of its closed runs, oldest first."""
    return sorted(((table, period) for table, period in book.states if table == measure.id
                   and book.periods[period].grain == "run" and book.periods[period].lasts),
                  key=lambda key: book.periods[key[1]].start)


def _without(categories: Iterable[str], empty: frozenset[str]) -> tuple[str, ...]:
    return tuple(category for category in categories if category not in empty)


def _never_recorded(world: World, measure: Measure, quarters: Sequence[str], empty: frozenset[str],
                    table: tuple[str, str]) -> None:
    """Add that what the source does not collect is 0 in each quarter."""
    if not empty or not quarters:
        return
    for quarter in quarters:
        key = measure.over, measure.dimension, quarter
        world.empty[key] = world.empty.get(key, frozenset()) | empty
    world.facts.append(SumBounds(world.sum_of(measure.over, measure.dimension, quarters, empty), 0, 0, *table))


def _public_size(world: World, measure: Measure, quarters: Sequence[str]) -> int | None:
    """The public number of responses that a table divides in a run; None where arrests are not known."""
    total = sum(world.totals[counted_in(measure.over)][quarter] for quarter in quarters)
    if measure.over != "responses_without_arrest":
        return total
    inside = [(run, arrested) for run, arrested in world.arrests if set(run) <= set(quarters)]
    if {quarter for run, _ in inside for quarter in run} != set(quarters):
        return None
    return total - sum(arrested for _, arrested in inside)


def unions_of(dimension: Dimension) -> Iterator[tuple[str, ...]]:
    """Every union of a dimension's base categories; of more than seven, those of one, two, all but one, all but two."""
    base, many = sorted(dimension.base), len(dimension.base) > MOST_UNIONS
    for size in (1, 2, len(base) - 2, len(base) - 1) if many else range(1, len(base)):
        yield from combinations(base, size)


def add_targets(world: World, book: PublicBook, population: str, dimension: Dimension, *, unions: bool = False) -> None:
    """Add as targets every base category and merged block that is not published, for each quarter and each run; with
    `unions` every union of base categories.
    """
    totals = world.totals[counted_in(population)]
    spans: dict[tuple[str, ...], None] = dict.fromkeys((total,) for total in totals)
    for measure in MEASURES.values():
        if measure.kind in ("people", "conduct") and counted_in(measure.over) == counted_in(population):
            spans |= dict.fromkeys(
                quarters_in(book, measure, period, totals) for table, period in book.states
                if table == measure.id and book.periods[period].grain == "run" and book.periods[period].lasts)
    sets = dict.fromkeys(tuple(sorted(covers)) for covers in (
        unions_of(dimension) if unions else dimension.covers.values()))
    for quarters in filter(None, spans):
        for categories in sets:
            if len(categories) < len(dimension.base) and not _is_public(world, population, dimension, quarters,
                                                                        categories):
                world.targets.append(
                    Target(population, dimension.id, quarters, categories, world.most(population, quarters)))


def _is_public(world: World, population: str, dimension: Dimension, quarters: Iterable[str],
               categories: Iterable[str]) -> bool:
    """Whether a number is published itself, is a sum of published ones, or follows from what is not collected."""
    span, counted = set(quarters), set(categories)
    empty = [world.empty.get((population, dimension.id, quarter), frozenset[str]()) for quarter in span]
    if all(counted <= none for none in empty) or all(set(dimension.base) - counted <= none for none in empty):
        return True  # it is 0, or all of its quarters' public total
    published = [set(shape.quarters) for shape in world.shapes.get((population, dimension.id), ())
                 if set().union(*(block for block in shape.shown if set(block) <= counted)) == counted - shape.empty]

    def covered(uncovered: set[str]) -> bool:
        return not uncovered or any(covered(uncovered - run) for run in published if run <= uncovered)

    return covered(span)
