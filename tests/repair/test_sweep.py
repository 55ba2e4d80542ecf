"""What a tick finds standing still, and what it emits."""

from datetime import timedelta

import pytest

from shared.abandoned import abandoned
from shared.events import BookStored
from shared.limits import LESSON_BUDGET_S, NUDGE_AGAIN_S, QUIET_S
from shared.repair.answering import LEFT_ALONE
from tests.library.books import book, passage, section
from tests.records.given import LESSON, OTHER, SCENES, asked
from tests.repair.alone import Alone, Down, scene_requested, script_requested

AGAIN = timedelta(seconds=NUDGE_AGAIN_S + 1)
BUDGET = timedelta(seconds=LESSON_BUDGET_S + 1)
PERIOD = timedelta(seconds=QUIET_S)
SOON = timedelta(seconds=1)
BOOK = f"books/little/{'a' * 64}.zip"


@pytest.fixture
def world():
    """Give a world in which only `repair` works."""
    return Alone()


def test_a_lesson_without_a_plan(world):
    """Its script is asked for in the words of the first time."""
    world.requested()

    assert (script_requested().message(),) == world.sweep()


def test_scenes_that_are_missing(world):
    """Each is asked for in the words of the first time; those that ended are not."""
    world.scripted((1, "scene"), (3, "failed"))

    assert (scene_requested(2).message(),) == world.sweep()
    assert [] == world.nudges()


def test_a_scene_that_is_only_begun_is_missing(world):
    """Only the object that is written last commits it."""
    world.scripted((1, "narration"), (2, "scene"), (3, "scene"))

    assert (scene_requested(1).message(),) == world.sweep()


def test_a_set_that_is_complete(world):
    """`finalize` is nudged, once for each sweep that finds the lesson."""
    world.scripted(*((n, "scene") for n in range(1, len(SCENES) + 1)))
    published = [*world.sweep(), *world.sweep(SOON), *world.sweep(AGAIN)]

    assert ([], [LESSON] * 2) == (published, world.nudges())


def test_a_lesson_out_of_its_time(world):
    """It fails with a reason in plain words, and everybody who waits is told."""
    request = world.requested()
    world.sweep(BUDGET)

    report = world.status(request.request_id)
    assert ("failed", "failed", "repair") == (
        report.run.status,
        report.run.lesson_status,
        report.error_stage,
    )
    assert "the lesson was not finished within 24 hours" == report.run.reason
    assert ["failed"] == [done["status"] for done in world.completions().values()]


def test_a_lesson_out_of_its_time_is_not_asked_for_again(world):
    """It has its end before the sweep looks for what stands still."""
    world.requested()

    assert ["content-completed"] == [message.topic for message in world.sweep(BUDGET)]


def test_a_request_that_was_never_answered(world):
    """It gets its lesson's end, and says so once."""
    request = world.completed()
    first, second = world.sweep(), world.sweep()

    assert "completed" == world.status(request.request_id).run.status
    assert (["content-completed"], ()) == ([message.topic for message in first], second)


def test_a_request_that_attached_to_an_ended_lesson_is_answered_alone(world):
    """Who has an answer is not told again."""
    world.completed()
    world.sweep()
    late = world.requested()

    (done,) = world.sweep()
    assert late.request_id in done.data


def test_a_request_that_waits_for_an_abandoned_lesson(world):
    """No race may leave one; should it, its end is a failure that says what to do."""
    request = world.requested()
    world.services.records.strand(LESSON)
    world.sweep()

    run = world.status(request.request_id).run
    assert ("failed", LEFT_ALONE) == (run.status, run.reason)
    assert ["failed"] == [done["status"] for done in world.completions().values()]


def test_an_abandoned_lesson_without_its_mark(world):
    """The mark that stops `render` is made, and then nobody looks at it any more."""
    request = world.scripted()
    world.services.records.cancel(request.request_id)
    unmarked = world.services.upkeep.abandoned()
    world.sweep()

    assert [abandoned(LESSON)] == world.names("scenes", "lessons/")
    assert ((LESSON,), ()) == (unmarked, world.services.upkeep.abandoned())


def test_a_book_that_nobody_knows(world):
    """`library` is nudged once in a while."""
    stored = world.store("oer", BOOK)
    for after in (PERIOD, SOON, SOON, PERIOD):
        world.sweep(after)

    nudges = world.names("oer", "nudges/")
    assert [f"nudges/{BOOK}@{stored.generation}"] * 2 == [n.rpartition("/")[0] for n in nudges]


def test_a_book_that_is_indexed(world):
    """It is left alone."""
    text = section("m1", passage("m1#p1", "A puck moves over ice."))
    world.services.library.add(book(text, digit="a"))
    world.store("oer", BOOK)
    world.sweep()

    assert [] == world.names("oer", "nudges/")


@pytest.mark.parametrize("state", ["completed", "failed", "parked"])
def test_a_book_whose_work_is_settled(world, state):
    """A forbidden licence, say, is no reason to look again."""
    stored = world.store("oer", BOOK)
    world.claimed(BookStored(stored.name, stored.generation), state)
    world.sweep()

    assert [] == world.names("oer", "nudges/")


@pytest.mark.parametrize(("lease_s", "nudges"), [(QUIET_S * 2.0, 0), (90.0, 1)])
def test_a_book_that_somebody_indexes(world, lease_s, nudges):
    """It is left alone as long as the lease lives."""
    stored = world.store("oer", BOOK)
    world.claimed(BookStored(stored.name, stored.generation), lease_s=lease_s)
    world.sweep()

    assert nudges == len(world.names("oer", "nudges/"))


def test_what_is_no_book_is_left_alone(world):
    """Somebody may put a note beside the books."""
    world.store("oer", "books/little/readme.txt")
    world.sweep()

    assert [] == world.names("oer", "nudges/")


def test_an_overdue_lesson_is_marked(world):
    """Its scenes are paid for no more."""
    world.scripted()
    world.sweep(BUDGET)

    assert world.services.objects.find("scenes", abandoned(LESSON))


def test_a_part_that_fails_holds_up_no_other_part(world):
    """Storage does not answer: what needs none of it is done, and the tick is seen to fail."""
    overdue = world.requested()
    whole = world.services
    world.services = whole.but(objects=Down())
    world.tick(BUDGET)
    answer = world.deliver(*world.waiting.pop())

    assert 500 == answer
    assert "failed" == world.status(overdue.request_id).run.status


def test_a_lesson_that_fails_holds_up_no_other_lesson(world):
    """Each lesson that stands still has its own turn."""
    world.scripted()
    world.now += SOON
    world.services.records.accept(asked(), OTHER)
    world.services = world.services.but(objects=Down())
    world.tick()
    world.deliver(*world.waiting.pop())

    (message,) = world.services.events.published
    assert ("script-requested", True) == (message.topic, OTHER in message.data)
