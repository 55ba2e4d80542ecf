"""Sending dead letters again: what is sent, what is refused, and what a crash may leave."""

from __future__ import annotations

import hashlib
import json

import pytest

from shared.errors import Transient
from tests.library.books import archive, module, repository
from tests.ops.desks import Breaking
from tests.ops.given import body, dead

DONE, NOT_DONE = 0, 1


def sent(office):
    """Name the topics that something was sent to."""
    return [message.topic for message in office.services.events.published]


def test_a_dry_run_changes_nothing(office, capsys):
    """It says what it would do, and that it did not."""
    office.park()
    before = office.snapshot()
    said = office.operate(capsys, "dead-letters", "replay", "--stage", "ingest")

    assert (DONE, before) == (said.code, office.snapshot())
    assert "reopen ingest/" in said.out
    assert "topic content-requests" in said.out
    assert "1 letter would be sent again, 0 refused. Nothing was done: add --yes" in said.out


def test_a_parked_request_is_replayed_to_its_end(office, capsys):
    """The same work, the next fence, one effect."""
    request_id, mend = office.park()
    key = f"ingest/{request_id}"
    parked = office.services.claims.all[key]
    mend()
    said = office.operate(capsys, "dead-letters", "replay", "--stage", "ingest", "--yes")
    office.run()

    now = office.services.claims.all[key]
    assert ("parked", 5, "completed") == (parked.state, parked.fence, now.state)
    assert parked.fence + 2 == now.fence  # reopened, then taken
    assert ("completed", 1, 1) == (
        office.status(request_id).run.status,
        office.services.author.calls,
        len(office.completions()),
    )
    assert DONE == said.code
    assert "sent first: completed" in said.out


def test_a_replay_repeats_the_event_as_it_was(office, capsys):
    """The same body and id, without what Pub/Sub added when it gave up."""
    office.rows.dead_letter(dead(body=body()))
    letter = office.rows.find("ingest/1")
    office.operate(capsys, "dead-letters", "replay", "ingest/1", "--yes")

    (first, *_) = office.services.events.published
    assert ("content-requests", letter.body.decode(), {"event_id": "e-1"}) == (
        first.topic,
        first.data,
        first.attributes,
    )


def test_a_parked_book_is_replayed_by_a_nudge(office, capsys, monkeypatch):
    """A bucket cannot be told again, so a new object stands for the lost event."""
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "demo")
    content = archive(repository(m1=module('<para id="p1">Ice melts.</para>'))).read()
    name = f"books/little/{hashlib.sha256(content).hexdigest()}.zip"
    broken = Breaking(office.services.library, "add", RuntimeError("no room"))
    office.services = office.services.but(library=broken)
    stored = office.services.objects.create("oer", name, content, content_type="application/zip")
    office.run()
    key = f"library/{name}@{stored.generation}"
    assert "parked" == office.services.claims.all[key].state
    broken.broken = False
    said = office.operate(capsys, "dead-letters", "replay", "--stage", "library", "--yes")

    assert (DONE, "completed") == (said.code, office.services.claims.all[key].state)
    (nudge,) = office.services.objects.list("oer", "nudges/")
    assert nudge.name.startswith(f"nudges/{name}@{stored.generation}/replay-")


def test_the_journal_names_who_did_it_and_what_came_of_it(office, capsys):
    """Before it is sent, at once after that, and its end when it is known."""
    _, mend = office.park()
    mend()
    words = ("--stage", "ingest", "--yes", "--operator", "ada")
    office.operate(capsys, "dead-letters", "replay", *words)

    (row,) = office.letters()
    actions = office.rows.find(row.id).actions
    assert {("replay", "ada")} == {(one.action, one.operator) for one in actions}
    assert ("replayed", ["about to send", "sent", "completed"]) == (
        row.resolution,
        [one.outcome for one in actions],
    )


def test_a_send_that_the_operator_did_not_survive_is_journalled(office, capsys):
    """The event left, the process died: the letter is open, and says that it may have left."""
    _, mend = office.park()
    mend()
    dies_at(office, "events", "publish", "after")
    with pytest.raises(Killed):
        office.operate(capsys, "dead-letters", "replay", "--stage", "ingest", "--yes")

    (row,) = office.letters()
    journal = [one.outcome for one in office.rows.find(row.id).actions]
    assert ("", ["about to send"]) == (row.resolution, journal)


def test_a_canary_whose_end_cannot_be_read_was_sent(office, capsys):
    """It is settled and journalled as such, and the rest waits."""
    for message_id in ("1", "2"):
        office.rows.dead_letter(dead(message_id, body=body()))
    claims = Breaking(office.services.claims, "read", Transient("Firestore does not answer"))
    claims.broken = False
    office.services = office.services.but(claims=claims)

    def pause(_):
        claims.broken = True

    office.pause = pause
    words = ("dead-letters", "replay", "--stage", "ingest", "--yes", "--json")
    said = office.operate(capsys, *words)

    (first,) = said.decoded["letters"]
    assert (NOT_DONE, True, 1) == (said.code, first["sent"], said.decoded["left"])
    assert "sent first: what came of it is not known (Firestore does not answer)" == first["said"]
    assert 1 == sum(row.resolution == "replayed" for row in office.letters())


def test_a_canary_that_fails_stops_the_rest(office, capsys):
    """What is still broken is found out at the price of one letter."""
    for _ in range(3):
        office.park()
    said = office.operate(capsys, "dead-letters", "replay", "--stage", "ingest", "--yes", "--json")

    told = said.decoded
    assert (NOT_DONE, 2, 1) == (said.code, told["left"], len(told["letters"]))
    assert "sent first: parked again (RuntimeError)" == told["letters"][0]["said"]
    assert 2 == sum(not row.resolution for row in office.letters())
    parked = [claim.state for claim in office.services.claims.all.values()]
    assert ["parked"] * 3 == parked


def test_a_canary_without_an_end_stops_the_rest(office, capsys):
    """Patience has an end, and what was sent is settled all the same."""
    for message_id in ("1", "2"):
        office.rows.dead_letter(dead(message_id, body=body()))
    office.run = lambda: None
    words = ("--stage", "ingest", "--yes", "--canary-wait", "3s")
    said = office.operate(capsys, "dead-letters", "replay", *words)

    assert NOT_DONE == said.code
    assert "without an end after 3 s" in said.out
    assert 3 <= office.passed_s < 4
    assert ["content-requests"] == sent(office)


def test_a_canary_that_meets_a_passing_fault_is_waited_for(office, capsys):
    """A fault that is known to pass is no end."""
    _, mend = office.park()
    mend()
    library, calls = office.services.library, []

    class Once:
        def corpus(self):
            calls.append(1)
            if len(calls) < 3:
                raise Transient("try again")
            return library.corpus()

        def __getattr__(self, name):
            return getattr(library, name)

    office.services = office.services.but(library=Once())
    said = office.operate(capsys, "dead-letters", "replay", "--stage", "ingest", "--yes")

    assert DONE == said.code
    assert "sent first: completed" in said.out


def test_the_rate_is_kept(office, capsys):
    """After the canary, so many a second and no more."""
    for n in range(5):
        office.rows.dead_letter(dead(str(n), body=body()))
    words = ("--stage", "ingest", "--yes", "--rate", "2/s")
    said = office.operate(capsys, "dead-letters", "replay", *words)

    assert DONE == said.code
    assert [0.5] * 4 == office.pauses


@pytest.mark.parametrize("status", ["completed", "failed", "refused", "abandoned"])
def test_a_letter_of_a_lesson_that_has_ended_is_refused(office, capsys, status):
    """What ended stays ended."""
    request_id = office.ask()
    office.only("ingest")
    lesson_id = office.status(request_id).run.lesson_id
    event = json.dumps({"schema": 1, "lesson_id": lesson_id}).encode()
    letter = dead("1", stage="script", body=event, lesson_id=lesson_id)
    office.rows.dead_letter(letter)
    if status == "abandoned":
        office.rows.cancel(request_id)
    elif status == "completed":
        office.run()
    else:
        office.rows.ended(lesson_id, status, "a reason", "script")
    before = office.snapshot()
    said = office.operate(capsys, "dead-letters", "replay", "script/1", "--yes")

    assert (NOT_DONE, before) == (said.code, office.snapshot())
    assert f"refused: its lesson has ended as {status}: what ended stays ended" in " ".join(
        said.out.split()
    )


def test_a_parked_script_is_made_again_by_a_new_request(office, capsys):
    """Its lesson failed as it was parked, and who waited was told; the refusal says what to do."""
    mended = office.services.author
    office.services = office.services.but(author=Breaking(mended, "write", RuntimeError("no")))
    first = office.ask()
    office.run()
    office.services = office.services.but(author=mended)
    words = ("dead-letters", "replay", "--stage", "script", "--yes")
    said = " ".join(office.operate(capsys, *words, width=400).out.split())
    second = office.ask()
    office.run()

    assert "publish the request again under a new request_id" in said
    assert ("failed", "completed") == (
        office.status(first).run.status,
        office.status(second).run.status,
    )


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"body": b"{"}, "nobody can read it a second time either"),
        ({"stage": "repair"}, "nobody can read it a second time either"),
        ({"stage": "finalize", "body": b'{"name": "x"}'}, "nobody can read it a second time"),
        ({"resolution": "harmless"}, "it is settled as harmless"),
        (
            {"stage": "script", "body": b'{"schema": 99, "lesson_id": "' + b"a" * 32 + b'"}'},
            "this release cannot read it",
        ),
    ],
)
def test_a_letter_that_is_refused(office, capsys, changes, why):
    """The reason is a sentence, and nothing is touched."""
    office.rows.dead_letter(dead(**changes))
    before = office.snapshot()
    named = office.letters()[0].id
    said = office.operate(capsys, "dead-letters", "replay", named, "--yes", width=200)

    assert (NOT_DONE, before) == (said.code, office.snapshot())
    assert why in said.out


def test_a_letter_with_other_content_than_its_work(office, capsys):
    """The claim is another message's."""
    request_id, _ = office.park()
    office.rows.dead_letter(dead(reason="other-content", body=body(request_id, grade_level=3)))
    before = office.snapshot()
    said = office.operate(capsys, "dead-letters", "replay", "ingest/1", "--yes", width=200)

    assert (NOT_DONE, before) == (said.code, office.snapshot())
    assert "refused: its work is known with other content" in said.out


@pytest.mark.parametrize("status", ["failed", "cancelled", "completed"])
def test_a_letter_of_a_request_that_has_ended_is_refused(office, capsys, status):
    """Nobody waits for its answer any more."""
    request_id = office.ask()
    office.only("ingest")
    if status == "cancelled":
        office.rows.cancel(request_id)
    elif status == "failed":
        office.rows.answered(request_id, "failed", "a reason", "ingest")
    else:
        office.run()
    office.rows.dead_letter(dead(body=body(request_id), claim_key=f"ingest/{request_id}"))
    before = office.snapshot()
    said = office.operate(capsys, "dead-letters", "replay", "ingest/1", "--yes", width=200)

    assert (NOT_DONE, before) == (said.code, office.snapshot())
    assert f"refused: its request has ended as {status}" in said.out


def test_a_settled_letter_is_sent_when_that_is_meant(office, capsys):
    """With --again."""
    office.rows.dead_letter(dead(resolution="harmless", body=body()))
    said = office.operate(capsys, "dead-letters", "replay", "ingest/1", "--yes", "--again")

    assert (DONE, "replayed") == (said.code, office.letters()[0].resolution)


class Killed(BaseException):
    """The operator's process ends here."""


def dies_at(office, port, method, when):
    """Kill the operator just before or after a step; gives what revives him."""
    holder = office.rows if port == "letters" else getattr(office.services, port)
    inner = getattr(holder, method)

    def step(*args):
        if when == "after":
            inner(*args)
        raise Killed

    setattr(holder, method, step)
    return lambda: setattr(holder, method, inner)


@pytest.mark.parametrize(
    "step",
    [
        ("letters", "noted", "before"),
        ("letters", "noted", "after"),
        ("claims", "replace", "before"),
        ("claims", "replace", "after"),
        ("events", "publish", "before"),
        ("events", "publish", "after"),
        ("letters", "replayed", "before"),
        ("letters", "replayed", "after"),
    ],
    ids=" ".join,
)
def test_a_crash_between_two_steps_is_healed_by_repeating(office, capsys, step):
    """Reopen, publish, journal: whichever is the last one done, the work completes once."""
    request_id, mend = office.park()
    mend()
    words = ("dead-letters", "replay", "--stage", "ingest", "--yes", "--again")
    revive = dies_at(office, *step)
    with pytest.raises(Killed):
        office.operate(capsys, *words)
    revive()
    said = office.operate(capsys, *words)
    office.run()

    assert DONE == said.code
    assert ("completed", 1, 1) == (
        office.status(request_id).run.status,
        office.services.author.calls,
        len(office.completions()),
    )
    assert ["replayed"] == [row.resolution for row in office.letters()]


def test_ids_and_filters_do_not_mix(office, capsys):
    """Nobody sends everything by mistake."""
    office.rows.dead_letter(dead(body=body()))

    for words in (("--yes",), ("ingest/1", "--stage", "ingest", "--yes")):
        with pytest.raises(ValueError, match="Name"):
            office.operate(capsys, "dead-letters", "replay", *words)
    assert [] == sent(office)
