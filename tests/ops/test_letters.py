"""The contract of the port Letters, met by the fake and by PostgreSQL alike."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.errors import Missing
from shared.ops.letters import Chosen
from tests.ops.given import action, dead
from tests.records.given import LESSON, asked


def ids(stores, **chosen):
    """Name the letters that a list shows."""
    return [row.id for row in stores.letters.list(Chosen(**chosen))]


def test_a_list_shows_the_letter_that_was_seen_last_first(stores):
    """Whichever stage it is of, and when it was seen first."""
    for letter in (dead("1"), dead("2", stage="script"), dead("3"), dead("1")):
        stores.records.dead_letter(letter)

    assert ["ingest/1", "ingest/3", "script/2"] == ids(stores)


def test_a_list_counts_how_often_a_letter_came(stores):
    """One row, the first and the last time."""
    for _ in range(3):
        stores.records.dead_letter(dead())

    (row,) = stores.letters.list(Chosen())
    assert 3 == row.count
    assert row.first_seen < row.last_seen <= row.read_at


def test_a_list_stops_at_its_limit(stores):
    """The newest of all stages, not so many of each."""
    for n, stage in enumerate(("ingest", "script", "ingest", "render")):
        stores.records.dead_letter(dead(str(n), stage=stage))

    assert ["render/3", "ingest/2"] == ids(stores, limit=2)


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"stages": ("script",)}, ["script/2"]),
        ({"reason": "not-json"}, ["ingest/1"]),
        ({"older_s": 3600.0}, []),
        ({"newer_s": 3600.0}, ["script/2", "ingest/1"]),
        ({"older_s": 0.0}, ["script/2", "ingest/1"]),
        ({"newer_s": 0.0}, []),
    ],
)
def test_a_list_is_filtered(stores, chosen, expected):
    """By stage, reason and age."""
    stores.records.dead_letter(dead("1", reason="not-json"))
    stores.records.dead_letter(dead("2", stage="script"))

    assert expected == ids(stores, **chosen)


def test_a_list_shows_open_letters_only(stores):
    """What is settled is history, and shown when asked for."""
    stores.records.dead_letter(dead("1", resolution="harmless"))
    stores.records.dead_letter(dead("2"))

    assert ["ingest/2"] == ids(stores)
    assert ["ingest/2", "ingest/1"] == ids(stores, settled=True)


def test_a_list_shows_letters_of_a_stage_that_is_no_functions(stores):
    """Any topic may have a dead-letter topic, and what is recorded must be seen."""
    stores.records.dead_letter(dead("1", stage="content-completed"))
    stores.records.dead_letter(dead("2"))

    assert ["ingest/2", "content-completed/1"] == ids(stores)


def test_a_letter_of_a_stage_that_is_no_functions_is_found(stores):
    """By the name that the list shows."""
    stores.records.dead_letter(dead("1", stage="content-completed"))
    stores.records.dead_letter(dead("1"))

    assert "content-completed/1" == stores.letters.find("content-completed/1").row.id


def test_what_is_about_to_be_sent_is_journalled_and_settles_nothing(stores):
    """A send that nobody survived is known, and its letter still open; twice is once."""
    stores.records.dead_letter(dead())
    row = stores.letters.find("1").row
    for _ in range(2):
        stores.letters.noted(row, action(outcome="about to send"))

    letter = stores.letters.find("1")
    assert ("", ["about to send"]) == (
        letter.row.resolution,
        [one.outcome for one in letter.actions],
    )


def test_a_letter_is_found_by_the_beginning_of_its_name(stores):
    """With or without its stage."""
    stores.records.dead_letter(dead("abc-1"))
    stores.records.dead_letter(dead("abd-2", stage="script"))

    for named in ("ingest/abc-1", "ingest/a", "abc"):
        assert "ingest/abc-1" == stores.letters.find(named).row.id


@pytest.mark.parametrize("named", ["ab", "x", "", "ingest/", "render/ab", "%", "a_"])
def test_a_name_that_is_not_one_letters(stores, named):
    """None, or more than one, is a mistake; nothing in a name is a pattern."""
    stores.records.dead_letter(dead("abc-1"))
    stores.records.dead_letter(dead("abd-2", stage="script"))

    with pytest.raises(Missing):
        stores.letters.find(named)


def test_a_whole_name_wins_over_the_beginning_of_others(stores):
    """Message ids are numbers, and one may begin another."""
    for message_id in ("1", "12"):
        stores.records.dead_letter(dead(message_id))

    assert "ingest/1" == stores.letters.find("ingest/1").row.id


def test_a_name_of_letters_of_two_stages(stores):
    """Needs its stage."""
    for stage in ("ingest", "script"):
        stores.records.dead_letter(dead("1", stage=stage))

    with pytest.raises(Missing):
        stores.letters.find("1")
    assert "script/1" == stores.letters.find("script/1").row.id


def test_a_letter_tells_everything(stores):
    """As it was recorded, byte by byte."""
    letter = dead(
        body=b"\xff\x00", attributes={"a": "b \x00"}, claim_key="x/y", claim='{"state": "parked"}'
    )
    stores.records.dead_letter(letter)

    found = stores.letters.find("ingest/1")
    assert (letter.detail, b"\xff\x00", {"a": "b \x00"}, "x/y", '{"state": "parked"}') == (
        found.detail,
        found.body,
        found.attributes,
        found.claim_key,
        found.claim,
    )
    assert ("", "", ()) == (found.request_status, found.lesson_status, found.actions)


def test_a_letter_is_linked_to_its_request_and_lesson(stores):
    """Also where only the claim's key tells which request it is."""
    request = asked()
    stores.records.accept(request, LESSON)
    stores.records.dead_letter(dead(claim_key=f"ingest/{request.request_id}"))

    found = stores.letters.find("ingest/1")
    assert (request.request_id, LESSON) == (found.row.request_id, found.row.lesson_id)
    assert ("accepted", "requested") == (found.request_status, found.lesson_status)
    assert stores.letters.list(Chosen())[0].lesson_id == LESSON


def test_a_letter_of_a_lesson_tells_its_status(stores):
    """A stage after ingest knows no request."""
    stores.records.accept(asked(), LESSON)
    stores.records.ended(LESSON, "failed", "broken", "script")
    stores.records.dead_letter(dead(stage="script", lesson_id=LESSON))

    found = stores.letters.find("script/1")
    assert ("", "failed") == (found.row.request_id, found.lesson_status)


def test_a_replayed_letter_is_settled_and_journalled(stores):
    """With who did it, when, and what came of it."""
    stores.records.dead_letter(dead())
    row = stores.letters.find("ingest/1").row
    stores.letters.replayed(row, action())

    found = stores.letters.find("ingest/1")
    assert ("replayed", (action(),)) == (found.row.resolution, found.actions)
    assert found.resolved_at is not None


def test_the_same_action_twice_is_journalled_once(stores):
    """A commit whose answer got lost is repeated; another action has another time."""
    stores.records.dead_letter(dead())
    row = stores.letters.find("ingest/1").row
    later = replace(action(outcome="completed"), at=action().at + timedelta(seconds=1))
    for one in (action(), action(), later):
        stores.letters.replayed(row, one)

    assert (action(), later) == stores.letters.find("ingest/1").actions


def test_a_discarded_letter_keeps_its_reason(stores):
    """In its note and in the journal; the same action again is still a yes."""
    stores.records.dead_letter(dead())
    row = stores.letters.find("ingest/1").row

    assert [True, True] == [stores.letters.discarded(row, action("discard")) for _ in range(2)]
    found = stores.letters.find("ingest/1")
    assert ("discarded", "because", (action("discard"),)) == (
        found.row.resolution,
        found.note,
        found.actions,
    )


def test_a_settled_letter_is_not_discarded(stores):
    """Somebody else was faster; his word stands."""
    stores.records.dead_letter(dead())
    row = stores.letters.find("ingest/1").row
    stores.letters.replayed(row, action())
    known = stores.letters.find("ingest/1")

    assert not stores.letters.discarded(row, action("discard", operator="bob"))
    assert known.actions == stores.letters.find("ingest/1").actions


def test_a_letter_that_comes_again_stays_settled(stores):
    """Dead-lettering repeats; what settled it still does."""
    stores.records.dead_letter(dead())
    stores.letters.discarded(stores.letters.find("ingest/1").row, action("discard"))
    stores.records.dead_letter(dead())

    row = stores.letters.find("ingest/1").row
    assert ("discarded", 2) == (row.resolution, row.count)


def test_a_letter_whose_request_nobody_knows(stores):
    """Its id is shown all the same."""
    request_id = str(uuid.uuid4())
    stores.records.dead_letter(dead(request_id=request_id))

    found = stores.letters.find("ingest/1")
    assert (request_id, "") == (found.row.request_id, found.request_status)
