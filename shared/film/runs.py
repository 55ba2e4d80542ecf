"""How the runs of `render` ended: it has no database, so whoever has one reads its claims.

scene.json carries the runs before its own, so that a scene's history shows while its lesson is
rendered; the claims tell the whole of it once the lesson has its end.
"""

from __future__ import annotations

from shared.attempts import told
from shared.events import SceneRequested
from shared.ports import Services


def note_runs(lesson_id: str, services: Services) -> None:
    """Write a row for each run of a lesson's scenes that has ended by now.

    One that ends later, as a duplicate may, has its end in its claim alone.
    """
    lesson = services.records.lesson(lesson_id)
    runs = []
    for n in range(1, (lesson.scenes if lesson else 0) + 1):
        stored = services.claims.read(SceneRequested(lesson_id, n, 0).key)
        if stored is not None:
            claim = stored.claim
            runs += told(claim.key, claim.stage, claim.lesson_id, claim.history)
    services.records.attempts_told(runs)
