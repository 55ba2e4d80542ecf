"""What nobody can read is recorded with its reason, acknowledged, and disturbs nobody."""

import json
import uuid

import pytest

from shared.errors import Permanent
from shared.limits import CLAIM_ATTEMPTS
from tests.fakes.records import MemoryRecords
from tests.pipeline.test_lessons import request
from tests.pipeline.world import World

BAD = {
    "not JSON": (b"{", ""),
    "not UTF-8": (b"\xff\xfe{}", ""),
    "no id": (request(request_id=None), "request_id"),
    "bad UUID": (request(request_id="17"), "request_id"),
    "no question": (request(student_query=None), "student_query"),
    "empty question": (request("   "), "student_query"),
    "too long a question": (request("why " * 200), "student_query"),
    "unknown modality": (request(modalities=("smell",)), "requested_modalities"),
    "wrong grade": (request(grade_level=13), "grade_level"),
    "no grade": (request(grade_level=None), "grade_level"),
    "script tag": (request("<script>alert(1)</script>"), "student_query"),
    "control character": (request("Why \x00 is it?"), "student_query"),
    "bidi character": (request("Why \u202e is it?"), "student_query"),
    "interest of the wrong type": (request(interest=["a"]), "interest"),
    "too large": (request(filler="x" * 70_000), ""),
}


@pytest.mark.parametrize("name", BAD)
def test_acknowledged_once_and_recorded(name):
    """The first delivery is the last; the dead letter names the field."""
    message, field = BAD[name]
    world = World()
    world.send(message)
    world.run()

    assert {("ingest", 200): 1} == dict(world.outcomes)
    assert [field] == [letter.field.split("/")[0] for letter in world.services.records.letters]


def test_the_student_sees_why():
    """Where the id is readable, the request is there, failed, with the reason."""
    world = World()
    asked = request(grade_level=13)
    world.send(asked)
    world.run()

    run = world.status(asked["request_id"]).run
    assert ("failed", True) == (run.status, "grade_level" in run.reason)


def test_no_dead_letter_repeats_the_student():
    """The reason names field and rule, never the words."""
    world = World()
    world.send(request("<script>mySecret</script>"))
    world.run()

    (letter,) = world.services.records.letters
    assert "mySecret" not in letter.detail


def test_a_good_message_behind_a_thousand_bad_ones():
    """It is done as if it were alone."""
    world = World()
    good = request()
    bad = [json.dumps({"request_id": str(uuid.uuid4()), "n": n}).encode() for n in range(1000)]
    world.send(*bad, good)
    world.run()

    assert "completed" == world.status(good["request_id"]).run.status
    assert 1001 == world.outcomes["ingest", 200]


@pytest.mark.parametrize(
    ("fault", "times", "known"),
    [(Permanent, 1, ["failed"]), (ZeroDivisionError, CLAIM_ATTEMPTS, [])],
)
def test_a_request_that_cannot_be_accepted(fault, times, known):
    """It fails with a row of its own; parked, it stays open for an operator's replay."""
    world = World()
    world.services.records = CannotAccept(fault)
    world.send(request())
    world.run()

    assert times == sum(world.outcomes.values())
    assert known == [run.status for run in world.services.records.runs(1)]
    assert 1 == len(world.services.records.letters)


class CannotAccept(MemoryRecords):
    """Refuses every request."""

    def __init__(self, fault):
        super().__init__()
        self.fault = fault

    def accept(self, request, identity):
        """Raise."""
        raise self.fault("the database refuses the row")
