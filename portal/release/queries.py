"""The only SQL of the portal: each query of a release, with the very statement that a reader can run on the downloaded
file.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, TypedDict, TypeVar, cast

from sqlalchemy import ClauseElement, ColumnElement, Float, Integer, MetaData, Select, Table, Text, case, func, select
from sqlalchemy import Column as SqlColumn
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DatabaseError
from sqlalchemy.schema import CreateTable

from portal.contract.contract import SCHEMA, Grain
from portal.errors import ReleaseBroken
from portal.release.store import DATABASE, Release

_TYPES = {"TEXT": Text, "DATE": Text, "INTEGER": Integer, "REAL": Float}
METADATA = MetaData()
TABLES = {
    name: Table(name, METADATA, *(SqlColumn(column, _TYPES[kind]()) for column, kind in columns.items()))
    for name, columns in SCHEMA.items()
}
_cells, _periods, _states = TABLES["cells"].c, TABLES["periods"].c, TABLES["states"].c


@dataclass(frozen=True)
class Answer:
    """The result of a query, and its statement."""

    statement: ClauseElement = field(repr=False, compare=False)
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    @cached_property
    def sql(self) -> str:
        """The statement as text, which anybody can run on release.sqlite. Most are never shown, and it takes longer to
        write one down than to answer it.
        """
        return str(self.statement.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))

    def column(self, name: str) -> tuple[Any, ...]:
        """One column's values, in the order of the rows."""
        at = self.columns.index(name)
        return tuple(row[at] for row in self.rows)

    @cached_property
    def records(self) -> tuple[dict[str, Any], ...]:
        """The rows by column name; shared, so never to be changed."""
        return tuple(dict(zip(self.columns, row, strict=True)) for row in self.rows)


class StateRow(TypedDict):
    """The state of a table in a period; `start`, `end` and `grain` are None for one that is no period yet."""

    period_id: str
    start: str | None
    end: str | None
    grain: Grain | None
    status: str
    reason: str
    have: int | None
    need: int | None


P = ParamSpec("P")
T = TypeVar("T")


def cached(query: Callable[Concatenate[Release, P], T]) -> Callable[Concatenate[Release, P], T]:
    """Cache the answers of a query on the release object: a release never changes."""
    @wraps(query)
    def answered(release: Release, /, *args: P.args, **kwargs: P.kwargs) -> T:
        key = repr((query.__name__, args, kwargs))
        if key not in release.answers:
            release.answers[key] = query(release, *args, **kwargs)
        return cast("T", release.answers[key])
    return answered


def _ask(release: Release, statement: Select[Any]) -> Answer:
    try:
        with release.engine.connect() as connection:
            result = connection.execute(statement)
            return Answer(statement, tuple(result.keys()), tuple(tuple(row) for row in result))
    except DatabaseError as error:
        raise ReleaseBroken(release.folder, f"{DATABASE} is damaged or isn't a release of this contract") from error


def can_write(release: Release) -> bool:
    """Whether the release's database can be written to, by an insert that is rolled back."""
    meta_row = TABLES["meta"].insert().values(key="tried", value="tried")
    try:
        with release.engine.connect() as connection:
            connection.execute(meta_row)
            connection.rollback()
    except DatabaseError:
        return False
    return True


@cached
def schema(release: Release) -> Answer:
    """The objects of the database by name: type, name and the statement that creates it. All of them are tables."""
    master = Table("sqlite_master", MetaData(), *(SqlColumn(name, Text) for name in ("type", "name", "sql")))
    return _ask(release, select(master).order_by(master.c.name))


def creation(name: str) -> str:
    """The statement that creates a table of the schema. Raises KeyError on an unknown name."""
    return str(CreateTable(TABLES[name]).compile(dialect=sqlite.dialect())).strip()


@cached
def meta(release: Release) -> dict[str, str]:
    """A release's id, state, dates and so on, by key (contract.META_KEYS)."""
    return dict(_ask(release, select(TABLES["meta"].c.key, TABLES["meta"].c.value)).rows)


@cached
def table(release: Release, name: str) -> Answer:
    """All rows of one table of the schema, in the order they were written. Raises KeyError on an unknown name."""
    return _ask(release, select(TABLES[name]))


@cached
def periods(release: Release, *grains: Grain) -> Answer:
    """The periods of these grains (of all, if none is named), by their start and end."""
    statement = select(_periods.period_id, _periods.grain, _periods.start, _periods.end)
    if grains:
        statement = statement.where(_periods.grain.in_(grains))
    return _ask(release, statement.order_by(_periods.start, _periods.end))


def _pivot(keys: Sequence[str], key: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    """A column for each key, with the value of its cell."""
    return [func.max(case((key == name, _cells.value))).label(name) for name in keys]


@cached
def series(release: Release, table_id: str, grain: Grain | tuple[Grain, ...], measure_ids: Sequence[str]) -> Answer:
    """A row for each period of a grain (or of several), in order of time, and a column for each measure; only cells
    without a category. Periods that are not due yet have no row.
    """
    grains = (grain,) if isinstance(grain, str) else grain
    statement = select(_cells.period_id, *_pivot(measure_ids, _cells.measure_id)).join(
        TABLES["periods"], _periods.period_id == _cells.period_id).where(
        _cells.table_id == table_id, _periods.grain.in_(grains), _cells.category_1 == "",
        _cells.status != "not_due")
    return _ask(release, statement.group_by(_cells.period_id, _periods.start).order_by(_periods.start))


@cached
def series_by(release: Release, table_id: str, grain: Grain, measure_id: str, categories: Sequence[str]) -> Answer:
    """A row for each period of a grain, in order of time, and a column for each category of the table's dimension."""
    statement = select(_cells.period_id, *_pivot(categories, _cells.category_1)).join(
        TABLES["periods"], _periods.period_id == _cells.period_id).where(
        _cells.table_id == table_id, _periods.grain == grain, _cells.measure_id == measure_id)
    return _ask(release, statement.group_by(_cells.period_id, _periods.start).order_by(_periods.start))


@cached
def breakdown(release: Release, table_id: str, period_id: str, measure_id: str) -> Answer:
    """category, value and percent of the sum, for one table and period; only published cells."""
    total = func.sum(_cells.value).over()
    statement = select(
        _cells.category_1.label("category"),
        _cells.value,
        (100.0 * _cells.value / func.nullif(total, 0)).label("percent"),
    ).where(
        _cells.table_id == table_id,
        _cells.period_id == period_id,
        _cells.measure_id == measure_id,
        _cells.category_1 != "",
        _cells.status == "published",
    )
    return _ask(release, statement)


@cached
def values(release: Release, table_id: str, period_id: str, *, category: str | None = None) -> Answer:
    """measure_id, category, value of every published cell of one table and period (of one category, if named)."""
    statement = select(_cells.measure_id, _cells.category_1.label("category"), _cells.value).where(
        _cells.table_id == table_id, _cells.period_id == period_id, _cells.status == "published")
    return _ask(release, statement if category is None else statement.where(_cells.category_1 == category))


@cached
def total(release: Release, table_id: str, period_id: str, measure_id: str, categories: Sequence[str]) -> Answer:
    """The sum of the published blocks of one table and period: a column `value`."""
    statement = select(func.sum(_cells.value).label("value")).where(
        _cells.table_id == table_id,
        _cells.period_id == period_id,
        _cells.measure_id == measure_id,
        _cells.category_1.in_(categories),
    )
    return _ask(release, statement)


@cached
def sums(release: Release, parts: dict[str, tuple[str, str, str]], period_ids: Sequence[str]) -> Answer:
    """One row: the sum of each part over these periods, a part being (table_id, measure_id, category or "")."""
    def part(table_id: str, measure_id: str, category: str) -> ColumnElement[Any]:
        return func.sum(case((
            (_cells.table_id == table_id) & (_cells.measure_id == measure_id) & (_cells.category_1 == category),
            _cells.value)))
    return _ask(release, select(*(part(*which).label(name) for name, which in parts.items())).where(
        _cells.period_id.in_(period_ids), _cells.status == "published"))


@cached
def share(release: Release, numerator: tuple[str, str], denominator: tuple[str, str], period_id: str) -> Answer:
    """numerator, denominator and percent of two cells without category, each (table_id, measure_id), in one period."""
    def cell(which: tuple[str, str]) -> ColumnElement[Any]:
        cells = TABLES["cells"].alias()
        return select(cells.c.value).where(cells.c.table_id == which[0], cells.c.measure_id == which[1],
                                           cells.c.period_id == period_id, cells.c.category_1 == "").scalar_subquery()
    top, bottom = cell(numerator), cell(denominator)
    return _ask(
        release,
        select(
            top.label("numerator"), bottom.label("denominator"), (100.0 * top / func.nullif(bottom, 0)).label("percent")
        ),
    )


@cached
def states(release: Release, table_id: str) -> Answer:
    """For each period of a table, open ones included: status, reason, have and need, in order of time."""
    statement = (
        select(
            _states.period_id,
            _periods.start,
            _periods.end,
            _periods.grain,
            _states.status,
            _states.reason,
            _states.have,
            _states.need,
        )
        .join(TABLES["periods"], _periods.period_id == _states.period_id, isouter=True)
        .where(_states.table_id == table_id)
    )
    return _ask(release, statement.order_by(_periods.start, _periods.end))


@cached
def status_total(release: Release, status: str) -> Answer:
    """How many (table, period) pairs have one status: a column `periods`."""
    return _ask(
        release, select(func.count().label("periods")).select_from(TABLES["states"]).where(_states.status == status)
    )


@cached
def part_of(
    release: Release, table_id: str, period_id: str, measure_id: str, part: Sequence[str], whole: Sequence[str]
) -> Answer:
    """numerator, denominator and percent: the sum of the published blocks `part` of that of `whole`, in one period."""
    published = (_cells.table_id == table_id, _cells.period_id == period_id, _cells.measure_id == measure_id,
                 _cells.status == "published")
    top, bottom = (
        select(func.sum(_cells.value)).where(*published, _cells.category_1.in_(blocks)).scalar_subquery()
        for blocks in (part, whole)
    )
    percent = (100.0 * top / func.nullif(bottom, 0)).label("percent")
    return _ask(release, select(top.label("numerator"), bottom.label("denominator"), percent))


@cached
def groups_not_collected(release: Release) -> Answer:
    """The groups that the source can't record, by combined period: table_id, period_id, dimension, category."""
    return _ask(release, select(
        _cells.table_id, _cells.period_id, _cells.dimension_1.label("dimension"), _cells.category_1.label("category"),
    ).join(TABLES["periods"], _periods.period_id == _cells.period_id).where(
        _cells.status == "not_collected", _cells.category_1 != "", _periods.grain == "run").distinct())


@cached
def reasons(release: Release) -> Answer:
    """How many periods of each table have each status and reason: table_id, status, reason, periods."""
    keys = (_states.table_id, _states.status, _states.reason)
    return _ask(release, select(*keys, func.count().label("periods")).group_by(*keys))


@cached
def dictionary(release: Release) -> Answer:
    """Each measure of a release: label, unit, definition, and how many of its cells hold a number."""
    measures = TABLES["measures"].c
    published = select(func.count()).where(
        _cells.table_id == measures.table_id, _cells.measure_id == measures.measure_id, _cells.status == "published")
    return _ask(release, select(
        measures.table_id, measures.measure_id, measures.question, measures.label, measures.unit, measures.definition,
        published.scalar_subquery().label("cells")))


def newest(release: Release) -> Answer:
    """The newest published value of each measure without a category, of a quarter or a run: table_id, measure_id,
    value.
    """
    order = func.row_number().over(partition_by=(_cells.table_id, _cells.measure_id),
                                   order_by=(_periods.end.desc(), _periods.start.desc()))
    ranked = select(_cells.table_id, _cells.measure_id, _cells.value, order.label("place")).join(
        TABLES["periods"], _periods.period_id == _cells.period_id).where(
        _cells.category_1 == "", _cells.status == "published", _periods.grain.in_(("quarter", "run"))).subquery()
    return _ask(release, select(ranked.c.table_id, ranked.c.measure_id, ranked.c.value).where(ranked.c.place == 1))
