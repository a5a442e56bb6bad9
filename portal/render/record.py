"""A figure as plain words and numbers: what the brief, the projector and other machines read instead of markup."""

from typing import TYPE_CHECKING

from portal.language import spoken
from portal.render.rendered import FigureRecord, RecordCell, RecordTable

if TYPE_CHECKING:  # the server reads records and never builds a figure
    from portal.figures.figure import Cell, Figure, Table


def _cell(cell: "Cell") -> RecordCell:
    return {"text": cell.text, "value": cell.value}


def _table(table: "Table") -> RecordTable:
    return {"caption": table.caption, "headers": list(table.headers),
            "rows": [[_cell(value) for value in row] for row in table.rows]}


def record(figure: "Figure") -> FigureRecord:
    """All that a figure says, in the language in force. Without a number its table is None."""
    source = figure.provenance
    short = figure.short
    return {
        "id": figure.id, "language": spoken(), "question": figure.title,
        "headline": figure.headline.plain, "sub": figure.sub.plain, "answer": figure.answer.plain,
        "numbers": list(figure.answer.numbers), "caveats": list(figure.caveats), "source": figure.period,
        "not_shown": [{"kind": gap.kind, "what": gap.what, "why": gap.why, "waits_for": gap.waits_for,
                       "period": gap.period, "have": gap.have, "need": gap.need} for gap in figure.gaps],
        "table": _table(figure.table) if figure.table else None,
        "short": {"question": short.question, "number": short.number.plain, "rest": short.rest.plain,
                  "newest": short.newest} if short else None,
        "definition": source.definition, "why": source.why, "limits": source.limits, "method": source.method,
        "recorded_in": source.source, "drawing": figure.chart.alt if figure.chart else ""}
