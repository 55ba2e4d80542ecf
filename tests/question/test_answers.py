"""A request that is asked back goes on with its answer: once, whatever comes twice or breaks."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from shared.errors import Unsure
from shared.limits import INPUT_KEPT_S
from shared.question.expiry import EXPIRED
from shared.question.understanding import STILL_UNCLEAR
from tests.pipeline.test_lessons import FailsOnce, request
from tests.pipeline.world import World

UNCLEAR = "help with homework"
CLEAR = "Why is the sky blue?"
DAY = timedelta(seconds=INPUT_KEPT_S + 60)


def answer(asked, text, inquiry="topic-1", student="s-1"):
    """Answer what a request was asked back."""
    return {
        "request_id": asked["request_id"],
        "student_id": student,
        "answers": {inquiry: text},
    }


def waiting(world=None, question=UNCLEAR, **more):
    """Bring a request to where it waits for its student."""
    world = world or World()
    asked = request(question, **more)
    world.send(asked)
    world.run()
    return world, asked


def said(world, *messages):
    """Send messages, and let everything come to rest."""
    world.send(*messages)
    world.run()


def status(world, asked):
    return world.status(asked["request_id"]).run.status


def told(world, asked):
    """List the statuses that the product was told of a request."""
    done = world.completions().values()
    return [one["status"] for one in done if one["request_id"] == asked["request_id"]]


def taught(world, asked):
    return world.status(asked["request_id"]).lesson.lesson.brief.question


def letters(world):
    return [letter.reason for letter in world.services.records.letters]


def test_an_unclear_request_waits():
    """It shows a question with real sections to choose from; nothing is made, nobody is told."""
    world, asked = waiting()
    report = world.status(asked["request_id"])

    assert ("needs_input", 0, []) == (
        report.run.status,
        world.services.author.calls,
        told(world, asked),
    )
    assert "Waves" in {option.text for option in report.open.options}


def test_an_answer_resumes_the_same_request():
    """Two rounds lead to one lesson, under the request's own id, told once."""
    world, asked = waiting()
    said(world, answer(asked, "Waves"))
    assert "needs_input" == status(world, asked)
    said(world, answer(asked, "Waves and Sound", "topic-2"))

    assert ("completed", ["completed"]) == (status(world, asked), told(world, asked))
    assert ("Waves and Sound", 1) == (taught(world, asked), world.services.author.calls)


def test_own_words_resume_it_as_well():
    """What the student writes is the question then; what was asked first stays on record."""
    world, asked = waiting()
    said(world, answer(asked, CLEAR))

    assert (CLEAR, "completed") == (taught(world, asked), status(world, asked))
    assert UNCLEAR == world.status(asked["request_id"]).run.question


def test_an_answered_request_shares_its_lesson():
    """Who asked clearly and who was asked back get one lesson."""
    world, asked = waiting()
    clear = request(CLEAR)
    said(world, answer(asked, CLEAR), clear)

    assert 1 == world.services.author.calls
    assert (["completed"], ["completed"]) == (told(world, asked), told(world, clear))


@pytest.mark.parametrize("seed", range(3))
def test_duplicates_in_any_order_cost_nothing(seed):
    """Question and answers three times each, shuffled: one lesson, one completion."""
    world, asked = waiting(World(seed, copies=3))
    said(world, asked, answer(asked, "Waves"), asked)
    said(world, answer(asked, "Waves"), answer(asked, "Waves and Sound", "topic-2"))
    said(world, answer(asked, "Waves"), asked, answer(asked, "Waves and Sound", "topic-2"))

    assert (["completed"], 1) == (told(world, asked), world.services.author.calls)
    assert "Waves and Sound" == taught(world, asked)


CRASHES = [
    *(("claims", call) for call in ("create", "replace")),
    *(("records", call) for call in ("waiting", "resume", "lesson", "attempt_ended")),
    ("events", "publish"),
]


@pytest.mark.parametrize(("port", "call"), CRASHES)
def test_a_call_that_did_its_work_and_then_failed(port, call):
    """Between every two steps of an answer: the redelivery ends completed, paid once."""
    world, asked = waiting()
    broken = FailsOnce(getattr(world.services, port), call, world, "ingest")
    world.services = world.services.but(**{port: broken})
    said(world, answer(asked, CLEAR))

    assert broken.failed
    assert (["completed"], 1) == (told(world, asked), world.services.author.calls)


@pytest.mark.parametrize(
    ("call", "text", "end"),
    [("ask_again", "Waves", "needs_input"), ("leave_unclear", "help", "refused")],
)
def test_the_other_moves_of_an_answer_may_break_as_well(call, text, end):
    """The next question is asked once, and an honest no is told once."""
    world, asked = waiting()
    inquiry = "topic-1"
    if call == "leave_unclear":
        said(world, answer(asked, "help please"))
        inquiry = "topic-2"
    broken = FailsOnce(world.services.records, call, world, "ingest")
    world.services = world.services.but(records=broken)
    said(world, answer(asked, text, inquiry))

    assert broken.failed
    assert (end, ["refused"] if end == "refused" else []) == (
        status(world, asked),
        told(world, asked),
    )
    assert 2 == len(world.status(asked["request_id"]).rounds)


@pytest.mark.parametrize(("port", "call"), [("records", "ask"), ("claims", "replace")])
def test_the_question_back_is_asked_once(port, call):
    """A run that dies after it asked leaves a request that waits, and its redelivery agrees."""
    world = World()
    broken = FailsOnce(getattr(world.services, port), call, world, "ingest")
    world.services = world.services.but(**{port: broken})
    _, asked = waiting(world)

    assert broken.failed
    assert ("needs_input", 1) == (
        status(world, asked),
        len(world.status(asked["request_id"]).rounds),
    )


@pytest.mark.parametrize("seed", range(4))
def test_two_answers_at_once(seed):
    """One of them counts, whichever; the request has one lesson and is told once."""
    world, asked = waiting(World(seed, copies=2))
    said(world, answer(asked, CLEAR), answer(asked, "What is inertia?"))

    assert (["completed"], 1) == (told(world, asked), world.services.author.calls)
    assert taught(world, asked) in (CLEAR, "What is inertia?")
    assert [] == letters(world)


def test_an_answer_that_comes_again_after_the_next_question():
    """An answer names its round: late, it answers nothing else, whatever it says."""
    world, asked = waiting()
    said(world, answer(asked, "Waves"))
    said(world, answer(asked, "Waves"), answer(asked, "Life"))

    report = world.status(asked["request_id"])
    assert ("needs_input", "topic-2") == (report.run.status, report.open.id)
    assert "Waves and Sound" in {option.text for option in report.open.options}


def test_an_answer_before_its_question():
    """Is a dead letter; the request that comes later is asked back as ever."""
    world = World()
    asked = request(UNCLEAR)
    said(world, answer(asked, CLEAR))
    said(world, asked)

    assert (["nothing-asked"], "needs_input") == (letters(world), status(world, asked))


def test_an_answer_to_a_clear_request():
    """Is a dead letter, and changes nothing."""
    world, asked = waiting(question=CLEAR)
    said(world, answer(asked, "Waves"))

    assert (["nothing-asked"], "completed") == (letters(world), status(world, asked))


def test_an_answer_of_another_student():
    """Is a dead letter, and does not take the place of the right one."""
    world, asked = waiting()
    said(world, answer(asked, CLEAR, student="s-2"))
    assert (["not-theirs"], "needs_input") == (letters(world), status(world, asked))
    said(world, answer(asked, CLEAR))

    assert ["completed"] == told(world, asked)


def test_nobody_answers():
    """After a day the request is refused in a kind sentence, told once however often one looks."""
    world, asked = waiting()
    world.tick(DAY / 2)
    world.run()
    assert "needs_input" == status(world, asked)
    world.tick(DAY / 2)
    world.tick()
    world.run()

    run = world.status(asked["request_id"]).run
    assert ("refused", EXPIRED, ["refused"]) == (run.status, run.reason, told(world, asked))


def test_an_answer_after_the_end():
    """Changes nothing, and makes nothing."""
    world, asked = waiting()
    world.tick(DAY)
    world.run()
    said(world, answer(asked, CLEAR))

    assert (["refused"], 0) == (told(world, asked), world.services.author.calls)


ENDING = [("records", "expire"), ("records", "untold"), ("events", "publish"), ("records", "told")]


@pytest.mark.parametrize(("port", "call"), ENDING)
def test_repair_dies_while_it_ends_a_request(port, call):
    """The next tick tells what this one did not, under the same id."""
    world, asked = waiting()
    broken = FailsOnce(getattr(world.services, port), call, world, "repair")
    world.services = world.services.but(**{port: broken})
    world.tick(DAY)
    world.run()
    world.tick()
    world.run()

    assert broken.failed
    assert ("refused", ["refused"]) == (status(world, asked), told(world, asked))


class Lost:
    """Events that do not leave while the way out is away."""

    def __init__(self, events):
        self._events = events
        self.away = True

    @property
    def published(self):
        return self._events.published

    def publish(self, messages):
        if self.away and messages:
            raise Unsure("away")
        self._events.publish(messages)


def test_an_end_that_could_not_be_told():
    """Is not forgotten: the row has its end, and a later tick tells it."""
    world, asked = waiting()
    lost = Lost(world.services.events)
    world.services = world.services.but(events=lost)
    world.tick(DAY)
    name, headers, body = world.waiting.pop()
    assert world.deliver(name, headers, body) >= 500
    lost.away = False
    world.tick()
    world.run()

    assert ("refused", ["refused"]) == (status(world, asked), told(world, asked))


def test_cancelled_while_it_waits():
    """An answer does not bring it back."""
    world, asked = waiting()
    world.services.records.cancel(asked["request_id"])
    said(world, answer(asked, CLEAR))

    assert ("cancelled", [], 0) == (
        status(world, asked),
        told(world, asked),
        world.services.author.calls,
    )


def test_unclear_for_ever():
    """After two rounds without a word to go by, the answer is an honest no."""
    world, asked = waiting()
    said(world, answer(asked, "help"))
    said(world, answer(asked, "just help me", "topic-2"))

    run = world.status(asked["request_id"]).run
    assert ("refused", STILL_UNCLEAR, ["refused"]) == (run.status, run.reason, told(world, asked))


def test_explain_that_again():
    """Means what this student was taught before: the same lesson, at no cost."""
    world, _ = waiting(question=CLEAR)
    _, again = waiting(world, "Explain that again")

    assert (CLEAR, 1) == (taught(world, again), world.services.author.calls)
    assert ["completed"] == told(world, again)


@pytest.mark.parametrize("other", [{"student_id": "s-2"}, {"organization_id": "o-2"}])
def test_again_is_nobody_elses(other):
    """What another student asked, or one of another school, is not what is meant."""
    world, _ = waiting(question=CLEAR)
    _, again = waiting(world, "Explain that again", **other)

    assert "needs_input" == status(world, again)


def test_another_language():
    """Is refused in a kind sentence, not answered with garbage nor asked back."""
    world, asked = waiting(question="Warum ist der Himmel blau?")

    run = world.status(asked["request_id"]).run
    assert ("refused", ["refused"]) == (run.status, told(world, asked))
    assert "English" in run.reason


def test_a_crisis_is_never_asked_back():
    """Few words are enough to be told where help is."""
    world, asked = waiting(question="I can't go on")

    assert "refused" == status(world, asked)


def test_an_answer_is_screened():
    """What nobody may be taught is refused after an answer as well."""
    world, asked = waiting()
    said(world, answer(asked, "how do I kill myself"))

    assert ("refused", ["refused"]) == (status(world, asked), told(world, asked))


def test_no_word_of_the_student_leaves_with_an_answer():
    """Events carry ids and ends; what was answered stays in the records."""
    world, asked = waiting()
    said(world, answer(asked, "Why do bananas glow?"))

    assert not [m for m in world.services.events.published if "banana" in json.dumps(m.data)]
