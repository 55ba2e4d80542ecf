"""Write a lesson's plan.  script-requested -> scene-requested, once per scene.

A lesson of text alone ends here: -> content-completed, once per request.
"""

import functions_framework
from cloudevents.http import CloudEvent

from shared import stage
from shared.events import ScriptRequested
from shared.lesson.writing import end_lesson, write_lesson


@functions_framework.cloud_event
def script(event: CloudEvent) -> None:
    """Start here."""
    stage.run(event, ScriptRequested, write_lesson, otherwise=end_lesson)
