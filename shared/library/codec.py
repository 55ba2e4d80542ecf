"""A section as JSON and back: what the database keeps of it."""

from __future__ import annotations

import json
from dataclasses import asdict, is_dataclass
from functools import cache
from typing import Any, cast, get_args, get_origin, get_type_hints

from shared.library.book import Section


def encode(section: Section) -> str:
    """Write a section as one line of JSON."""
    return json.dumps(asdict(section), ensure_ascii=False, separators=(",", ":"))


def decode(content: object) -> Section:
    """Make a section of decoded JSON that `encode` wrote; raises KeyError on any other."""
    return cast("Section", _made(Section, content))


@cache
def _fields(record: type) -> dict[str, object]:
    return get_type_hints(record)


def _made(annotation: object, content: Any) -> object:  # noqa: ANN401 - JSON of any shape
    if get_origin(annotation) is tuple:
        inner = get_args(annotation)[0]
        return tuple(_made(inner, one) for one in content)
    if isinstance(annotation, type) and is_dataclass(annotation):
        hints = _fields(annotation)
        return annotation(**{name: _made(hints[name], content[name]) for name in hints})
    return content
