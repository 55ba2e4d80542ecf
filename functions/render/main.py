"""Render one scene.  scene-requested -> the scene's objects, whose own event goes on."""

import functions_framework
from cloudevents.http import CloudEvent

from shared import stage
from shared.events import SceneRequested
from shared.film.rendering import fail_scene, is_of_this_plan, render_scene


@functions_framework.cloud_event
def render(event: CloudEvent) -> None:
    """Start here."""
    stage.run(event, SceneRequested, render_scene, otherwise=fail_scene, ready=is_of_this_plan)
