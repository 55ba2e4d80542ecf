"""Cancelling requests: who waits on, what stops, and what a new request begins."""

from __future__ import annotations

import pytest

from shared.abandoned import abandoned
from shared.errors import Missing

DONE, NOT_DONE = 0, 1


def marked(office, lesson_id):
    """Whether `render` would stop."""
    return office.services.objects.find("scenes", abandoned(lesson_id)) is not None


def lesson_of(office, request_id):
    """Name a request's lesson."""
    return office.status(request_id).run.lesson_id


def test_one_of_two_is_cancelled(office, capsys):
    """The lesson goes on for the other one, who is answered alone."""
    first, second = office.ask(), office.ask()
    office.only("ingest")
    said = office.operate(capsys, "cancel", first)
    office.run()

    assert (DONE, False) == (said.code, marked(office, lesson_of(office, first)))
    assert f"Request {first} is cancelled; its lesson goes on for 1 other.\n" == said.out
    assert ["cancelled", "completed"] == [office.status(one).run.status for one in (first, second)]
    assert [second] == [one["request_id"] for one in office.completions().values()]


def test_the_last_one_abandons_the_lesson(office, capsys):
    """Its scenes' bucket is told as well."""
    request_id = office.ask("audio")
    office.only("ingest")
    said = office.operate(capsys, "cancel", request_id)

    lesson_id = lesson_of(office, request_id)
    assert ("abandoned", True) == (office.rows.lesson(lesson_id).status, marked(office, lesson_id))
    assert (
        f"Request {request_id} is cancelled; nobody waits for its lesson any more,"
        " which stops before its next paid call.\n" == said.out
    )


def test_cancelling_twice_is_harmless(office, capsys):
    """And says so; a mark that a crash kept back is made now."""
    request_id = office.ask()
    office.only("ingest")
    office.rows.cancel(request_id)
    lesson_id = lesson_of(office, request_id)
    before = marked(office, lesson_id)
    said = office.operate(capsys, "cancel", request_id, "--json")

    assert (False, True, DONE) == (before, marked(office, lesson_id), said.code)
    told = said.decoded
    assert ("cancelled", "cancelled", "abandoned") == (
        told["before"],
        told["status"],
        told["lesson_status"],
    )
    assert "was already cancelled" in told["said"]


def test_what_has_its_answer_is_not_cancelled(office, capsys):
    """Nothing changes, and the exit code says so."""
    request_id = office.ask()
    office.run()
    said = office.operate(capsys, "cancel", request_id)

    assert NOT_DONE == said.code
    assert f"Request {request_id} was already completed: nothing to cancel.\n" == said.out


def test_a_request_is_named_by_its_beginning(office, capsys):
    """As everywhere; what names none, or two, is a mistake."""
    request_id = office.ask()
    office.only("ingest")
    said = office.operate(capsys, "cancel", request_id[:6], "--json")

    assert request_id == said.decoded["request_id"]
    with pytest.raises(Missing):
        office.operate(capsys, "cancel", "nobody")


def test_no_plan_is_written_for_nobody(office, capsys):
    """Cancelled while its script waits: the author is never called."""
    request_id = office.ask()
    office.only("ingest")
    assert {"script": 1} == office.waits_for()
    office.operate(capsys, "cancel", request_id)
    office.run()

    assert (0, {}) == (office.services.author.calls, office.completions())
    assert {"completed"} == {claim.state for claim in office.services.claims.all.values()}


def test_no_sentence_is_spoken_for_nobody(office, capsys):
    """Cancelled while its scenes wait: the voice is never called, and nothing is stored."""
    request_id = office.ask("audio")
    office.only("ingest")
    office.only("script")
    assert 0 < office.waits_for()["render"]
    office.operate(capsys, "cancel", request_id)
    office.run()

    lesson_id = lesson_of(office, request_id)
    scenes = office.services.objects.list("scenes", f"lessons/{lesson_id}/scenes/")
    assert (1, 0, (), {}) == (
        office.services.author.calls,
        office.services.voice.calls,
        scenes,
        office.completions(),
    )


def test_a_lesson_that_is_half_rendered_is_not_finished(office, capsys):
    """No film is joined for nobody, and no word is spoken beyond the scenes that were there."""
    request_id = office.ask("audio")
    office.only("ingest")
    office.only("script")
    office.collect()
    at = next(n for n, one in enumerate(office.waiting) if one[0] == "render")
    office.deliver(*office.waiting.pop(at))
    spoken = office.services.voice.calls
    office.operate(capsys, "cancel", request_id)
    office.run()

    lesson_id = lesson_of(office, request_id)
    files = office.services.objects.list("generated", f"lessons/{lesson_id}/")
    assert 0 < spoken == office.services.voice.calls
    assert {"plan.json", "lesson.md"} == {one.name.rpartition("/")[2] for one in files}


def test_a_later_equal_request_begins_afresh(office, capsys):
    """Another take of the same lesson, which completes."""
    first = office.ask()
    office.only("ingest")
    office.operate(capsys, "cancel", first)
    second = office.ask()
    office.run()

    lessons = [lesson_of(office, one) for one in (first, second)]
    assert 2 == len(set(lessons))
    assert ["abandoned", "completed"] == [office.rows.lesson(one).status for one in lessons]
    assert ["cancelled", "completed"] == [office.status(one).run.status for one in (first, second)]
    assert [second] == [one["request_id"] for one in office.completions().values()]


def test_the_mark_of_one_take_does_not_stop_the_next(office, capsys):
    """The scenes of the lesson begun afresh are spoken."""
    first = office.ask("audio")
    office.only("ingest")
    office.only("script")
    office.operate(capsys, "cancel", first)
    second = office.ask("audio")
    office.only("ingest")
    office.only("script")
    scenes = office.waits_for()["render"]
    office.only("render")

    home = f"lessons/{lesson_of(office, second)}/scenes/"
    names = [one.name for one in office.services.objects.list("scenes", home)]
    assert scenes == 2 * sum(name.endswith("/scene.json") for name in names) > 0
