"""Write a lesson's plan.  script-requested -> scene-requested (one per scene) or content-completed."""

from collections.abc import Sequence

import functions_framework
from cloudevents.http import CloudEvent

from shared import stage
from shared.events import Outgoing, ScriptRequested
from shared.lesson.writing import end_lesson, write_lesson
from shared.ports import Services


@functions_framework.cloud_event
def script(event: CloudEvent) -> None:
    """Start here."""
    stage.run(event, ScriptRequested, write_plan, otherwise=end_lesson)


def write_plan(asked: ScriptRequested, services: Services) -> Sequence[Outgoing]:
    """Turn a question into a checked plan and ask for its scenes."""
    return write_lesson(asked, services)
