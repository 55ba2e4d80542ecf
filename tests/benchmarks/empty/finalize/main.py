"""Empty work in finalize's place.  the last scene's object stored -> content-completed."""

from collections.abc import Sequence

import functions_framework
from cloudevents.http import CloudEvent

from shared import stage
from shared.answers import answer_all
from shared.events import Outgoing, SceneStored
from shared.film.finalizing import every_scene_is_there
from shared.ports import Services

FILES = ("plan", "film", "captions", "chapters", "transcript", "thumbnail", "sources", "checks")


@functions_framework.cloud_event
def finalize(event: CloudEvent) -> None:
    """Start here."""
    stage.run(event, SceneStored, complete, ready=every_scene_is_there)


def complete(stored: SceneStored, services: Services) -> Sequence[Outgoing]:
    """Call the lesson completed, with files that nobody made."""
    files = {kind: f"lessons/{stored.lesson_id}/{kind}" for kind in FILES}
    services.records.completed(stored.lesson_id, files)
    return answer_all(services.records, stored.lesson_id, "finalize")
