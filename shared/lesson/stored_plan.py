"""The plan as every stage reads it: from its object, exactly the generation they were told."""

from __future__ import annotations

import hashlib

from shared.errors import Permanent, Transient
from shared.lesson import codec
from shared.lesson.plan import Plan
from shared.ports import Objects, StoredObject


def read_plan(objects: Objects, lesson_id: str, generation: int) -> Plan:
    """Read a lesson's plan; raises Transient when the event came before it could be seen.

    Raises Permanent for another plan than the one that the lesson was begun with.
    """
    stored = find_plan(objects, lesson_id)
    if stored.generation != generation:
        raise Permanent("the plan was replaced after its scenes were asked for")
    return read_stored(objects, stored)


def find_plan(objects: Objects, lesson_id: str) -> StoredObject:
    """Look a lesson's plan up; raises Transient while it is not there."""
    stored = objects.find("generated", f"lessons/{lesson_id}/plan.json")
    if stored is None:
        raise Transient("the plan is not there yet")
    return stored


def read_stored(objects: Objects, stored: StoredObject) -> Plan:
    """Read a plan that was found; raises Permanent when its bytes are not those of its digest."""
    content = objects.read(stored.bucket, stored.name, stored.generation)
    if hashlib.sha256(content).hexdigest() != stored.sha256:
        raise Permanent("the plan is not the one that was stored: its digest is another")
    return codec.decode(content)
