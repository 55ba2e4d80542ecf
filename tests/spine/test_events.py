"""What arrives is typed or refused; what leaves repeats its id."""

import json

import pytest

from shared.errors import Superseded, Unreadable
from shared.events import (
    BookStored,
    ContentCompleted,
    SceneRequested,
    SceneStored,
    ScriptRequested,
    digest,
)
from shared.messages import Arrived

LESSON = "0123456789abcdef0123456789abcdef"


def arrived(body):
    """Deliver a body."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Arrived("1", "//pubsub", raw, {})


@pytest.mark.parametrize(
    "event",
    [
        ScriptRequested(LESSON, "c"),
        SceneRequested(LESSON, 3, 1_700_000_000_000_000, "c"),
    ],
)
def test_what_leaves_can_be_read_again(event):
    """An event decodes from its own message."""
    assert event == type(event).decode(arrived(event.message().data.encode()))


def test_a_replay_repeats_the_id():
    """Consumers may drop the second of two messages with one id."""
    first, second = (SceneRequested(LESSON, 3, 7, trace).message() for trace in ("a", "b"))

    assert first.id == second.id


def test_scenes_have_ids_of_their_own():
    """Two scenes of one plan are two events."""
    first, second = (SceneRequested(LESSON, n, 7).message() for n in (1, 2))

    assert first.id != second.id


def test_each_end_of_a_request_has_an_id_of_its_own():
    """A failure and a later completion are different facts."""
    failed, completed = (
        ContentCompleted("r", LESSON, status).message() for status in ("failed", "completed")
    )

    assert failed.id != completed.id


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"lesson_id": LESSON, "scene": "7", "plan_generation": 1}, "scene"),
        ({"lesson_id": LESSON, "scene": True, "plan_generation": 1}, "scene"),
        ({"lesson_id": LESSON, "scene": 7}, "plan_generation"),
        ({"lesson_id": "../etc", "scene": 7, "plan_generation": 1}, "lesson_id"),
        ({"scene": 7, "plan_generation": 1}, "lesson_id"),
    ],
)
def test_a_wrong_field_is_named(body, field):
    """The dead letter says which field broke which rule."""
    with pytest.raises(Unreadable) as raised:
        SceneRequested.decode(arrived(body))

    assert field == raised.value.field


@pytest.mark.parametrize(
    ("body", "reason"),
    [(b"{", "not-json"), (b"\xff\xfe", "not-utf-8"), (b"[]", "not-an-object")],
)
def test_what_is_no_object_is_refused(body, reason):
    """Each kind of unreadable body has its own reason."""
    with pytest.raises(Unreadable) as raised:
        ScriptRequested.decode(arrived(body))

    assert reason == raised.value.reason


def test_only_the_committing_object_of_a_scene_counts():
    """Every object of the bucket wakes finalize; all but one ask for nothing."""
    with pytest.raises(Superseded):
        SceneStored.decode(arrived({"name": f"lessons/{LESSON}/scenes/03/video.mp4"}))


@pytest.mark.parametrize("generation", [17, "17"])
def test_both_spellings_of_a_generation_are_read(generation):
    """Storage events carry int64 as text or as a number."""
    name = f"books/physics/{'a' * 64}.zip"

    assert BookStored(name, 17) == BookStored.decode(
        arrived({"name": name, "generation": generation})
    )


def test_equal_input_has_one_digest_however_it_is_written():
    """Key order and Unicode composition do not make work different."""
    assert digest({"a": "\u00e9", "b": 1}) == digest({"b": 1, "a": "e\u0301"})
