"""The JSON Schema of `/status.json`, made from the same table definitions that the ledger is made from."""

from collections.abc import Mapping, Sequence
from typing import Any

from flows.service.status_document import SCHEMA_VERSION
from warehouse.tables import ops
from warehouse.tables.alerts import ALERTS
from warehouse.tables.table import Column, Kind, Table

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_INSTANT: Schema = {"type": "string", "format": "date-time"}
_DAY: Schema = {"type": "string", "format": "date"}
_TEXTS: Schema = {"type": "array", "items": {"type": "string"}}
_KINDS: Mapping[Kind, Schema] = {
    Kind.TEXT: {"type": "string"},
    Kind.TEXTS: _TEXTS,
    Kind.INTEGER: {"type": "integer"},
    Kind.NUMBER: {"type": "number"},
    Kind.FLAG: {"type": "boolean"},
    Kind.DAY: _DAY,
    Kind.INSTANT: _INSTANT,
}


def status_schema() -> Schema:
    """Give the schema as it is published at `/status.schema.json`."""
    return {"$schema": DIALECT, "title": "The state of one home of Dragongate", **_fields(_FIELDS)}


def _told(schema: Schema, description: str) -> Schema:
    return {**schema, "description": description}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _fields(properties: Mapping[str, Schema]) -> Schema:
    return {"type": "object", "properties": dict(properties), "required": list(properties)}


def _rows(table: Table, description: str, without: Sequence[str] = ()) -> Schema:
    """Describe rows of a table of the ledger."""
    columns = {one.name: _column(one) for one in table.columns if one.name not in without}
    return {"type": "array", "items": _fields(columns), "description": description}


def _column(column: Column) -> Schema:
    kind = _KINDS[column.kind]
    unit = f" ({column.unit})" if column.unit else ""
    return _told(_or_null(kind) if column.optional else kind, f"{column.description}{unit}")


_HOLDER = _fields(
    {
        "flow": {"type": "string"},
        "run_id": {"type": "string"},
        "pid": {"type": "integer"},
        "host": {"type": "string"},
        "since": _INSTANT,
    }
)
_GENERATION = _fields(
    {
        "number": {"type": "integer", "minimum": 1},
        "published_at": _or_null(_INSTANT),
        "age_seconds": _or_null({"type": "number", "minimum": 0}),
    }
)
_AGE = _fields(
    {
        "table_name": {"type": "string"},
        "age_hours": _or_null({"type": "number", "minimum": 0}),
        "allowed_hours": _or_null({"type": "number"}),
        "is_stale": {"type": "boolean"},
        "is_required": {"type": "boolean"},
    }
)
_PREFECT = _fields(
    {
        "url": _or_null({"type": "string"}),
        "is_reachable": _or_null({"type": "boolean"}),
        "problem": _or_null({"type": "string"}),
        "checked_at": _or_null(_INSTANT),
    }
)
_FIELDS: Mapping[str, Schema] = {
    "schema_version": _told({"const": SCHEMA_VERSION}, "Grows when a field goes or changes its meaning"),
    "asked_at": _told(_INSTANT, "When this was asked"),
    "is_good": _told({"type": "boolean"}, "Nothing required is missing, kept back or stale"),
    "runs": _rows(ops.RUNS, "The ten newest runs, newest first"),
    "freshness": _rows(ops.FRESHNESS, "Each table's age at the end of the newest run that collected"),
    "gaps": _rows(ops.ANSWERS, "What that run should have had and has not"),
    "holes": _rows(ops.COMPLETENESS, "What is missing of everything that we follow", without=("run_id",)),
    "failed_checks": _rows(ops.CHECKS, "Checks that did not hold"),
    "kept_back": _rows(ops.PUBLICATIONS, "Tables that show their last good content"),
    "drift": _rows(ops.DRIFT, "The newest twenty fields that we do not know"),
    "muted": _rows(ops.MUTES, "Sources that may be missing for a while"),
    "running": _told(_or_null(_HOLDER), "Who holds the writer's lease, or died with it"),
    "alerts": _rows(ALERTS, "What is wrong and was noticed: who was told, who took it on"),
    "generation": _told(_or_null(_GENERATION), "The published generation; null before the first"),
    "ages": {"type": "array", "items": _AGE, "description": "Each table's age now; after a replay, where it ends"},
    "problem": _told(_or_null({"type": "string"}), "What cannot be read, and what to do"),
    "prefect": _told(_PREFECT, "Whether Prefect's server answers; all null where none is configured"),
}
