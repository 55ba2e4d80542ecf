"""Operators and students at the same moment, on a real PostgreSQL."""

from __future__ import annotations

import random

from shared.gcp.letters import SqlLetters
from shared.gcp.records import SqlRecords
from shared.ops.letters import Action
from tests.ops.given import AT, dead
from tests.records.given import LESSON, asked, at_once

ROUNDS, STUDENTS = 12, 3


def test_no_request_is_attached_to_a_lesson_that_is_abandoned(postgres):
    """Some cancel while others ask the same: who was not cancelled, waits for an open lesson."""
    records = SqlRecords(postgres)
    orphans = []
    for turn in range(ROUNDS):
        identity = f"{turn:032x}"
        leaving = [asked() for _ in range(STUDENTS)]
        coming = [asked() for _ in range(STUDENTS)]
        for request in leaving:
            records.accept(request, identity)
        steps = [lambda one=one: records.cancel(one.request_id) for one in leaving]
        steps += [
            lambda one=one, identity=identity: records.accept(one, identity) for one in coming
        ]
        random.Random(turn).shuffle(steps)  # noqa: S311 - an order, no secret
        at_once(len(steps), lambda n, steps=steps: steps[n]())
        for request in coming:
            lesson = records.lesson(records.accept(request, identity))
            if lesson is None or lesson.status != "requested":
                orphans.append((turn, lesson and lesson.status))

    assert [] == orphans


def test_a_lesson_is_abandoned_by_exactly_one_of_those_who_leave(postgres):
    """Whoever is the last one; nobody and both would be wrong."""
    records = SqlRecords(postgres)
    abandoned = []
    for turn in range(ROUNDS):
        identity = f"{turn:032x}"
        leaving = [asked() for _ in range(STUDENTS)]
        for request in leaving:
            records.accept(request, identity)
        came = at_once(STUDENTS, lambda n, them=leaving: records.cancel(them[n].request_id))
        abandoned.append([one.abandoned for one in came if one.abandoned])

    assert [[f"{turn:032x}"] for turn in range(ROUNDS)] == abandoned


def test_a_letter_is_discarded_by_exactly_one_of_two_operators(postgres):
    """The other one is told that it was settled."""
    records, letters = SqlRecords(postgres), SqlLetters(postgres)
    yes = []
    for turn in range(ROUNDS):
        records.dead_letter(dead(str(turn), lesson_id=LESSON))
        row = letters.find(f"ingest/{turn}").row
        actions = [Action(AT, "discard", who, "discarded", "spam") for who in ("ada", "bob")]
        yes.append(sum(at_once(2, lambda n, row=row, do=actions: letters.discarded(row, do[n]))))

    assert [1] * ROUNDS == yes
