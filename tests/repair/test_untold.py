"""Work that its own stage could park, but tell nobody of."""

from shared.events import DeadLettered
from tests.repair.alone import Alone, script_requested


def test_repair_tells_what_the_stage_could_not():
    """The letter finds the claim parked: the lesson ends, and everybody who waits is told."""
    world, event = Alone(), script_requested()
    request = world.requested()
    world.claimed(event, "parked")
    body = event.message().data.encode()
    letter = DeadLettered("script", "1/untold", "untold", "KeyError: a line of ours", "", body)
    row = world.bury("script", letter.message())

    run = world.status(request.request_id).run
    assert ("untold", "failed", "failed") == (row.reason, run.status, run.lesson_status)
    assert ["failed"] == [done["status"] for done in world.completions().values()]
