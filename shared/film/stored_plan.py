"""The plan as the films' stages read it: from its object, exactly the generation they were told."""

from __future__ import annotations

from shared.errors import Missing, Transient
from shared.lesson import codec
from shared.lesson.plan import Plan
from shared.ports import Objects


def read_plan(objects: Objects, lesson_id: str, generation: int) -> Plan:
    """Read a lesson's plan; raises Transient when the event came before it could be seen."""
    try:
        content = objects.read("generated", f"lessons/{lesson_id}/plan.json", generation)
    except Missing as error:
        raise Transient("the plan is not there yet") from error
    return codec.decode(content)
