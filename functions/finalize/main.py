"""Finish a lesson.  the last scene's object stored -> content-completed, once per request."""

import functions_framework
from cloudevents.http import CloudEvent

from shared import stage
from shared.events import SceneStored
from shared.film.finalizing import every_scene_is_there, fail_lesson, finish_lesson


@functions_framework.cloud_event
def finalize(event: CloudEvent) -> None:
    """Start here."""
    stage.run(event, SceneStored, finish_lesson, otherwise=fail_lesson, ready=every_scene_is_there)
