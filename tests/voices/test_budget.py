"""What every account of speech promises: one reservation a lesson, no cap exceeded, one end."""

from dataclasses import replace

import pytest

from shared.gcp.ledger import SqlLedger
from shared.gcp.records import SqlRecords
from shared.gcp.speech_budget import SqlBudget
from shared.spending.ledger import Bill, Call, Caps, Cost, summed
from shared.voices.budget import Narrated
from tests.fakes.budget import MemoryBudget
from tests.records.given import LESSON, OTHER, asked, at_once

NARRATED = Narrated(LESSON, "google/en-US-Neural2-F", "2022-04-01", 50, 800)
CAPS = Caps(lesson=1000, organisation=1000, day=1000, calls=100)


@pytest.fixture(params=["memory", "postgresql"])
def budget(request):
    """Give the port; both lessons were begun by requests of one school."""
    if request.param == "memory":
        return MemoryBudget(organisations={LESSON: "school-1", OTHER: "school-1"})
    postgres = request.getfixturevalue("postgres")
    for lesson in (LESSON, OTHER):
        SqlRecords(postgres).accept(asked(), lesson)
    return SqlBudget(postgres)


def test_a_lesson_reserves_once(budget):
    """A run that died and the next one ask for the same."""
    assert ["granted"] * 3 == [budget.reserve(NARRATED, CAPS) for _ in range(3)]


@pytest.mark.parametrize(
    ("caps", "word"),
    [
        (replace(CAPS, lesson=799), "lesson-cap"),
        (replace(CAPS, organisation=799), "organisation-cap"),
        (replace(CAPS, day=799), "day-cap"),
    ],
)
def test_over_a_cap(budget, caps, word):
    """Nothing is reserved."""
    assert (word, "granted") == (budget.reserve(NARRATED, caps), budget.reserve(NARRATED, CAPS))


@pytest.mark.parametrize(
    ("caps", "word"),
    [
        (replace(CAPS, organisation=1500, day=9999), "organisation-cap"),
        (replace(CAPS, organisation=9999, day=1500), "day-cap"),
        (replace(CAPS, organisation=1600, day=1600), "granted"),
    ],
)
def test_another_lesson_of_the_school(budget, caps, word):
    """It has a budget of its own, but not a day or a school of its own."""
    budget.reserve(NARRATED, CAPS)

    assert word == budget.reserve(replace(NARRATED, lesson_id=OTHER), caps)


def test_what_was_not_spent_is_free_again(budget):
    """A settled lesson counts with what it came to, and has one end."""
    budget.reserve(NARRATED, CAPS)
    budget.settle(LESSON, 40, 640)
    budget.settle(LESSON, 999, 1000)

    assert "granted" == budget.reserve(replace(NARRATED, lesson_id=OTHER, worst=360), CAPS)


def test_a_lesson_that_reserved_nothing(budget):
    """Its end changes nothing."""
    budget.settle(LESSON, 40, 640)

    assert "granted" == budget.reserve(replace(NARRATED, worst=1000), CAPS)


def test_lessons_at_once(budget):
    """Ten ask, three fit."""
    caps = replace(CAPS, organisation=300, day=300)
    words = at_once(
        10,
        lambda number: budget.reserve(replace(NARRATED, lesson_id=f"l-{number}", worst=100), caps),
    )

    assert (3, 7) == (words.count("granted"), len(words) - words.count("granted"))


def test_speech_and_writing_have_caps_of_their_own(postgres):
    """Neither takes from the other, and a lesson shows both."""
    SqlRecords(postgres).accept(asked(), LESSON)
    ledger, budget = SqlLedger(postgres), SqlBudget(postgres)
    call = Call("script/a", 1, "draft-1/gemini", LESSON, "2026-09-02", 900)

    assert ("granted", "granted") == (budget.reserve(NARRATED, CAPS), ledger.admit(call, CAPS))
    budget.settle(LESSON, 40, 640)
    assert {
        Cost("draft-1/gemini", Bill(micros=900), settled=False),
        Cost("speech/google/en-US-Neural2-F", Bill(micros=640), settled=True, characters=40),
    } == set(ledger.costs(LESSON))


def test_a_cost_in_words():
    """Speech has characters, writing has tokens and calls."""
    written = Cost("draft-1/gemini", Bill(10, 20, 5, 6000), settled=True)
    spoken = Cost("speech/x", Bill(micros=640), settled=False, characters=40)

    assert "0.0060 USD, 35 tokens in 1 call" == summed([written])
    assert "0.0006 USD, 40 characters spoken; 1 of them only reserved" == summed([spoken])
    assert "0.0066 USD, 35 tokens in 1 call, 40 characters spoken; 1 of them only reserved" == (
        summed([written, spoken])
    )
