"""A plan as bytes and back: canonical JSON, one byte sequence per plan.

Decoding is strict (see `typed`), and the plan must have the scenes that `shape` asks for.
`schema` describes the same in JSON Schema; the committed `plan.schema.json` is its output.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import cast

from shared.errors import Transient, Unreadable
from shared.lesson.plan import SCHEMA, SPEAKER_SCHEMA, Plan
from shared.lesson.shape import NEEDED, faults
from shared.lesson.typed import Json, describe, read
from shared.messages import read_object


def encode(plan: Plan) -> bytes:
    """Write a plan as canonical JSON: sorted keys, UTF-8, no blanks.

    Without a speaker it is what releases before speakers wrote, and can read.
    """
    told = asdict(plan)
    if plan.speaker is None:
        del told["speaker"]
    body = json.dumps(
        told, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return body.encode()


def decode(content: bytes) -> Plan:
    """Read a plan; raises Unreadable with the path of the first field at fault.

    Raises Transient for a later schema: the release that can read it is on its way.
    """
    told = read_object(content)
    if isinstance(told.get("schema"), int) and told["schema"] > SPEAKER_SCHEMA:
        raise Transient(f"a newer release wrote this plan, in schema {told['schema']}")
    plan = cast("Plan", read(Plan, {"speaker": None, **told}))
    wanted = SCHEMA if plan.speaker is None else SPEAKER_SCHEMA
    if plan.schema != wanted:
        raise Unreadable("unknown-schema", f"schema: must be {wanted}", "schema")
    for fault in faults(plan):
        raise Unreadable("bad-plan", f"scenes: {fault}", "scenes")
    return plan


def schema() -> Json:
    """Describe a plan in JSON Schema 2020-12."""
    definitions: dict[str, Json] = {}
    top = describe(Plan, definitions)
    # A lesson without one of these teaches nothing or hides its source.
    needed = [{"contains": {"properties": {"type": {"const": kind}}}} for kind in NEEDED]
    cast("dict[str, dict[str, Json]]", definitions["Plan"])["properties"]["scenes"]["allOf"] = (
        needed
    )
    cast("dict[str, list[str]]", definitions["Plan"])["required"].remove("speaker")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A lesson's plan",
        **top,
        "$defs": definitions,
    }
