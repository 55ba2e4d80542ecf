"""Empty work in script's place.  script-requested -> scene-requested, eight times."""

from collections.abc import Sequence

import functions_framework
from cloudevents.http import CloudEvent

from shared import stage
from shared.errors import Missing
from shared.events import Outgoing, SceneRequested, ScriptRequested
from shared.hold import produced, signature
from shared.lesson import codec
from shared.lesson.plan import Attribution, Brief, Line, Personalisation, Plan, Scene, SceneType
from shared.ports import Services

SCENES: tuple[SceneType, ...] = (
    "title", "hook", "concept", "concept", "concept", "check", "recap", "sources",
)  # fmt: skip


@functions_framework.cloud_event
def script(event: CloudEvent) -> None:
    """Start here."""
    stage.run(event, ScriptRequested, ask_for_scenes)


def ask_for_scenes(asked: ScriptRequested, services: Services) -> Sequence[Outgoing]:
    """Store a plan that says next to nothing, and ask for its scenes."""
    lesson = services.records.lesson(asked.lesson_id)
    if lesson is None:
        raise Missing("no lesson of this id")
    plan = services.objects.create(
        "generated", f"lessons/{asked.lesson_id}/plan.json",
        codec.encode(_plan(asked.lesson_id, lesson.brief)),
        content_type="application/json", metadata=signature(),
    )  # fmt: skip
    produced(plan)
    services.records.scripted(asked.lesson_id, plan, SCENES)
    return [
        SceneRequested(asked.lesson_id, n, plan.generation, asked.correlation_id)
        for n in range(1, len(SCENES) + 1)
    ]


def _plan(lesson_id: str, brief: Brief) -> Plan:
    line = Line("Nothing.", "Nothing.", "instruction")
    scenes = tuple(Scene(n, kind, kind, (line,), ()) for n, kind in enumerate(SCENES, 1))
    book = Attribution("", (), "", "", "", "", "")
    return Plan(lesson_id, brief, "nobody", Personalisation(mapped=False), scenes, (), book)
