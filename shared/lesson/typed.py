"""Typed records as JSON: decoding is strict, and the same types describe themselves.

Every field must be there with its own type, and no other may be.  Where a field may hold records
of several types, each carries its `kind`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Literal, cast, get_args, get_origin, get_type_hints

from shared.errors import Unreadable

Json = dict[str, object]
_NAMES = {str: "string", int: "integer", float: "number", bool: "boolean"}


class Unsound(ValueError):
    """A record's own rule does not hold: which field, and what the rule says."""

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(f"{field}: {rule}")
        self.field = field
        self.rule = rule


def read(kind: object, found: object, path: str = "") -> object:
    """Read a value of a type; raises Unreadable with the path of the first field at fault."""
    origin = get_origin(kind)
    if origin is Literal:
        return _read_word(get_args(kind), found, path)
    if origin is tuple:
        return _read_list(get_args(kind)[0], found, path)
    if origin is UnionType:
        return _read_choice(get_args(kind), found, path)
    if isinstance(kind, type) and is_dataclass(kind):
        return _read_record(kind, found, path)
    return _read_value(cast("type", kind), found, path)


def describe(kind: object, definitions: dict[str, Json]) -> Json:
    """Describe a type in JSON Schema 2020-12; records are added to `definitions`."""
    origin = get_origin(kind)
    if origin is Literal:
        return {"enum": list(get_args(kind))}
    if origin is tuple:
        return {"type": "array", "items": describe(get_args(kind)[0], definitions)}
    if origin is UnionType:
        return {"anyOf": [describe(one, definitions) for one in get_args(kind)]}
    if kind is NoneType:
        return {"type": "null"}
    if isinstance(kind, type) and is_dataclass(kind):
        return _describe_record(kind, definitions)
    return {"type": _NAMES[cast("type", kind)]}


@cache
def _hints(kind: type) -> Mapping[str, object]:
    return get_type_hints(kind)


def _read_choice(kinds: tuple[object, ...], found: object, path: str) -> object:
    """Read one of several records by its `kind`, or nothing where that is allowed."""
    if found is None and NoneType in kinds:
        return None
    records = [one for one in kinds if isinstance(one, type) and one is not NoneType]
    if len(records) == 1:
        return read(records[0], found, path)
    tagged = {get_args(_hints(one)["kind"])[0]: one for one in records}
    if not isinstance(found, dict):
        raise Unreadable("wrong-type", f"{path}: must be an object", path)
    return read(tagged[_tag(tuple(tagged), found, path)], found, path)


def _tag(tags: tuple[str, ...], found: Json, path: str) -> str:
    where = inside(path, "kind")
    if "kind" not in found:
        raise Unreadable("missing-field", f"{where}: missing", where)
    return str(_read_word(tags, found["kind"], where))


def _read_record(kind: type, found: object, path: str) -> object:
    if not isinstance(found, dict):
        raise Unreadable("wrong-type", f"{path}: must be an object", path)
    hints = _hints(kind)
    for name in found:
        if name not in hints:
            raise Unreadable("unknown-field", f"{inside(path, name)}: unknown", path)
    for name in hints:
        if name not in found:
            where = inside(path, name)
            raise Unreadable("missing-field", f"{where}: missing", where)
    try:
        return kind(**{name: read(hints[name], found[name], inside(path, name)) for name in hints})
    except Unsound as error:
        where = inside(path, error.field)
        raise Unreadable("bad-value", f"{where}: {error.rule}", where) from error


def _read_list(kind: object, found: object, path: str) -> tuple[object, ...]:
    if not isinstance(found, list):
        raise Unreadable("wrong-type", f"{path}: must be a list", path)
    return tuple(read(kind, one, f"{path}[{place}]") for place, one in enumerate(found))


def _read_word(words: tuple[object, ...], found: object, path: str) -> object:
    if not isinstance(found, str) or found not in words:
        raise Unreadable("bad-value", f"{path}: must be one of {', '.join(map(str, words))}", path)
    return found


def _read_value(kind: type, found: object, path: str) -> object:
    if kind is float and type(found) is int:
        found = _as_float(found, path)
    if type(found) is not kind or (isinstance(found, float) and not math.isfinite(found)):
        raise Unreadable("wrong-type", f"{path}: must be a {_NAMES[kind]}", path)
    return found


def _as_float(found: int, path: str) -> float:
    try:
        return float(found)
    except OverflowError as error:
        raise Unreadable("wrong-type", f"{path}: must be a {_NAMES[float]}", path) from error


def _describe_record(kind: type, definitions: dict[str, Json]) -> Json:
    if kind.__name__ not in definitions:
        hints = _hints(kind)
        definitions[kind.__name__] = {
            "type": "object",
            "properties": {name: describe(hints[name], definitions) for name in hints},
            "required": [one.name for one in fields(kind)],
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{kind.__name__}"}


def inside(path: str, name: str) -> str:
    """Join the path of a field."""
    return f"{path}.{name}" if path else name
