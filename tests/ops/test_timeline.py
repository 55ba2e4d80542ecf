"""What happened to one request, in its order."""

from __future__ import annotations

from shared.ports import StoredObject
from shared.rows import Attempt
from tests.ops.desks import COVERED
from tests.ops.given import INTEREST, STUDENT, dead


def test_a_timeline_goes_from_the_first_move_to_the_last(office, capsys):
    """Moves and runs stand between each other, by their times."""
    request_id = office.ask()
    office.run()
    told = office.operate(capsys, "timeline", request_id[:8], "--json").decoded
    facts = [one["what"] for one in told["facts"]]

    assert (request_id, "completed") == (told["request_id"], told["status"])
    assert [one["at"] for one in told["facts"]] == sorted(one["at"] for one in told["facts"])
    assert "accepted by ingest" in facts
    assert f"script/{told['lesson_id']}, attempt 1 ended: completed" in facts
    assert "completed by script" in facts


def test_a_timeline_tells_scenes_and_dead_letters(office, capsys):
    """And nothing that a student wrote."""
    request_id = office.ask("audio")
    office.only("ingest")
    lesson_id = office.status(request_id).run.lesson_id
    plan = StoredObject("generated", f"lessons/{lesson_id}/plan.json", 1, 2, "application/json")
    office.rows.scripted(lesson_id, plan, ["explanation"])
    office.rows.rendered(lesson_id, {1: Attempt("render", 1, "render", lesson_id)})
    office.rows.dead_letter(dead("m-1", request_id=request_id))
    said = office.operate(capsys, "timeline", request_id, width=200).out

    assert "scene 1 was known to be there" in said
    assert "dead letter ingest/m-1: attempts-used-up, 1 times" in said
    assert [] == [word for word in (COVERED, INTEREST, STUDENT) if word in said]
