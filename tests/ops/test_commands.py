"""What the commands print for people and for programs, and what they keep to themselves."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace

import pytest

from shared.errors import Missing
from shared.ops.__main__ import main, parser
from tests.ops.desks import COVERED
from tests.ops.given import INTEREST, QUESTION, STUDENT, body, dead

DONE, NOT_DONE, MISTAKE = 0, 1, 2
SECRETS = (QUESTION, INTEREST, STUDENT, COVERED)


def test_a_list_without_letters(office, capsys):
    """Says so."""
    assert "No open dead letters.\n" == office.operate(capsys, "dead-letters", "list").out


def test_a_list_names_each_letter(office, capsys):
    """With reason, ages, how often, request and lesson."""
    request_id = str(uuid.uuid4())
    office.rows.dead_letter(dead("m-1", request_id=request_id, lesson_id="c" * 32))
    said = office.operate(capsys, "dead-letters", "list", width=80)

    heading, row = said.out.splitlines()
    assert ["letter", "reason", "first", "last", "times", "request", "lesson"] == heading.split()
    assert ["ingest/m-1", "attempts-used-up", "0s", "0s", "1", request_id[:8], "c" * 8] == (
        row.split()
    )


def test_a_list_of_all_says_how_each_was_settled(office, capsys):
    """The open ones too."""
    office.rows.dead_letter(dead("1", resolution="harmless"))
    office.rows.dead_letter(dead("2"))
    said = office.operate(capsys, "dead-letters", "list", "--all")

    assert ["settled", "open", "harmless"] == [line.split()[-1] for line in said.out.splitlines()]


def test_a_list_that_is_cut_says_so(office, capsys):
    """Nobody takes a page for everything."""
    for n in range(3):
        office.rows.dead_letter(dead(str(n)))
    said = office.operate(capsys, "dead-letters", "list", "--limit", "2")

    assert "The newest 2; --limit shows more." in said.out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--stage", "script"), ["script/2"]),
        (("--reason", "not-json"), ["ingest/1"]),
        (("--older", "2h"), ["ingest/1"]),
        (("--newer", "2h"), ["script/2"]),
        ((), ["script/2", "ingest/1"]),
    ],
)
def test_a_list_as_json_is_filtered(office, capsys, words, expected):
    """The same letters for programs, each with its whole id."""
    office.rows.dead_letter(dead("1", reason="not-json"))
    office.now = office.now.replace(hour=3)
    office.rows.dead_letter(dead("2", stage="script"))
    said = office.operate(capsys, "dead-letters", "list", "--json", *words)

    assert expected == [row["id"] for row in said.decoded]


def test_show_tells_everything(office, capsys):
    """Reason, times, claim then and now, request and lesson, journal, the event."""
    request_id, _ = office.park()
    (row,) = office.letters()
    words = ("dead-letters", "replay", row.id, "--yes", "--operator", "ada")
    office.operate(capsys, *words)
    said = office.operate(capsys, "dead-letters", "show", row.id)

    for told in (
        row.id,
        "attempts-used-up",
        "RuntimeError: tests/ops/desks.py:",  # and nothing of what it quotes
        f"ingest/{request_id}",
        "parked",
        "replay by ada: sent",
        "replay by ada: parked again (RuntimeError)",
        f'"request_id": "{request_id}"',
        "grade_level",
    ):
        assert told in said.out


def test_show_as_json(office, capsys):
    """The same for programs."""
    request_id, _ = office.park()
    (row,) = office.letters()
    told = office.operate(capsys, "dead-letters", "show", row.id, "--json").decoded

    assert ("parked", 5, f"ingest/{request_id}") == (
        told["claim_now"]["state"],
        told["claim_now"]["attempts"],
        told["claim_key"],
    )
    assert (request_id, "", []) == (told["request_id"], told["request_status"], told["actions"])


@pytest.mark.parametrize("words", [("list",), ("list", "--json"), ("show",), ("show", "--json")])
def test_the_students_words_are_hidden(office, capsys, words):
    """In the message, in what a fault quotes, in the claim; unless they are asked for."""
    office.park()
    (row,) = office.letters()
    snapshot = json.dumps({"last_error": {"message": f"about {STUDENT}: {COVERED}"}})
    office.rows.dead_letter(dead("x", body=body(), detail=f"asked {QUESTION}", claim=snapshot))
    named = [(one,) if words[0] == "show" else () for one in (row.id, "ingest/x")]
    out = [office.operate(capsys, "dead-letters", *words, *one, width=300).out for one in named]

    assert [] == [secret for secret in SECRETS[:3] for text in out if secret in text]
    assert COVERED not in out[0]


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_the_students_words_are_shown_to_who_asks(office, capsys, form):
    """With --show-text."""
    office.rows.dead_letter(dead(body=body()))
    words = ("dead-letters", "show", "ingest/1", "--show-text", *form)
    said = office.operate(capsys, *words, width=300)

    assert [] == [secret for secret in SECRETS[:3] if secret not in said.out]


@pytest.mark.parametrize(
    "content",
    [
        f"{QUESTION} {STUDENT}".encode(),
        json.dumps([QUESTION, STUDENT]).encode(),
        body(request_id=f"{STUDENT} is my name", grade_level=[f"I am {STUDENT}"]),
        json.dumps({"query": QUESTION, INTEREST: 1, "deep": {STUDENT: [QUESTION]}}).encode(),
    ],
)
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_nothing_of_a_message_of_another_shape_is_shown(office, capsys, content, form):
    """What cannot be told apart may all be a student's."""
    office.rows.dead_letter(dead(body=content, detail="", attributes={STUDENT: QUESTION}))
    said = office.operate(capsys, "dead-letters", "show", "ingest/1", *form, width=300)

    assert [] == [secret for secret in SECRETS if secret in said.out]
    assert "--show-text" in said.out


def test_a_lessons_question_is_hidden_too(office, capsys):
    """A letter of a later stage has only its lesson's id; what a fault quotes may say more."""
    request_id = office.ask()
    office.only("ingest")
    lesson_id = office.status(request_id).run.lesson_id
    event = json.dumps({"lesson_id": lesson_id}).encode()
    fault = f"ValueError: {COVERED}"
    office.rows.dead_letter(dead(stage="script", body=event, detail=fault, lesson_id=lesson_id))
    said = office.operate(capsys, "dead-letters", "show", "script/1", width=300)

    assert "ValueError: (hidden: --show-text)" in said.out


def test_a_claim_that_cannot_be_read(office, capsys):
    """The letter is shown all the same."""
    office.rows.dead_letter(dead(body=body()))
    rows_only = replace(office.desk, reachable=None)
    options = parser().parse_args(["dead-letters", "show", "ingest/1", "--json"])
    capsys.readouterr()
    options.operate(options, rows_only, None)

    assert "not reachable" == json.loads(capsys.readouterr().out)["claim_now"]["state"]


def test_discard_keeps_the_reason(office, capsys):
    """In the letter and in the journal, with who said so."""
    office.rows.dead_letter(dead())
    words = ("ingest/1", "--reason", "spam", "--operator", "ada")
    said = office.operate(capsys, "dead-letters", "discard", *words)

    letter = office.rows.find("ingest/1")
    (entry,) = letter.actions
    assert (DONE, "discarded", "spam") == (said.code, letter.row.resolution, letter.note)
    assert ("discard", "ada", "spam") == (entry.action, entry.operator, entry.note)


def test_discard_twice(office, capsys):
    """The second time says what the letter is already."""
    office.rows.dead_letter(dead())
    words = ("dead-letters", "discard", "ingest/1", "--reason", "spam")
    office.operate(capsys, *words)
    said = office.operate(capsys, *words)
    as_json = office.operate(capsys, *words, "--json")

    assert NOT_DONE == said.code == as_json.code
    assert "not discarded: it is settled as discarded" in said.out
    assert [{"id": "ingest/1", "discarded": False}] == as_json.decoded


@pytest.mark.parametrize(
    ("named", "said"),
    [("nope", "No dead letter is called 'nope'"), ("m", "More than one dead letter is called 'm'")],
)
def test_a_name_that_names_nothing_is_told_in_a_sentence(office, capsys, named, said):
    """With the name, and what to do about it."""
    for message_id in ("m-1", "m-2"):
        office.rows.dead_letter(dead(message_id))

    with pytest.raises(Missing, match=said):
        office.operate(capsys, "dead-letters", "show", named)


def test_discard_with_a_name_that_nobody_has(office, capsys):
    """Nothing is discarded, not even those before it."""
    office.rows.dead_letter(dead())

    with pytest.raises(Missing):
        office.operate(capsys, "dead-letters", "discard", "ingest/1", "nope", "--reason", "x")
    assert "" == office.letters()[0].resolution


@pytest.mark.parametrize(
    "words",
    [
        ("dead-letters",),
        ("dead-letters", "list", "--older", "yesterday"),
        ("dead-letters", "list", "--stage", "lunch"),
        ("dead-letters", "list", "--limit", "0"),
        ("dead-letters", "replay", "--rate", "0/s"),
        ("dead-letters", "replay", "--rate", "fast"),
        ("dead-letters", "discard", "x"),
        ("dead-letters", "discard", "x", "--reason", " "),
        ("cancel",),
    ],
)
def test_words_that_are_not_understood(words, capsys):
    """Exit code 2 and how it is meant."""
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(words)

    assert MISTAKE == ended.value.code
    assert "usage: " in capsys.readouterr().err


@pytest.mark.parametrize(("text", "rate"), [("5/s", 5.0), ("30/m", 0.5), ("2", 2.0)])
def test_a_rate_is_read(text, rate):
    """Per second, minute or hour."""
    assert rate == parser().parse_args(["dead-letters", "replay", "--rate", text]).rate


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"GOOGLE_CLOUD_PROJECT": ""}, "GOOGLE_CLOUD_PROJECT is not set"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL must begin with postgresql://"),
        ({"DATABASE_URL": "postgresql://u@127.0.0.1:1/x"}, "the database connection failed"),
    ],
)
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_settings_that_lead_nowhere(monkeypatch, capsys, variables, said, form):
    """One sentence, exit code 2, and nothing on standard output that a program could take."""
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "demo")
    monkeypatch.setenv("ENVIRONMENT", "test")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    code = main(["dead-letters", "list", *form])

    out, err = capsys.readouterr()
    assert MISTAKE == code
    assert said in (err if form else out)
    assert "Traceback" not in out + err
    assert not (form and out)


def test_an_export_is_one_letter_a_line_without_a_students_words(office, capsys):
    """Unless they are asked for; filters choose as they do for a list."""
    office.rows.dead_letter(dead("1"))
    office.rows.dead_letter(dead("2", stage="script"))
    said = office.operate(capsys, "dead-letters", "export", "--stage", "ingest").out
    whole = office.operate(capsys, "dead-letters", "export", "--show-text").out

    assert ["ingest/1"] == [json.loads(line)["id"] for line in said.splitlines()]
    assert [] == [secret for secret in SECRETS if secret in said]
    assert (2, True) == (len(whole.splitlines()), STUDENT in whole)
