"""One student's data: all of it exported, all of it deleted, nobody else's touched."""

from __future__ import annotations

import json
import threading
from dataclasses import replace

import pytest

from shared.abandoned import abandoned
from shared.claim import Claim
from shared.errors import Unreadable
from shared.gcp.intake import accept
from shared.gcp.students import SqlStudents
from shared.ops.deleting import delete
from shared.students import digest_of, named_in
from tests.ops.rows_office import RowsOffice
from tests.records.given import LESSON, asked
from tests.stack.home import until

DONE, NOT_DONE = 0, 1
STUDENT, OTHER = "amalia-ruiz-1997", "bertil-olsson-2001"
OWN = "Why does a moving object keep moving?"
BOTH = "What is the net force on an object?"


@pytest.fixture
def office(postgres):
    """Give a pipeline with its rows in a database."""
    return RowsOffice(postgres)


@pytest.fixture
def busy_office(office):
    """Give one with two students, of whom one asked alone, one of both, and one unreadably."""
    office.own = office.has(STUDENT, OWN)
    office.both = office.has(STUDENT, BOTH)
    office.others = office.has(OTHER, BOTH)
    torn = '{"student_id": "' + STUDENT + '", "student_query": "Why torn'
    office.send(torn.encode())
    office.run()
    return office


def test_a_dry_run_counts_and_changes_nothing(busy_office, capsys):
    """Without --yes it is only said; and nobody is named."""
    before = busy_office.students.holdings(STUDENT)
    said = busy_office.operate(capsys, "student", "delete", STUDENT, "--json")

    assert (2, 1, 1, 1) == tuple(
        said.decoded[name] for name in ("requests", "lessons", "shared", "dead_letters")
    )
    assert before == busy_office.students.holdings(STUDENT)
    assert (STUDENT not in said.out, ()) == (True, busy_office.students.deletions(9))


def test_nothing_of_a_student_is_left(busy_office, capsys):
    """No table and no object has their id or a question that only they asked."""
    home = f"lessons/{busy_office.lesson_of(busy_office.own)}/"
    held = busy_office.rows_with(STUDENT, OWN, busy_office.own, busy_office.both)
    said = busy_office.operate(capsys, "student", "delete", STUDENT, "--yes")

    assert {"content_requests", "lessons", "dead_letters", "attempts"} <= set(held)
    assert DONE == said.code
    assert [] == busy_office.rows_with(STUDENT, OWN, busy_office.own, busy_office.both)
    assert [] == busy_office.objects_with(OWN)
    assert () == busy_office.services.objects.list("generated", home)
    keys = [key for key in busy_office.services.claims.all if busy_office.own in key]
    assert ([], False) == (keys, STUDENT in said.out)


def test_what_others_asked_for_as_well_stays(busy_office, capsys):
    """With its request, lesson and text; only who created it is another one now."""
    lesson_id = busy_office.lesson_of(busy_office.others)
    before = busy_office.status(busy_office.others)
    busy_office.operate(capsys, "student", "delete", STUDENT, "--yes")

    after = busy_office.status(busy_office.others)
    assert (before.run, before.history) == (after.run, after.history)
    assert busy_office.others == busy_office.rows.lesson(lesson_id).requested_by
    assert busy_office.services.objects.find("generated", f"lessons/{lesson_id}/lesson.md")


def test_what_is_kept_is_a_digest_and_counts(busy_office, capsys):
    """That is the audit: who did it, when, how much."""
    busy_office.operate(capsys, "student", "delete", STUDENT, "--yes", "--operator", "ada")
    said = busy_office.operate(capsys, "student", "deletions", "--json").decoded

    (kept,) = said
    assert (digest_of(STUDENT), "ada") == (kept["student_sha256"], kept["operator"])
    assert (2, 1, 1) == tuple(kept[name] for name in ("requests", "lessons", "dead_letters"))
    assert kept["finished_at"]


def test_deleting_twice_is_harmless(busy_office, capsys):
    """The second time there is nothing left to count."""
    busy_office.operate(capsys, "student", "delete", STUDENT, "--yes")
    said = busy_office.operate(capsys, "student", "delete", STUDENT, "--yes", "--json")

    assert (DONE, 0, 0) == (said.code, said.decoded["requests"], said.decoded["objects"])
    assert "completed" == busy_office.status(busy_office.others).run.status


def test_a_crash_after_any_step_is_made_good(office):
    """The same command goes on; whichever of its calls was the last."""
    steps = crashes = 0
    while True:
        student, question = f"student-{steps}-z", f"Why does a moving object number {steps} stop?"
        office.has(student, question)
        waiting = office.asks(student, OWN, "audio")
        office.only("ingest")
        office.waiting.clear()
        crash = Crash(steps)
        try:
            delete(student, "ada", crash.desk(office.desk))
        except KeyboardInterrupt:
            crashes += 1
        else:
            break
        delete(student, "ada", office.desk)
        assert [] == office.rows_with(student, question, waiting)
        assert [] == office.objects_with(question)
        steps += 1

    assert crashes >= 12
    assert not [one for one in office.students.deletions(99) if not one.finished_at]


def test_a_redelivered_request_brings_nothing_back(office, capsys):
    """Not even where its claim is gone: it is acknowledged, and its letter is empty."""
    _, message = office.body(STUDENT, OWN)
    office.send(message)
    office.only("ingest")
    office.operate(capsys, "student", "delete", STUDENT, "--yes")
    office.send(message)
    office.run()

    assert [] == office.rows_with(STUDENT, OWN)
    (letter,) = office.operate(capsys, "dead-letters", "list", "--all", "--json").decoded
    assert ("student-deleted", "harmless") == (letter["reason"], letter["resolution"])


def test_an_unreadable_message_brings_nothing_back(office, capsys):
    """Its letter keeps that it came, and nothing of it."""
    office.operate(capsys, "student", "delete", STUDENT, "--yes")
    office.send(f'{{"student_id": "{STUDENT}", "student_query": "{OWN}"'.encode())
    office.run()

    assert [] == office.rows_with(STUDENT, OWN)


def test_another_student_is_still_welcome(office, capsys):
    """And begins the lesson afresh that was taken away."""
    office.asks(STUDENT, OWN)
    office.run()
    office.operate(capsys, "student", "delete", STUDENT, "--yes")
    kept = [key for key in office.services.claims.all if key.startswith("script/")]
    again = office.asks(OTHER, OWN)
    office.run()

    assert [] == kept

    report = office.status(again)
    assert "completed" == report.run.status
    text = f"lessons/{report.run.lesson_id}/lesson.md"
    assert OWN.encode() in office.services.objects.read("generated", text)


def test_what_was_under_way_is_acknowledged(office, capsys):
    """Scenes that were asked for are neither spoken nor tried again, and no letter says so."""
    request_id = office.asks(STUDENT, OWN, "audio")
    office.only("ingest")
    office.only("script")
    lesson_id = office.lesson_of(request_id)
    waited = office.waits_for()["render"]
    office.operate(capsys, "student", "delete", STUDENT, "--yes")
    office.run()

    assert waited > 0
    names = [one.name for one in office.services.objects.list("scenes", "")]
    assert [abandoned(lesson_id)] == names
    assert "No dead letters" in office.operate(capsys, "dead-letters", "list", "--all").out


def test_a_lesson_that_is_worked_on_is_not_torn_from_its_run(office, capsys):
    """The command says so and does the rest; once the lease is over it finishes."""
    request_id = office.asks(STUDENT, OWN, "audio")
    office.only("ingest")
    key = f"script/{office.lesson_of(request_id)}"
    office.services.claims.create(
        Claim(key, "script", "", "hash", "another run", 90.0, office.tick())
    )
    first = office.operate(capsys, "student", "delete", STUDENT, "--yes", "--json")
    stored = office.services.claims.read(key)
    office.services.claims.replace(stored, replace(stored.claim, state="retryable", beat=2))
    second = office.operate(capsys, "student", "delete", STUDENT, "--yes", "--json")

    assert (NOT_DONE, False) == (first.code, first.decoded["finished"])
    assert (DONE, []) == (second.code, office.rows_with(STUDENT, OWN))


def test_a_request_that_is_being_accepted_is_found(postgres):
    """Deleting waits for whoever stores something of the student at this moment."""
    students, request = SqlStudents(postgres), asked()
    deleting = threading.Thread(target=students.begin, args=(request.student_id, "ada"))
    with postgres.transaction() as sql:
        accept(sql, request, LESSON)
        deleting.start()
        until(lambda: waits(postgres), "the deletion waits")
    deleting.join()

    assert 1 == len(students.holdings(request.student_id).requests)
    with pytest.raises(Unreadable, match="deleted"), postgres.transaction() as sql:
        accept(sql, asked(), LESSON)


def waits(postgres):
    """Tell whether somebody waits for a student's lock."""
    with postgres.transaction() as sql:
        return sql.one("select 1 from pg_locks where locktype = 'advisory' and not granted")


def test_an_export_has_all_of_a_student_and_nothing_of_others(busy_office, capsys):
    """Requests, their moves, runs, letters, lessons and their text."""
    lines = busy_office.operate(capsys, "student", "export", STUDENT).out.splitlines()
    rows = [json.loads(line) for line in lines if line.startswith("{")]
    kinds = {row["kind"] for row in rows}

    assert {"request", "move", "attempt", "lesson", "text", "dead-letter"} == kinds
    requests = {row["id"] for row in rows if row["kind"] == "request"}
    assert {busy_office.own, busy_office.both} == requests
    texts = [row["text"] for row in rows if row["kind"] == "text"]
    assert {True} == {any(question in text for text in texts) for question in (OWN, BOTH)}
    assert [] == [word for word in (OTHER, busy_office.others) if word in "".join(lines)]


def test_an_export_writes_a_new_file(busy_office, capsys, tmp_path):
    """One that is there is not written over."""
    out = tmp_path / "student.jsonl"
    said = busy_office.operate(capsys, "student", "export", STUDENT, "--out", str(out))

    assert f"{len(out.read_text('utf-8').splitlines())} lines.\n" == said.out
    with pytest.raises(FileExistsError):
        busy_office.operate(capsys, "student", "export", STUDENT, "--out", str(out))


def test_a_restore_that_brought_a_student_back_is_made_good(busy_office, capsys, tmp_path):
    """By the list of deletions, which knows digests alone."""
    listed = [{"student_sha256": digest_of(STUDENT)}, {"student_sha256": digest_of("nobody")}]
    file = tmp_path / "deletions.json"
    file.write_text(json.dumps(listed))
    dry = busy_office.operate(capsys, "student", "delete-again", str(file), "--json").decoded
    busy_office.operate(capsys, "student", "delete-again", str(file), "--yes")

    assert ({"dry_run": True, "students": 1}, []) == (dry, busy_office.rows_with(STUDENT, OWN))


@pytest.mark.parametrize(
    ("body", "student"),
    [
        (b'{"student_id": "s-1"}', "s-1"),
        (b'{"student_id": "s\\u002d1"}', "s-1"),
        (b'{"student_id": "s-1", "student_query": ', "s-1"),
        (b'{"student_id": 7}', ""),
        (b"[]", ""),
        (b"\xff", ""),
    ],
)
def test_whom_a_message_names(body, student):
    """Readable or torn."""
    assert student == named_in(body)


class Crash:
    """Let a command die before its call number `at` of anything that changes something."""

    CHANGES = ("begin", "empty", "finish", "claim", "object", "cancel", "create")

    def __init__(self, at):
        self.left = at

    def desk(self, desk):
        """Give a desk whose ports die."""
        cloud = desk.reachable.but(objects=Dying(desk.reachable.objects, self))
        return replace(
            desk,
            students=Dying(desk.students, self),
            eraser=Dying(desk.eraser, self),
            records=Dying(desk.records, self),
            reachable=cloud,
        )

    def step(self):
        """Count one call."""
        if self.left == 0:
            raise KeyboardInterrupt
        self.left -= 1


class Dying:
    """A port that dies when its crash says so."""

    def __init__(self, inner, crash):
        self._inner = inner
        self._crash = crash

    def __getattr__(self, name):
        if name in Crash.CHANGES:
            self._crash.step()
        return getattr(self._inner, name)
