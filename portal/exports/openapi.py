"""The description of /api/v1/ in OpenAPI 3.1; a test tries every URL by it.

Written by hand: no library that the portal has makes one from Starlette's routes, and one that does would need the
schemas in a form of its own beside these.
"""

from typing import get_args

from portal.contract.contract import SCHEMA
from portal.exports.sheets import STATUS
from portal.language import LANGUAGES
from portal.release.corrections import CorrectionKind

Schema = dict[str, object]
TEXT: Schema = {"type": "string"}
TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
NUMBER_OR_NULL: Schema = {"type": ["number", "null"]}
HASH: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
DAY: Schema = {"type": "string", "format": "date"}
URL: Schema = {"type": "string", "format": "uri"}
NAME: Schema = {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[A-Za-z0-9._-]+$"}
LANGUAGE: Schema = {"type": "string", "pattern": "^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$"}
LISTED = f"{', '.join(LANGUAGES)}, or a variant of one, such as es-MX"
ABOUT: dict[str, Schema] = {"release": TEXT, "state": {"enum": ["illustrative", "preliminary", "official"]},
                            "made_up": {"type": "boolean"}, "notice": TEXT_OR_NULL}


def _object(required: str, **properties: Schema) -> Schema:
    return {"type": "object", "required": required.split(), "properties": properties}


def _answer(required: str, **properties: Schema) -> Schema:
    return _object(f"release state made_up notice {required}", **ABOUT, **properties)


def _list(item: Schema) -> Schema:
    return {"type": "array", "items": item}


LINKS: Schema = {"type": "object", "additionalProperties": URL}
PERIOD = _object("period_id grain start end days days_recorded", period_id=TEXT, grain=TEXT, start=DAY, end=DAY,
                 days={"type": "integer"}, days_recorded={"type": "integer"})
CELL = _object(" ".join(SCHEMA["cells"]), **{
    column: NUMBER_OR_NULL if column == "value" else TEXT_OR_NULL for column in SCHEMA["cells"]})
SCHEMAS: dict[str, Schema] = {
    "Index": _answer("head_hash title pilot links figures", head_hash=HASH, title=TEXT, links=LINKS,
                     figures=_list(URL), pilot={"oneOf": [{"type": "null"}, _object(
                         "status since confirmed_by_the_city says source",
                         status={"enum": ["not_started", "running", "paused", "ended"]}, since=TEXT,
                         confirmed_by_the_city={"type": "boolean"}, says=TEXT, source=URL)]}),
    "Releases": _answer("releases", releases=_list(_object(
        "release_id state period_start period_end due_on published_on newest head_hash links", release_id=TEXT,
        state=ABOUT["state"], period_start=DAY, period_end=DAY, due_on=DAY, published_on=DAY,
        newest={"type": "boolean"}, head_hash=HASH, links=LINKS))),
    "Corrections": _answer("corrections", corrections=_list(_object(
        "release published_on kind table_id sentence text late corrected left_out repeated", release=TEXT,
        published_on=DAY, kind={"enum": list(get_args(CorrectionKind))}, table_id=TEXT_OR_NULL, sentence=TEXT,
        text=TEXT_OR_NULL, late=TEXT_OR_NULL, corrected=TEXT_OR_NULL, left_out=TEXT_OR_NULL, repeated=TEXT_OR_NULL))),
    "Release": _answer(
        "head_hash meta license tables periods files links", head_hash=HASH,
        meta={"type": "object", "additionalProperties": TEXT},
        license=_object("title address", title=TEXT_OR_NULL, address=TEXT_OR_NULL), tables=_list(TEXT),
        periods=_list(PERIOD), links=LINKS, files=_list(_object(
            "name sha256 bytes address", name=TEXT, sha256=TEXT, bytes={"type": "integer"}, address=URL))),
    "Measures": _answer("measures", measures=_list(_object(
        "table_id measure_id question label unit definition", table_id=TEXT, measure_id=TEXT, question=TEXT, label=TEXT,
        unit=TEXT, definition=TEXT))),
    "Cells": _answer("cells states periods", cells=_list(CELL), periods=_list(PERIOD), states=_list(
        _object("table_id period_id status", table_id=TEXT, period_id=TEXT_OR_NULL, status=TEXT))),
    "Figure": _answer(
        "id question headline answer language period table not_shown definition citation address", id=TEXT,
        question=TEXT, answer=TEXT, language={"enum": list(LANGUAGES)}, period=TEXT_OR_NULL, definition=TEXT,
        citation=TEXT,
        address=URL, not_shown=_list({"type": "object"}), headline=TEXT, table={"oneOf": [{"type": "null"}, _object(
            "caption headers rows", caption=TEXT, headers=_list(TEXT),
            rows=_list(_list(_object("text value", text=TEXT, value=NUMBER_OR_NULL))))]}),
    "Asked": _object(
        "release state made_up notice language sure found help_first results", release=TEXT_OR_NULL,
        state={"enum": ["illustrative", "preliminary", "official", None]}, made_up={"type": "boolean"},
        notice=TEXT_OR_NULL, language={"enum": list(LANGUAGES)}, sure={"type": "boolean"}, found={"type": "boolean"},
        help_first=_list(_object("number call", number=TEXT, call=TEXT)), results=_list(_object(
            "page id kind title answer href says", page=TEXT, id=TEXT, kind=TEXT, title=TEXT, answer=TEXT, href=URL,
            says=TEXT))),
    "Description": {"type": "object"},
    "Problem": _object("type title status detail", type=TEXT, title=TEXT, status={"type": "integer"}, detail=TEXT),
}


def _parameter(name: str, where: str, sentence: str, schema: Schema) -> Schema:
    return {"name": name, "in": where, "required": where == "path", "description": sentence, "schema": schema}


def _several(name: str, sentence: str, item: Schema) -> Schema:
    """A filter of cells: one value or more, with commas between them."""
    schema = {"type": "array", "minItems": 1, "maxItems": 8, "items": item}
    return _parameter(name, "query", f"{sentence} Several with commas between them.", schema) | {
        "style": "form", "explode": False}


RELEASE = _parameter("release", "path", "A release, such as 2027-Q3, or newest.", NAME)
FIGURE = _parameter("figure", "path", "A figure by its id, such as response.met.", NAME)
FIGURE_QUERY = (_parameter("release", "query", "A release; without it the newest.", NAME),
                _parameter("period", "query", "A period by its id, such as 2027-Q2.", NAME),
                _parameter("lang", "query", f"The language of the words: {LISTED}.", LANGUAGE))
QUESTION = _parameter("q", "query", "A question in anybody's words; its first 200 letters are read.",
                      {"type": "string", "minLength": 1}) | {"required": True}
CELL_QUERY = (_several("table", "A table by its id, such as demand.received.", NAME),
              _several("measure", "A measure by its id, such as calls.", NAME),
              _several("category", "A category by its id, such as mental_health.", NAME),
              _several("period", "A period by its id, such as 2027-Q2.", NAME),
              _several("status", "Why a number is or is not there.", {"enum": list(STATUS)}),
              _parameter("labels", "query", f"Adds the words for measures and categories: {LISTED}.", LANGUAGE))


def _path(schema: str, summary: str, *parameters: Schema, csv: bool = False) -> Schema:
    content: Schema = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    if csv:
        content["text/csv"] = {"schema": TEXT}
        summary += ". As CSV with `Accept: text/csv`, or with .csv behind the address"
    problem = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    errors = {"400": "A name after the question mark that is not known.", "404": "It is not published.",
              "503": "It is being made ready."}
    return {"get": {"summary": summary, "operationId": schema.lower(), "parameters": list(parameters), "responses": {
        "200": {"description": summary, "content": content}, "304": {"description": "You have it."},
        **{status: {"description": reason, **problem} for status, reason in errors.items()}}}}


def description(site_url: str) -> Schema:
    """The document, for the site of that URL."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Somerville Co-Response Pilot: published numbers", "version": "1",
                 "description": "Read-only. Every answer says whether its numbers are made up, and `status` says of "
                                "each number that is missing why: it is never a zero."},
        "servers": [{"url": f"{site_url}/api/v1"}],
        "paths": {
            "/": _path("Index", "What there is"),
            "/openapi.json": _path("Description", "This description"),
            "/releases": _path("Releases", "Every release, when it was due and when it came out", csv=True),
            "/corrections": _path("Corrections", "What was corrected, late, left out or withdrawn", csv=True),
            "/releases/{release}": _path("Release", "A release: its dates, license, periods and files", RELEASE),
            "/releases/{release}/measures": _path("Measures", "Every measure of a release", RELEASE, csv=True),
            "/releases/{release}/cells": _path("Cells", "The numbers of a release, and why others are missing", RELEASE,
                                               *CELL_QUERY, csv=True),
            "/figures/{figure}": _path("Figure", "A figure in words and numbers", FIGURE, *FIGURE_QUERY, csv=True),
            "/ask": _path("Asked", "The three places that answer a question, the best first. Nothing of it is kept",
                          QUESTION, FIGURE_QUERY[-1]),
        },
        "components": {"schemas": SCHEMAS},
    }
