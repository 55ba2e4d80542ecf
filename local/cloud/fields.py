"""Firestore documents as fields: which are allowed, and how a mask picks some of them."""

from __future__ import annotations

import re
from typing import Any

from local.cloud.calls import invalid

MOST_NAME_BYTES = 1500
MOST_DOCUMENT_BYTES = 1024 * 1024
RESERVED = re.compile(r"__.*__", re.DOTALL)
SEGMENT = re.compile(r"(?:`((?:[^`\\]|\\.)+)`|([^.`]+))(\.|$)")


def check_name(name: str) -> None:
    """Refuse the document names that Firestore refuses; raises Rejected."""
    segments = name.split("/")[5:]
    if not segments or len(segments) % 2:
        raise invalid(f"{name} is no document")
    for segment in segments:
        if segment in ("", ".", "..") or RESERVED.fullmatch(segment):
            raise invalid(f"{segment!r} is no id")
        if len(segment.encode()) > MOST_NAME_BYTES:
            raise invalid(f"an id has more than {MOST_NAME_BYTES} bytes")


def check_document(document: Any) -> None:  # noqa: ANN401
    """Refuse the contents that Firestore refuses; raises Rejected."""
    if document.ByteSize() > MOST_DOCUMENT_BYTES:
        raise invalid(f"a document has more than {MOST_DOCUMENT_BYTES} bytes")
    _check_fields(document.fields)


def split_path(path: str) -> tuple[str, ...]:
    """Split `a.b` or a backticked segment; raises Rejected."""
    segments, at = [], 0
    while at < len(path):
        found = SEGMENT.match(path, at)
        if found is None or (found[3] and found.end() == len(path)):
            raise invalid(f"{path!r} is no field path")
        segments.append(re.sub(r"\\(.)", r"\1", found[1]) if found[1] else found[2])
        at = found.end()
    return tuple(segments)


def copy_masked(source: Any, target: Any, mask: list[str]) -> None:  # noqa: ANN401
    """Make the masked fields of `target` equal to those of `source`; missing means removed."""
    for path in mask:
        *parents, last = split_path(path)
        found = _descend(source, parents, make=False)
        if found is not None and last in found:
            _descend(target, parents, make=True)[last].CopyFrom(found[last])
            continue
        there = _descend(target, parents, make=False)
        if there is not None and last in there:
            del there[last]


def _descend(fields: Any, parents: list[str], *, make: bool) -> Any:  # noqa: ANN401
    for name in parents:
        inside = name in fields and fields[name].WhichOneof("value_type") == "map_value"
        if not inside and not make:
            return None
        if not inside:
            fields[name].map_value.SetInParent()
        fields = fields[name].map_value.fields
    return fields


def _check_fields(fields: Any) -> None:  # noqa: ANN401
    for name, value in fields.items():
        if not name or RESERVED.fullmatch(name) or len(name.encode()) > MOST_NAME_BYTES:
            raise invalid(f"{name!r} is no field name")
        _check_value(value)


def _check_value(value: Any) -> None:  # noqa: ANN401
    kind = value.WhichOneof("value_type")
    if kind == "map_value":
        _check_fields(value.map_value.fields)
    for one in value.array_value.values if kind == "array_value" else ():
        if one.WhichOneof("value_type") == "array_value":
            raise invalid("an array may not stand directly in an array")
        _check_value(one)
