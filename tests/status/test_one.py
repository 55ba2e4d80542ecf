"""What one request tells, and to whom."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.errors import Transient
from shared.status.callers import Caller
from tests.status.given import SCHOOL, completed, failed, seen
from tests.status.world import BOOK, TEXT, World

POLLED = (
    *("request_id", "correlation_id", "status", "progress_percentage", "current_stage"),
    *("created_at", "started_at", "completed_at", "video_url", "script_text", "thumbnail_url"),
    *("error_message", "error_stage", "error_details", "failed_at"),
)
OURS = (
    *("captions_url", "transcript_url", "audio_url", "sources", "cost_micros"),
    *("scenes_rendered", "scenes_total", "timeline", "timeline_position"),
)


@pytest.mark.parametrize("one", [seen(), completed(), failed()], ids=lambda one: one.status)
def test_every_field_that_the_page_polls_is_there(one):
    """In each state, with null for what is not there yet."""
    told = World(one).poll(one).told

    assert [] == [name for name in (*POLLED, *OURS) if name not in told]


def test_a_film_that_is_being_rendered():
    """The text and its sources can be read already; files have no links yet."""
    one = seen(rendered=2)
    told = World(one).poll(one).told

    assert ("accepted", "render", 55, 2, 4) == (
        told["status"],
        told["current_stage"],
        told["progress_percentage"],
        told["scenes_rendered"],
        told["scenes_total"],
    )
    assert (TEXT, BOOK["title"], None) == (
        told["script_text"],
        told["sources"][0]["title"],
        told["video_url"],
    )


def test_a_completed_film():
    """Has links to its files, and its end."""
    one = completed(cost_micros=1200)
    told = World(one).poll(one).told

    assert ("completed", 100, "completed", 1200, None) == (
        told["status"],
        told["progress_percentage"],
        told["current_stage"],
        told["cost_micros"],
        told["error_details"],
    )
    assert one.finished_at.isoformat() == told["completed_at"]
    named = ("video_url", "captions_url", "transcript_url", "thumbnail_url", "chapters_url")
    assert ["film", "captions", "transcript", "thumbnail", "chapters"] == [
        told[name].partition("?")[0].rpartition("/")[2] for name in named
    ]


def test_a_lesson_that_is_there_before_its_request_is_answered():
    """Shows no link before it says that it is completed."""
    told = World(completed(status="accepted")).poll(seen()).told

    assert (95, "finalize", None) == (
        told["progress_percentage"],
        told["current_stage"],
        told["video_url"],
    )


def test_a_request_without_a_plan_asks_storage_for_nothing():
    """There is nothing to read yet."""
    one = seen(plan_object="", lesson_status="requested", scripted_at=None, scenes=0, rendered=0)
    told = World(one).poll(one).told

    assert ("script", 10, None, []) == (
        told["current_stage"],
        told["progress_percentage"],
        told["script_text"],
        told["sources"],
    )


def test_a_failed_request_says_so_to_the_student():
    """In words that are no fault's own; those are in the details."""
    one = failed()
    told = World(one).poll(one).told

    assert ("render", {"stage": "render", "reason": "attempts used up"}) == (
        told["error_stage"],
        told["error_details"],
    )
    assert "not with the question" in told["error_message"]
    assert one.failed_at.isoformat() == told["failed_at"]
    assert told["completed_at"] is None


def test_a_refused_request_gives_the_reason():
    """That sentence was written for the student."""
    why = "The library does not cover this question."
    one = seen(status="refused", lesson_status="refused", error_stage="script", error_reason=why)

    assert why == World(one).poll(one).told["error_message"]


def test_an_unreadable_request_is_told_to_operators():
    """Nobody else can be known to own it."""
    one = failed(lesson_id="", student_id="", organization_id="", plan_object="", scenes=0)
    world = World(one)

    assert (404, 404, 200) == tuple(
        world.poll(one, token).status for token in ("student", "school", "operator")
    )
    assert "could not be read" in world.poll(one, "operator").told["error_message"]


@pytest.mark.parametrize(
    ("token", "expected"),
    [("student", 200), ("school", 200), ("operator", 200), ("stranger", 404),
     ("other-school", 404)],
)  # fmt: skip
def test_who_sees_a_request(token, expected):
    """Its student, its organisation, an operator; to others it is not there."""
    one = seen()

    assert expected == World(one).poll(one, token).status


def test_a_strangers_answer_is_that_for_an_unknown_id():
    """Nobody learns which ids exist."""
    one = seen()
    world = World(one)

    strange, unknown = world.poll(one, "stranger"), world.poll(seen(2), "stranger")
    assert (strange.answer.body, strange.headers) == (unknown.answer.body, unknown.headers)


def test_a_classmate_of_one_school_sees_nothing():
    """A student's token that names the school too speaks for the student alone."""
    one = seen(student_id="s-99", organization_id=SCHOOL)

    assert (404, 200) == tuple(
        World(one).poll(one, token).status for token in ("student", "school")
    )


def test_a_request_without_an_organisation():
    """Belongs to no organisation's token."""
    one = seen(organization_id="")

    assert 404 == World(one).poll(one, "school").status
    assert not Caller("of nobody").may_see(one)


def test_storage_that_is_away_takes_only_its_own_part(monkeypatch):
    """The status is told without text, nobody keeps that, and the next poll has it all."""
    one = completed()
    world = World(one)
    links = world.links.link
    world.links.link = lambda name: (_ for _ in ()).throw(Transient("storage failed"))
    without = world.poll(one)
    world.links.link = links
    whole = world.poll(one)

    assert ("completed", None, "no-store") == (
        without.told["status"],
        without.told["script_text"],
        without.headers["Cache-Control"],
    )
    assert "ETag" not in without.headers
    assert TEXT == whole.told["script_text"]


def test_a_text_alone_has_no_scenes_to_render():
    """Its plan's scenes are no work that anybody waits for."""
    one = seen(modalities=("text",), scenes=9, rendered=0)
    told = World(one).poll(one).told

    assert (0, 0, ["accepted", "scripted", "completed"]) == (
        told["scenes_rendered"],
        told["scenes_total"],
        [step["step"] for step in told["timeline"]],
    )


def test_the_timeline_of_a_request_that_came_late():
    """A lesson that was there before does not go back in time."""
    one = completed()
    late = completed(2, created_at=one.created_at + timedelta(hours=1))
    told = World(late).poll(late).told

    times = [step["at"] for step in told["timeline"]]
    assert (4, times[0]) == (told["timeline_position"], max(times[:3]))


def test_a_request_that_failed_before_its_plan():
    """Its timeline ends where it ended."""
    one = failed(stage="script", plan_object="", scripted_at=None, rendered_at=None, scenes=0)
    told = World(one).poll(one).told

    assert ["accepted", "failed"] == [step["step"] for step in told["timeline"]]
    assert (2, 10) == (told["timeline_position"], told["progress_percentage"])
