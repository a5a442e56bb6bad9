"""The description of /api/v1/ by OpenAPI 3.1; a test tries every address by it."""

from typing import Any

from portal.language import LANGUAGES

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
MAYBE: Schema = {"type": ["string", "null"]}
DAY: Schema = {"type": "string", "format": "date"}
NAME: Schema = {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[A-Za-z0-9._-]+$"}
COMMON: Schema = {"release": TEXT, "state": {"enum": ["illustrative", "preliminary", "official"]},
                  "made_up": {"type": "boolean"}, "notice": MAYBE}


def _thing(required: str, **properties: Schema) -> Schema:
    return {"type": "object", "required": required.split(), "properties": properties}


def _list(item: Schema) -> Schema:
    return {"type": "array", "items": item}


SCHEMAS: Schema = {
    "Index": _thing("release state made_up notice title links figures", **COMMON, title=TEXT,
                    links={"type": "object", "additionalProperties": TEXT}, figures=_list(TEXT)),
    "Releases": _thing("release state made_up notice releases", **COMMON, releases=_list(_thing(
        "release_id state period_start period_end due_on published_on newest links", release_id=TEXT,
        state=COMMON["state"], period_start=DAY, period_end=DAY, due_on=DAY, published_on=DAY,
        newest={"type": "boolean"}, links={"type": "object"}))),
    "Measures": _thing("release state made_up notice measures", **COMMON, measures=_list(_thing(
        "table_id measure_id question label unit definition", table_id=TEXT, measure_id=TEXT, question=TEXT, label=TEXT,
        unit=TEXT, definition=TEXT))),
    "Cells": _thing("release state made_up notice cells states periods", **COMMON, periods=_list({"type": "object"}),
                    cells=_list(_thing(
                        "table_id period_id measure_id category_1 value status", table_id=TEXT, period_id=TEXT,
                        measure_id=TEXT, category_1=MAYBE, value={"type": ["number", "null"]}, status=TEXT)),
                    states=_list(_thing("table_id period_id status", table_id=TEXT, period_id=MAYBE, status=TEXT))),
    "Figure": _thing(
        "release state made_up notice id question answer language period table chips definition citation address",
        **COMMON, id=TEXT, question=TEXT, answer=TEXT, language={"enum": list(LANGUAGES)}, period=MAYBE,
        definition=TEXT, citation=TEXT, address={"type": "string", "format": "uri"}, chips=_list({"type": "object"}),
        table={"oneOf": [{"type": "null"}, _thing("caption headers rows", caption=TEXT, headers=_list(TEXT), rows=_list(
            _list(_thing("text value", text=TEXT, value={"type": ["number", "null"]}))))]}),
    "Description": {"type": "object"},
    "Problem": _thing("type title status detail", type=TEXT, title=TEXT, status={"type": "integer"}, detail=TEXT),
}


def _parameter(name: str, where: str, said: str, schema: Schema) -> Schema:
    return {"name": name, "in": where, "required": where == "path", "description": said, "schema": schema}


RELEASE = _parameter("release", "path", "A release, such as 2027-Q3.", NAME)
QUERY = {
    "release": _parameter("release", "query", "A release; without it the newest.", NAME),
    "period": _parameter("period", "query", "A period by its id, such as 2027-Q2.", NAME),
    "table": _parameter("table", "query", "A table by its id, such as demand.received.", NAME),
    "lang": _parameter("lang", "query", "The language of the words.", {"enum": list(LANGUAGES)}),
}


def _path(schema: str, said: str, *parameters: Schema) -> Schema:
    problem = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    errors = {"400": "A name after the question mark that is not known.", "404": "It is not published.",
              "503": "It is being made ready."}
    return {"get": {
        "summary": said, "operationId": schema.lower(), "parameters": list(parameters), "responses": {
            "200": {"description": said, "content": {
                "application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}},
            "304": {"description": "You have it."},
            **{status: {"description": why, **problem} for status, why in errors.items()}}}}


def description(address: str) -> Schema:
    """The document, for the site of that address."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Somerville Co-Response Pilot: published numbers", "version": "1",
                 "description": "Read-only. Every answer says whether its numbers are made up, and `status` says of "
                                "each number that is missing why: it is never a zero."},
        "servers": [{"url": f"{address}/api/v1"}],
        "paths": {
            "/": _path("Index", "What there is"),
            "/openapi.json": _path("Description", "This description"),
            "/releases": _path("Releases", "Every release, when it was due and when it came out"),
            "/releases/{release}/measures": _path("Measures", "Every number of a release, by name", RELEASE),
            "/releases/{release}/cells": _path("Cells", "The numbers of a release, and why others are missing", RELEASE,
                                               QUERY["table"], QUERY["period"]),
            "/figures/{figure}": _path("Figure", "A figure in words and numbers",
                                       _parameter("figure", "path", "A figure by its id, such as response.met.", NAME),
                                       QUERY["release"], QUERY["period"], QUERY["lang"]),
        },
        "components": {"schemas": SCHEMAS},
    }
