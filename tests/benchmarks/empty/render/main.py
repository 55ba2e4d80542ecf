"""Empty work in render's place.  scene-requested -> the scene's object, whose own event goes on."""

from collections.abc import Sequence

import functions_framework
from cloudevents.http import CloudEvent

from shared import stage
from shared.events import Outgoing, SceneRequested
from shared.hold import signature
from shared.ports import Services


@functions_framework.cloud_event
def render(event: CloudEvent) -> None:
    """Start here."""
    stage.run(event, SceneRequested, store_nothing)


def store_nothing(asked: SceneRequested, services: Services) -> Sequence[Outgoing]:
    """Commit a scene that has no files."""
    name = f"lessons/{asked.lesson_id}/scenes/{asked.scene:02d}/scene.json"
    services.objects.create(
        "scenes", name, b"{}", content_type="application/json", metadata=signature()
    )
    return ()
