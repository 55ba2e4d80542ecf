"""A plan as bytes and back: canonical JSON, one byte sequence per plan.

Decoding is strict: every field must be there with its own type, no other may be, and the plan
must have the scenes that `shape` asks for.  `schema` describes the same in JSON Schema; the
committed `plan.schema.json` is its output.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Literal, cast, get_args, get_origin, get_type_hints

from shared.errors import Transient, Unreadable
from shared.lesson.plan import SCHEMA, Plan
from shared.lesson.shape import faults
from shared.messages import read_object

Json = dict[str, object]
_NAMES = {str: "string", int: "integer", float: "number", bool: "boolean"}


def encode(plan: Plan) -> bytes:
    """Write a plan as canonical JSON: sorted keys, UTF-8, no blanks."""
    body = json.dumps(
        asdict(plan), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return body.encode()


def decode(content: bytes) -> Plan:
    """Read a plan; raises Unreadable with the path of the first field at fault.

    Raises Transient for a later schema: the release that can read it is on its way.
    """
    told = read_object(content)
    if isinstance(told.get("schema"), int) and told["schema"] > SCHEMA:
        raise Transient(f"a newer release wrote this plan, in schema {told['schema']}")
    plan = cast("Plan", _read(Plan, told, ""))
    if plan.schema != SCHEMA:
        raise Unreadable("unknown-schema", f"schema: must be {SCHEMA}", "schema")
    for fault in faults(plan):
        raise Unreadable("bad-plan", f"scenes: {fault}", "scenes")
    return plan


def schema() -> Json:
    """Describe a plan in JSON Schema 2020-12."""
    definitions: dict[str, Json] = {}
    top = _describe(Plan, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A lesson's plan",
        **top,
        "$defs": definitions,
    }


@cache
def _hints(kind: type) -> Mapping[str, object]:
    return get_type_hints(kind)


def _read(kind: object, found: object, path: str) -> object:
    origin = get_origin(kind)
    if origin is Literal:
        return _read_word(get_args(kind), found, path)
    if origin is tuple:
        return _read_list(get_args(kind)[0], found, path)
    if origin is UnionType:
        return None if found is None else _read(get_args(kind)[0], found, path)
    if isinstance(kind, type) and is_dataclass(kind):
        return _read_record(kind, found, path)
    return _read_value(cast("type", kind), found, path)


def _read_record(kind: type, found: object, path: str) -> object:
    if not isinstance(found, dict):
        raise Unreadable("wrong-type", f"{path}: must be an object", path)
    hints = _hints(kind)
    for name in found:
        if name not in hints:
            raise Unreadable("unknown-field", f"{_inside(path, name)}: unknown", path)
    for name in hints:
        if name not in found:
            where = _inside(path, name)
            raise Unreadable("missing-field", f"{where}: missing", where)
    return kind(**{name: _read(hints[name], found[name], _inside(path, name)) for name in hints})


def _read_list(kind: object, found: object, path: str) -> tuple[object, ...]:
    if not isinstance(found, list):
        raise Unreadable("wrong-type", f"{path}: must be a list", path)
    return tuple(_read(kind, one, f"{path}[{place}]") for place, one in enumerate(found))


def _read_word(words: tuple[object, ...], found: object, path: str) -> object:
    if not isinstance(found, str) or found not in words:
        raise Unreadable("bad-value", f"{path}: must be one of {', '.join(map(str, words))}", path)
    return found


def _read_value(kind: type, found: object, path: str) -> object:
    if kind is float and type(found) is int:
        found = float(found)
    if type(found) is not kind or (isinstance(found, float) and not math.isfinite(found)):
        raise Unreadable("wrong-type", f"{path}: must be a {_NAMES[kind]}", path)
    return found


def _inside(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _describe(kind: object, definitions: dict[str, Json]) -> Json:
    origin = get_origin(kind)
    if origin is Literal:
        return {"enum": list(get_args(kind))}
    if origin is tuple:
        return {"type": "array", "items": _describe(get_args(kind)[0], definitions)}
    if origin is UnionType:
        return {"anyOf": [_describe(get_args(kind)[0], definitions), {"type": "null"}]}
    if isinstance(kind, type) and is_dataclass(kind):
        return _describe_record(kind, definitions)
    return {"type": _NAMES[cast("type", kind)]}


def _describe_record(kind: type, definitions: dict[str, Json]) -> Json:
    if kind.__name__ not in definitions:
        hints = _hints(kind)
        definitions[kind.__name__] = {
            "type": "object",
            "properties": {name: _describe(hints[name], definitions) for name in hints},
            "required": [one.name for one in fields(kind)],
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{kind.__name__}"}
